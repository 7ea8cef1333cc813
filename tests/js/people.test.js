// Several persons on one phone: nobody signs out past what they owe, and nobody sees or stops another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, joined, visit } from "./joined.js";
import { Phone } from "./life.js";
import { Server } from "./server.js";

async function both() {
  const [phone] = await joined();
  return joined("minh", phone);
}

async function unsentPhoto(page, result) {
  await page.outbox.add([visit("a")], { photos: [{ sha256: "x", bytes: new ArrayBuffer(3), type: "image/jpeg", visit: "a" }] });
  await page.outbox.nextBatch(Date.now());
  await page.outbox.settle([{ id: "a", result }], 0);
}

for (const [what, owe] of Object.entries({
  records: (page) => page.outbox.add([visit("a")]),
  parked: async (page) => {
    page.phone.server.refuses.add("a");
    await page.outbox.add([visit("a")]);
    await page.run(() => page.sync.kick());
  },
  photos: (page) => unsentPhoto(page, "created"),
  held: (page) => unsentPhoto(page, "held"),
  draft: (page) => fill(page, "h1", "half done"),
})) {
  test(`nobody signs out who owes ${what}, and is told so`, async () => {
    const [phone, page] = await joined();
    await owe(page);
    await page.run(() => page.actions.signOut());
    assert.deepEqual(page.state.slice("leaving"), { records: 0, parked: 0, photos: 0, held: 0, draft: 0, saved: false, [what]: 1 });
    assert.equal(page.state.slice("page").sheet, "leaving");
    assert.ok(phone.cookies.p0, "the session stays too");
    assert.ok(await page.db.getFact("owner"));
  });
}

test("nothing is wiped while the server cannot be asked, and it is said in its own words", async () => {
  const [phone, page] = await joined();
  phone.server.down = true;
  await page.run(() => page.actions.signOut());
  assert.equal(page.state.slice("page").toast, "me.sign_out_failed");
  assert.ok(await page.db.getFact("me"));
});

test("what is saved while the server is asked is not wiped", async () => {
  const [phone, page] = await joined();
  const { answer } = phone.server;
  phone.server.answer = async function (...given) {
    if (given[1] === "DELETE") await page.outbox.add([visit("a")]);
    return answer.apply(this, given);
  };
  await page.run(() => page.actions.signOut());
  assert.deepEqual((await page.outbox.list()).map((r) => r.id), ["a"]);
});

test("whoever joins second has a slot of their own and sees nothing of the first, whose records are sent all the same", async () => {
  const [phone] = await joined();
  await phone.page.outbox.add([visit("a")]);
  const [, page] = await joined("minh", phone);
  assert.deepEqual([page.db.slot(), page.state.data.me.id, await page.outbox.list()], ["p1", 8, []]);
  assert.deepEqual(phone.server.of("visit.create").map((r) => r.author), [7]);
  const before = phone.server.asked.length;
  await page.run(() => page.sync.kick());
  assert.ok(!phone.server.asked.slice(before).some(([, path, slot]) => path.startsWith("sync/pull") && slot === "p0"));
});

test("an invitation of somebody who is here goes to their own slot", async () => {
  const [phone] = await both();
  const [, page] = await joined("lan", phone);
  assert.deepEqual([page.db.slot(), (await page.slots.list()).length], ["p0", 2]);
});

test("one session that has ended stops nobody else's records", async () => {
  const [phone, page] = await both();
  await page.db.write(["records", "photos", "photo_bytes", "facts"], async (store) => store("records").put({ ...visit("a"), seq: 1, state: "ready", frozen: false, hold_until: 0 }), "p0");
  await page.outbox.add([visit("b", 8)]);
  phone.cookies.p0.state = "closed";
  await page.run(() => page.sync.kick());
  assert.deepEqual(phone.server.of("visit.create").map((r) => r.id), ["b"]);
  assert.equal(page.sync.current().phase, "idle");
  phone.cookies.p0.state = "open";
  await page.run(() => page.sync.kick());
  assert.deepEqual(phone.server.of("visit.create").map((r) => r.id), ["b", "a"]);
});

test("signing out leaves the others, and the phone to the one before", async () => {
  const [phone, page] = await both();
  await page.run(() => page.actions.signOut());
  const next = await phone.open();
  assert.deepEqual([next.db.slot(), next.state.data.me.id, (await next.slots.list()).length], ["p0", 7, 1]);
  assert.ok(phone.cookies.p0);
});

