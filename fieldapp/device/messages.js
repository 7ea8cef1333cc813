// Texts of ours for the village's group, with places to fill in: pure, its words given.
import { holdsIdentity } from "./note.js";

const ASKED = ["day", "place"];
const BLANK = "……";

// Which places of a message a person fills in.
export const asks = (code, t) => ASKED.filter((place) => t(`message.${code}.text`).includes(`{${place}}`));

export function messageText(code, filled, t) {
  return t(`message.${code}.text`, { ...filled, ...Object.fromEntries(ASKED.map((place) => [place, filled[place]?.trim() || BLANK])) });
}

// Why a message may not go yet: a key of the catalogue, or nothing.
export function hinders(code, filled, t) {
  const asked = asks(code, t);
  if (asked.some((place) => holdsIdentity(filled[place] ?? ""))) return "problem.note_identity";
  return asked.every((place) => filled[place]?.trim()) ? "" : "message.missing";
}
