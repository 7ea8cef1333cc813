// The queue of what the phone made: nothing half stored, nothing lost, nothing sent twice as something else.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { db, freshPhone, NOW, outbox, picture, record, states, visitPayload } from "./phone.js";

const STORES = ["records", "photos", "photo_bytes", "facts"];
const DAY = 86400000;

beforeEach(() => freshPhone());

async function everything() {
  const counts = {};
  for (const name of STORES) counts[name] = (await db.getAll(name)).length;
  return counts;
}

const visitWith = (id, ...pictures) => record(id, { payload: visitPayload({ photos: pictures.map(({ sha256, bytes, type }) => ({ sha256, bytes: bytes.byteLength, type })) }) });
const send = async (now = NOW) => (await outbox.nextBatch(now)).map((r) => r.id);
const settle = (results, now = NOW) => outbox.settle(Object.entries(results).map(([id, result]) => ({ id, result })), now);

async function stored(...ids) {
  await outbox.add(ids.map((id) => record(id)));
  await outbox.nextBatch(NOW);
  await settle(Object.fromEntries(ids.map((id) => [id, "created"])));
}

test("a visit, its photos and the cleared draft are stored by one stroke, in order", async () => {
  const [one, two] = [await picture("one"), await picture("two")];
  await db.setFact("draft", { id: "b" });
  await outbox.add([record("a", { kind: "household.add" }), visitWith("b", one, two)], {
    photos: [{ ...one, visit: "b" }, { ...two, visit: "b" }], fact: { key: "draft", value: null },
  });
  await outbox.add([record("c")]);
  const list = await outbox.list();
  assert.deepEqual(list.map((r) => [r.id, r.seq, r.state, r.frozen]), [["a", 1, "ready", false], ["b", 2, "ready", false], ["c", 3, "ready", false]]);
  assert.equal(await db.getFact("draft"), null);
  assert.equal((await db.getAll("photo_bytes")).length, 2);
  assert.equal(await outbox.unsent(), 3);
});

// Breaks the n-th statement of a transaction: by an error of the statement, by the system ending it meanwhile, or by
// the system ending it when the statement itself has gone well.
function breakStatement(n, how) {
  const real = { put: IDBObjectStore.prototype.put, add: IDBObjectStore.prototype.add };
  let count = 0;
  for (const name of ["put", "add"]) {
    IDBObjectStore.prototype[name] = function (...args) {
      count += 1;
      if (count === n && how === "throws") throw new DOMException("full", "QuotaExceededError");
      const request = real[name].apply(this, args);
      if (count === n && how === "ends") this.transaction.abort();
      if (count === n && how === "drops") request.addEventListener("success", () => this.transaction.abort());
      return request;
    };
  }
  return () => Object.assign(IDBObjectStore.prototype, real) && count;
}

for (const how of ["throws", "ends", "drops"]) {
  test(`a save that the system ${how} at any statement leaves nothing half and is not said to be saved`, async () => {
    const photo = await picture("one");
    const save = () => outbox.add([record("a", { kind: "household.add" }), visitWith("b", photo)], { photos: [{ ...photo, visit: "b" }], fact: { key: "draft", value: null } });
    let statements = 1;
    for (let n = 1; n <= statements; n++) {
      await freshPhone();
      const mend = breakStatement(n, how);
      await assert.rejects(save, undefined, `statement ${n}`);
      mend();
      assert.deepEqual(await everything(), { records: 0, photos: 0, photo_bytes: 0, facts: 1 }, `statement ${n}`);
      const whole = breakStatement(0, how);
      await save();
      statements = whole();
    }
    assert.ok(statements >= 6);
  });
}

test("nothing is taken in where nobody is any more, and nothing of it is kept", async () => {
  await freshPhone(null);
  await assert.rejects(outbox.add([record("a")], { fact: { key: "draft", value: null } }), outbox.NobodyHere);
  assert.deepEqual(await everything(), { records: 0, photos: 0, photo_bytes: 0, facts: 0 });
  await db.setFact("owner", { id: 7 });
  await outbox.add([record("a")]);
  assert.deepEqual(await states(), { a: "ready" });
});

