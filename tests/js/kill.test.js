// A phone is killed at every point of recording, sending and changing hands: nothing lost, nothing doubled.
import assert from "node:assert/strict";
import { drafted, joined, kill, LAN, MINH, photosWhole, photoOf, pictured, record, saveIfOpen, sendAll } from "./killed.js";

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
  "blurring a picture": {
    async prepare(phone) {
      await drafted(phone.page, { picture: "a face" });
      const { actions, state, photos } = phone.page;
      [phone.face, phone.blocks] = [await photos.sha256(photoOf("a face")), await photos.sha256(photoOf("blocks"))];
      await actions.lookAt(phone.face);
      await actions.setClear(true);
      assert.equal(state.slice("draft").missing, "face_open");
    },
    act: (page) => page.actions.blur(photoOf("blocks")),
    async check(phone) {
      const page = await phone.open();
      const [hash] = page.state.held.draft.photos;
      assert.ok([phone.face, phone.blocks].includes(hash));
      const kept = await page.db.read(["photo_bytes"], (store) => store("photo_bytes").getAllKeys());
      assert.deepEqual(kept, [hash], "the clear one or the blurred one, never both");
      assert.equal(page.draft.missing(page.state.held.draft), hash === phone.face ? "face_open" : "");
      assert.equal(page.state.slice("picture").hash, hash, "it is still looked at");
    },
  },
  "dropping a picture": {
    async prepare(phone) {
      await drafted(phone.page, { picture: "a face" });
    },
    act: (page) => page.actions.drop(page.state.held.draft.photos[0]),
    async check(phone) {
      const page = await phone.open();
      assert.deepEqual(await page.db.read(["photo_bytes"], (store) => store("photo_bytes").getAllKeys()), page.state.held.draft.photos);
    },
  },
  "saying that those in a picture agreed, and saving": {
    async prepare(phone) {
      await drafted(phone.page, { picture: "a face" });
      const { actions, state } = phone.page;
      await actions.lookAt(state.held.draft.photos[0]);
      await actions.setClear(true);
      phone.server.down = true;
    },
    async act({ actions, recording }) {
      await actions.setAgreed(true);
      await actions.setWay("signed");
      await actions.leave();
      await recording.settled();
      await actions.saveVisit();
    },
    async after(phone) {
      const { actions, state } = await phone.open();
      if (!state.held.draft) return;
      await actions.setAgreed(true);
      await actions.setWay("signed");
      await actions.leave();
      await phone.page.run(() => actions.saveVisit());
    },
    async check(phone, server) {
      await sendAll(phone);
      assert.deepEqual(server.of("visit.create").map((r) => r.payload.photos.map((p) => p.consent)), [[{ way: "signed", text_version: 1 }]]);
    },
  },
  "sending three photos, on Wi-Fi only": {
    async prepare(phone) {
      const { page } = phone;
      phone.connection = { type: "wifi" };
      await page.actions.choose(true);
      const three = await Promise.all(["one", "two", "three"].map((text) => pictured(page, text)));
      await page.outbox.add(three.map(([visit]) => visit), { photos: three.map(([, photo]) => photo) });
    },
    act: (page) => page.sync.kick(),
    async check(phone, server) {
      phone.connection = { type: "cellular" };
      let page = await phone.open();
      const before = server.photos.size;
      await page.run(() => page.sync.kick());
      assert.equal(server.photos.size, before, "no byte of a photo went over the mobile network");
      const owed = (await page.photos.waiting()).length;
      assert.equal(server.records.size, 3, "visits never wait");
      assert.deepEqual([page.state.slice("outbox").photos, page.state.slice("outbox").pill], [owed, owed ? "photos_wifi" : "none"]);
      phone.connection = { type: "wifi" };
      page = await sendAll(phone);
      assert.equal(server.photos.size, 3);
      assert.ok(photosWhole(server));
      assert.deepEqual(await page.photos.waiting(), []);
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

kill(SCENARIOS, import.meta.url);
