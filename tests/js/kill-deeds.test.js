// A phone is killed at every point of what a team does besides: mending, deciding, counting, telling, saving into a file,
// being revoked, hearing a guide. And no module that stores anything is left out.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { drafted, formsOf, kill, LAN, letGo, MINH, opened, photosWhole, pictured, record, saveIfOpen, sendAll, sendDecided, shown } from "./killed.js";

const { subtle } = crypto;
const TODAY = new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10);
const theirs = (id, more = {}) => ({
  id, root: id, version: 1, author: MINH, author_name: "Võ Văn Minh", household: "h1", village: 11, mode: "home", beneficiary: "person", people: 1, note: "",
  identified_by: "list", verified: false, day: TODAY, made_at: Date.now() - 1000, state: "waiting", needs_look: false, reason_code: null, reason: null,
  outcomes: [{ platform: "VNEID", result: "installed" }], flags: [], photos: [], ...more,
});
const home = (id, more = {}) => ({ id, village: 11, number: "12", head: null, new: false, rungs: {}, last: null, ...more });

async function spoken(phone, text = "a guide") {
  const bytes = new TextEncoder().encode(text);
  const sha256 = await phone.page.photos.sha256(bytes.buffer);
  const one = { id: "n1", platform: "VNEID", title: "Tiếng Hrê", kind: "mp3", sha256, bytes: bytes.byteLength, seconds: 5 };
  phone.server.sounds.set("n1", bytes);
  await shown(phone, { narrations: [one], cursor: "c1" });
  return one;
}

async function sealed(phone) {
  const pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  phone.server.seal = { key: Buffer.from(await subtle.exportKey("raw", pair.publicKey)).toString("base64"), proof: "p".repeat(64) };
  const page = await phone.open();
  phone.saved = [];
  page.world.document.createElement = () => ({ click: () => phone.saved.push(1) });
  const { rescuing } = await page.bring("rescue");
  return [page, rescuing];
}

