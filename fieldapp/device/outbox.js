// The queue of what this phone made. A record is ready, sent or parked; it is frozen when first sent, and a
// later change is a new record. docs/sync.md is its contract, tests/contract drives it.
import { isClosed } from "./at-rest.js";
import { keepFact, read, write } from "./db.js";

export const KEEP_DAYS = 30;
const LONGEST_HOLD = 60000;
const SENT = new Set(["created", "identical", "held", "superseded"]);
const PARKED = new Set(["differs", "invalid", "forbidden"]);

const OUTBOX = ["records", "photos", "photo_bytes"];

// Stores records and the photos they name in one transaction, in order; by the same stroke facts are set (the draft
// that became a visit is cleared), parked records that they mend are put away, a household stands on the roster.
// Throws `NobodyHere` where the slot has no owner.
export function add(records, { photos = [], fact = null, facts = fact ? [fact] : [], mended = [], household = null } = {}) {
  return write([...OUTBOX, "facts", ...(household ? ["households"] : [])], async (store) => {
    await enqueue(store, records);
    for (const { bytes, ...photo } of photos) {
      const known = await store("photos").get(photo.sha256);
      if (!known) await store("photo_bytes").put(bytes, photo.sha256);
      const visits = [...new Set([...(known?.visits ?? []), photo.visit])];
      await store("photos").put({ ...known, sha256: photo.sha256, type: photo.type, bytes: bytes.byteLength, visits, done: known?.done ?? [] });
    }
    for (const id of mended) await putAway(store, await store("records").get(id));
    if (household) await store("households").put(household);
    for (const fact of facts) await keepFact(store, fact);
  });
}

// A person who has signed out leaves a place that is nobody's: a record made there would never be sent.
export class NobodyHere extends Error {}

async function enqueue(store, records) {
  if (!((await store("facts").get("owner")) ?? (await store("facts").get("me")))) throw new NobodyHere("nobody is here");
  let seq = (await store("facts").get("seq")) ?? 0;
  for (const record of records) {
    await store("records").add({ hold_until: 0, replaces: null, ...record, seq: ++seq, state: "ready", frozen: false });
  }
  await store("facts").put(seq, "seq");
}

// The next records to send, oldest first, frozen from now on; what a PIN keeps closed with what opens it at the server. Those still in their undo window wait with what changes
// them, and hold nothing else back.
export function nextBatch(now, limit = 50, maxBytes = 400000, slot = undefined) {
  return write(["records", "facts"], async (store) => {
    const { seal } = (await store("facts").get("lock")) ?? {};
    const ready = await store("records").index("state").getAll("ready");
    ready.sort((a, b) => a.seq - b.seq);
    const batch = [];
    let bytes = 0;
    for (const record of due(ready, now)) {
      bytes += (record.box?.length ?? 0) + JSON.stringify(record.payload).length;
      if (batch.length === limit || (batch.length && bytes > maxBytes)) break;
      if (!record.frozen) await store("records").put({ ...record, frozen: true });
      batch.push(record.box ? { ...wire(record), seal } : wire(record));
    }
    return batch;
  }, slot);
}

function due(ready, now) {
  const waiting = new Set();
  return ready.filter((r) => {
    const goes = isDue(r, now) && !waiting.has(r.replaces) && !waiting.has(r.payload.visit);
    if (!goes) waiting.add(r.id);
    return goes;
  });
}

// An undo window takes seconds: one that seems to last longer was opened before the phone's clock was put back.
const isDue = (record, now) => record.hold_until <= now || record.hold_until > now + LONGEST_HOLD;

// What a PIN keeps closed goes with its box, which only the server opens.
export function wire({ id, kind, schema, author, made_at, replaces, payload, box }) {
  return { id, kind, schema, author, made_at, replaces, payload, ...(box && { box }) };
}

// Takes the server's named results in and says how many records they settled. An id that this phone does not
// hold is ignored; a word that it does not know (of a newer server) leaves the record waiting.
export function settle(results, now, slot = undefined) {
  return write(["records"], async (store) => {
    let settled = 0;
    for (const { id, result, code = null, field = null, ...detail } of results) {
      const record = await store("records").get(id);
      if (!record || record.state === "sent") continue;
      const state = SENT.has(result) ? "sent" : PARKED.has(result) ? "parked" : record.state;
      await store("records").put({ ...record, state, result, code, field, detail, settled_at: now });
      if (state !== "ready") settled += 1;
    }
    return settled;
  }, slot);
}

// Takes in what the commune made of records that were held: taken in, or given back to be mended. One that was refused
// here and is held there came by an earlier try, which was still on its way then.
export function takeSorted(sorted, now, slot = undefined) {
  return write(["records"], async (store) => {
    for (const { id, result, code = null, field = null, ...detail } of sorted) {
      const record = await store("records").get(id);
      const news = result === "held" ? record?.state === "parked" && record.result !== "differs" : record?.state === "sent" && record.result === "held";
      if (!news) continue;
      const state = PARKED.has(result) ? "parked" : "sent";
      await store("records").put({ ...record, state, result, code, field, detail, settled_at: now });
    }
  }, slot);
}

