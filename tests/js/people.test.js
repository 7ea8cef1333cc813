// What a person does on the screens, and several persons on one phone: the draft comes first, a picture stays with its
// visit, nobody signs out past what they owe, and nobody sees or stops another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeHash } from "../../fieldapp/device/card-code.js";
import { Phone } from "./life.js";
import { Server } from "./server.js";

const visit = (id, author = 7) => ({
  id, kind: "visit.create", schema: 1, author, made_at: 1, replaces: null,
  payload: { household: "h1", mode: "home", beneficiary: "person", people: 1, outcomes: [{ platform: "VNEID", result: "installed", steps: [], come_back_on: null }], identified_by: "list", card: null, note: "", photos: [] },
});

async function joined(token = "lan", phone = new Phone(new Server())) {
  const page = await phone.open();
  await page.joining.lookAt(token);
  await page.actions.join();
  await page.run(() => page.sync.kick());
  return [phone, await phone.open()];
}

async function both() {
  const [phone] = await joined();
  return joined("minh", phone);
}

async function fill({ actions, recording }, household, note) {
  await actions.recordHousehold(household);
  actions.togglePlatform("VNEID");
  actions.setResult("VNEID", "installed");
  actions.setNote(note);
  await recording.settled();
}

test("a draft that holds work is not overwritten by the next household; it is gone on with, or dropped", async () => {
  const [, page] = await joined();
  const { actions, state } = page;
  await fill(page, "h1", "half done");
  await actions.recordHousehold("h2");
  assert.deepEqual([state.held.draft.household, state.slice("page").sheet, page.went.at(-1)], ["h1", "draft_first", "/m/record/"]);
  actions.goOnWithDraft();
  assert.deepEqual([state.held.draft.note, state.slice("page").sheet], ["half done", ""]);
  await actions.recordHousehold("h2");
  await actions.dropAndBegin();
  assert.deepEqual([state.held.draft.household, (await page.db.getFact("draft")).note], ["h2", ""]);
});

test("a draft that another tab has filled comes first too", async () => {
  const [, page] = await joined();
  await page.db.setFact("draft", { ...page.draft.begin("h1", "list", null), note: "of the other tab", touched: true });
  await page.actions.recordHousehold("h2");
  assert.deepEqual([page.state.held.draft.note, page.state.slice("page").sheet], ["of the other tab", "draft_first"]);
});

test("an empty draft gives way without a question", async () => {
  const [, page] = await joined();
  await page.actions.recordHousehold("h1");
  await page.actions.recordHousehold("h2");
  assert.deepEqual([page.state.held.draft.household, page.state.slice("page").sheet], ["h2", ""]);
});

test("a picture that is ready late does not land in the next visit", async () => {
  const [, page] = await joined();
  await fill(page, "h1", "");
  let ready;
  const shooting = page.actions.addPhoto(new Promise((done) => (ready = done)));
  page.actions.dropDraft();
  const next = fill(page, "h2", "");
  ready(new TextEncoder().encode("of the first").buffer);
  await Promise.all([shooting, next]);
  assert.deepEqual([page.state.held.draft.household, page.state.held.draft.photos], ["h2", []]);
});

test("saving waits for the pictures that were taken, and for a look at them", async () => {
  const [phone, page] = await joined();
  await fill(page, "h1", "");
  for (const text of ["one", "two"]) page.actions.addPhoto(new TextEncoder().encode(text).buffer);
  await page.run(() => page.actions.saveVisit());
  assert.deepEqual([page.state.held.draft.photos.length, page.state.slice("picture").hash], [2, page.state.held.draft.photos[1]]);
  await page.run(() => page.actions.leave());
  await page.run(() => page.actions.saveVisit());
  await page.run(() => page.sync.kick());
  assert.equal(phone.server.of("visit.create")[0].payload.photos.length, 2);
  assert.equal(phone.server.photos.size, 2);
});

test("two taps on save make one visit", async () => {
  const [phone, page] = await joined();
  await fill(page, "h1", "");
  await page.run(() => Promise.all([page.actions.saveVisit(), page.actions.saveVisit()]));
  await page.run(() => page.sync.kick());
  assert.equal(phone.server.of("visit.create").length, 1);
});

