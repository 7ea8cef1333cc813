// Tin nhóm Zalo: one of our texts is chosen, its places are filled in, and it is shared or copied.
import { asks, hinders, messageText } from "./messages.js";
import { placeWords } from "./report-text.js";
import { canShare, copy, share } from "./sharing.js";
import { data, derive, furnish, patch } from "./state.js";
import { say } from "./words.js";

const NONE = { code: "", text: "", day: "", place: "", asks_day: false, asks_place: false, error: "", shares: false };
let chosen = { code: "", day: "", place: "", error: "" };

furnish({ message: NONE }, () => ({ message: drawn() }));

function drawn() {
  const { code, error } = chosen;
  if (!code) return NONE;
  const asked = asks(code, say);
  return { ...chosen, text: messageText(code, filled(), say), asks_day: asked.includes("day"), asks_place: asked.includes("place"), error, shares: canShare() };
}

function filled() {
  const { team = "", commune } = data.me ?? {};
  const place = { team, commune: commune?.name ?? "" };
  return { ...chosen, team: placeWords(place, say).join(", ") };
}

function change(values) {
  chosen = { ...chosen, error: "", ...values };
  derive();
}

function send(way) {
  const error = hinders(chosen.code, chosen, say);
  change({ error });
  return error || way(messageText(chosen.code, filled(), say));
}

export const messaging = {
  choose(code) {
    change({ code });
    patch("page", { sheet: "message", target: code, toast: "", undo: "" });
  },
  fill: (place, value) => change({ [place]: value }),
  share: () => send((text) => share(text)),
  copy: () => send(copy),
};
