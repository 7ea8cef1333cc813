// Nhận xét ngày: said offline of a member's day, shown at once, opened, answered, changed and taken away, however the
// app is killed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { PEOPLE, Server } from "./server.js";
import { dayLogs, missingIn, readNow, said } from "../../fieldapp/device/day-logs.js";
import { today } from "../../fieldapp/device/views.js";

const NOON = Date.parse("2026-11-25T05:00:00Z");
const DAY = "2026-11-25";
const LAN = { id: 7, name: "Đinh Thị Lan", villages: [{ id: 11, name: "Đông Hòa", led: false }], people: [{ id: 7, name: "Đinh Thị Lan" }, { id: 9, name: "Trần Văn Bình" }] };
const BINH = { ...LAN, id: 9, name: "Trần Văn Bình", villages: [{ id: 11, name: "Đông Hòa", led: true }] };
const byId = (rows) => new Map(rows.map((row) => [row.id, row]));
const world = (me, { comments = [], records = [], ...more } = {}) => ({
  me, offset: 0, pulled_at: NOON, platforms: [], records, households: new Map([["h1", { id: "h1", village: 11, number: "1" }]]), comments: byId(comments), logs_read: [], ...more,
});
const visit = (id, more = {}) => ({ id, author: 7, author_name: "Đinh Thị Lan", household: "h1", village: 11, day: DAY, made_at: NOON, state: "waiting", outcomes: [], ...more });
const pulled = (id, more = {}) => ({ id, author: 9, by: "Trần Văn Bình", village: 11, member: 7, member_name: "Đinh Thị Lan", day: DAY, text: "Ghi rõ hơn", made_at: NOON, ...more });
const made = (id, payload, more = {}) => ({ id, kind: "log.comment", author: 9, made_at: NOON + 1, state: "ready", replaces: null, payload: { village: 11, member: 7, day: DAY, ...payload }, ...more });
const answered = (id, comment, text, more = {}) => ({ id, kind: "log.answer", author: 7, made_at: NOON + 2, state: "ready", payload: { comment, text }, ...more });
const logs = (data, visits = [], open = "") => dayLogs(data, visits, open, NOON, "vi");
const texts = (data) => said(data).map((c) => [c.text, c.sync]);

test("a leader sees everybody's days of the village, a member their own", () => {
  const visits = [visit("a"), visit("b", { author: 9, author_name: "Trần Văn Bình" }), visit("c", { day: "2026-11-24" }), visit("old", { day: "2026-11-11" }), visit("far", { village: 12, author: 8 })];
  const shown = (me) => logs(world(me), visits).lines.map((l) => [l.day, l.name, l.n, l.mine, l.may_comment]);
  assert.deepEqual(shown(BINH), [[DAY, "Trần Văn Bình", 1, true, false], [DAY, "Đinh Thị Lan", 1, false, true], ["2026-11-24", "Đinh Thị Lan", 1, false, true]]);
  assert.deepEqual(shown(LAN), [[DAY, "Đinh Thị Lan", 1, true, false], ["2026-11-24", "Đinh Thị Lan", 1, true, false]]);
});

test("who did a visit has it in their log, and it is shown where the log is open", () => {
  const helped = visit("a", { author: 9, author_name: "Trần Văn Bình", done_by: 7, done_by_name: "Đinh Thị Lan" });
  const [line] = logs(world(LAN), [helped, visit("mine", { village: undefined })]).lines;
  assert.deepEqual([line.name, line.n, line.open, line.visits.length], ["Đinh Thị Lan", 2, false, 0]);
  assert.deepEqual(logs(world(LAN), [helped], line.key).lines[0].visits.map((v) => v.id), ["a"]);
});

test("a day of which something was said is on the list, however many days come before it", () => {
  const visits = Array.from({ length: 80 }, (_, n) => visit(`v${n}`, { author: 100 + n, author_name: `Người ${n}` }));
  const shown = logs(world(BINH, { comments: [pulled("old", { day: "2026-11-12", answer: "Đã ghi", answered_at: NOON })] }), visits).lines;
  assert.equal(shown.at(-1).comments.length, 1);
  assert.ok(shown.length < 80);
});