test("an id that is here already is refused whole, and the first record stays", async () => {
  await outbox.add([record("a", { payload: visitPayload({ people: 2 }) })]);
  await assert.rejects(outbox.add([record("b"), record("a")]));
  const list = await outbox.list();
  assert.deepEqual(list.map((r) => [r.id, r.payload.people]), [["a", 2]]);
});

test("records go out in the order in which they were made, at most a batch at a time", async () => {
  await outbox.add(["c", "a", "b", "e", "d"].map((id) => record(id)));
  assert.deepEqual((await outbox.nextBatch(NOW, 3)).map((r) => r.id), ["c", "a", "b"]);
  await settle({ c: "created", a: "invalid", b: "created" });
  assert.deepEqual(await send(), ["e", "d"]);
});

test("what changes a record in its undo window waits with it", async () => {
  const later = { hold_until: Date.now() + 5000 };
  await outbox.add([record("a", later), record("b", { kind: "visit.replace", replaces: "a" }), record("c", { kind: "visit.withdraw", payload: { visit: "b" } }), record("d")]);
  const ids = async (now) => (await outbox.nextBatch(now)).map((r) => r.id);
  assert.deepEqual(await ids(Date.now()), ["d"]);
  assert.deepEqual(await ids(Date.now() + 6000), ["a", "b", "c", "d"]);
});

test("a batch stays under its size, and a record larger than that goes alone", async () => {
  const note = (n) => ({ payload: visitPayload({ note: "x".repeat(n) }) });
  await outbox.add([record("a", note(300)), record("b", note(5000)), record("c", note(300)), record("d", note(300))]);
  const sizes = async () => (await outbox.nextBatch(NOW, 50, 2000)).map((r) => r.id);
  assert.deepEqual(await sizes(), ["a"]);
  await settle({ a: "created" });
  assert.deepEqual(await sizes(), ["b"]);
  await settle({ b: "created" });
  assert.deepEqual(await sizes(), ["c", "d"]);
});

test("a record in its undo window waits, is not frozen and holds nothing else back", async () => {
  await outbox.add([record("a", { hold_until: NOW + 5000 }), record("b")]);
  assert.deepEqual(await send(), ["b"]);
  assert.equal((await outbox.list()).find((r) => r.id === "a").frozen, false);
  assert.deepEqual(await send(NOW + 4999), ["b"]);
  assert.deepEqual(await send(NOW + 5000), ["a", "b"]);
});

test("what goes over the wire holds what the contract names, and nothing of the phone's own", async () => {
  await outbox.add([record("a", { hold_until: NOW - 1 })]);
  const [wire] = await outbox.nextBatch(NOW);
  assert.deepEqual(Object.keys(wire), ["id", "kind", "schema", "author", "made_at", "replaces", "payload"]);
});

test("undo deletes a record while it has not been sent, and never after", async () => {
  await outbox.add([record("a", { hold_until: NOW + 5000 })]);
  assert.equal(await outbox.undo("a"), true);
  assert.deepEqual(await states(), {});
  assert.equal(await outbox.undo("a"), false);
  await outbox.add([record("b", { hold_until: NOW + 5000 })]);
  await send(NOW + 5000);
  assert.equal(await outbox.undo("b"), false, "it may be on its way");
  await settle({ b: "created" });
  assert.equal(await outbox.undo("b"), false);
  assert.deepEqual(await states(), { b: "sent" });
});

test("several records are undone together or not at all", async () => {
  await outbox.add([record("a"), record("b", { hold_until: NOW + 5000 }), record("c", { hold_until: NOW + 5000 })]);
  await send();
  assert.equal(await outbox.undo("a", "b"), false);
  assert.equal(await outbox.undo("b", "c"), true);
  assert.deepEqual(await states(), { a: "ready" });
});

test("undo takes a visit's photos along, but not those that another visit names", async () => {
  const [own, shared] = [await picture("own"), await picture("shared")];
  await outbox.add([visitWith("a", shared)], { photos: [{ ...shared, visit: "a" }] });
  await outbox.add([visitWith("b", own, shared)], { photos: [{ ...own, visit: "b" }, { ...shared, visit: "b" }] });
  await outbox.undo("b");
  assert.deepEqual((await db.getAll("photos")).map((p) => [p.sha256, p.visits]), [[shared.sha256, ["a"]]]);
  assert.equal((await db.getAll("photo_bytes")).length, 1);
});