const SCENARIOS = {
  "correcting a visit that was sent back": {
    async prepare(phone) {
      const [made, photo] = await pictured(phone.page, "one");
      phone.base = made.id;
      await phone.page.outbox.add([made], { photos: [photo] });
      const page = await shown(phone, { visits: [theirs(made.id, { author: LAN, state: "returned", reason_code: "wrong_result", photos: made.payload.photos })] });
      phone.server.down = true;
      await page.actions.mendVisit(made.id);
      page.actions.setNote("right now");
      await page.recording.settled();
    },
    act: (page) => page.actions.saveVisit(),
    after: saveIfOpen,
    async check(phone, server) {
      const page = await sendAll(phone);
      const [replaced, ...more] = server.of("visit.replace");
      assert.deepEqual([replaced.replaces, replaced.payload.note, replaced.payload.photos.length, more], [phone.base, "right now", 1, []]);
      assert.equal((await page.db.getFact("draft")) ?? null, null);
    },
  },
  "entering a visit for another, with a place": {
    async prepare(phone) {
      await drafted(phone.page);
      phone.page.world.navigator.geolocation = { getCurrentPosition: (found) => found({ coords: { latitude: 15.18765, longitude: 108.75432 } }) };
      phone.server.down = true;
      await Promise.all(["entering", "placing"].map((name) => phone.page.bring(name)));
    },
    async act({ entering, placing, recording, actions }) {
      await entering.entering.setDoer(MINH);
      await placing.placing.givePlace();
      await recording.settled();
      await actions.saveVisit();
    },
    async after(phone) {
      const [page, entering] = await opened(phone, "entering", "entering");
      if (!page.state.held.draft) return;
      await entering.setDoer(MINH);
      await page.run(() => page.actions.saveVisit());
    },
    async check(phone, server) {
      await sendAll(phone);
      assert.deepEqual(server.of("visit.create").map((r) => [r.author, r.payload.done_by]), [[LAN, MINH]]);
      assert.ok([undefined, 15.19].includes(server.of("visit.create")[0].payload.place?.latitude));
      assert.ok(photosWhole(server));
    },
  },
  "approving the clean visits of a day": {
    async prepare(phone) {
      const page = await shown(phone, { households: [home("h1")], visits: ["v1", "v2"].map((id) => theirs(id)) }, true);
      phone.clean = page.state.slice("review").days[0].clean_ids;
      assert.equal(page.state.slice("review").count, 2);
    },
    act: (page) => page.actions.approveClean(TODAY),
    async after(phone) {
      const page = await phone.open();
      await page.run(() => page.actions.approveClean(TODAY));
    },
    async check(phone, server) {
      await sendDecided(phone);
      const decided = server.of("review.decide").flatMap((r) => r.payload.visits.map(({ visit }) => visit));
      assert.deepEqual(decided.sort(), phone.clean.sort(), "each once");
    },
  },
  "taking back a decision": {
    async prepare(phone) {
      const page = await shown(phone, { households: [home("h1")], visits: [theirs("v1")] }, true);
      page.actions.askSendBack("v1");
      page.actions.setReasonCode("wrong_result");
      await page.run(() => page.actions.sendBack());
      assert.equal((await page.outbox.list()).length, 1);
    },
    act: (page) => page.actions.undoDecision(),
    async check(phone, server) {
      const page = await phone.open();
      const stands = (await page.outbox.list()).length;
      assert.equal(page.state.slice("review").count, 1 - stands, "what the screen says is what is stored");
      await sendDecided(phone);
      assert.equal(server.of("review.decide").length, stands);
    },
  },
  "confirming a household met at the door": {
    async prepare(phone) {
      await shown(phone, { households: [home("n1", { new: true, by: "Võ Văn Minh", made_at: 1 })] }, true);
      await phone.page.bring("confirming");
    },
    act: (page) => page.confirming.confirming.confirmHousehold("n1"),
    async after(phone) {
      const [page, confirming] = await opened(phone, "confirming", "confirming");
      if (page.state.slice("newcomers").count) await page.run(() => confirming.confirmHousehold("n1"));
    },
    async check(phone, server) {
      await sendDecided(phone);
      assert.deepEqual(server.of("household.confirm").map((r) => r.payload), [{ household: "n1", number: "12", head_name: null }]);
    },
  },
  "filling in the form of an activity": {
    async prepare(phone) {
      const { acting } = await phone.page.bring("activities");
      await acting.begin();
      await acting.setKind("talk");
    },
    act: (page) => page.activities.acting.setPeople("45"),
    async check(phone) {
      const [page] = await opened(phone, "activities", "acting");
      const { open, kind, people } = page.state.slice("activity_form");
      assert.deepEqual([open, kind, [0, 45].includes(people)], [true, "talk", true]);
    },
  },
  "saving an activity": {
    async prepare(phone) {
      const { acting } = await phone.page.bring("activities");
      await acting.begin();
      acting.setKind("talk");
      await acting.setPeople("45");
      phone.server.down = true;
    },
    act: (page) => page.activities.acting.save(),
    async after(phone) {
      const [page, acting] = await opened(phone, "activities", "acting");
      if (page.state.slice("activity_form").open) await page.run(() => acting.save());
    },
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("activity.create").map((r) => r.payload.people), [45]);
      assert.deepEqual(await formsOf(page), []);
    },
  },
  "taking away an activity that was sent": {
    async prepare(phone) {
      const { acting } = await phone.page.bring("activities");
      await acting.begin();
      acting.setKind("talk");
      await acting.setPeople("45");
      await phone.page.run(() => acting.save());
      [{ id: phone.activity }] = await phone.page.outbox.list();
      phone.server.down = true;
      acting.ask(phone.activity);
    },
    act: (page) => page.activities.acting.withdraw(),
    async after(phone) {
      const [page, acting] = await opened(phone, "activities", "acting");
      if (!page.state.slice("activities").lines.length) return;
      acting.ask(phone.activity);
      await page.run(() => acting.withdraw());
    },
    async check(phone, server) {
      await sendAll(phone);
      assert.deepEqual(server.of("activity.withdraw").map((r) => r.payload.activity), [phone.activity]);
    },
  },
  "filling in anew a difficulty that was refused": {
    async prepare(phone) {
      const { page } = phone;
      const refused = record({ kind: "difficulty.create", payload: { village: 11, kind: "signal", severity: "high", description: "Mất sóng" } });
      phone.refused = refused.id;
      phone.server.refuses.add(refused.id);
      await page.outbox.add([refused]);
      await page.run(() => page.sync.kick());
      await page.state.refresh(["records"]);
      const { telling } = await page.bring("difficulties");
      await telling.mend(refused.id);
      await telling.setDescription("Mất sóng cả xóm");
      phone.server.down = true;
    },
    act: (page) => page.difficulties.telling.save(),
    async after(phone) {
      const [page, telling] = await opened(phone, "difficulties", "telling");
      if (page.state.slice("difficulty_form").open) await page.run(() => telling.save());
    },
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("difficulty.create").map((r) => r.payload.description), ["Mất sóng cả xóm"]);
      const old = (await page.outbox.list()).find((r) => r.id === phone.refused);
      assert.deepEqual([old.state, old.dismissed, await formsOf(page)], ["parked", true, []]);
    },
  },
  "saying anew what stands of a group": {
    async prepare(phone) {
      const { grouping } = await phone.page.bring("group");
      await grouping.begin();
      grouping.set("name", "Nhóm thôn");
      grouping.set("manager", "village_head");
      await grouping.setHouseholds("9");
      phone.server.down = true;
    },
    act: (page) => page.group.grouping.save(),
    async after(phone) {
      const [page, grouping] = await opened(phone, "group", "grouping");
      if (page.state.slice("group_form").open) await page.run(() => grouping.save());
    },
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("group.update").map((r) => r.payload.households), [9]);
      assert.deepEqual(await formsOf(page), []);
    },
  },
  "saving what is unsent into a file": {
    async prepare(phone) {
      await sealed(phone);
      phone.server.down = true;
      const [made, photo] = await pictured(phone.page, "one", {});
      await phone.page.outbox.add([{ ...made, hold_until: Date.now() + 5000 }, record()], { photos: [photo] });
      await phone.page.state.refresh(["records", "photos"]);
    },
    act: (page) => page.rescue.rescuing.exportUnsent(),
    async check(phone, server) {
      const page = await phone.open();
      const [records, rescued] = [await page.outbox.list(), await page.db.getFact("rescued")];
      assert.equal(records.length, 2);
      if (rescued) assert.deepEqual([phone.saved.length, rescued.keys.length, records.every((r) => r.frozen)], [1, 3, true]);
      await letGo(page);
      await sendAll(phone);
      assert.equal(server.of("visit.create").length, 2);
      assert.ok(photosWhole(server));
    },
  },
  "signing out with all of it in a file": {
    async prepare(phone) {
      const [page, rescuing] = await sealed(phone);
      const made = record();
      phone.server.refuses.add(made.id);
      await page.outbox.add([made]);
      await page.run(() => page.sync.kick());
      await page.run(() => page.state.refresh(["records"]));
      await page.run(() => rescuing.exportUnsent());
      assert.equal(phone.saved.length, 1);
    },
    act: (page) => page.rescue.rescuing.leaveWithFile(),
    async check(phone) {
      const page = await phone.open();
      const [records, owner, rescued] = [await page.outbox.list(), await page.db.getFact("owner"), await page.db.getFact("rescued")];
      if (records.length) assert.deepEqual([records[0].state, owner.id, rescued.keys.length], ["parked", LAN, 1], "all of it is here");
      else assert.deepEqual([owner, rescued], [undefined, undefined], "all of it is gone, and in the file");
    },
  },
  "sending the last records of a phone that was revoked": {
    async prepare(phone) {
      await spoken(phone);
      const { listening } = await phone.page.bring("listening");
      await phone.page.run(() => listening.play("n1"));
      const page = await shown(phone, {
        ...phone.server.rows, households: [home("h1")], cards: [{ id: 1, village: 11, hash: "x" }], visits: [theirs("v1")],
        targets: [{ id: "t1", team: 3, villages: [11] }], target_counts: { t1: 3 }, tasks: [{ id: "k1" }], announcements: [{ id: "n1", title: "", text: "", by: "", at: 1, due: "" }], materials: [{ id: 1 }], contacts: [{ id: 1 }], activities: [{ id: "a1", village: 11 }], difficulties: [{ id: "d1", village: 11 }], groups: [{ id: 11, village: 11 }],
      });
      const [made, photo] = await pictured(page, "one");
      await page.outbox.add([made, record({ kind: "activity.create", payload: { village: 11, kind: "talk", people: 3, platforms: [], note: "" } })], { photos: [photo] });
      phone.cookies.p0.state = "closing";
    },
    act: (page) => page.sync.kick(),
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(["visit.create", "activity.create"].map((kind) => server.of(kind).length), [1, 1]);
      assert.ok(photosWhole(server));
      for (const name of ["households", "cards", "visits", "activities", "difficulties", "groups", "sounds"]) assert.deepEqual(await page.db.getAll(name), [], name);
      const { villages, people } = await page.db.getFact("me");
      assert.deepEqual([villages, people, await page.db.getFact("narrations"), await page.db.getFact("cursor")], [[], [], [], ""]);
      for (const name of ["targets", "target_counts", "tasks", "announcements", "materials", "contacts"]) assert.equal(await page.db.getFact(name), undefined, name);
    },
  },
  "downloading a spoken guide that somebody asked for": {
    async prepare(phone) {
      phone.guide = await spoken(phone, "in pieces ".repeat(27000));
      phone.page.world.location.pathname = "/m/guides/";
      phone.page.world.location.hash = "#VNEID";
      await phone.page.bring("listening");
    },
    act: (page) => page.listening.listening.keepAll(),
    async after(phone) {
      // The wish goes on by itself where it was stored; else it is asked for again.
      const page = await phone.open();
      Object.assign(page.world.location, { pathname: "/m/guides/", hash: "#VNEID" });
      const { listening } = await page.bring("listening");
      await page.run(() => listening.keepAll());
    },
    async check(phone) {
      const page = await phone.open();
      const [bytes] = await page.db.getAll("sounds");
      assert.equal(await page.photos.sha256(bytes), phone.guide.sha256);
      assert.deepEqual(await page.db.getFact("narrations_wanted"), []);
    },
  },
  "hearing that a spoken guide was taken off": {
    async prepare(phone) {
      await spoken(phone);
      const { listening } = await phone.page.bring("listening");
      await phone.page.run(() => listening.play("n1"));
      assert.equal((await phone.page.db.getAll("sounds")).length, 1);
      phone.server.rows = { narrations: [] };
    },
    act: (page) => page.sync.kick(),
    async check(phone) {
      let page = await phone.open();
      assert.equal((await page.db.getAll("sounds")).length, (await page.db.getFact("narrations")).length, "both or neither");
      page = await sendAll(phone);
      assert.deepEqual([await page.db.getAll("sounds"), await page.db.getFact("narrations")], [[], []]);
    },
  },
};