test("ten people fill a phone", async () => {
  const [phone, page] = await joined();
  for (let n = 1; n < 10; n++) await page.slots.settle(`p${n}`, { id: 100 + n, name: `${n}`, team: "" });
  assert.equal(await page.slots.isFull(8), true);
  assert.equal(await page.slots.isFull(7), false, "who is here may always join again");
  await page.joining.lookAt("minh");
  assert.equal(page.state.slice("join").phase, "full");
  assert.equal(phone.cookies.p1, undefined);
});

test("a closing session sends, says so and forgets what it was given; after joining again all is as before", async () => {
  const [phone, page] = await joined();
  phone.server.rows = { households: [{ id: "h1", village: 11, number: "1" }] };
  await page.run(() => page.sync.kick());
  phone.cookies.p0.state = "closing";
  await page.outbox.add([visit("a")]);
  await page.run(() => page.sync.kick());
  assert.deepEqual([page.sync.current().phase, phone.server.records.size, await page.db.getAll("households")], ["closing", 1, []]);
  const [, again] = await joined("lan", phone);
  assert.deepEqual([again.db.slot(), (await again.db.getAll("households")).length], ["p0", 1]);
});

// Every store of a slot, whatever they are called: one that is added later is looked at too.
async function storesOf(phone, name) {
  const request = phone.factory.open(name);
  const db = await new Promise((done) => (request.onsuccess = () => done(request.result)));
  const kept = {};
  for (const store of db.objectStoreNames) {
    const all = db.transaction(store).objectStore(store).getAll();
    kept[store] = await new Promise((done) => (all.onsuccess = () => done(all.result)));
  }
  db.close();
  return kept;
}

const ROWS = {
  households: [{ id: "h1", village: 11, number: "1", rungs: {} }], cards: [{ id: 1, village: 11, hash: "x", state: "bound", household: "h1" }],
  visits: [{ id: "v1", village: 11, author: 7, household: "h1", day: "2026-11-25", made_at: 1, state: "approved", outcomes: [], flags: [], photos: [] }],
  activities: [{ id: "a1", author: 7, by: "Lan", village: 11, kind: "talk", people: 45, made_at: 1 }],
  difficulties: [{ id: "d1", author: 7, by: "Lan", village: 11, kind: "signal", severity: "high", description: "Mất sóng", state: "reported", steps: [], made_at: 1 }],
  groups: [{ id: 11, record: "g1", author: 7, by: "Lan", village: 11, name: "Nhóm thôn", manager: "other", households: 1, counted_on: "2026-11-25", made_at: 1 }],
  comments: [{ id: "c1", author: 9, by: "Ba", member: 7, village: 11, day: "2026-11-25", text: "Ghi rõ hơn", made_at: 1, answer: "" }],
  narrations: [{ id: "n1", platform: "VNEID", title: "Tiếng Hrê", kind: "mp3", sha256: "", bytes: 5, seconds: 1 }],
};
const ROOMS = { activities: "acting", difficulties: "telling", group: "grouping", reporting: "reporting", listening: "listening", rescue: "rescuing", entering: "entering" };

// Somebody who has something of each kind on this phone: pulled, made, half done, said, and heard.
async function lived() {
  const [phone, page] = await joined();
  const sound = new TextEncoder().encode("hello");
  phone.server.sounds.set("n1", sound);
  phone.server.rows = { ...ROWS, narrations: [{ ...ROWS.narrations[0], sha256: await page.photos.sha256(sound.buffer) }] };
  await page.run(() => page.sync.kick());
  await page.state.refresh([...page.state.MAPS, "records", "facts"]);
  for (const name of Object.keys(ROOMS)) await page.bring(name);
  await page.run(() => page.listening.listening.play("n1"));
  await page.activities.acting.begin();
  await page.activities.acting.setNote("of Lan alone");
  await page.reporting.reporting.write("next", "of Lan alone");
  await page.db.setFact("rescued", { at: 1, keys: ["of Lan alone"] });
  await page.db.setFact("notices", { on: true, endpoint: "of Lan alone" });
  await page.actions.choose(true);
  const bytes = bytesOf("a face");
  const sha256 = await page.photos.sha256(bytes);
  const made = visit("a");
  made.payload = { ...made.payload, done_by: 8, photos: [{ sha256, bytes: 6, type: "image/jpeg", consent: { way: "oral", text_version: 1 } }] };
  await page.outbox.add([made], { photos: [{ sha256, bytes, type: "image/jpeg", visit: "a" }] });
  return [phone, page];
}

