// A phone is killed at every point of what it does, one after the other, and opened again: nothing lost, nothing doubled.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Phone } from "./life.js";
import { Server } from "./server.js";

const run = promisify(execFile);
const LAN = 7;
const MINH = 8;
let counter = 0;
const uuid = () => `00000000-0000-7000-8000-${String(++counter).padStart(12, "0")}`;

async function joined(token = "lan", phone = new Phone(new Server())) {
  const page = await phone.open();
  await page.joining.lookAt(token);
  await page.actions.join();
  await page.run(() => page.sync.kick());
  return phone;
}

const photoOf = (text) => new TextEncoder().encode(text).buffer;
const payload = (more = {}) => ({
  household: "h1", mode: "home", beneficiary: "person", people: 1, outcomes: [{ platform: "VNEID", result: "installed", steps: [], come_back_on: null }],
  identified_by: "list", card: null, note: "", photos: [], ...more,
});
const record = (more = {}) => ({ id: uuid(), kind: "visit.create", schema: 1, author: LAN, made_at: 1, replaces: null, payload: payload(), ...more });

async function pictured(page, text, more = {}) {
  const bytes = photoOf(text);
  const sha256 = await page.photos.sha256(bytes);
  const made = record({ payload: payload({ photos: [{ sha256, bytes: bytes.byteLength, type: "image/jpeg" }] }), ...more });
  return [made, { sha256, bytes, type: "image/jpeg", visit: made.id }];
}

// A draft as the screen makes it, with a picture.
async function drafted(page, { outcome = "VNEID", door = false, picture = "a hand" } = {}) {
  const { actions, state } = page;
  if (door) {
    actions.openDoor();
    state.put({ door: { number: "12", head: "Lê Văn Ba", village: 11, error: "" } });
    await actions.submitDoor();
    await page.run(() => page.recording.settled());
    state.held.draft = { ...state.held.draft, bind: "HTTPS://TOSO/H/ABC", touched: true };
  } else await actions.recordHousehold("h1");
  actions.togglePlatform(outcome);
  actions.setResult(outcome, "installed");
  await actions.addPhoto(photoOf(picture));
  await page.recording.settled();
}

const sendAll = async (phone) => {
  phone.server.down = false;
  const page = await phone.open();
  await page.run(() => page.sync.kick());
  await page.run(() => page.sync.kick());
  return page;
};
const photosWhole = (server) => server.of("visit.create").every((r) => r.payload.photos.every((p) => server.photos.get(`visits/${r.id}/photos/${p.sha256}`)?.length === p.bytes));

// What somebody does again after the phone came back: saves if the form is still there.
async function saveIfOpen(phone) {
  const page = await phone.open();
  if (page.state.held.draft) await page.run(() => page.actions.saveVisit());
}

