// A PIN closes what a phone holds; what waits is sent all the same, and a forgotten one loses nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { entered, guarded, HEAD, joined, lying, NOTE, opened, photoOf, PIN, unsent, visit } from "./guarded.js";

test("nothing that was pulled or made lies open, and the PIN shows all of it again", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  phone.server.down = true;
  const { record, photo } = await photoOf(page, "a picture of a door", "a");
  await page.outbox.add([record], { photos: [photo] });
  const draft = { ...page.draft.begin("h1", "list"), note: NOTE };
  await page.db.setFact("draft", draft);
  const all = await lying(page);
  for (const word of [HEAD, NOTE, "a picture of a door", "Đông Hòa\",\"led"]) assert.ok(!all.includes(word), word);
  const again = await entered(phone);
  assert.equal(again.state.data.households.get("h1").head, HEAD);
  assert.equal(again.state.data.records[0].payload.note, NOTE);
  assert.equal(Buffer.from(await again.photos.bytesOf(photo.sha256)).toString(), "a picture of a door");
  assert.deepEqual(await again.db.getFact("draft"), draft);
});

test("a page without the PIN shows nothing, and stores nothing in the open", async () => {
  const phone = await guarded();
  const page = await opened(phone);
  assert.equal(page.state.data.read, false);
  assert.equal(page.state.data.households.size, 0);
  await assert.rejects(page.outbox.add([visit("a")]), { kind: "locked" });
  assert.deepEqual(await page.outbox.list(), []);
  assert.deepEqual((await page.locking.locking.unlock("000000")).wrong, true);
  assert.equal(page.state.data.read, false);
});

test("what waits is sent without the PIN, with its photo, as the server would have had it in the open", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  const { record, photo } = await unsent(page);
  phone.server.down = false;
  const shut = await opened(phone);
  await shut.run(() => shut.sync.kick());
  assert.deepEqual(phone.server.of("visit.create"), [record]);
  assert.equal(phone.server.photos.get(`visits/a/photos/${photo.sha256}`).toString(), "a door");
  assert.equal(phone.server.opened, 2);
  const again = await entered(phone);
  assert.deepEqual([again.state.data.records[0].state, again.state.data.photos[0].done], ["sent", ["a"]]);
  await again.run(() => again.sync.kick());
  assert.deepEqual([phone.server.of("visit.create").length, phone.server.differing], [1, []]);
});

test("others on the phone send what somebody keeps behind a PIN", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  phone.server.down = true;
  await page.outbox.add([visit("a")]);
  phone.server.down = false;
  await page.joining.lookAt("minh");
  await page.actions.join();
  const other = await phone.open();
  assert.equal(other.db.slot(), "p1");
  await other.run(() => other.sync.kick());
  assert.deepEqual(phone.server.of("visit.create"), [visit("a")]);
  assert.equal((await other.outbox.list("p0"))[0].state, "sent");
});

test("a restored server is given again what lies behind a PIN", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  await page.outbox.add([visit("a")]);
  await page.run(() => page.sync.kick());
  phone.server.restore("second-life");
  const shut = await opened(phone);
  await shut.run(() => shut.sync.kick());
  await shut.run(() => shut.sync.kick());
  assert.deepEqual(phone.server.of("visit.create"), [visit("a")]);
});

test("a phone that was closed holds nothing, though nobody gave the PIN", async () => {
  const phone = await guarded();
  phone.cookies.p0.state = "closed";
  const shut = await opened(phone);
  await shut.run(() => shut.sync.kick());
  assert.deepEqual(await shut.db.getAll("households"), []);
});

test("one that is closing sends its last records from behind the PIN, then holds nothing", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  phone.server.down = true;
  await page.outbox.add([visit("a")]);
  phone.server.down = false;
  phone.cookies.p0.state = "closing";
  const shut = await opened(phone);
  await shut.run(() => shut.sync.kick());
  assert.deepEqual(phone.server.of("visit.create"), [visit("a")]);
  assert.deepEqual(await shut.db.getAll("households"), []);
});

