// The way out: what a person still owes the server is never wiped, and they are told what it is.
import { write } from "./db.js";
import { isFilled } from "./draft.js";
import { isOfReport, nameOf } from "./period-news.js";

const STORES = ["households", "cards", "visits", "activities", "difficulties", "groups", "comments", "records", "photos", "photo_bytes", "sounds", "facts"];

// What is owed: unsent records, refused ones that nobody has put away, photos of whatever was not (those that wait until
// the commune has sorted their visit by themselves), an open draft or form.
async function owed(store, rescued, forgotten) {
  const records = await store("records").getAll();
  const held = new Set(records.filter((r) => r.state === "sent" && r.result === "held").map((r) => r.id));
  const open = !forgotten && (isFilled(await store("facts").get("draft")) || (await shownForms(store)).length > 0);
  const found = owing(records, await store("photos").getAll(), rescued);
  const stopped = found.photos.filter(({ visits }) => visits.every((v) => held.has(v))).length;
  const ready = found.records.filter((r) => r.state === "ready").length;
  return {
    records: ready,
    parked: found.records.length - ready,
    photos: found.photos.length - stopped,
    held: stopped,
    draft: open ? 1 : 0,
  };
}

// Forms that are open on some screen. What was written into a report that is told of no more, or that somebody else has
// submitted since, is on none.
async function shownForms(store) {
  const forms = Object.entries((await store("facts").get("forms")) ?? {}).filter(([, form]) => form);
  const reports = await store("facts").get("reports");
  const known = new Map(reports?.map((row) => [nameOf(row), row.number]));
  return forms.filter(([name, form]) => !reports || !isOfReport(name) || known.get(name) === form.number);
}

// Records, and photos with the visits that they are owed for, but for what `rescued` names by its key.
export function owing(records, photos, rescued = new Set()) {
  const away = new Set(records.filter((r) => r.state === "parked" && r.dismissed).map((r) => r.id));
  return {
    records: records.filter((r) => (r.state === "ready" || (r.state === "parked" && !r.dismissed)) && !rescued.has(r.id)),
    photos: photos
      .map((p) => ({ ...p, visits: p.visits.filter((v) => !p.done.includes(v) && !away.has(v) && !rescued.has(keyOf(v, p))) }))
      .filter((p) => p.visits.length),
  };
}

const keyOf = (visit, photo) => `${visit} ${photo.sha256}`;
export const keysOf = ({ records, photos }) => [...records.map((r) => r.id), ...photos.flatMap((p) => p.visits.map((v) => keyOf(v, p)))];

// Makes a slot without an owner ready for somebody, and says whether it is: nothing of anybody else is left in it. What
// was made here and never reached the server is not wiped: its author is given it back, and others find another slot.
export function clearFor(person, slot) {
  return write(STORES, async (store) => {
    const owing = (await store("records").getAll()).filter((r) => r.state === "ready" || (r.state === "parked" && !r.dismissed));
    if (!owing.length) for (const name of STORES) await store(name).clear();
    return owing.every((record) => record.author === person.id);
  }, slot);
}

// Wipes a slot if nothing is owed, in the transaction that looked; else says what is. With `look`, only looks; with
// `rescued`, what was saved in a file is owed no more; with `forgotten`, what stands open behind a PIN that nobody knows is
// given up.
export function wipe(slot, { look = false, rescued = false, forgotten = false } = {}) {
  return write(STORES, async (store) => {
    const found = await owed(store, new Set(rescued ? (await store("facts").get("rescued"))?.keys : []), forgotten);
    const rest = Object.entries(found).filter(([, n]) => n);
    if (!rest.length && !look) for (const name of STORES) await store(name).clear();
    return rest.length ? Object.fromEntries(rest) : null;
  }, slot);
}
