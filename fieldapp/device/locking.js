// A PIN on what a person has on this phone: set, changed, taken off; the way in, and the way out for who forgot it.
import * as api from "./api.js";
import { CLOSED_STORES, isAmiss } from "./at-rest.js";
import * as db from "./db.js";
import { signOut } from "./joining.js";
import { wipe } from "./leaving.js";
import * as pins from "./pin-key.js";
import { settled } from "./recording.js";
import * as slots from "./slots.js";
import { data, furnish, held, patch, toast } from "./state.js";
import { readAddress } from "./store.js";
import * as sync from "./sync.js";

export const DIGITS = 6;
const IDLE = 5 * 60000;
const FREE_TRIES = 5;
const FIRST_WAIT = 30000;
const LONGEST_WAIT = 15 * 60000;
const AT_ONCE = 200;

furnish({ pin: { ready: false, on: false } }, () => ({ pin: { ready: true, on: !!data.lock && !data.lock.off } }));

// The key of the lock, or how a try failed. After five wrong ones each asks for patience.
async function tryPin(lock, digits) {
  const tries = (await db.getFact("pin_tries")) ?? { wrong: 0, until: 0 };
  const wait = tries.until - Date.now();
  if (wait > 0) {
    // A clock that was put back makes nobody wait for months.
    if (wait > LONGEST_WAIT) await db.setFact("pin_tries", { ...tries, until: Date.now() + LONGEST_WAIT });
    return { wait: Math.min(wait, LONGEST_WAIT) };
  }
  const wrong = tries.wrong + 1;
  const more = wrong < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (wrong - FREE_TRIES));
  // Counted before it is tried: whoever closes the app meanwhile has had this try.
  await db.setFact("pin_tries", { wrong, until: Date.now() + more });
  const key = await pins.open(lock, digits);
  if (!key) return { wrong: true, wait: more };
  await db.setFact("pin_tries", null);
  return { key };
}

// What the server opens the key with; asked for where this phone has not heard of it yet.
async function serverKey() {
  const seal = (await db.getFact("seal")) ?? (await api.rescueSeal().catch(() => null));
  if (seal?.key) await db.setFact("seal", seal);
  return seal?.key;
}

// Stores what stands in the storage as the lock asks now, some rows at a time and each picture by itself. Cut short, it
// goes on when the PIN is next given.
async function settleRows(lock) {
  for (const name of CLOSED_STORES) {
    const inline = name !== "facts" && name !== "photo_bytes";
    const all = await db.read([name], (store) => store(name).getAllKeys());
    const size = name === "photo_bytes" ? 1 : AT_ONCE;
    for (let from = 0; from < all.length; from += size) {
      const some = all.slice(from, from + size);
      const found = await db.read([name], (store) => store(name).raw.getAll(IDBKeyRange.bound(some[0], some.at(-1))));
      // Where rows came or went meanwhile they no longer fit their keys: all of them go again.
      const amiss = found.length === some.length ? some.filter((at, n) => isAmiss(name, found[n], at, lock)) : some;
      if (amiss.length) await db.write([name], (store) => again(store(name), amiss, inline));
    }
  }
  await amend(lock, lock.off ? null : { whole: true });
}

// What was opened by the face goes back through it, and lies as it should.
async function again(store, keys, inline) {
  for (const at of keys) {
    const value = await store.get(at);
    if (value !== undefined) await store.put(value, ...(inline ? [] : [at]));
  }
}

// Changes a lock, or with no values takes it away, unless it has become another one meanwhile.
const amend = (lock, values) =>
  db.write(["facts"], async (store) => {
    const now = await store("facts").get("lock");
    const same = now?.id === lock.id && !now.off === !lock.off;
    if (same) await (values ? store("facts").put({ ...now, ...values }, "lock") : store("facts").delete("lock"));
    return same;
  });

// Whether the lock was set in this tab: another one may have been quicker.
const place = (lock) =>
  db.write(["facts"], async (store) => {
    if (await store("facts").get("lock")) return false;
    await store("facts").put(lock, "lock");
    return true;
  });

// What an interrupted change left to do, and a new key of the server.
async function finish(lock) {
  const server = (await db.getFact("seal"))?.key;
  const stale = !lock.off && server && server !== lock.server;
  if (stale) await amend(lock, await pins.sealed(db.keyHeld().secret, server));
  if (!lock.whole) await settleRows(lock);
}

let away = 0;
let timer = null;
let watched = false;

// Whoever leaves the app for five minutes is asked again.
function watch() {
  if (watched) return;
  watched = true;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") [away, timer] = [Date.now(), setTimeout(locking.lockNow, IDLE)];
    else if (away && Date.now() - away >= IDLE) locking.lockNow();
  });
}

export const locking = {
  async unlock(digits) {
    const lock = await db.shutBy();
    if (!lock) return location.reload();
    const { key, ...failed } = await tryPin(lock, digits);
    if (!key) return failed;
    db.hold(key);
    held.unlock?.();
    await held.opened;
    patch("lock", { locked: false });
    readAddress();
    watch();
    sync.kick();
    await finish(lock).catch((error) => console.error(error));
    return {};
  },
  // Sets a PIN. Gives what stands in the way: the server's key was never heard of, or the storage fails.
  async set(digits) {
    const server = await serverKey();
    if (!server) return { error: "no_key" };
    await settled();
    const { key, lock } = await pins.make(digits, server);
    db.hold(key);
    if (!(await place(lock))) return location.reload();
    watch();
    await settleRows(lock);
    toast("pin.is_set");
    return {};
  },
  async change(digits, next) {
    const lock = await db.getFact("lock");
    const { key, ...failed } = await tryPin(lock, digits);
    if (!key) return failed;
    await amend(lock, await pins.wrapped(key.secret, next));
    toast("pin.is_set");
    return {};
  },
  async takeOff(digits) {
    const lock = await db.getFact("lock");
    const { key, ...failed } = await tryPin(lock, digits);
    if (!key) return failed;
    if (await amend(lock, { off: true, whole: false })) await settleRows({ ...lock, off: true });
    toast("pin.is_off");
    return {};
  },
  // Whether a PIN is right, before another one is asked for.
  async check(digits) {
    const { key, ...failed } = await tryPin(await db.getFact("lock"), digits);
    return key ? {} : failed;
  },
  async lockNow() {
    if (!data.lock) return;
    patch("lock", { locked: true });
    await settled();
    location.reload();
  },
  // What this phone still owes: it is sent without the PIN.
  owed: () => wipe(db.slot(), { look: true, forgotten: true }),
  // Sends what it can, then signs out and wipes. Gives what holds it back.
  async forget(rescued = false) {
    const slot = db.slot();
    await sync.kick();
    const stays = await signOut(slot, { forgotten: true, rescued });
    if (stays) return stays;
    await slots.leave(slot);
    return location.assign("/m/join/");
  },
};
