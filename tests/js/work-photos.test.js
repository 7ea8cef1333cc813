// Photos of activities and difficulties: taken into the form, looked at, sent after the record, and gone with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { Server } from "./server.js";
import { activities, missingInActivity, missingInDifficulty } from "../../fieldapp/device/village-work.js";

const photoOf = (text) => new TextEncoder().encode(text).buffer;

async function joined(server = new Server()) {
  const phone = new Phone(server);
  const page = await phone.open();
  await page.joining.lookAt("lan");
  await page.actions.join();
  await page.run(() => page.sync.kick());
  await page.state.refresh(["facts"]);
  return [phone, await at(page, "activities")];
}

async function at(page, screen) {
  page.world.location.pathname = `/m/${screen}/`;
  await page.bring(screen);
  return page;
}

const reopened = async (phone, screen = "activities") => at(await phone.open(), screen);

async function fillIn(page, ...pictures) {
  const { acting } = page.activities;
  await acting.begin();
  acting.setKind("talk");
  await acting.addPeople(10);
  for (const text of pictures) {
    await page.actions.addPhoto(photoOf(text));
    await page.actions.leave();
  }
  await page.recording.settled();
  await page.quiet();
}
const bytesHere = (page) => page.db.read(["photo_bytes"], (store) => store("photo_bytes").getAllKeys());
const formPhotos = async (page) => (await page.db.getFact("forms"))?.activity?.photos ?? [];
const arrived = (server) => server.of("activity.create").every((r) => r.payload.photos.every((p) => server.photos.get(`visits/${r.id}/photos/${p.sha256}`)?.length === p.bytes));

test("a picture is looked at before the activity is saved, and goes after it", async () => {
  const [phone, page] = await joined();
  const { acting } = page.activities;
  phone.server.down = true;
  await fillIn(page, "one", "two");
  await page.actions.addPhoto(photoOf("three"));
  assert.equal(page.state.slice("picture").hash, await page.photos.sha256(photoOf("three")));
  await page.run(() => acting.save());
  assert.deepEqual(await page.outbox.list(), [], "nobody has looked at it yet");
  await page.actions.leave();
  assert.equal(page.state.slice("activity_form").pictures.length, 3);
  await page.run(() => acting.save());
  const [{ payload }] = await page.outbox.list();
  assert.deepEqual(payload.photos.map((p) => [p.bytes, p.type, p.consent]), [[3, "image/jpeg", undefined], [3, "image/jpeg", undefined], [5, "image/jpeg", undefined]]);
  assert.equal(page.state.slice("outbox").photos, 3);
  assert.ok(page.state.slice("activities").lines[0].pictures.every((p) => p.url), "shown from this phone");
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  assert.equal(phone.server.photos.size, 3);
  assert.ok(arrived(phone.server));
  assert.deepEqual([page.state.slice("outbox").photos, page.state.slice("outbox").all_sent], [0, true]);
});

test("a clear face keeps it from being saved until somebody agreed or it is blurred", async () => {
  const [, page] = await joined();
  const { acting } = page.activities;
  await fillIn(page, "a face");
  const hash = await page.photos.sha256(photoOf("a face"));
  await page.actions.lookAt(hash);
  await page.actions.setClear(true);
  assert.equal(page.state.slice("activity_form").missing, "face");
  await page.actions.setAgreed(true);
  await page.actions.setWay("signed");
  await page.actions.leave();
  assert.equal(page.state.slice("activity_form").missing, "");
  await page.actions.lookAt(hash);
  await page.actions.blur(photoOf("blocks"));
  await page.actions.leave();
  assert.deepEqual(await bytesHere(page), [await page.photos.sha256(photoOf("blocks"))]);
  await page.run(() => acting.save());
  const [{ payload }] = await page.outbox.list();
  assert.deepEqual(payload.photos.map((p) => p.consent), [{ way: "signed", text_version: 1 }]);
});

test("both kinds say what is missing", () => {
  const faces = { photos: ["a"], faces: { a: { clear: true } } };
  assert.equal(missingInActivity({ village: 11, kind: "talk", people: 1, note: "", ...faces }), "face");
  assert.equal(missingInDifficulty({ village: 11, kind: "signal", severity: "high", description: "x", ...faces }), "face");
});

test("a picture is of the screen that is open: the visit's draft keeps its own", async () => {
  const [, page] = await joined();
  await fillIn(page, "of the activity");
  page.world.location.pathname = "/m/record/";
  await page.actions.recordHousehold("h1");
  await page.actions.addPhoto(photoOf("of the visit"));
  await page.actions.leave();
  assert.deepEqual(page.state.held.draft.photos, [await page.photos.sha256(photoOf("of the visit"))]);
  assert.deepEqual(await formPhotos(page), [await page.photos.sha256(photoOf("of the activity"))]);
  await page.run(() => page.sync.kick());
  assert.equal((await bytesHere(page)).length, 2, "neither is swept away");
});