test("a comment keeps an old day on the list, and what is of no concern is not shown", () => {
  const comments = [pulled("old", { day: "2026-10-01" }), pulled("theirs", { member: 8, member_name: "Võ Văn Minh" })];
  assert.deepEqual(logs(world(LAN, { comments })).lines.map((l) => [l.day, l.n, l.comments.length]), [["2026-10-01", 0, 1]]);
});

test("what was said here is shown at once, and by the server's word once it has told", () => {
  const first = made("a", { text: "Một" });
  assert.deepEqual(texts(world(BINH, { records: [first] })), [["Một", "unsent"]]);
  assert.deepEqual(texts(world(BINH, { records: [{ ...first, state: "sent", result: "created", settled_at: NOON + 5 }] })), [["Một", "sent"]]);
  assert.deepEqual(texts(world(BINH, { records: [{ ...first, state: "sent", result: "created", settled_at: NOON - 5 }] })), [], "told and gone: taken away elsewhere, or erased");
  assert.deepEqual(texts(world(BINH, { records: [{ ...first, state: "sent", result: "held", settled_at: NOON - 5 }] })), [["Một", "held"]]);
});

test("other words take the place of a comment, and without words it is gone", () => {
  const comments = [pulled("a")];
  assert.deepEqual(texts(world(BINH, { comments, records: [made("b", { text: "Hai" }, { replaces: "a" })] })), [["Hai", "unsent"]]);
  assert.deepEqual(texts(world(BINH, { comments, records: [made("b", { text: "" }, { replaces: "a" })] })), []);
  const refused = made("b", { text: "Hai" }, { replaces: "a", state: "parked", code: "forbidden" });
  assert.deepEqual(texts(world(BINH, { comments, records: [refused] })), [["Ghi rõ hơn", "sent"], ["Hai", "parked"]]);
  const { lines, refused: shown } = logs(world(BINH, { comments, records: [refused] }));
  assert.deepEqual([lines[0].comments.length, shown.map((l) => [l.kind, l.text, l.code])], [1, [["log.comment", "Hai", "forbidden"]]]);
});

test("an answer stands under its comment at once, and one that was refused is told", () => {
  const data = (record) => world(LAN, { comments: [pulled("a", { answer: "Cũ", answered_at: NOON })], records: [record] });
  const shown = (record) => logs(data(record)).lines[0].comments.map((c) => [c.answer, c.answer_sync, c.may_answer, c.own]);
  assert.deepEqual(shown(answered("x", "a", "Mới")), [["Mới", "unsent", true, false]]);
  assert.deepEqual(shown(answered("x", "a", "")), [["", "unsent", true, false]]);
  assert.deepEqual(shown(answered("x", "a", "Mới", { state: "sent", result: "superseded" })), [["Cũ", "sent", true, false]]);
  const refused = answered("x", "a", "Mới", { state: "parked", code: "invalid" });
  assert.deepEqual([shown(refused), logs(data(refused)).refused.map((l) => l.text)], [[["Cũ", "sent", true, false]], ["Mới"]]);
});

test("what is new is told on Hôm nay until it was opened: comments to the member, answers to the leader", () => {
  const told = (me, comments, logs_read = []) => {
    const { said: n, said_answer, said_text, said_by } = today(world(me, { comments, logs_read }), [], NOON, "vi");
    return [n, said_answer, said_text, said_by];
  };
  const one = [pulled("a"), pulled("b", { text: "Sau", made_at: NOON + 1 })];
  assert.deepEqual(told(LAN, one), [2, false, "Sau", "Trần Văn Bình"]);
  assert.deepEqual(told(BINH, one), [0, false, "", ""]);
  const back = [pulled("a", { answer: "Vâng", answered_at: NOON + 9 })];
  assert.deepEqual(told(BINH, back), [1, true, "Vâng", "Đinh Thị Lan"]);
  const read = (me, comments) => readNow(world(me, { comments }));
  assert.deepEqual([told(LAN, one, read(LAN, one))[0], told(BINH, back, read(BINH, back))[0]], [0, 0]);
  assert.equal(told(BINH, [pulled("a", { answer: "Sửa", answered_at: NOON + 10 })], read(BINH, back))[0], 1, "another answer is news");
});

