// What a phone is given: pages and their cursor, what goes, and that a pull never touches the outbox.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { db, EPOCH, freshPhone, ME, NOW, offline, outbox, page, problem, pull, push, pushed, record, serve, states, sync, syncOnce } from "./phone.js";

beforeEach(async () => {
  mock.timers.setTime(NOW);
  await freshPhone();
  serve(push(), pull);
  await syncOnce();
  assert.deepEqual([sync.current().phase, sync.current().tries], ["idle", 0]);
});

// A server of three pages.
const PAGES = {
  "": { cursor: "p1", more: true, households: [{ id: "h1", village: 11 }, { id: "h2", village: 11 }], platforms: [{ code: "VNEID" }] },
  p1: { cursor: "p2", more: true, households: [{ id: "h3", village: 12 }], cards: [{ id: 5, village: 11 }, { id: 6, village: 12 }] },
  p2: { cursor: "p3", more: false, visits: [{ id: "v1", village: 11, state: "waiting", photos: [] }, { id: "v2", village: 12, state: "waiting", photos: [] }] },
  p3: { cursor: "p3" },
};
const inPages = ["GET", "sync/pull", (_, { path }) => page(PAGES[path.split("cursor=")[1]])];

async function pulled() {
  const found = {};
  for (const name of ["households", "cards", "visits"]) found[name] = (await db.getAll(name)).map((row) => row.id);
  return found;
}

async function pullAll() {
  await freshPhone();
  serve(push(), inPages);
  await syncOnce();
}

test("a pull in pages ends with all of it, and goes on from there", async () => {
  await pullAll();
  assert.deepEqual(await pulled(), { households: ["h1", "h2", "h3"], cards: [5, 6], visits: ["v1", "v2"] });
  const requests = serve(push(), inPages);
  await syncOnce();
  assert.deepEqual(requests.map((r) => r.path), ["sync/pull?cursor=p3"]);
});

test("a phone whose rows hold less than they do now pulls once from nothing", async () => {
  await pullAll();
  await db.setFact("shape", 1);
  const requests = serve(push(), inPages);
  await syncOnce();
  await syncOnce();
  assert.deepEqual(requests.map((r) => r.path.split("cursor=")[1]), ["", "p1", "p2", "p3"]);
});

test("a pull that is cut goes on at the page that is missing", async () => {
  await freshPhone();
  serve(push(), ["GET", "sync/pull", (_, { path }) => (path.endsWith("p1") ? offline() : page(PAGES[path.split("cursor=")[1]]))]);
  await syncOnce();
  assert.deepEqual(await pulled(), { households: ["h1", "h2"], cards: [], visits: [] });
  const requests = serve(push(), inPages);
  await syncOnce();
  assert.equal(requests[0].path, "sync/pull?cursor=p1");
  assert.deepEqual((await pulled()).households, ["h1", "h2", "h3"]);
});

test("what was erased or left goes, and what is gone from the list", async () => {
  await pullAll();
  serve(push(), ["GET", "sync/pull", () => page({
    tombstones: [{ kind: "visits", id: "v1" }, { kind: "cards", id: "5" }, { kind: "secrets", id: "x" }],
    households: [{ id: "h1", village: 11, gone: true }],
  })]);
  await syncOnce();
  assert.deepEqual(await pulled(), { households: ["h2", "h3"], cards: [6], visits: ["v2"] });
  serve(push(), ["GET", "sync/pull", () => page({ left: ["village:12"] })]);
  await syncOnce();
  assert.deepEqual(await pulled(), { households: ["h2"], cards: [], visits: [] });
});

test("activities, difficulties and groups are kept as they come, and go with their village", async () => {
  await freshPhone();
  const rows = { activities: [{ id: "a", village: 11 }, { id: "b", village: 12 }], difficulties: [{ id: "d", village: 11 }], groups: [{ id: 11, village: 11 }, { id: 12, village: 12 }] };
  const kept = async () => Promise.all(["activities", "difficulties", "groups"].map(async (name) => (await db.getAll(name)).map((row) => row.id)));
  serve(push(), ["GET", "sync/pull", () => page(rows)]);
  await syncOnce();
  assert.deepEqual(await kept(), [["a", "b"], ["d"], [11, 12]]);
  serve(push(), ["GET", "sync/pull", () => page({ left: ["village:12"], activities: [{ id: "a", village: 11, gone: true }] })]);
  await syncOnce();
  assert.deepEqual(await kept(), [[], ["d"], [11]]);
  serve(push(), ["GET", "sync/pull", () => problem(401, "session_closed")]);
  await syncOnce();
  assert.deepEqual(await kept(), [[], [], []]);
});

