// The visit that is being recorded. Every touch is kept, so that a killed app opens where it was left.
import { uuidv7 } from "uuidv7";
import { addDays } from "./vn-time.js";
import { holdsIdentity } from "./note.js";
import { madeAnew, standingBase } from "./refused.js";

export const SCHEMA = 1;
export const MAX_PEOPLE = 50;
export const MAX_PHOTOS = 3;

// A new draft for a household. `how`: scan, still, keypad or list; `card` is the raw code that was read.
export function begin(household, how, card, habits) {
  return {
    id: uuidv7(), household, identified_by: how, card: card ?? null, outcomes: [], people: 1, note: "", photos: [],
    mode: habits?.mode ?? "home", beneficiary: habits?.beneficiary ?? "person", all_platforms: false,
    replaces: null, before: [], new_household: null, bind: null,
  };
}

// A draft that mends a visit: the same content, to be sent as a new version of it. What the server never took
// in is made anew, in the place of what it was to replace, and so is the household that was refused with it.
// `mended` names the refused records that go away when it is saved, `named` the photos that go along though their bytes
// may be gone from this phone: the server has them.
export function mend(visit, records) {
  const { base: replaces, away } = standingBase(records, visit.id);
  const door = madeAnew(records, visit.household);
  const named = visit.record?.payload.photos ?? (visit.photos ?? []).filter((p) => p.bytes && p.state !== "refused");
  return {
    ...begin(visit.household, visit.identified_by, visit.record?.payload.card ?? null),
    outcomes: visit.outcomes.map((o) => ({ platform: o.platform, result: o.result, steps: o.steps ?? [], come_back_on: o.come_back_on ?? null })),
    people: visit.people, note: visit.note ?? "", mode: visit.mode, beneficiary: visit.beneficiary,
    photos: named.map((p) => p.sha256), named: named.map(({ sha256, bytes, type }) => ({ sha256, bytes, type })),
    replaces,
    mends: visit.id, mended: [...away, ...door.away], new_household: door.new_household, bind: door.bind,
  };
}

const SEEN = new Set(["scan", "still"]);

// An open draft of the household whose card was read meanwhile takes the card up, and with it how the household was
// known. A typed code takes no scan's place, and a visit that is being mended keeps the card that its record names.
export function takeCard(draft, { card, identified_by, bind, mends }) {
  const better = SEEN.has(identified_by) || !SEEN.has(draft.identified_by);
  if (!card || mends || !better || (draft.mends && draft.card)) return draft;
  return { ...draft, card, identified_by, bind: bind ?? draft.bind, touched: true };
}

export function togglePlatform(draft, platform, lastResult) {
  const chosen = draft.outcomes.some((o) => o.platform === platform);
  const outcomes = chosen
    ? draft.outcomes.filter((o) => o.platform !== platform)
    : [...draft.outcomes, { platform, result: lastResult ?? "", steps: [], come_back_on: null }];
  return { ...draft, outcomes };
}

const change = (draft, platform, values) => ({
  ...draft,
  outcomes: draft.outcomes.map((o) => (o.platform === platform ? { ...o, ...values } : o)),
});

export function setResult(draft, platform, result, today) {
  return change(draft, platform, { result, come_back_on: result === "come_back" ? addDays(today, 7) : null });
}

export const setComeBack = (draft, platform, day) => change(draft, platform, { come_back_on: day || null });

export function toggleStep(draft, platform, step) {
  const outcome = draft.outcomes.find((o) => o.platform === platform);
  const steps = outcome.steps.includes(step) ? outcome.steps.filter((s) => s !== step) : [...outcome.steps, step];
  return change(draft, platform, { steps });
}

export const addPeople = (draft, n) => ({ ...draft, people: Math.min(MAX_PEOPLE, Math.max(1, draft.people + n)) });

// The platforms and results of the last visit, for a form in which nothing is chosen yet.
export function likeLast(draft, last) {
  return draft.outcomes.length ? draft : { ...draft, outcomes: last.map((o) => ({ ...o, steps: [], come_back_on: null })) };
}

// What is remembered of a visit for the next one. An appointment is of its household alone.
export function habitsOf({ mode, beneficiary, outcomes }) {
  const last = outcomes.filter((o) => o.result !== "come_back").map(({ platform, result }) => ({ platform, result }));
  return { mode, beneficiary, result: outcomes[0].result, last };
}

// Whether a person has put something into it that would be lost with it.
export function isFilled(draft) {
  if (!draft) return false;
  if (draft.touched || draft.mends) return !!draft.touched;
  return !!(draft.new_household || draft.bind || draft.outcomes.some((o) => o.result) || draft.note || draft.photos.length);
}

// What is still missing before it can be saved: a code of the catalogue (`record.*`), or nothing.
export function missing(draft) {
  if (!draft) return "no_household";
  if (holdsIdentity(draft.note ?? "")) return "note_identity";
  if (!draft.outcomes.length) return "no_platform";
  if (draft.outcomes.some((o) => !o.result)) return "no_result";
  return "";
}

// The records that a finished draft becomes, in the order in which the server must meet them. `photos` are those whose
// bytes are here, `taught` has the platforms of which the household was taught before.
export function toRecords(draft, photos, author, now, taught = new Map()) {
  const envelope = { schema: SCHEMA, author, made_at: now };
  const before = [];
  if (draft.new_household) before.push({ ...envelope, id: uuidv7(), kind: "household.add", payload: draft.new_household });
  if (draft.bind) before.push({ ...envelope, id: uuidv7(), kind: "card.bind", payload: { household: draft.household, card: draft.bind } });
  const here = photos.map((p) => ({ sha256: p.sha256, bytes: p.bytes.byteLength, type: p.type }));
  const elsewhere = (draft.named ?? []).filter((p) => draft.photos.includes(p.sha256) && !here.some((one) => one.sha256 === p.sha256));
  const payload = {
    household: draft.household, mode: draft.mode, beneficiary: draft.beneficiary, people: draft.people,
    outcomes: draft.outcomes.map(({ platform, result, steps, come_back_on }) => ({ platform, result, steps, come_back_on, ...(taught.has(platform) ? { again: true } : {}) })),
    identified_by: draft.identified_by, card: draft.card, note: draft.note.trim(),
    photos: [...here, ...elsewhere],
    ...(draft.place ? { place: draft.place } : {}),
  };
  const kind = draft.replaces ? "visit.replace" : "visit.create";
  return [...before, { ...envelope, id: draft.id, kind, replaces: draft.replaces, payload }];
}