test("words are missing, or hold an identity", () => {
  assert.deepEqual(["", " ", "Ghi rõ", "gọi 0905 123 456"].map(missingIn), ["text", "text", "", "identity"]);
});

async function joined(comments = []) {
  const phone = new Phone(new Server());
  phone.server.rows = { comments };
  const page = await phone.open();
  await page.joining.lookAt("lan");
  await page.actions.join();
  await page.run(() => page.sync.kick());
  return [phone, await phone.open()];
}

// Lan leads here, and Minh was at work.
async function leading() {
  const [phone] = await joined();
  const { lan, minh } = PEOPLE;
  const me = { ...lan, role: "leader", commune: null, villages: [{ id: 11, name: "Đông Hòa", led: true }], people: [{ ...lan, role: "leader" }, { ...minh, role: "member" }] };
  const day = new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10);
  const { server } = phone;
  server.rows = {
    me, visits: [visit("v", { author: 8, author_name: minh.name, day, photos: [], flags: [] })], households: [{ id: "h1", village: 11, number: "1" }],
    get comments() {
      const gone = new Set(server.of("log.comment").map((r) => r.replaces));
      return server.of("log.comment").map(({ id, author, made_at, payload }) => (gone.has(id) || !payload.text ? { id, village: 11, gone: true } : { id, author, by: lan.name, member_name: minh.name, made_at, ...payload }));
    },
  };
  const { page } = phone;
  await page.run(() => page.sync.kick());
  return [phone, await phone.open()];
}

const about = (page) => page.state.slice("logs").lines.find((log) => log.may_comment).key;
const comments = (server) => server.of("log.comment").map((r) => [r.payload.text, r.replaces]);

test("a comment is saved offline by one tap, however often it is tapped, and sent later", async () => {
  const [phone, page] = await leading();
  const { commenting } = await page.bring("commenting");
  phone.server.down = true;
  await commenting.begin(about(page));
  await commenting.setText(" Ghi rõ hơn ");
  await page.run(() => Promise.all([commenting.save(), commenting.save()]));
  assert.deepEqual(page.state.slice("logs").lines[0].comments.map((c) => [c.text, c.sync, c.own]), [["Ghi rõ hơn", "unsent", true]]);
  assert.deepEqual([page.state.slice("comment_form").open, page.state.slice("page").toast], [false, "record.saved"]);
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  const [{ payload }] = phone.server.of("log.comment");
  assert.deepEqual([payload.village, payload.member, payload.text], [11, 8, "Ghi rõ hơn"]);
});

test("it is changed by another record, and taken away by one more", async () => {
  const [phone, page] = await leading();
  const { commenting } = await page.bring("commenting");
  const mine = () => page.state.slice("logs").lines[0].comments.map((c) => c.id);
  await commenting.begin(about(page));
  await commenting.setText("Một");
  await page.run(() => commenting.save());
  const [first] = mine();
  await commenting.change(first);
  assert.equal(page.state.slice("comment_form").changes, true);
  phone.server.down = true;
  await commenting.setText("Hai");
  await page.run(() => commenting.save());
  const [second] = mine();
  assert.notEqual(second, first);
  await commenting.change(second);
  await page.run(() => commenting.withdraw());
  await page.state.refresh(["records"]);
  assert.deepEqual([mine(), page.state.slice("comment_form").open], [[], false]);
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  assert.deepEqual(comments(phone.server), [["Một", null], ["Hai", first], ["", second]]);
});

const SAID = pulled("c1", { author: 9 });