test("a reset begins anew, and a pull never touches the outbox", async () => {
  await pullAll();
  await outbox.add([record("a", { hold_until: NOW + 60000 }), record("b")]);
  serve(push(() => pushed([{ id: "b", result: "invalid", code: "invalid" }])), ["GET", "sync/pull", () => page({ reset: true, households: [{ id: "h7", village: 11 }] })]);
  await syncOnce();
  assert.deepEqual(await pulled(), { households: ["h7"], cards: [], visits: [] });
  assert.deepEqual(await states(), { a: "ready", b: "parked" });
});

test("a household that only this phone has outlives a pull from nothing, also while the commune has it", async () => {
  const add = (id, more) => ({ ...record(id), kind: "household.add", payload: { household: id, village: 11, number: id, head_name: null }, ...more });
  await outbox.add(["waits", "held", "known"].map((id) => add(id)));
  for (const id of ["waits", "held", "known"]) await db.write(["households"], (stores) => stores("households").put({ id, village: 11, number: id, new: true }));
  await outbox.nextBatch(Date.now());
  await outbox.settle([{ id: "held", result: "held" }, { id: "known", result: "created" }], 0);
  serve(push(() => pushed([])), ["GET", "sync/pull", () => page({ reset: true, households: [{ id: "h9", village: 11 }] })]);
  await syncOnce();
  assert.deepEqual((await pulled()).households.sort(), ["h9", "held", "waits"]);
});

test("a page is stored whole or not at all, and its cursor with it", async () => {
  await freshPhone();
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...rest) {
    if (this.name === "cards") throw new DOMException("full", "QuotaExceededError");
    return real.call(this, value, ...rest);
  };
  const quiet = mock.method(console, "error", () => {});
  serve(push(), inPages);
  await syncOnce();
  IDBObjectStore.prototype.put = real;
  quiet.mock.restore();
  assert.deepEqual(await pulled(), { households: ["h1", "h2"], cards: [], visits: [] });
  assert.equal(await db.getFact("cursor"), "p1");
  assert.equal(sync.current().phase, "waiting");
});

test("another tab hears of what changed, and only after it was stored", async () => {
  const heard = [];
  const stop = db.onChange((stores) => heard.push(stores));
  await outbox.add([record("a")]);
  stop();
  await outbox.add([record("b")]);
  assert.deepEqual(heard, [["records", "photos", "photo_bytes", "facts"]]);
});

test("the person of the page is who the server says", async () => {
  serve(push(), ["GET", "sync/pull", () => page({ me: { ...ME, role: "leader" } })]);
  await syncOnce();
  assert.equal((await db.getFact("me")).role, "leader");
  assert.equal(await db.getFact("epoch"), EPOCH);
});

test("a session that was ended shows nothing more of what was pulled, and loses nothing that was made here", async () => {
  serve(push(), ["GET", "sync/pull", () => page({ households: [{ id: "h1", village: 11 }], visits: [{ id: "v9", village: 11, photos: [] }] })]);
  await syncOnce();
  const made = { household: "h2", village: 11, number: "9", head_name: null };
  await outbox.add([record("n", { kind: "household.add", payload: made }), record("a")], { household: { id: "h2", village: 11, number: "9" } });
  serve(push(() => problem(401, "session_closed")), pull);
  await syncOnce();
  assert.deepEqual(await pulled(), { households: ["h2"], cards: [], visits: [] });
  assert.deepEqual(await states(), { n: "ready", a: "ready" });
  const { id, name, villages, people } = await db.getFact("me");
  assert.deepEqual([id, name, villages, people], [ME.id, ME.name, [], []]);
  assert.equal(await db.getFact("cursor"), "", "after joining again everything comes");
});