test("withdrawing an unsent replacement takes the visit away that it was to replace", async () => {
  const [phone, page] = await joined();
  await page.outbox.add([visit("a")]);
  await page.run(() => page.sync.kick());
  await page.outbox.add([{ ...visit("b"), kind: "visit.replace", replaces: "a" }, { ...visit("c"), kind: "visit.replace", replaces: "b" }]);
  await page.run(() => page.actions.withdrawVisit("c"));
  await page.run(() => page.sync.kick());
  assert.deepEqual([phone.server.of("visit.replace").length, phone.server.of("visit.withdraw").map((r) => r.payload.visit)], [0, ["a"]]);
});

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

test("a household met before the storage has been read waits for its village, and a second tap does nothing", async () => {
  const [, page] = await joined();
  const { actions, state } = page;
  const { me } = state.data;
  let read;
  state.held.opened = new Promise((done) => (read = done));
  state.data.me = null;
  actions.openDoor();
  actions.setDoor("number", "99");
  const taps = [actions.submitDoor(), actions.submitDoor()];
  await page.quiet();
  assert.deepEqual([state.slice("door").error, state.held.draft], ["", null]);
  state.data.me = me;
  read();
  await Promise.all(taps);
  assert.deepEqual([state.held.draft.new_household.village, state.slice("page").sheet], [me.villages[0].id, ""]);
});

test("a card read before the storage has been read is judged by the cards that it holds", async () => {
  const [, page] = await joined();
  const { actions, state } = page;
  let read;
  state.held.opened = new Promise((done) => (read = done));
  const scanned = actions.codeRead("S6YH2A23", "keypad");
  await page.quiet();
  state.data.cards = new Map([[1, { id: 1, short: "S6YH2A23", state: "bound", household: "h1" }]]);
  state.data.households = new Map([["h1", { id: "h1", village: 11, number: "1" }]]);
  read();
  await scanned;
  assert.deepEqual([state.slice("scan").verdict, state.held.draft.household], ["right", "h1"]);
});

test("a phone without a village makes no household", async () => {
  const [, page] = await joined();
  const { actions, state } = page;
  state.data.me = { ...state.data.me, villages: [] };
  actions.openDoor();
  actions.setDoor("number", "99");
  await actions.submitDoor();
  assert.deepEqual([state.slice("door").error, state.held.draft], ["village_missing", null]);
});

for (const [what, field] of [["number", "number"], ["head's name", "head"]]) {
  test(`a household met at the door with a telephone number for its ${what} is not begun, and the sheet says why`, async () => {
    const [, page] = await joined();
    const { actions, state } = page;
    actions.openDoor();
    for (const [name, value] of Object.entries({ number: "99", head: "Sen", [field]: "0905 123 456" })) actions.setDoor(name, value);
    await actions.submitDoor();
    assert.deepEqual([state.slice("door").error, state.slice("page").sheet, state.held.draft], ["note_identity", "door", null]);
  });
}

