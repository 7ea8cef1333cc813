// The phone's own databases. Only this module names IndexedDB; whoever changes a store is heard in every tab.
// Each person on the phone has one of their own, in their slot; beside them stands a directory of who is here.
import { openDB } from "idb";
import { face } from "./at-rest.js";

export const PEOPLE = "people";
const NAMES = { p0: "toso", [PEOPLE]: "toso-people" };

// What each version adds to the one before. A step that was released is never changed.
const STEPS = [
  (db) => {
    const records = db.createObjectStore("records", { keyPath: "id" });
    records.createIndex("seq", "seq");
    records.createIndex("state", "state");
    db.createObjectStore("photos", { keyPath: "sha256" });
    db.createObjectStore("photo_bytes");
    db.createObjectStore("households", { keyPath: "id" });
    db.createObjectStore("cards", { keyPath: "id" });
    db.createObjectStore("visits", { keyPath: "id" });
    db.createObjectStore("facts");
  },
  // Whose outbox this is stands apart from what was pulled, so that it is still known when that is wiped.
  async (db, transaction) => {
    transaction.objectStore("photos").createIndex("visits", "visits", { multiEntry: true });
    const facts = transaction.objectStore("facts");
    const me = await facts.get("me");
    if (me) await facts.put({ id: me.id, name: me.name, team: me.team ?? "" }, "owner");
  },
  // What a team does besides visits.
  (db) => {
    for (const name of ["activities", "difficulties", "groups"]) db.createObjectStore(name, { keyPath: "id" });
  },
  // Spoken guides that a person had downloaded, by their hash.
  (db) => {
    db.createObjectStore("sounds");
  },
  // What is said of day logs.
  (db) => db.createObjectStore("comments", { keyPath: "id" }),
];
const PEOPLE_STEPS = [
  (db) => {
    db.createObjectStore("people", { keyPath: "slot" });
    db.createObjectStore("facts");
  },
];

let here = "p0";
const opened = new Map();
const listeners = new Set();
let overtaken = () => {};
// What opens and closes the rows of slots that a PIN guards, for those that were opened in this page.
const keys = new Map();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("toso-stores");
channel?.unref?.();
if (channel) channel.onmessage = ({ data }) => tell(data.place, data.stores, true);

// The slot whose person uses this page. It stays until the page is loaded anew.
export const slot = () => here;
export const live = (place) => (here = place);

export const hold = (key) => keys.set(here, key);
export const keyHeld = () => keys.get(here);
const faces = (transaction, place, lock) => (name) => face(name, transaction.objectStore(name), lock, keys.get(place));

// A connection that the system dropped in the background is opened again at the next use. One that stands in the
// way of a newer version is given up: that version has come in another tab, and this page is behind.
function database(place) {
  if (!opened.has(place)) {
    const steps = place === PEOPLE ? PEOPLE_STEPS : STEPS;
    const opening = openDB(NAMES[place] ?? `toso-${place}`, steps.length, {
      upgrade: async (db, before, _, transaction) => {
        for (const step of steps.slice(before)) await step(db, transaction);
      },
      blocking: () => (forget(place), overtaken()),
      terminated: () => forget(place),
    });
    opened.set(place, opening);
    opening.catch((error) => {
      if (opened.get(place) === opening) opened.delete(place);
      if (error.name === "VersionError") overtaken();
    });
  }
  return opened.get(place);
}

function forget(place) {
  opened.get(place)?.then((db) => db.close(), () => {});
  opened.delete(place);
}

function tell(place, stores, foreign) {
  if (place === here || place === PEOPLE) for (const listener of listeners) listener(stores, foreign);
}

// Runs `work` in one transaction over the named stores and gives what it returns. Nothing is said to be
// saved before the transaction itself has ended well. Whether a PIN guards them is read in the same transaction: another
// tab may have set or taken it this moment.
export async function write(stores, work, place = here) {
  const db = await database(place);
  const guarded = place !== PEOPLE;
  const transaction = db.transaction(guarded ? [...new Set([...stores, "facts"])] : stores, "readwrite", { durability: "strict" });
  let answer;
  try {
    const lock = guarded ? await transaction.objectStore("facts").get("lock") : null;
    answer = await work(faces(transaction, place, lock));
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It is over already.
    }
    await transaction.done.catch(() => {});
    throw error;
  }
  await transaction.done;
  tell(place, stores, false);
  channel?.postMessage({ place, stores });
  return answer;
}

export async function read(stores, work, place = here) {
  const db = await database(place);
  const transaction = db.transaction(stores, "readonly");
  const answer = await work(faces(transaction, place, null));
  await transaction.done;
  return answer;
}

// A listener is given the stores, and whether another tab changed them.
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Calls `listener` when a newer version of the app has taken the storage over.
export const onOvertaken = (listener) => (overtaken = listener);

// The lock that keeps this page out of a slot, if there is one.
export async function shutBy(place = here) {
  const lock = await getFact("lock", place);
  return lock && keys.get(place)?.id !== lock.id ? lock : null;
}

export const getFact = (key, place) => read(["facts"], (store) => store("facts").get(key), place);
export const setFact = (key, value, place) => write(["facts"], (store) => store("facts").put(value, key), place);
// Puts a fact, or only a part of one that other parts stand beside: another tab may write them.
export const keepFact = async (store, { key, value, part }) => store("facts").put(part ? { ...(await store("facts").get(key)), ...part } : value, key);
export const getAll = (name, place) => read([name], (store) => store(name).getAll(), place);
export const close = () => [...opened.keys()].forEach(forget);
