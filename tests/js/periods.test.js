// Báo cáo kỳ: what is due, filled in and submitted without network, and what becomes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { reportsDue } from "../../fieldapp/device/period-news.js";
import { begun, behind, period, periods, quick, submission } from "../../fieldapp/device/periods.js";
import { reportText } from "../../fieldapp/device/report-text.js";
import { joined } from "./joined.js";

const NOON = Date.parse("2026-08-14T05:00:00Z");
const LAN = { id: 7, name: "Đinh Thị Lan", role: "leader", team: "Tổ thôn Đông Hòa", commune: { name: "Xã Sơn Tịnh" }, villages: [{ id: 11, led: true }] };
const indicator = (code, section, unit, more = {}) => ({ code, place: 0, section, vi: `Số ${code}`, en: `No. ${code}`, unit, manual: false, households: unit === "household", ...more });
const INDICATORS = [
  indicator("03", "organisation", "meeting", { manual: true }), indicator("07", "propaganda", "percent"),
  indicator("10", "government", "person", { visits: { platforms: ["VNEID"], results: ["installed", "independent"], steps: ["level2"] } }),
  indicator("25", "common", "support", { visits: {} }), indicator("26", "common", "household", { visits: { results: ["introduced", "installed"] } }), indicator("29.1", "common", "difficulty"),
];
const FIGURES = [
  { code: "03", previous: 2, year: 9 }, { code: "07", over: 40 }, { code: "10", value: 30, plan: 40, previous: 25, year: 90 },
  { code: "25", value: 86, waiting: 3, previous: 80, year: 300 }, { code: "26", value: 41, previous: 38, year: 41 }, { code: "29.1", value: 1 },
];
const report = (more = {}) => ({ id: "5:11", period: 5, village: 11, team: 3, name: "Đông Hòa", kind: "month", first: "2026-08-01", last: "2026-08-14", style: "calendar", title: "", due: "2026-08-18", households: 60, carried: "2026-06-13", as_of: NOON, figures: FIGURES, state: "", number: 0, ...more });
const LOCKED = { number: 1, received: NOON, by: "Đinh Thị Lan", reason: "", texts: { plan: "Họp tổ" }, locked: FIGURES.map((f) => (f.code === "03" ? { ...f, value: 0, reason: "" } : f)) };
const world = (rows, more = {}) => ({ me: LAN, offset: 0, platforms: [{ code: "VNEID", short_vi: "VNeID", icon: "" }], households: new Map(), records: [], reports: rows, indicators: INDICATORS, ...more });
const open = (data, form = null, visits = [], at = NOON) => period(data.reports[0], data, visits, form, at, "vi");
const said = (row, more = {}, payload = {}) => ({ id: `r${row.number}`, kind: "report.submit", author: 7, made_at: NOON, state: "ready", payload: { team: 3, village: 11, period: 5, number: row.number + 1, manual: { "03": 4 }, zeros: [], reasons: {}, texts: {}, ...payload }, ...more });
const line = (report, code) => report.sections.flatMap((s) => s.lines).find((f) => f.code === code);

test("what is asked for comes first, by its deadline; nothing is asked of who does not lead there", () => {
  const rows = [
    report({ id: "1:11", last: "2026-08-31", due: "2026-09-02" }), report({ id: "2:11" }), report({ id: "3:11", due: "2026-08-10" }),
    report({ id: "4:11", ...LOCKED, state: "returned", reason: "Sai" }), report({ id: "6:11", ...LOCKED, state: "approved", since: { 25: 2 } }), report({ id: "7:12", village: 12 }),
  ];
  const data = world(rows);
  assert.deepEqual(periods(data, NOON).lines.map((l) => [l.id, l.state, l.left]), [["4:11", "returned", 4], ["3:11", "due", -4], ["2:11", "due", 4], ["1:11", "running", 19], ["6:11", "approved", 4]]);
  assert.equal(reportsDue(data, "2026-08-14"), 3);
  assert.equal(reportsDue({ ...data, reports: rows.map((row) => ({ ...row, team: 0 })) }, "2026-08-14"), 0);
  assert.equal(reportsDue(world([report()]), "2026-08-13"), 0);
  const lines = periods(world([report(), report({ id: "5:12", name: "Tây Hòa" })]), NOON).lines;
  assert.deepEqual(lines.map((l) => l.village), ["Đông Hòa", "Tây Hòa"], "a village that was merged has a report of its own");
});

test("empty is no zero, and a zero is confirmed", () => {
  const data = world([report()]);
  const empty = open(data);
  assert.deepEqual([line(empty, "03").known, line(empty, "03").missing, empty.lacks, empty.asked.map((f) => f.code)], [false, "empty", 1, ["03"]]);
  const form = (more) => ({ ...begun(data.reports[0], data), ...more });
  assert.deepEqual([open(data, form({ manual: { "03": 0 } })).asked[0].missing, open(data, form({ manual: { "03": 0 }, zeros: ["03"] })).lacks], ["zero", 0]);
  assert.deepEqual([open(data, form({ manual: { "03": 3 } })).asked[0].year, line(empty, "07").known], [12, false]);
});