test("a comment is new until it was opened, and the answer goes out by itself", async () => {
  const [phone, page] = await joined([SAID]);
  const { commenting } = await page.bring("commenting");
  assert.deepEqual([page.state.slice("today").said, page.state.slice("today").said_text], [1, "Ghi rõ hơn"]);
  await page.run(() => commenting.markRead());
  assert.equal(page.state.slice("today").said, 0);
  const next = await phone.open();
  assert.equal(next.state.slice("today").said, 0, "also after the app was closed");
  const { commenting: again } = await next.bring("commenting");
  phone.server.down = true;
  await again.beginAnswer("c1");
  await again.setAnswer("Tôi ghi lại rồi");
  await next.run(() => again.saveAnswer());
  assert.deepEqual(next.state.slice("logs").lines[0].comments.map((c) => [c.answer, c.answer_sync]), [["Tôi ghi lại rồi", "unsent"]]);
  phone.server.down = false;
  await next.run(() => next.sync.kick());
  assert.deepEqual(phone.server.of("log.answer").map((r) => r.payload), [{ comment: "c1", text: "Tôi ghi lại rồi" }]);
});

test("whenever the app is killed while a comment is saved, it is a form or a record and never both or neither", async () => {
  for (let n = 1; n < 400; n++) {
    const [phone, page] = await leading();
    const { commenting } = await page.bring("commenting");
    await commenting.begin(about(page));
    await commenting.setText("Ghi rõ hơn");
    phone.server.down = true;
    const points = await page.run(() => commenting.save(), n);
    const next = await phone.open();
    await next.bring("commenting");
    const records = (await next.outbox.list()).filter((r) => r.kind === "log.comment").length;
    assert.equal(records + (next.state.slice("comment_form").open ? 1 : 0), 1, `killed at ${n}: ${page.place}`);
    assert.equal(await next.leaving.wipe("p0", { look: true }) !== null, true, "it is owed either way");
    if (points < n) return;
  }
  assert.fail("never came to its end");
});

test("whenever the app is killed while a comment is taken away, the server keeps all of it or nothing", async () => {
  for (let n = 1; n < 400; n++) {
    const [phone, page] = await leading();
    const { commenting } = await page.bring("commenting");
    await commenting.begin(about(page));
    await commenting.setText("Một");
    await page.run(() => commenting.save());
    const [{ id }] = page.state.slice("logs").lines[0].comments;
    await commenting.change(id);
    phone.server.down = true;
    const points = await page.run(() => commenting.withdraw(), n);
    phone.server.down = false;
    const next = await phone.open();
    await next.run(() => next.sync.kick());
    const { commenting: again } = await next.bring("commenting");
    if (next.state.slice("logs").lines[0].comments.length) {
      assert.equal(next.state.slice("comment_form").open, true, `killed at ${n}: ${page.place}`);
      await next.run(() => again.withdraw());
      await next.run(() => next.sync.kick());
    }
    assert.deepEqual(comments(phone.server), [["Một", null], ["", id]], `killed at ${n}: ${page.place}`);
    if (points < n) return;
  }
  assert.fail("never came to its end");
});

test("who leads no more keeps what was said of their own days and by them", async () => {
  const rows = [pulled("mine", { member: 7, author: 9 }), pulled("byme", { member: 8, author: 7 }), pulled("theirs", { member: 8, author: 9 })];
  const [phone] = await leading();
  const { me } = phone.server.rows;
  phone.server.rows = { me, comments: rows };
  await phone.page.run(() => phone.page.sync.kick());
  const kept = async (page) => (await page.db.getAll("comments")).map((row) => row.id).sort();
  assert.deepEqual(await kept(phone.page), ["byme", "mine", "theirs"]);
  phone.server.rows = { me: { ...me, villages: [{ id: 11, name: "Đông Hòa", led: false }] } };
  await phone.page.run(() => phone.page.sync.kick());
  assert.deepEqual(await kept(phone.page), ["byme", "mine"]);
});
