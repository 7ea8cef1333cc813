// A phone that comes from a released version, frozen in tests/contract/released: its storage is taken over whole, and
// all that it had not sent is sent. Other tabs of the old version stand open meanwhile.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Phone } from "./life.js";
import { PEOPLE, Server } from "./server.js";

const frozen = JSON.parse(readFileSync(new URL("../contract/released/1/store.json", import.meta.url), "utf8"));
const request = (asked) => new Promise((resolve, reject) => Object.assign(asked, { onsuccess: () => resolve(asked.result), onerror: () => reject(asked.error) }));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64")).buffer;

// The storage as that version left it; the connection stays open like that of a tab.
async function before(factory) {
  const asked = factory.open(frozen.name, frozen.version);
  asked.onupgradeneeded = () => {
    for (const [name, { keyPath, indexes }] of Object.entries(frozen.stores)) {
      const store = asked.result.createObjectStore(name, keyPath ? { keyPath } : {});
      for (const index of indexes) store.createIndex(index, index);
    }
  };
  const db = await request(asked);
  const transaction = db.transaction(Object.keys(frozen.stores), "readwrite");
  for (const [name, rows] of Object.entries(frozen.rows)) for (const row of rows) transaction.objectStore(name).put(row);
  for (const [name, pairs] of Object.entries(frozen.pairs)) {
    for (const [key, value] of Object.entries(pairs)) transaction.objectStore(name).put(name === "photo_bytes" ? bytes(value) : value, key);
  }
  await new Promise((done) => (transaction.oncomplete = done));
  return db;
}

async function oldPhone() {
  const phone = new Phone(new Server());
  phone.cookies.p0 = { ...PEOPLE.lan, state: "open" };
  return [phone, await before(phone.factory)];
}

test("a phone of version 1 opens with everything it held, and sends it all once", async () => {
  const [phone, tab] = await oldPhone();
  tab.onversionchange = () => tab.close();
  const page = await phone.open();
  assert.deepEqual((await page.outbox.list()).map((r) => r.state), frozen.rows.records.map((r) => r.state));
  assert.equal(page.state.held.draft.note, "dở dang");
  assert.ok(await page.photos.bytesOf(page.state.held.draft.photos[0]));
  assert.deepEqual((await page.slots.list()).map((p) => [p.slot, p.id, p.name]), [["p0", 7, "Đinh Thị Lan"]]);
  await page.run(() => page.sync.kick());
  const waiting = frozen.rows.records.filter((r) => r.state === "ready");
  assert.deepEqual([...phone.server.records.keys()], waiting.map((r) => r.id));
  for (const record of waiting) assert.deepEqual(phone.server.records.get(record.id), page.outbox.wire(record), "frozen as it was");
  assert.equal(phone.server.photos.size, 1);
  await page.run(() => page.sync.kick());
  assert.equal((await page.db.getFact("draft")).photos.length, 1);
  assert.ok(await page.photos.bytesOf(page.state.held.draft.photos[0]), "the draft's picture is not swept away");
});

test("an old tab that is slow to let go is waited for", async () => {
  const [phone, tab] = await oldPhone();
  const opening = phone.open();
  await new Promise((done) => setTimeout(done, 20));
  tab.close();
  assert.equal((await (await opening).outbox.list()).length, frozen.rows.records.length);
});

test("a tab that a newer version overtakes lets go and says so", async () => {
  const phone = new Phone(new Server());
  const page = await phone.open();
  let overtaken = 0;
  page.db.onOvertaken(() => (overtaken += 1));
  await page.db.getFact("me");
  const newer = await request(phone.factory.open("toso", 99));
  assert.equal(overtaken, 1);
  await assert.rejects(page.db.setFact("draft", {}), { name: "VersionError" });
  newer.close();
});

for (let step = 1; step <= 30; step++) {
  test(`an upgrade that is killed at its step ${step} is made again`, async () => {
    const [phone, tab] = await oldPhone();
    tab.close();
    const page = await phone.open(step);
    if (!page.dead) assert.equal((await page.outbox.list()).length, frozen.rows.records.length);
    const next = await phone.open();
    assert.equal((await next.outbox.list()).length, frozen.rows.records.length);
    assert.equal((await next.db.getFact("owner")).id, 7);
  });
}
