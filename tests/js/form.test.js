// What a person does on the forms: the draft comes first, a picture stays with its visit, what is wrong is said at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeHash } from "../../fieldapp/device/card-code.js";
import { fill, joined, visit } from "./joined.js";

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

test("two taps on a decision, on either button, are one", async () => {
  const [, page] = await joined();
  const { actions, outbox, state } = page;
  const [one, other] = await Promise.all([actions.approve("v1"), actions.approve("v1"), actions.approve("v2")]).then(() => outbox.list());
  assert.deepEqual([one, other].map((r) => r.payload.visits.map((v) => v.visit)).sort(), [["v1"], ["v2"]]);
  assert.equal((await outbox.list()).length, 2);
  assert.ok(state.slice("page").undo);
});

test("a touch that cannot be stored is told of", async () => {
  const [, page] = await joined();
  await page.actions.recordHousehold("h1");
  await page.recording.keepDraft({ ...page.state.held.draft, note: "x" }, () => Promise.reject(new Error("full")));
  assert.equal(page.state.slice("page").toast, "record.not_saved");
  await page.recording.keepDraft({ ...page.state.held.draft, note: "y" });
  assert.equal((await page.db.getFact("draft")).note, "y", "and the next one is stored");
});

test("forms that stand open in two tabs do not lose each other", async () => {
  const [phone, page] = await joined();
  const tab = await phone.tab();
  await page.bring("activities");
  await tab.bring("difficulties");
  await page.activities.acting.begin();
  await tab.difficulties.telling.begin();
  await page.activities.acting.setNote("of the first");
  await tab.quiet();
  assert.deepEqual(Object.values(await page.db.getFact("forms")).filter(Boolean).map((form) => form.note ?? form.description), ["of the first", ""]);
});