test("a number that is odd asks for a reason, of one that was worked out too, and no reason holds an identity", () => {
  const data = world([report({ households: 40 })]);
  const form = (reasons = {}) => ({ manual: { "03": 30 }, zeros: [], reasons, texts: {}, mends: "" });
  assert.deepEqual(open(data, form()).asked.map((f) => [f.code, f.odd, f.missing]), [["03", "jump", "reason"], ["26", "above_households", ""]]);
  assert.equal(open(data, form({ "03": "Ra quân" })).lacks, 0);
  assert.equal(open(data, form({ "03": "Gọi 0905 123 456" })).asked[0].missing, "identity");
  const { reasons, seen, manual } = submission(data.reports[0], data, form({ "03": " Ra quân ", 25: "không hỏi" }), NOON, "vi");
  assert.deepEqual([reasons, seen, manual], [{ "03": "Ra quân" }, { 10: 30, 25: 86, 26: 41, "29.1": 1 }, { "03": 30 }]);
});

test("a report on its way shows as submitted, one that was refused as it was typed, one that came too late says by whom", () => {
  const row = report();
  const shown = (more) => open(world([row], { records: [said(row, more)] }));
  assert.deepEqual(["unsent", "sent", "held"].map((state, n) => shown([{}, { state: "sent", result: "created" }, { state: "sent", result: "held" }][n]).state === state), [true, true, true]);
  assert.deepEqual([shown({}).writes, shown({}).asks, line(shown({}), "03").value], [false, false, 4]);
  const refused = shown({ state: "parked", code: "figure_unexplained" });
  assert.deepEqual([refused.state, refused.refused, line(refused, "03").typed, refused.writes], ["due", "figure_unexplained", "4", true]);
  const late = shown({ state: "sent", result: "superseded", detail: { by: "Lê Thị Hoa", at: "2026-08-14T05:00:00Z" } });
  assert.deepEqual([late.state, late.superseded_by, late.superseded_at], ["due", "Lê Thị Hoa", "12:00 14/08"]);
  const told = open(world([report({ ...LOCKED, state: "waiting" })], { records: [said(row, { state: "sent", result: "created" })] }));
  assert.deepEqual([told.state, told.locked, told.number, told.received, told.moved], ["waiting", true, 1, "12:00 14/08", []]);
  const otherwise = open(world([report({ ...LOCKED, state: "waiting" })], { records: [said(row, { state: "sent", result: "created" }, { seen: { 25: 84, 26: 41 } })] }));
  assert.deepEqual(otherwise.moved.map((m) => [m.code, m.n]), [["25", "84 → 86"]], "who submitted is told what was locked otherwise");
});

test("what was locked stays, and what comes later is told beside it", () => {
  const figures = FIGURES.map((f) => (f.code === "25" ? { ...f, value: 88 } : f));
  const approved = open(world([report({ ...LOCKED, state: "approved", figures, since: { 25: 2 } })]));
  assert.deepEqual([line(approved, "25").value, approved.since.map((s) => [s.code, s.n, s.unit]), approved.more, approved.lacks], [86, [["25", "+2", "support"]], true, 0]);
  const data = world([report({ ...LOCKED, state: "approved", figures, since: { 25: 2 } })]);
  const next = submission(data.reports[0], data, null, NOON, "vi");
  assert.deepEqual([next.number, next.seen[25], next.manual, next.zeros, next.texts], [2, 88, { "03": 0 }, ["03"], { plan: "Họp tổ" }], "an addition says what was said before");
  const returned = open(world([report({ ...LOCKED, state: "returned", reason: "Số hộ vượt", figures })]));
  assert.deepEqual([returned.writes, returned.reason, line(returned, "25").value, returned.texts[3].text], [true, "Số hộ vượt", 88, "Họp tổ"]);
});

test("visits behind a number meet its conditions, in its days and village; approved ones come first", () => {
  const visit = (id, more = {}) => ({ id, household: "h1", village: 11, day: "2026-08-05", made_at: NOON, state: "approved", beneficiary: "person", people: 1, outcomes: [{ platform: "VNEID", result: "installed", steps: ["level2"] }], ...more });
  const visits = [
    visit("waits", { state: "waiting" }), visit("a"), visit("step", { outcomes: [{ platform: "VNEID", result: "installed" }] }), visit("far", { village: 12 }), visit("early", { day: "2026-07-31" }),
    visit("met", { outcomes: [{ platform: "VNEID", result: "introduced", steps: ["level2"] }] }), visit("fresh", { state: "unsent", village: undefined }), visit("back", { state: "returned" }), visit("decided", { decided_here: "d" }),
  ];
  const data = world([report()], { households: new Map([["h1", { id: "h1", village: 11, number: "1" }]]), records: [{ id: "d", kind: "review.decide", state: "ready", payload: {} }] });
  const found = (code, row = data.reports[0]) => behind(row, code, data, visits, "vi");
  assert.deepEqual([found("10").lines.map((l) => l.id), found("10").waiting, found("10").since], [["a", "decided", "waits"], 1, ""]);
  assert.equal(found("25").approved, 4);
  assert.equal(found("10", report({ first: "2026-04-01" })).since, "13/06");
  const { unsent, undecided } = open(data, null, visits);
  assert.deepEqual([unsent, undecided], [1, 1]);
});