test("whoever joins second sees nothing of anything that the first has here", async () => {
  const [phone, first] = await lived();
  const before = await storesOf(phone, "toso");
  assert.deepEqual(Object.keys(before).filter((name) => !before[name].length), [], "the first has something of each kind");
  first.kill();
  phone.server.rows = {};
  const [, page] = await joined("minh", phone);
  for (const name of Object.keys(ROOMS)) await page.bring(name);
  const { state } = page;
  assert.equal(page.db.slot(), "p1");
  assert.deepEqual(["activities", "difficulties"].map((name) => state.slice(name).lines), [[], []]);
  const { records, photos, saved_at } = state.slice("rescue");
  assert.deepEqual([state.slice("activity_form").open, state.slice("group").found, state.slice("report").next, records, photos, saved_at], [false, false, "", 0, 0, ""]);
  assert.deepEqual([state.slice("narration").lines, state.slice("wifi").only, state.slice("doer").id, state.slice("me").people.map((p) => p.id)], [[], false, 0, [8]]);
  const { facts, ...stores } = await storesOf(phone, "toso-p1");
  assert.deepEqual(Object.values(stores).flat(), []);
  assert.ok(!JSON.stringify(facts).includes("Lan"));
  const after = await storesOf(phone, "toso");
  for (const name of ["activities", "difficulties", "groups", "sounds", "households"]) assert.equal(after[name].length, before[name].length, `${name} of the first are there as before`);
});

test("a phone that was revoked sends its last records, then holds nothing of what it was given", async () => {
  const [phone, page] = await lived();
  phone.cookies.p0.state = "closing";
  await page.run(() => page.sync.kick());
  assert.equal(page.sync.current().phase, "closing");
  assert.deepEqual([phone.server.of("visit.create").length, phone.server.photos.size], [1, 0], "photos wait for Wi-Fi, as their author wished");
  phone.connection = { type: "wifi" };
  await page.run(() => page.sync.kick());
  assert.equal(phone.server.photos.size, 1);
  const { records, photos, photo_bytes: bytes, facts, ...given } = await storesOf(phone, "toso");
  assert.deepEqual(Object.values(given).flat(), [], "every store but those of what was made here");
  assert.deepEqual([records.length, photos.length, bytes.length], [1, 1, 1]);
  const { villages, people } = facts.find((fact) => fact?.id === 7 && fact.villages);
  assert.deepEqual([villages, people], [[], []]);
  await page.state.refresh([...page.state.MAPS, "facts"]);
  const { state } = page;
  assert.deepEqual([state.slice("activities").lines, state.slice("group").found, state.slice("narration").lines, state.slice("roster").total], [[], false, [], 0]);
});

test("whoever signs out leaves an empty store of every kind", async () => {
  const [phone, page] = await lived();
  await page.activities.acting.drop();
  phone.connection = { type: "wifi" };
  await page.run(() => page.sync.kick());
  await page.run(() => page.actions.signOut());
  assert.deepEqual(Object.entries(await storesOf(phone, "toso")).filter(([, rows]) => rows.length), []);
});

// A visit with a photo in somebody's slot, wherever the page stands.
async function pictured(page, slot, id, author, bytes) {
  const sha256 = await page.photos.sha256(bytes);
  const made = visit(id, author);
  made.payload.photos = [{ sha256, bytes: bytes.byteLength, type: "image/jpeg" }];
  await page.db.write(["records", "photos", "photo_bytes"], async (store) => {
    await store("records").put({ ...made, seq: 1, state: "ready", frozen: false, hold_until: 0 });
    await store("photos").put({ sha256, type: "image/jpeg", bytes: bytes.byteLength, visits: [id], done: [] });
    await store("photo_bytes").put(bytes, sha256);
  }, slot);
}

const bytesOf = (text) => new TextEncoder().encode(text).buffer;

test("everybody's records go before anybody's photos: the others', mine, what is new, my photos, theirs", async () => {
  const [phone, page] = await both();
  await pictured(page, "p0", "a", 7, bytesOf("of the other"));
  await pictured(page, "p1", "b", 8, bytesOf("of mine"));
  const before = phone.server.asked.length;
  await page.run(() => page.sync.kick());
  const asked = phone.server.asked.slice(before).filter(([method]) => method !== "HEAD");
  assert.deepEqual(asked.map(([method, path, slot]) => `${method} ${path.split(/[?/]/)[1]} ${slot}`), ["POST push p0", "POST push p1", "GET pull p1", "PATCH b p1", "PATCH a p0"]);
});