// The server shows visits (activities, difficulties) that were refused here: an earlier try was still on its way then, and has arrived. Mended all
// the same they would be counted twice.
export function takeShown(ids, now, slot = undefined) {
  return write(["records"], async (store) => {
    for (const id of ids) {
      const record = await store("records").get(id);
      if (record?.state !== "parked" || record.result === "differs") continue;
      await store("records").put({ ...record, state: "sent", result: "identical", code: null, field: null, settled_at: now });
    }
  }, slot);
}

const isUnsent = (record) => record?.state === "ready" && !record.frozen;

// Deletes records that were never sent, with their photos: all of them or none. Says false when it is too late: one may
// be on its way.
export function undo(...ids) {
  return write(OUTBOX, async (store) => {
    for (const id of ids) if (!isUnsent(await store("records").get(id))) return false;
    for (const id of ids) await remove(store, id);
    return true;
  });
}

// Takes a visit away: versions that were never sent are deleted, refused ones put away, and the newest that the
// server may have is withdrawn by the record that `notice` makes for it. One write, so that none stays counted.
export function withdraw(id, notice) {
  return write([...OUTBOX, "facts"], async (store) => {
    let visit = id;
    while (visit) {
      const record = await store("records").get(visit);
      if (isUnsent(record)) await remove(store, visit);
      else if (record?.state === "parked") await putAway(store, record);
      else return enqueue(store, [notice(visit)]);
      visit = record.replaces;
    }
    return null;
  });
}

async function remove(store, id) {
  await store("records").delete(id);
  for (const photo of await store("photos").index("visits").getAll(id)) {
    const visits = photo.visits.filter((v) => v !== id);
    if (visits.length) await store("photos").put({ ...photo, visits });
    else await drop(store, photo);
  }
}

async function drop(store, photo) {
  await store("photos").delete(photo.sha256);
  await store("photo_bytes").delete(photo.sha256);
}

// What was refused, or came after somebody else's word, and a person has read: kept, but no longer shown.
export function dismiss(id) {
  return write(["records"], async (store) => {
    const record = await store("records").get(id);
    if (record && record.state !== "ready") await store("records").put({ ...record, dismissed: true });
  });
}

const putAway = (store, record) => record?.state === "parked" && store("records").put({ ...record, dismissed: true });

// The server was restored from a backup: everything that is still held here is queued again.
export function requeue(slot = undefined) {
  return write(["records", "photos"], async (store) => {
    for (const record of await store("records").index("state").getAll("sent")) {
      await store("records").put({ ...record, state: "ready", hold_until: 0 });
    }
    for (const photo of await store("photos").getAll()) await store("photos").put({ ...photo, done: [] });
  }, slot);
}

// Forgets what was sent more than thirty days ago, with its photos, and pictures that no draft holds any more.
// Nothing unsent ever goes, nothing held, and no record one of whose photos is unsent. Photos that the server told to
// forget go at once, whatever names them, but for an open draft, which is about to name them in vain.
export function sweep(now, slot = undefined) {
  return write([...OUTBOX, "facts"], async (store) => {
    const oldest = now - KEEP_DAYS * 86400000;
    const photos = await store("photos").getAll();
    const owing = new Set(photos.flatMap((photo) => photo.visits.filter((v) => !photo.done.includes(v))));
    const kept = new Set();
    for (const record of await store("records").getAll()) {
      const over = record.state === "sent" && record.result !== "held" && record.settled_at < oldest;
      if (over && !owing.has(record.id)) await store("records").delete(record.id);
      else kept.add(record.id);
    }
    for (const photo of photos) if (!photo.visits.some((v) => kept.has(v))) await drop(store, photo);
    const [draft, forms] = [await store("facts").get("draft"), await store("facts").get("forms")];
    // Behind a PIN nobody knows which pictures they hold.
    if (isClosed(draft) || isClosed(forms)) return;
    const open = [draft, ...Object.values(forms ?? {})];
    const drafted = new Set(open.flatMap((one) => one?.photos ?? []));
    const gone = new Set((await store("facts").get("photos_gone")) ?? []);
    for (const photo of photos) if (gone.has(photo.sha256) && !drafted.has(photo.sha256)) await drop(store, photo);
    for (const hash of await store("photo_bytes").getAllKeys()) {
      if (!drafted.has(hash) && !(await store("photos").getKey(hash))) await store("photo_bytes").delete(hash);
    }
  }, slot);
}

export const list = (slot = undefined) => read(["records"], (store) => store("records").index("seq").getAll(), slot);
export const unsent = async (slot) => (await list(slot)).filter((r) => r.state === "ready").length;