test("the quick report is the report's own numbers", () => {
  const t = (key, params) => `${key} ${Object.values(params ?? {}).join(" ")}`.trim();
  const data = world([report({ ...LOCKED, state: "waiting" })]);
  const text = reportText(quick(data.reports[0], data, null, NOON, "vi"), t);
  assert.match(text, /01–14\/8.*report.supports 86.*report.households 41.*VNeID 30\/40.*report.said_difficulty 1\. .*report.said_next Họp tổ\./);
  assert.equal(quick(report({ figures: [] }), world([]), null, NOON, "vi"), null);
});

async function leader(rows = [report({ last: "2020-01-31", first: "2020-01-01" })]) {
  const [phone, page] = await joined();
  Object.assign(phone.server, { leads: true, rows: { reports: rows, indicators: INDICATORS } });
  await page.run(() => page.sync.kick());
  phone.server.down = true;
  return phone;
}

async function opened(phone) {
  const page = await phone.open();
  Object.assign(page.world.location, { pathname: "/m/period/", hash: "#5:11" });
  const { submitting } = await page.bring("submitting");
  page.state.derive();
  return [page, submitting];
}

test("what was typed outlives the app, and one report is submitted, once, behind the decisions before it", async () => {
  const phone = await leader();
  let [page, submitting] = await opened(phone);
  await submitting.addNumber("03", -1);
  assert.equal(page.state.slice("period").asked[0].typed, "", "nothing is less than nothing");
  await submitting.setNumber("03", "0");
  submitting.ask();
  assert.equal(page.state.slice("page").toast, "period.lacks_n");
  await submitting.confirmZero("03");
  await submitting.setText("plan", "Họp tổ");
  [page, submitting] = await opened(phone);
  assert.deepEqual([page.state.slice("period").lacks, page.state.slice("period").texts[3].text], [0, "Họp tổ"]);
  await page.run(() => Promise.all([submitting.submit(), submitting.submit()]));
  await page.run(() => submitting.submit());
  const [record, ...others] = (await page.outbox.list()).filter((r) => r.kind === "report.submit");
  assert.deepEqual([others, record.hold_until - record.made_at, page.state.slice("period").state, page.state.slice("today").reports], [[], 5000, "unsent", 0]);
  assert.deepEqual([record.payload.manual, record.payload.zeros, record.payload.texts, record.payload.team], [{ "03": 0 }, ["03"], { plan: "Họp tổ" }, 3]);
  assert.deepEqual(Object.values(await page.db.getFact("forms")).filter(Boolean), []);
});

test("what was typed into a version that another leader submitted is not taken for the next one", async () => {
  const phone = await leader();
  let [page, submitting] = await opened(phone);
  await submitting.setNumber("03", "9");
  phone.server.down = false;
  phone.server.rows.reports = [report({ ...LOCKED, state: "returned", reason: "Sai" })];
  await page.run(() => page.sync.kick());
  [page, submitting] = await opened(phone);
  assert.equal(page.state.slice("period").asked[0].typed, "0");
  await submitting.addNumber("03", 1);
  assert.equal(page.state.slice("period").asked[0].typed, "1");
});

test("what was written of a report is dropped by who wrote it, and what no screen shows stops nobody from leaving", async () => {
  const phone = await leader();
  const [page, submitting] = await opened(phone);
  await submitting.setNumber("03", "9");
  assert.equal(page.state.slice("period").draft, true);
  const { wipe } = await page.bring("leaving");
  assert.deepEqual(await wipe(undefined, { look: true }), { draft: 1 });
  const kept = await page.db.getFact("forms");
  await page.db.setFact("forms", { ...kept, "period 9:99": { number: 1, manual: {} } });
  await submitting.drop();
  assert.deepEqual([page.state.slice("period").draft, page.state.slice("period").asked[0].typed], [false, ""]);
  assert.equal(await wipe(undefined, { look: true }), null, "another period's is on no screen any more");
});

test("what came to an approved report is submitted as an addition, with what was said before", async () => {
  const phone = await leader([report({ ...LOCKED, state: "approved", since: { 25: 2 } })]);
  const [page, submitting] = await opened(phone);
  await page.run(() => submitting.submit());
  const [record] = await page.outbox.list();
  assert.deepEqual([record.payload.number, record.payload.manual, record.payload.texts, page.state.slice("period").state], [2, { "03": 0 }, { plan: "Họp tổ" }, "unsent"]);
});

test("nothing is written into a report that is locked", async () => {
  const phone = await leader([report({ ...LOCKED, state: "waiting" })]);
  const [page, submitting] = await opened(phone);
  await submitting.setNumber("03", "9");
  await page.run(() => submitting.submit());
  assert.deepEqual([(await page.outbox.list()).length, await page.db.getFact("forms")], [0, undefined]);
});
