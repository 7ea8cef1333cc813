// Brings phone and server together: records first, then what is new, photos last. One sender at a time over
// all tabs (a Web Lock); a bad record is parked and stops nothing; failures wait longer and longer.
import * as api from "./api.js";
import { getFact, setFact, write } from "./db.js";
import * as outbox from "./outbox.js";
import * as photos from "./photos.js";

export const VERSION = "1";
const FIRST_WAIT = 5000;
const LONGEST_WAIT = 600000;
const EVERY = 90000;
const PULLED = ["households", "cards", "visits"];

// phase: idle, sending, waiting (for the network), paused (join again), upgrade
let status = { phase: "idle", tries: 0, next_at: 0 };
let timer = null;
let running = null;
let again = false;
let announce = () => {};

export const current = () => status;

// Starts the sender: at once, when the network or the page comes back, and every minute and a half.
export function start(onStatus) {
  announce = onStatus;
  addEventListener("online", () => kick());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && kick());
  kick();
}

// Syncs now, cancelling a wait; while a run goes on, one more follows it.
export function kick() {
  clearTimeout(timer);
  if (running) {
    again = true;
    return running;
  }
  running = exclusive(run).finally(() => {
    running = null;
    if (again) {
      again = false;
      kick();
    }
  });
  return running;
}

const exclusive = (work) => (navigator.locks ? navigator.locks.request("toso-sync", work) : work());

async function run() {
  if (!(await getFact("me"))) return;
  set({ ...status, phase: "sending" });
  try {
    await sendRecords();
    // A session that is closing may still send, but not pull: its photos go all the same.
    const failure = await pullChanges().then(() => null, (error) => error);
    await photos.send(status.tries ? 32768 : Infinity);
    if (failure) throw failure;
    await outbox.sweep(await serverNow());
    set({ phase: "idle", tries: 0, next_at: 0 });
    later(await nextHold());
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  if (error.kind === "auth") return set({ ...status, phase: "paused" });
  if (error.kind === "upgrade") return set({ ...status, phase: "upgrade" });
  if (!error.kind) console.error(error);
  const tries = status.tries + 1;
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1)) * (0.75 + Math.random() / 2);
  set({ phase: "waiting", tries, next_at: Date.now() + wait });
  later(wait);
}

function set(next) {
  status = next;
  announce(status);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(kick, wait);
}

// Until the first undo window ends, or the usual while.
async function nextHold() {
  const now = Date.now();
  const held = (await outbox.list()).filter((r) => r.state === "ready" && !r.frozen);
  return Math.min(EVERY, ...held.map((r) => Math.max(50, r.hold_until - now)));
}

export async function sendRecords() {
  for (;;) {
    const records = await outbox.nextBatch(Date.now());
    if (!records.length) return;
    const unsent = (await outbox.unsent()) - records.length;
    const answer = await api.push({ records, device_time: Date.now(), app_version: VERSION, unsent });
    await heard(answer);
    const settled = await outbox.settle(answer.results, answer.server_time);
    if (await epochChanged(answer.epoch)) return;
    // What the server answered in no word of ours is asked again with the next run, and stops nothing meanwhile.
    if (!settled) return;
  }
}

export async function pullChanges() {
  for (;;) {
    const cursor = (await getFact("cursor")) ?? "";
    const page = await api.pull(cursor);
    await heard(page);
    if (await epochChanged(page.epoch)) continue;
    if (page.sorted?.length) await outbox.takeSorted(page.sorted, page.server_time);
    await photos.reopen(page.visits ?? []);
    await store(page, cursor);
    if (!page.more) return setFact("pulled_at", Date.now());
  }
}

// What is kept for days is kept by the server's clock: this phone's may jump by months when it is put right.
const serverNow = async () => Date.now() + ((await getFact("clock_offset")) ?? 0);
const heard = (answer) => setFact("clock_offset", answer.server_time - Date.now());

// A restored server: queue all again and pull from nothing. Its epoch is noted last, so that a phone that is
// switched off meanwhile does this again.
async function epochChanged(epoch) {
  const known = await getFact("epoch");
  if (known === epoch) return false;
  if (known !== undefined) {
    await outbox.requeue();
    await setFact("cursor", "");
    again = true;
  }
  await setFact("epoch", epoch);
  return known !== undefined;
}

// A page and its cursor are stored in one transaction, and never touch the outbox.
function store(page, cursor) {
  return write([...PULLED, "facts"], async (stores) => {
    if (page.reset || !cursor) for (const name of PULLED) await stores(name).clear();
    for (const name of PULLED) {
      for (const row of page[name] ?? []) await (row.gone ? stores(name).delete(row.id) : stores(name).put(row));
    }
    for (const { kind, id } of page.tombstones ?? []) {
      if (PULLED.includes(kind)) await stores(kind).delete(kind === "cards" ? Number(id) : id);
    }
    const merged = (page.households ?? []).filter((row) => row.gone && row.into).map((row) => [row.id, row.into]);
    if (merged.length) await stores("facts").put({ ...(await stores("facts").get("merged")), ...Object.fromEntries(merged) }, "merged");
    for (const key of page.left ?? []) await forgetVillage(stores, Number(key.split(":")[1]));
    await stores("facts").put(page.me, "me");
    if (page.platforms) await stores("facts").put(page.platforms, "platforms");
    await stores("facts").put(page.cursor, "cursor");
  });
}

async function forgetVillage(stores, village) {
  for (const name of PULLED) {
    for (const row of await stores(name).getAll()) if (row.village === village) await stores(name).delete(row.id);
  }
}
