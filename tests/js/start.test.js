// The start of the app in the store's own words: what a screen may say before the storage is read, and when it never is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { Server } from "./server.js";

const seen = ({ state }) => [state.slice("outbox").ready, state.slice("outbox").pill, state.slice("page").unopened];
const shut = () => {
  throw new DOMException("no room", "UnknownError");
};
const tick = (page, ms) => {
  const [work, , ...given] = page.timers.find((timer) => timer?.[1] === ms);
  work(...given);
};

test("before the storage is read the pill says nothing, whatever the page does meanwhile", async () => {
  const page = await new Phone(new Server()).tab({ indexedDB: { open: () => new IDBRequest() } });
  page.actions.openDoor();
  page.state.derive();
  assert.deepEqual(seen(page), [false, "", false]);
});

test("storage that does not open is said, and never that all is sent", async () => {
  const page = await new Phone(new Server()).tab({ indexedDB: { open: shut } });
  assert.equal(await page.starting, false);
  await page.store.readAddress();
  assert.deepEqual([...seen(page), page.faults.length], [false, "", true, 1]);
});

test("storage that a window of an older version keeps shut is said after a while, and no more once it has let go", async () => {
  const phone = new Phone(new Server());
  const before = await olderWindow(phone.factory);
  const page = await phone.tab();
  assert.deepEqual(seen(page), [false, "", false]);
  tick(page, 8000);
  assert.deepEqual(seen(page), [false, "", true]);
  before.close();
  assert.equal(await page.starting, true);
  assert.deepEqual(seen(page), [true, "none", false]);
});

test("what came while something else was being read is on the screen", async () => {
  const row = { id: "h1", village: 11, number: "12", head: "", rungs: {} };
  for (let turns = 0; turns < 20; turns++) {
    const page = await new Phone(new Server()).open();
    const earlier = page.state.refresh(["facts"]);
    for (let i = 0; i < turns; i++) await new Promise((done) => setImmediate(done));
    await page.db.write(["households", "cards", "visits", "facts"], (stores) => stores("households").put(row));
    await Promise.all([earlier, page.state.refresh([])]);
    assert.deepEqual([turns, page.state.slice("roster").total], [turns, 1]);
  }
});

function olderWindow(factory) {
  const asked = factory.open("toso", 1);
  asked.onupgradeneeded = () => {
    const records = asked.result.createObjectStore("records", { keyPath: "id" });
    for (const index of ["seq", "state"]) records.createIndex(index, index);
    for (const [name, keyPath] of [["photos", "sha256"], ["photo_bytes"], ["households", "id"], ["cards", "id"], ["visits", "id"], ["facts"]]) {
      asked.result.createObjectStore(name, keyPath && { keyPath });
    }
  };
  return new Promise((done) => (asked.onsuccess = () => done(asked.result)));
}
