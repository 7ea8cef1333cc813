// Hoạt động chung: what was done for many at once. People are counted, never named.
import { uuidv7 } from "uuidv7";
import { SCHEMA } from "./draft.js";
import { beginForm, change, formOf, keepForm, NO_PICTURES, picturesIn, refusedRecord, saveForm } from "./forms.js";
import * as outbox from "./outbox.js";
import { settled } from "./recording.js";
import { data, furnish, held, isKept, patch, pictureOf, slice, toast } from "./state.js";
import * as sync from "./sync.js";
import { activities, counted, isMeeting, missingInActivity } from "./village-work.js";

const NAME = "activity";
const EMPTY = { kind: "", people: 0, platforms: [], note: "", ...NO_PICTURES };
const CLOSED = { open: false, village: 0, ...EMPTY, pictures: [], tiles: [], meeting: true, missing: "" };

function formSlice(locale) {
  const form = formOf(NAME);
  if (!form) return CLOSED;
  const chosen = new Set(form.platforms);
  const live = data.platforms.filter((p) => !p.gone || chosen.has(p.code));
  const tiles = live.map((p) => ({ code: p.code, name: p[`short_${locale}`], icon: p.icon, chosen: chosen.has(p.code) }));
  return { ...form, open: true, pictures: (form.photos ?? []).map((hash) => pictureOf(hash, form)), tiles, meeting: !form.kind || isMeeting(form.kind), missing: missingInActivity(form) };
}

furnish({ activities: { ready: false, lines: [], refused: [] }, activity_form: CLOSED }, (_, locale) => ({
  activities: activities(data, locale, held.urls), activity_form: formSlice(locale),
}));

export const acting = {
  begin: () => beginForm(NAME, EMPTY),
  drop: () => keepForm(NAME, null),
  setKind: (kind) => change(NAME, { kind }),
  setVillage: (village) => change(NAME, { village: Number(village) }),
  setPeople: (people) => change(NAME, { people: counted(people) }),
  addPeople: (n) => change(NAME, { people: counted(Math.max(0, formOf(NAME).people + n)) }),
  setNote: (note) => change(NAME, { note: note.slice(0, 300) }),
  togglePlatform(code) {
    const { platforms } = formOf(NAME);
    return change(NAME, { platforms: platforms.includes(code) ? platforms.filter((c) => c !== code) : [...platforms, code] });
  },
  // A picture that is still being made is looked at first.
  async save() {
    await settled();
    const form = formOf(NAME);
    if (!form || form.photos?.includes(form.looking)) return undefined;
    const lack = missingInActivity(form);
    if (lack) return toast(lack === "identity" ? "record.note_identity" : `activity.missing.${lack}`);
    const { village, kind, people, platforms, note } = form;
    return saveForm(NAME, "activity.create", { village, kind, people: people || null, platforms, note: note.trim() });
  },
  mend(id) {
    const record = refusedRecord(id);
    if (!record) return undefined;
    const { people, ...payload } = record.payload;
    return beginForm(NAME, { ...EMPTY, ...payload, ...picturesIn(payload), people: people ?? 0, mends: id });
  },
  ask: (id) => patch("page", { sheet: "activity", target: id, toast: "", undo: "" }),
  async withdraw() {
    const { target } = slice("page");
    const envelope = { kind: "activity.withdraw", schema: SCHEMA, author: data.me?.id, made_at: Date.now() };
    patch("page", { sheet: "", target: "" });
    if (!(await isKept(outbox.withdraw(target, (activity) => ({ ...envelope, id: uuidv7(), payload: { activity } }))))) return;
    toast("activity.withdrawn");
    sync.kick();
  },
};