// Which scenario drives what each module stores; in words, where there is nothing that could be lost.
const STORES = /\b(?:db\.write|setFact|outbox\.(?:add|withdraw|undo|dismiss)|saveForm|keepForm|beginForm|keepDraft)\(|\bwrite\((?:\[|[A-Z])/;
const DRIVEN = {
  "aiming.js": "sharing a target out",
  "activities.js": "saving an activity",
  "announcing.js": "opening an announcement",
  "commenting.js": "(tests/js/day-logs.test.js kills it at every point)",
  "confirming.js": "confirming a household met at the door",
  "db.js": "sending records and photos, and storing what is new",
  "difficulties.js": "filling in anew a difficulty that was refused",
  "forms.js": "filling in the form of an activity",
  "group.js": "saying anew what stands of a group",
  "hinting.js": "(a hint that was sent away comes once more)",
  "idle.js": "(noted again with the next run)",
  "joining.js": "a second person joining",
  "leaving.js": "signing out with everything sent",
  "locking.js": "setting a PIN",
  "listening.js": "downloading a spoken guide that somebody asked for",
  "noticing.js": "(the server is asked again at the next start)",
  "outbox.js": "saving a visit with a photo, a new household and its card",
  "photos.js": "taking a picture",
  "picturing.js": "blurring a picture",
  "pulled.js": "hearing that a spoken guide was taken off",
  "recording.js": "correcting a visit that was sent back",
  "practising.js": "submitting a good practice",
  "shelving.js": "saying that a course is finished",
  "reporting.js": "(words of a report, kept at every letter)",
  "rescue.js": "saving what is unsent into a file",
  "reviewing.js": "approving the clean visits of a day",
  "slots.js": "handing the phone to another",
  "sparing.js": "sending three photos, on Wi-Fi only",
  "submitting.js": "submitting a report",
  "sync.js": "sending records and photos, and storing what is new",
};

if (!process.env.KILL_SCENARIO) {
  test("every module that stores anything is driven by a scenario", () => {
    const device = new URL("../../fieldapp/device/", import.meta.url);
    const storing = readdirSync(device).filter((name) => name.endsWith(".js") && STORES.test(readFileSync(new URL(name, device), "utf8")));
    assert.deepEqual(storing.sort(), Object.keys(DRIVEN).sort());
    const played = ["kill.test.js", "kill-deeds.test.js", "kill-targets.test.js", "pin-kill.test.js"].map((name) => readFileSync(new URL(name, import.meta.url), "utf8")).join("\n");
    for (const [module, scenario] of Object.entries(DRIVEN)) assert.ok(scenario.startsWith("(") || played.includes(`  "${scenario}": {`), `${module}: ${scenario}`);
  });
}

kill(SCENARIOS, import.meta.url);
