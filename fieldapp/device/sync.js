// Brings phone and server together: everybody's records first, then what is new, photos last. One sender at a time over
// all tabs (a Web Lock); a bad record is parked and stops nothing; failures wait longer and longer. The records and
// photos of everybody on this phone are sent, whoever uses it, and behind a PIN as they are closed; only the one who uses
// it is given what is new.
import * as api from "./api.js";
import { getFact, setFact, shutBy, slot as here } from "./db.js";
import { wipeIdle } from "./idle.js";
import { holdsPhotos } from "./network.js";
import * as outbox from "./outbox.js";
import * as photos from "./photos.js";
import { cursorOf, storePage, wipePulled } from "./pulled.js";
import * as slots from "./slots.js";

export const VERSION = "1";
const FIRST_WAIT = 5000;
const LONGEST_WAIT = 600000;
const EVERY = 90000;
const SMALL_PIECE = 32768;

// phase: idle, sending, waiting (for the network), closing (sends, but joins again soon), paused (join again), upgrade
let status = { phase: "idle", tries: 0, next_at: 0 };
let timer = null;
let running = null;
let again = false;
// The slots whose photos failed when they were last sent.
const stumbled = new Set();
// Somebody asked for their photos to go now, whatever network this is.
let anyNetwork = false;
let announce = () => {};

export const current = () => status;

// Starts the sender: at once, when the network or the page comes back, and every minute and a half.
export function start(onStatus) {
  announce = onStatus;
  addEventListener("online", () => kick());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && kick());
  navigator.connection?.addEventListener?.("change", () => kick());
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

// Runs `work` while no tab sends or wipes.
const LOCK = "toso-sync";
export const exclusive = (work) => (navigator.locks ? navigator.locks.request(LOCK, work) : work());

// Whether somebody asked for a run after this one, here or in another tab.
const isAsked = async () => again || !!(await navigator.locks?.query())?.pending.some(({ name }) => name === LOCK);

async function run() {
  const mine = here();
  const others = (await slots.list()).map((person) => person.slot).filter((slot) => slot !== mine);
  const reached = await forEach(others, sendRecords);
  if ((await slots.ownerOf(mine)) && (await runMine(mine))) await mindOthers(mine, others);
  await forEach(reached, sendPhotos);
}

// Only who uses the phone pulls; that the server was restored concerns what the others have sent as well, and what they
// have not looked at for long is wiped.
async function mindOthers(mine, others) {
  const epoch = await getFact("epoch", mine);
  for (const slot of others) await epochChanged(epoch, slot);
  await wipeIdle(mine, others, await serverNow(mine));
}

// Says whether it went well.
async function runMine(mine) {
  set({ ...status, phase: "sending" });
  try {
    await sendRecords(mine);
    // A session that is closing may still send, but not pull: its photos go all the same.
    const failure = await pullPages(mine).then(() => null, (error) => error);
    await sendPhotos(mine);
    if (failure && !(await isClosing(failure, mine))) throw failure;
    if (!(await shutBy(mine))) await outbox.sweep(await serverNow(mine), mine);
    set({ phase: failure ? "closing" : "idle", tries: 0, next_at: 0 });
    later(await nextHold());
    return !failure;
  } catch (error) {
    if (error.problem?.code === "session_closed") await wipePulled(mine);
    fail(error);
    return false;
  }
}

// What stops one person's records or photos stops nobody else's, and is tried again with the next run. Gives those for
// whom it went well.
async function forEach(people, work) {
  const well = [];
  for (const slot of people) {
    try {
      await work(slot);
      well.push(slot);
    } catch (error) {
      if (!error.kind) console.error(error);
    }
  }
  return well;
}

// Whether the photos of the one who uses this phone wait for Wi-Fi, by their choice.
export const photosWait = (wifiOnly) => !anyNetwork && holdsPhotos(wifiOnly, navigator.connection);

// Sends photos on whatever network this is, until all have gone.
export function sendPhotosNow() {
  anyNetwork = true;
  return kick();
}

async function waitsForWifi(slot) {
  const wifiOnly = await getFact("wifi_only", slot);
  return slot === here() ? photosWait(wifiOnly) : holdsPhotos(wifiOnly, navigator.connection);
}

