// Who is on this phone: each person has a slot with a cookie and a database of their own, and nobody sees another's.
// A page belongs to one slot from its start to its end; changing it is a full load.
import * as db from "./db.js";
import { clearFor } from "./leaving.js";

const SLOTS = Array.from({ length: 10 }, (_, n) => `p${n}`);

const write = (work) => db.write(["people", "facts"], work, db.PEOPLE);
const entries = () => db.getAll("people", db.PEOPLE);
export const ownerOf = async (slot) => (await db.getFact("owner", slot)) ?? (await db.getFact("me", slot));
const byUse = (a, b) => b.used_at - a.used_at || (a.slot < b.slot ? -1 : 1);

// Everybody here, who used it last first. One who has not finished joining is not here yet.
export const list = async () => (await entries()).filter((person) => !person.joining).sort(byUse);
export const active = () => db.getFact("active", db.PEOPLE);

// Puts the directory right after whatever cut it short, and makes this page the active person's.
export async function enter() {
  const people = await entries();
  const owners = new Map(await Promise.all((people.length ? people.map((p) => p.slot) : ["p0"]).map(async (slot) => [slot, await ownerOf(slot)])));
  await write(async (store) => {
    for (const [slot, owner] of owners) {
      const known = await store("people").get(slot);
      if (owner && (!known || known.joining)) await store("people").put({ ...entry(slot, owner), used_at: known?.used_at ?? 0 });
      if (!owner && known && !known.joining) await store("people").delete(slot);
    }
  });
  const [here, chosen] = [await list(), await active()];
  return db.live((here.find((p) => p.slot === chosen) ?? here[0])?.slot ?? "p0");
}

const entry = (slot, { id, name, team }) => ({ slot, id, name, team: team ?? "", used_at: Date.now(), joining: false });

// The slot for somebody who joins: their own if they are here, else a free one, else none. It is theirs from now on.
export async function take(owner) {
  const people = await entries();
  const own = people.find((p) => p.id === owner.id);
  const slot = own?.slot ?? (await freeSlot(people, owner));
  if (slot && !own) await write((store) => store("people").put({ ...entry(slot, owner), joining: true }));
  return slot;
}

// A slot that nobody has, else one whose person never finished joining. The directory's word is not enough: a slot that
// has an owner is theirs, and any other is emptied.
async function freeSlot(people, owner) {
  const free = SLOTS.filter((slot) => !people.some((p) => p.slot === slot));
  for (const slot of [...free, ...people.filter((p) => p.joining).map((p) => p.slot)]) {
    const there = await ownerOf(slot);
    if (there ? there.id === owner.id : await clearFor(owner, slot)) return slot;
  }
  return null;
}

export const isFull = async (id) => {
  const people = await list();
  return people.length === SLOTS.length && !people.some((p) => p.id === id);
};

// Whose the slot's outbox is, then that they are here and use the phone now.
export async function settle(slot, owner) {
  await db.setFact("owner", { id: owner.id, name: owner.name, team: owner.team ?? "" }, slot);
  await write(async (store) => {
    await store("people").put(entry(slot, owner));
    await store("facts").put(slot, "active");
  });
}

export const activate = (slot) =>
  write(async (store) => {
    const person = await store("people").get(slot);
    if (!person) return;
    await store("people").put({ ...person, used_at: Date.now() });
    await store("facts").put(slot, "active");
  });

// What this phone calls itself at the server, so that a stolen one is closed to all of its people at once: random, made
// once, and kept whoever comes and goes. It opens nothing.
export const phone = () =>
  write(async (store) => {
    const known = await store("facts").get("phone");
    if (known) return known;
    const made = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    await store("facts").put(made, "phone");
    return made;
  });

// Somebody has signed out: the one who used the phone before is next.
export const leave = (slot) =>
  write(async (store) => {
    await store("people").delete(slot);
    const [next] = (await store("people").getAll()).filter((p) => !p.joining).sort(byUse);
    if (next) await store("facts").put(next.slot, "active");
    else await store("facts").delete("active");
  });