test("each word of the server has its state; a word of a newer server leaves the record waiting", async () => {
  const words = { created: "sent", identical: "sent", held: "sent", superseded: "sent", differs: "parked", invalid: "parked", forbidden: "parked", postponed: "ready" };
  await outbox.add(Object.keys(words).map((word) => record(word)));
  await send();
  await settle(Object.fromEntries(Object.keys(words).map((word) => [word, word])));
  assert.deepEqual(await states(), words);
});

test("a result for an id that this phone does not hold changes nothing", async () => {
  await outbox.add([record("a")]);
  await settle({ z: "created" });
  assert.deepEqual(await states(), { a: "ready" });
});

test("an answer that comes late does not undo the first", async () => {
  await stored("a");
  await settle({ a: "invalid" });
  assert.deepEqual(await states(), { a: "sent" });
});

test("only a parked record can be put away, and it is kept", async () => {
  await outbox.add([record("a"), record("b")]);
  await send();
  await settle({ b: "invalid" });
  await outbox.dismiss("a");
  await outbox.dismiss("b");
  assert.deepEqual((await outbox.list()).map((r) => [r.id, r.state, !!r.dismissed]), [["a", "ready", false], ["b", "parked", true]]);
});

test("after a restore of the server all that was sent waits again, as it was", async () => {
  await stored("a");
  await outbox.add([record("b"), record("c", { hold_until: NOW + 9000 })]);
  await send();
  await settle({ b: "invalid" });
  const photo = await picture("one");
  await outbox.add([visitWith("d", photo)], { photos: [{ ...photo, visit: "d" }] });
  await db.write(["photos"], async (store) => store("photos").put({ ...(await store("photos").get(photo.sha256)), done: ["d"] }));
  const before = (await outbox.list()).map(outbox.wire);
  await outbox.requeue();
  assert.deepEqual(await states(), { a: "ready", b: "parked", c: "ready", d: "ready" });
  assert.deepEqual((await outbox.list()).map(outbox.wire), before);
  assert.deepEqual((await db.getAll("photos"))[0].done, [], "the restored server may not have it");
});

test("what was sent is forgotten after thirty days, and nothing else ever", async () => {
  await stored("old");
  await outbox.add([record("refused"), record("unsent")]);
  await outbox.nextBatch(NOW);
  await settle({ refused: "invalid" });
  await outbox.sweep(NOW + 30 * DAY);
  assert.deepEqual(await states(), { old: "sent", refused: "parked", unsent: "ready" });
  await outbox.sweep(NOW + 30 * DAY + 1);
  assert.deepEqual(await states(), { refused: "parked", unsent: "ready" });
});

test("a sent visit is kept until its photos are sent too, however old it is", async () => {
  const photo = await picture("one");
  await outbox.add([visitWith("a", photo)], { photos: [{ ...photo, visit: "a" }] });
  await send();
  await settle({ a: "created" });
  await outbox.sweep(NOW + 90 * DAY);
  assert.deepEqual(await states(), { a: "sent" });
  assert.equal((await db.getAll("photo_bytes")).length, 1);
  await db.write(["photos"], (store) => store("photos").put({ sha256: photo.sha256, type: photo.type, bytes: 3, visits: ["a"], done: ["a"] }));
  await outbox.sweep(NOW + 90 * DAY);
  assert.deepEqual(await everything(), { records: 0, photos: 0, photo_bytes: 0, facts: 2 });
});

test("a photo goes only with the last record that names it", async () => {
  const photo = await picture("one");
  await outbox.add([visitWith("a", photo)], { photos: [{ ...photo, visit: "a" }] });
  await send();
  await settle({ a: "created" });
  await outbox.add([visitWith("b", photo)], { photos: [{ ...photo, visit: "b" }] });
  await db.write(["photos"], async (store) => store("photos").put({ ...(await store("photos").get(photo.sha256)), done: ["a"] }));
  await outbox.sweep(NOW + 90 * DAY);
  assert.deepEqual(await states(), { b: "ready" });
  assert.equal((await db.getAll("photo_bytes")).length, 1);
});