// Photos go in small pieces after a failure, and make way for a run that somebody asked for: its records go first.
// Before each of them the network may have become another one.
async function sendPhotos(slot) {
  try {
    const stops = async () => (await isAsked()) || (await waitsForWifi(slot));
    const all = await photos.send(status.tries || stumbled.has(slot) ? SMALL_PIECE : Infinity, slot, stops);
    if (all && slot === here()) anyNetwork = false;
  } catch (error) {
    stumbled.add(slot);
    throw error;
  }
  if (!again) stumbled.delete(slot);
}

// A session that was ended or ran out shows nothing more of what was pulled. It is closing if it may still push.
async function isClosing(failure, slot) {
  if (failure.problem?.code !== "session_closed") return false;
  await wipePulled(slot);
  await pushBatch([], slot);
  return true;
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

export async function sendRecords(slot = here()) {
  for (;;) {
    const records = await outbox.nextBatch(Date.now(), undefined, undefined, slot);
    if (!records.length) return;
    const answer = await pushBatch(records, slot);
    // A restored server judged these without what it has lost: all go again, in their order, and nothing is settled.
    if (await epochChanged(answer.epoch, slot)) return;
    const settled = await outbox.settle(answer.results, answer.server_time, slot);
    // What the server answered in no word of ours is asked again with the next run, and stops nothing meanwhile.
    if (!settled) return;
  }
}

async function pushBatch(records, slot) {
  const unsent = (await outbox.unsent(slot)) - records.length;
  const push = { records, device_time: Date.now(), app_version: VERSION, unsent };
  const closed = records.find((record) => record.box);
  const answer = await api.push(closed ? await boxed(push, closed.seal) : push, slot);
  await heard(answer, slot);
  return answer;
}

// Boxes as they go over the wire, with what opens them at the server.
async function boxed(push, key) {
  const { base64 } = await import("./base64.js");
  return { ...push, records: push.records.map(({ seal, ...r }) => (r.box ? { ...r, box: base64(r.box) } : r)), key };
}

// What is new, while no other tab syncs: for a phone that joins.
export const pullChanges = (slot = here()) => exclusive(() => pullPages(slot));

async function pullPages(slot) {
  for (;;) {
    const cursor = await cursorOf(slot);
    const page = await api.pull(cursor, slot);
    await requireOwner(page.me, slot);
    await heard(page, slot);
    if (await epochChanged(page.epoch, slot)) continue;
    // Behind a PIN nothing is taken in: it was asked whether the session still stands.
    if (await shutBy(slot)) return;
    if (page.sorted?.length) await outbox.takeSorted(page.sorted, page.server_time, slot);
    const shown = (page.visits ?? []).filter((v) => !v.gone);
    const work = [...(page.activities ?? []), ...(page.difficulties ?? [])];
    const stored = [...shown, ...work, ...(page.comments ?? []), ...(page.materials ?? [])].map((row) => row.record ?? row.id);
    if (stored.length) await outbox.takeShown(stored, page.server_time, slot);
    await photos.reopen([...shown, ...work], slot);
    await storePage(page, cursor, slot);
    if (!page.more) return setFact("pulled_at", Date.now(), slot);
  }
}

// What is somebody else's is never mixed in, however their cookie came into this slot.
async function requireOwner(me, slot) {
  const owner = await slots.ownerOf(slot);
  if (owner && owner.id !== me.id) throw new api.ApiError("auth", 401);
}

// What is kept for days is kept by the server's clock: this phone's may jump by months when it is put right.
const serverNow = async (slot) => Date.now() + ((await getFact("clock_offset", slot)) ?? 0);
const heard = (answer, slot) => setFact("clock_offset", answer.server_time - Date.now(), slot);

// A restored server: queue all again and pull from nothing. Its epoch is noted last, so that a phone that is
// switched off meanwhile does this again.
async function epochChanged(epoch, slot) {
  const known = await getFact("epoch", slot);
  if (known === epoch) return false;
  if (known !== undefined) {
    await outbox.requeue(slot);
    // A file of the time before may be gone: what was sent since needed it no more.
    await setFact("rescued", null, slot);
    await setFact("cursor", "", slot);
    again = true;
  }
  await setFact("epoch", epoch, slot);
  return known !== undefined;
}