const SCENARIOS = {
  "saving a visit with a photo, a new household and its card": {
    async prepare(phone) {
      await drafted(phone.page, { door: true });
      phone.server.down = true;
    },
    act: (page) => page.actions.saveVisit(),
    after: saveIfOpen,
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(["household.add", "card.bind", "visit.create"].map((kind) => server.of(kind).length), [1, 1, 1]);
      assert.equal(server.of("visit.create")[0].payload.photos.length, 1);
      assert.ok(photosWhole(server));
      assert.equal((await page.db.getFact("draft")) ?? null, null);
    },
  },
  "taking a picture": {
    async prepare(phone) {
      await drafted(phone.page, { picture: "first" });
    },
    act: (page) => page.actions.addPhoto(photoOf("second")),
    async check(phone) {
      const page = await phone.open();
      const { draft } = page.state.held;
      assert.ok([1, 2].includes(draft.photos.length));
      for (const hash of draft.photos) assert.ok(await page.photos.bytesOf(hash), "a draft names no picture that is not here");
    },
  },
  "saving a visit that mends a refused one": {
    async prepare(phone) {
      const { page } = phone;
      phone.refused = record();
      phone.server.refuses.add(phone.refused.id);
      await page.outbox.add([phone.refused]);
      await page.run(() => page.sync.kick());
      phone.server.down = true;
      await page.run(() => page.actions.mendVisit(phone.refused.id));
      await page.run(() => page.recording.settled());
    },
    act: (page) => page.actions.saveVisit(),
    after: saveIfOpen,
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.equal(server.of("visit.create").length, 1);
      const old = (await page.outbox.list()).find((r) => r.id === phone.refused.id);
      assert.deepEqual([old.state, old.dismissed], ["parked", true]);
    },
  },
  "withdrawing a replacement that was not sent": {
    async prepare(phone) {
      const { page } = phone;
      phone.base = record();
      await page.outbox.add([phone.base]);
      await page.run(() => page.sync.kick());
      phone.second = record({ kind: "visit.replace", replaces: phone.base.id });
      await page.outbox.add([phone.second]);
      await page.state.refresh(["records"]);
      phone.server.down = true;
    },
    act: (page) => page.actions.withdrawVisit(page.phone.second.id),
    async check(phone, server) {
      await sendAll(phone);
      const [replaced, withdrawn] = [server.of("visit.replace").length, server.of("visit.withdraw").map((r) => r.payload.visit)];
      assert.ok(replaced ? !withdrawn.length : withdrawn[0] === phone.base.id, "all of it or nothing");
    },
  },
  "sending records and photos, and storing what is new": {
    async prepare(phone) {
      const { page } = phone;
      const [one, first] = await pictured(page, "one");
      const [two, second] = await pictured(page, "two");
      await page.outbox.add([record({ kind: "household.add", payload: { household: "h7" } }), one, two], { photos: [first, second] });
      phone.server.rows = { households: [{ id: "h1", village: 11 }, { id: "h2", village: 11 }], visits: [{ id: "v9", village: 11, outcomes: [], photos: [] }], tombstones: [{ kind: "households", id: "h2" }] };
    },
    act: (page) => page.sync.kick(),
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.equal(server.records.size, 3);
      assert.ok(photosWhole(server));
      assert.deepEqual((await page.outbox.list()).map((r) => r.state), ["sent", "sent", "sent"]);
      for (const photo of await page.db.getAll("photos")) assert.deepEqual(photo.done, photo.visits);
      assert.deepEqual((await page.db.getAll("households")).map((r) => r.id), ["h1"]);
      assert.equal(await page.db.getFact("cursor"), "c1");
    },
  },
  "queueing all again for a server that was restored": {
    async prepare(phone) {
      const { page } = phone;
      const [one, first] = await pictured(page, "one");
      await page.outbox.add([one, record()], { photos: [first] });
      await page.run(() => page.sync.kick());
      phone.server.restore("second-life");
    },
    act: (page) => page.sync.kick(),
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.equal(server.records.size, 2);
      assert.ok(photosWhole(server));
      assert.equal(await page.db.getFact("epoch"), "second-life");
    },
  },
  "signing out with everything sent": {
    async prepare(phone) {
      const { page } = phone;
      await page.outbox.add([record()]);
      await page.run(() => page.sync.kick());
    },
    act: (page) => page.actions.signOut(),
    async check(phone, server) {
      let page = await phone.open();
      if (page.state.data.me) await page.run(() => page.actions.signOut());
      page = await phone.open();
      assert.equal(page.state.data.me, null);
      assert.deepEqual(await page.slots.list(), []);
      for (const name of ["records", "households", "photos", "photo_bytes", "facts"]) assert.deepEqual(await page.db.getAll(name), []);
      assert.equal(server.of("visit.create").length, 1);
    },
  },
  "signing out with something unsent": {
    async prepare(phone) {
      phone.server.down = true;
      const { page } = phone;
      await page.outbox.add([record()]);
      await page.state.refresh(["records"]);
    },
    act: (page) => page.actions.signOut(),
    async check(phone, server) {
      await sendAll(phone);
      assert.equal(server.of("visit.create").length, 1);
    },
  },
  "handing the phone to another": {
    async prepare(phone) {
      await joined("minh", phone);
      const page = await phone.open();
      assert.equal(page.db.slot(), "p1");
      await page.outbox.add([record({ author: MINH })]);
      await page.db.setFact("draft", { ...page.draft.begin("h1", "list", null), id: "d", touched: true });
    },
    act: (page) => page.actions.switchPerson("p0"),
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("visit.create").map((r) => r.author), [MINH], "whoever uses the phone, it is sent");
      assert.equal((await page.db.getFact("draft", "p1")).id, "d");
      assert.deepEqual(await page.db.getAll("records"), page.db.slot() === "p1" ? await page.outbox.list() : []);
      assert.equal((await page.slots.list()).length, 2);
    },
  },
  "a second person joining": {
    async prepare(phone) {
      const { page } = phone;
      await page.outbox.add([record()]);
      await page.joining.lookAt("minh");
    },
    act: (page) => page.actions.join(),
    async after(phone) {
      const page = await phone.open();
      if (page.state.data.people.length === 2) return;
      await page.joining.lookAt("minh");
      await page.run(() => page.actions.join());
    },
    async check(phone, server) {
      await (await phone.open()).actions.switchPerson("p1");
      const page = await sendAll(phone);
      assert.deepEqual((await page.slots.list()).map((p) => [p.slot, p.id]).sort(), [["p0", LAN], ["p1", MINH]]);
      assert.equal(page.state.data.me.id, MINH);
      assert.deepEqual(server.of("visit.create").map((r) => r.author), [LAN]);
      assert.deepEqual([phone.cookies.p0.id, phone.cookies.p1.id], [LAN, MINH]);
    },
  },
};

async function killAnywhere({ prepare, act, after, check }) {
  const play = async (n) => {
    const phone = await joined();
    await prepare(phone);
    const { page } = phone;
    const points = await page.run(() => act(page), n);
    const { place } = page;
    try {
      if (n) await after?.(phone);
      await check(phone, phone.server);
      assert.deepEqual(phone.server.differing, []);
    } catch (error) {
      throw new Error(`killed at point ${n} of it (${place || "not at all"}): ${error.message}`, { cause: error });
    }
    return points;
  };
  const points = await play(0);
  assert.ok(points > 3, `${points} points`);
  for (let n = 1; n <= points; n++) await play(n);
  return points;
}

// Each scenario has a process of its own: every life of a page keeps its copies of the modules for good.
const only = process.env.KILL_SCENARIO;
if (only) test(`killed anywhere in ${only}`, async (t) => t.diagnostic(`${await killAnywhere(SCENARIOS[only])} points`));
else
  describe("a phone is killed", { concurrency: 2 }, () => {
    for (const name of Object.keys(SCENARIOS)) {
      test(`anywhere in ${name}`, async (t) => {
        const env = { ...process.env, KILL_SCENARIO: name };
        delete env.NODE_TEST_CONTEXT;
        const { stdout } = await run(process.execPath, [fileURLToPath(import.meta.url)], { env, maxBuffer: 2 ** 26 }).catch((error) => {
          throw new Error(error.stdout);
        });
        t.diagnostic(/\d+ points/.exec(stdout)?.[0] ?? stdout);
      });
    }
  });