test("a reason that holds a telephone number sends nothing back: the sheet stays, with the words in it", async () => {
  const [, page] = await joined();
  const { actions, state } = page;
  actions.askSendBack("v1");
  actions.setReasonCode("other");
  actions.setReason("gọi 0905 123 456");
  await actions.sendBack();
  const { sheet, reason, reason_error } = state.slice("page");
  assert.deepEqual([sheet, reason, reason_error, await page.outbox.list()], ["send_back", "gọi 0905 123 456", "problem.note_identity", []]);
  actions.setReason("gọi cho bác ấy");
  await actions.sendBack();
  assert.deepEqual([state.slice("page").sheet, (await page.outbox.list()).map((r) => r.payload.reason)], ["", ["gọi cho bác ấy"]]);
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

test("a withdrawal that came too late is shown and can be put away, and the visit stands as it does at the server", async () => {
  const [phone, page] = await joined();
  const { actions, state } = page;
  await page.outbox.add([visit("a")]);
  await page.run(() => page.sync.kick());
  const { answer } = phone.server;
  phone.server.answer = async function (...given) {
    const { records } = given[1] === "POST" && given[2] === "sync/push" ? JSON.parse(given[3].body) : {};
    if (records?.[0]?.kind !== "visit.withdraw") return answer.call(this, ...given);
    const late = { id: records[0].id, result: "superseded", state: "returned", by: "Trần Văn Bình", at: "2026-11-23T02:05:00+00:00" };
    return Response.json({ results: [late], epoch: phone.server.epoch, server_time: Date.now() });
  };
  phone.server.rows = { visits: [{ ...visit("a").payload, id: "a", author: 7, village: 11, made_at: Date.now(), day: "2026-11-23", state: "returned", flags: [] }] };
  await page.run(() => actions.withdrawVisit("a"));
  await page.run(() => page.sync.kick());
  assert.deepEqual(state.slice("outbox").superseded.map((r) => [r.kind, r.by]), [["visit.withdraw", "Trần Văn Bình"]]);
  assert.deepEqual([state.slice("outbox").pill, state.slice("today").returned.map((v) => v.id)], ["look", ["a"]]);
  await page.run(() => actions.dismissRecord(state.slice("outbox").superseded[0].id));
  assert.deepEqual([state.slice("outbox").superseded, state.slice("outbox").pill], [[], "none"]);
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

test("a card that is scanned while its household's draft is open stands in the visit, and an anonymous one is bound", async () => {
  const [phone, page] = await joined();
  const { actions, state } = page;
  await fill(page, "h1", "half done");
  const code = "HTTPS://TOSO.QUANGNGAI.GOV.VN/H/7K3QWX9D2MPZ4RTA0";
  state.data.cards.set(1, { id: 1, hash: await codeHash("7K3QWX9D2MPZ4RTA0"), state: "printed", village: 11, household: null });
  await actions.codeRead(code, "scan");
  assert.equal(state.slice("scan").verdict, "unbound");
  actions.pickForCard();
  await actions.recordHousehold("h1");
  const { identified_by, card, bind, note } = state.held.draft;
  assert.deepEqual([identified_by, card, bind, note, state.slice("page").sheet], ["scan", code, code, "half done", ""]);
  await page.run(() => actions.saveVisit());
  await page.run(() => page.sync.kick());
  assert.deepEqual(phone.server.of("card.bind").map((r) => r.payload), [{ household: "h1", card: code }]);
  assert.deepEqual(phone.server.of("visit.create").map((r) => [r.payload.identified_by, r.payload.card]), [["scan", code]]);
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

test("a visit that was only pulled is mended with its photos, which are named, shown as sent and not sent again", async () => {
  const [phone, page] = await joined();
  const { actions, state } = page;
  const photos = ["aa", "bb"].map((sha256) => ({ sha256, bytes: 9, type: "image/jpeg", state: "ready", reason: null }));
  photos[1].thumbnail = "data:image/jpeg;base64,AA";
  phone.server.rows = { visits: [{ ...visit("a").payload, id: "a", author: 7, village: 11, made_at: Date.now(), day: "2026-11-23", state: "returned", flags: [], photos }] };
  await page.run(() => page.sync.kick());
  await page.run(() => actions.mendVisit("a"));
  assert.deepEqual(state.slice("draft").pictures, [{ hash: "aa", url: "", open: false }, { hash: "bb", url: photos[1].thumbnail, open: false }]);
  actions.drop("bb");
  await page.run(() => actions.saveVisit());
  await page.run(() => page.sync.kick());
  assert.deepEqual(phone.server.of("visit.replace").map((r) => [r.replaces, r.payload.photos]), [["a", [{ sha256: "aa", bytes: 9, type: "image/jpeg" }]]]);
  assert.ok(!phone.server.asked.some(([, path]) => path.startsWith("visits/")), "nothing is queued");
  assert.equal(state.slice("outbox").pill, "none");
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

test("a day's clean visits are approved by as many records as the server needs, and taken back by one tap", async () => {
  const [phone, page] = await joined();
  const { actions, state } = page;
  const ids = Array.from({ length: 1201 }, (_, n) => `v${n}`);
  state.put({ review: { ready: true, leads: true, count: 1201, days: [{ day: "2026-11-23", clean: [], flagged: [], clean_ids: ids }] } });
  await actions.approveClean("2026-11-23");
  const records = await page.outbox.list();
  assert.deepEqual(records.map((r) => r.payload.visits.length), [500, 500, 201]);
  assert.deepEqual(records.flatMap((r) => r.payload.visits.map((v) => v.visit)), ids);
  assert.deepEqual([state.slice("page").toast, state.slice("page").toast_params.n], ["review.done_approve", 1201]);
  await actions.undoDecision();
  assert.deepEqual([await page.outbox.list(), phone.server.of("review.decide")], [[], []]);
});