test("another's photos that failed go in small pieces the next time, and stop nothing of mine", async () => {
  const [phone, page] = await both();
  await pictured(page, "p0", "a", 7, bytesOf("x".repeat(70000)));
  await pictured(page, "p1", "b", 8, bytesOf("y".repeat(70000)));
  const { answer } = phone.server;
  const pieces = [];
  phone.server.answer = async function (...given) {
    const [, method, path, { body, headers }] = given;
    if (method === "PATCH" && headers["X-Slot"] === "p0" && pieces.push(body.byteLength) === 1) return new Response(null, { status: 503 });
    return answer.call(this, ...given);
  };
  await page.run(() => page.sync.kick());
  assert.deepEqual([page.sync.current().phase, phone.server.photos.size], ["idle", 1]);
  await page.run(() => page.sync.kick());
  assert.deepEqual([pieces, phone.server.photos.size], [[70000, 32768, 32768, 4464], 2]);
});

test("a second tab leaves when its person signs out in the first, though nobody is left on the phone", async () => {
  const [phone, page] = await joined();
  const tab = await phone.tab();
  await page.run(() => page.actions.signOut());
  await tab.quiet();
  assert.deepEqual([page.went.at(-1), tab.went], ["/m/join/", ["/m/"]]);
  const stranger = await phone.tab();
  await stranger.tell("visibilitychange");
  assert.deepEqual(stranger.went, [], "a phone of nobody stays where it is");
});

test("a tab that slept through the sign-out saves nothing, says why and keeps the form; it leaves when it is looked at", async () => {
  const [phone, page] = await joined();
  const tab = await phone.tab({ BroadcastChannel: undefined });
  await page.run(() => page.actions.signOut());
  await fill(tab, "h1", "too late");
  await tab.run(() => tab.actions.saveVisit());
  assert.deepEqual([tab.state.slice("page").toast, tab.state.held.draft.note, await tab.outbox.list()], ["record.nobody_here", "too late", []]);
  await tab.tell("visibilitychange");
  assert.equal(tab.went.at(-1), "/m/");
  const [, next] = await joined("minh", phone);
  assert.deepEqual([next.db.slot(), next.state.held.draft, next.state.data.habits], ["p0", null, {}]);
});

test("what somebody left unsent in a slot of nobody goes to nobody else, and back to them when they join again", async () => {
  const [phone, page] = await joined();
  await page.outbox.add([visit("a")]);
  await page.db.write(["facts"], (store) => store("facts").clear());
  await page.slots.leave("p0");
  const [, second] = await joined("minh", phone);
  assert.deepEqual([second.db.slot(), await second.outbox.list()], ["p1", []]);
  const [, first] = await joined("lan", phone);
  assert.deepEqual([first.db.slot(), phone.server.of("visit.create").map((r) => r.author)], ["p0", [7]]);
});

test("everybody on a phone joins under the name that the phone gave itself, and it outlives them", async () => {
  const [phone, page] = await both();
  const name = phone.cookies.p0.phone;
  assert.match(name, /^[0-9a-f]{32}$/);
  assert.equal(phone.cookies.p1.phone, name);
  await page.run(() => page.actions.signOut());
  await joined("minh", phone);
  assert.equal(phone.cookies.p1.phone, name);
  const [other] = await joined();
  assert.notEqual(other.cookies.p0.phone, name);
});

test("one who has joined is in, though the first download was cut: it comes with the next run", async () => {
  const phone = new Phone(new Server());
  phone.server.rows = { households: [{ id: "h1", village: 11, number: "1" }] };
  const { answer } = phone.server;
  let cut = true;
  phone.server.answer = async function (...given) {
    if (cut && given[2].startsWith("sync/pull")) throw new TypeError("fetch failed");
    return answer.call(this, ...given);
  };
  const page = await phone.open();
  await page.joining.lookAt("lan");
  await page.run(() => page.actions.join());
  const { joined: isIn, name } = page.state.slice("me");
  assert.deepEqual([page.went, isIn, name, page.state.slice("join").phase], [["/m/"], true, "Đinh Thị Lan", "downloading"]);
  assert.equal(page.sync.current().phase, "waiting", "the sender knows of it");
  cut = false;
  await page.run(() => page.sync.kick());
  assert.deepEqual([page.state.slice("roster").total, page.state.slice("me").villages.length], [1, 1]);
});

test("a restored server is given again what others on the phone had sent, whoever uses it", async () => {
  const [phone, page] = await joined();
  await page.outbox.add([visit("a")]);
  await page.run(() => page.sync.kick());
  await page.joining.lookAt("minh");
  await page.actions.join();
  const other = await phone.open();
  await other.run(() => other.sync.kick());
  phone.server.restore("second-life");
  for (let n = 0; n < 2; n++) await other.run(() => other.sync.kick());
  assert.deepEqual([other.db.slot(), phone.server.of("visit.create").map((r) => r.id)], ["p1", ["a"]]);
});