test("who forgot the PIN has all sent first, then the phone is empty", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  phone.server.down = true;
  await page.outbox.add([visit("a")]);
  await page.db.setFact("draft", { id: "d", note: NOTE, touched: true });
  const shut = await opened(phone);
  assert.deepEqual(await shut.locking.locking.owed(), { records: 1 });
  assert.deepEqual(await shut.locking.locking.forget(), { records: 1 });
  assert.equal((await shut.outbox.list()).length, 1, "nothing is wiped that was not sent");
  phone.server.down = false;
  await shut.run(() => shut.locking.locking.forget());
  assert.deepEqual(phone.server.of("visit.create"), [visit("a")]);
  assert.deepEqual(shut.went.at(-1), "/m/join/");
  assert.equal(phone.cookies.p0, undefined);
  assert.equal((await lying(shut)).includes("box"), false);
});

test("a PIN is changed and taken off, and the old one opens nothing", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  assert.equal((await page.locking.locking.change("111111", "250690")).wrong, true);
  await page.locking.locking.change(PIN, "250690");
  const again = await opened(phone);
  assert.equal((await again.locking.locking.unlock(PIN)).wrong, true);
  await again.run(() => again.locking.locking.unlock("250690"));
  assert.equal(again.state.data.households.get("h1").head, HEAD);
  await again.run(() => again.locking.locking.takeOff("250690"));
  const free = await phone.open();
  assert.equal(free.state.data.households.get("h1").head, HEAD);
  assert.equal((await lying(free)).includes("box"), false);
});

test("after five wrong tries each costs patience, and the right PIN waits as well", async () => {
  const phone = await guarded();
  const page = await opened(phone);
  for (let n = 0; n < 4; n++) assert.equal((await page.locking.locking.unlock("111111")).wait, 0);
  assert.ok((await page.locking.locking.unlock("111111")).wait > 0);
  assert.ok((await page.locking.locking.unlock(PIN)).wait > 0);
  assert.equal(page.state.data.read, false);
});

test("another tab is shut the moment a PIN is set", async () => {
  const phone = await joined();
  const page = await opened(phone);
  const other = await phone.tab();
  await page.run(() => page.locking.locking.set(PIN));
  await other.quiet();
  assert.ok(other.went.includes("reload"));
  await assert.rejects(other.outbox.add([visit("a")]), { kind: "locked" });
  assert.equal((await lying(page)).includes(HEAD), false);
});

test("who leaves the app for five minutes is asked again, and is not while they are in it", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  const { document } = page.world;
  document.visibilityState = "hidden";
  await page.tell("visibilitychange");
  const [lockNow, wait] = page.timers.findLast((timer) => timer);
  assert.equal(wait, 5 * 60000);
  document.visibilityState = "visible";
  await page.tell("visibilitychange");
  assert.deepEqual([page.timers.filter((timer) => timer?.[0] === lockNow), page.went], [[], []]);
  await page.run(lockNow);
  assert.deepEqual([page.state.slice("lock"), page.went], [{ locked: true }, ["reload"]]);
});

test("a PIN that is given while a photo is on its way leaves it on its way", async () => {
  const phone = await guarded();
  const page = await entered(phone);
  const { photo } = await unsent(page);
  phone.server.down = false;
  const shut = await opened(phone);
  phone.server.meanwhile = () => shut.locking.locking.unlock(PIN);
  await shut.run(() => shut.sync.kick());
  assert.equal(await shut.db.shutBy(), null);
  assert.equal(phone.server.photos.get(`visits/a/photos/${photo.sha256}`).toString(), "a door");
});

test("what the storage has spoilt costs neither the other rows nor the way out", async () => {
  const phone = await guarded();
  phone.server.rows = { households: [1, 2].map((n) => ({ id: `h${n}`, number: `${n}`, head: HEAD, village: 11 })) };
  const page = await entered(phone);
  await page.run(() => page.sync.kick());
  const { photo } = await unsent(page);
  await page.db.write(["households", "photo_bytes"], async (store) => {
    await store("households").raw.put({ id: "h2", box: new Uint8Array(40) });
    await store("photo_bytes").raw.put({ box: new Uint8Array(40) }, photo.sha256);
  });
  const again = await entered(phone);
  phone.server.down = false;
  assert.deepEqual([...again.state.data.households.keys()], ["h1"]);
  await again.run(() => again.sync.kick());
  assert.deepEqual((await again.db.getAll("photos"))[0].done, ["a"]);
});