test("photos wait for Wi-Fi by choice, and the activity goes", async () => {
  const [phone, page] = await joined();
  phone.connection = { type: "cellular" };
  await page.run(() => page.actions.choose(true));
  await fillIn(page, "one");
  await page.run(() => page.activities.acting.save());
  await page.run(() => page.sync.kick());
  assert.deepEqual([phone.server.of("activity.create").length, phone.server.photos.size], [1, 0]);
  phone.connection = { type: "wifi" };
  await page.run(() => page.sync.kick());
  assert.equal(phone.server.photos.size, 1);
});

test("a refused activity gives its photos back to be mended", async () => {
  const [phone, page] = await joined();
  const { acting } = page.activities;
  phone.server.down = true;
  await fillIn(page, "one");
  await page.run(() => acting.save());
  const [made] = await page.outbox.list();
  phone.server.refuses.add(made.id);
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  await page.state.refresh(["records"]);
  assert.equal(phone.server.photos.size, 0);
  await acting.mend(made.id);
  assert.equal(page.state.slice("activity_form").pictures.length, 1);
  await page.run(() => acting.save());
  assert.deepEqual([phone.server.of("activity.create").length, phone.server.photos.size], [1, 1]);
});

test("what the server shows of photos stands in the list", () => {
  const row = { id: "a", author: 8, by: "Minh", village: 11, made_at: 1, kind: "talk", people: 3, platforms: [], note: "", photos: [{ sha256: "x", state: "ready", thumbnail: "data:x" }, { sha256: "y", state: "expected" }] };
  const world = { me: { id: 7, villages: [] }, offset: 0, platforms: [], records: [], activities: new Map([["a", row]]) };
  assert.deepEqual(activities(world, "vi").lines[0].pictures.map((p) => [p.hash, p.url]), [["x", "data:x"], ["y", ""]]);
});

test("the server misses a photo that this phone thought done: it goes again", async () => {
  const [phone, page] = await joined();
  await fillIn(page, "one");
  await page.run(() => page.activities.acting.save());
  const [{ id, payload }] = phone.server.of("activity.create");
  assert.equal(phone.server.photos.size, 1);
  phone.server.photos.clear();
  phone.server.rows = { activities: [{ id, author: 7, by: "Lan", village: 11, made_at: 1, ...payload, photos: payload.photos.map((p) => ({ ...p, state: "expected" })) }] };
  await page.run(() => page.sync.kick());
  assert.equal(phone.server.photos.size, 1);
});

async function killedAnywhere(begin, act, check) {
  for (let n = 1; n < 400; n++) {
    const [phone, page] = await joined();
    await begin(page, phone);
    const points = await page.run(() => act(page), n);
    await check(await reopened(phone), phone, `killed at ${n}: ${page.place}`);
    if (points < n) return;
  }
  assert.fail("never came to its end");
}

test("whenever the app is killed while a picture is taken into a form, the form names none that is not here", () =>
  killedAnywhere((page) => fillIn(page, "one"), (page) => page.actions.addPhoto(photoOf("two")), async (page, _, where) => {
    const named = await formPhotos(page);
    assert.ok([1, 2].includes(named.length), where);
    for (const hash of named) assert.ok(await page.photos.bytesOf(hash), where);
  }));

test("whenever the app is killed while a picture is blurred, the clear one or the blurred one is here, never both", () =>
  killedAnywhere(
    async (page) => {
      await fillIn(page, "a face");
      await page.actions.lookAt(await page.photos.sha256(photoOf("a face")));
      await page.actions.setClear(true);
    },
    (page) => page.actions.blur(photoOf("blocks")),
    async (page, _, where) => assert.deepEqual(await bytesHere(page), await formPhotos(page), where)));

test("whenever the app is killed while an activity with photos is saved and sent, all of it arrives once", () =>
  killedAnywhere((page) => fillIn(page, "one", "two"), (page) => page.activities.acting.save(), async (page, phone, where) => {
    if (page.state.slice("activity_form").open) await page.run(() => page.activities.acting.save());
    for (let n = 0; n < 2; n++) await page.run(() => page.sync.kick());
    assert.equal(phone.server.of("activity.create").length, 1, where);
    assert.equal(phone.server.photos.size, 2, where);
    assert.ok(arrived(phone.server), where);
    assert.deepEqual(phone.server.differing, [], where);
  }));
