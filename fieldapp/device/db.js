// The phone's own database. Only this module names IndexedDB; whoever changes a store is heard in every tab.
import { openDB } from "idb";

const NAME = "toso";
const VERSION = 1;
let opened = null;
const listeners = new Set();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("toso-changes");
channel?.unref?.();
if (channel) channel.onmessage = (event) => listeners.forEach((listener) => listener(event.data));

function upgrade(db) {
  const records = db.createObjectStore("records", { keyPath: "id" });
  records.createIndex("seq", "seq");
  records.createIndex("state", "state");
  db.createObjectStore("photos", { keyPath: "sha256" });
  db.createObjectStore("photo_bytes");
  db.createObjectStore("households", { keyPath: "id" });
  db.createObjectStore("cards", { keyPath: "id" });
  db.createObjectStore("visits", { keyPath: "id" });
  db.createObjectStore("facts");
}

// A connection that the system dropped in the background is opened again at the next use.
function database() {
  opened ??= openDB(NAME, VERSION, {
    upgrade,
    blocking: forget,
    terminated: forget,
  });
  opened.catch(() => (opened = null));
  return opened;
}

function forget() {
  opened?.then((db) => db.close());
  opened = null;
}

// Runs `work` in one transaction over the named stores and gives what it returns. Nothing is said to be
// saved before the transaction itself has ended well.
export async function write(stores, work) {
  const db = await database();
  const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
  let answer;
  try {
    answer = await work((name) => transaction.objectStore(name));
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
  listeners.forEach((listener) => listener(stores));
  channel?.postMessage(stores);
  return answer;
}

export async function read(stores, work) {
  const db = await database();
  const transaction = db.transaction(stores, "readonly");
  const answer = await work((name) => transaction.objectStore(name));
  await transaction.done;
  return answer;
}

export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const getFact = (key) => read(["facts"], (store) => store("facts").get(key));
export const setFact = (key, value) => write(["facts"], (store) => store("facts").put(value, key));
export const getAll = (name) => read([name], (store) => store(name).getAll());
export const close = forget;
