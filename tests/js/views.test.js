// What the screens show, from what the phone holds: the leader's groups, today's numbers, search, summaries.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as numbers from "../../fieldapp/device/summary.js";
import * as views from "../../fieldapp/device/views.js";
import * as waiting from "../../fieldapp/device/waiting.js";

const NOON = Date.parse("2026-11-23T05:00:00Z");
const [TODAY, YESTERDAY] = ["2026-11-23", "2026-11-22"];
const HOUR = 3600000;
const ME = { id: 7, name: "Trần Văn Bình", villages: [{ id: 11, name: "Đông Hòa", led: true }, { id: 12, name: "Tây Hòa", led: false }] };
const PLATFORMS = ["VNEID", "DVC", "SSK"].map((code) => ({ code, short_vi: code, short_en: code, icon: "globe", steps: [], gone: false }));

let made = 0;
const pulled = (id, more = {}) => ({
  id, root: id, version: 1, author: 8, author_name: "Lan", household: "h1", village: 11, mode: "home", beneficiary: "person", people: 1, note: "",
  identified_by: "scan", verified: true, day: TODAY, made_at: NOON - (made += 1000), state: "waiting", needs_look: false, decided_by: null,
  reason_code: null, reason: null, outcomes: [{ platform: "VNEID", result: "installed" }], flags: [], photos: [], ...more,
});
const record = (id, more = {}) => ({
  id, kind: "visit.create", author: ME.id, made_at: NOON - (made += 1000), replaces: null, state: "ready", seq: made,
  payload: { household: "h1", mode: "home", beneficiary: "person", people: 1, outcomes: [{ platform: "VNEID", result: "installed" }], identified_by: "list", note: "", photos: [] }, ...more,
});
const decision = (verdict, ids, more = {}) => record(`d${made}`, { kind: "review.decide", payload: { verdict, visits: ids.map((visit) => ({ visit, flags: [] })) }, ...more });
const mapOf = (rows) => new Map(rows.map((row) => [row.id, row]));
const phone = ({ visits = [], households = [], ...more } = {}) => ({ me: ME, platforms: PLATFORMS, records: [], photos: [], cards: new Map(), comments: new Map(), pulled_at: NOON, offset: 0, ...more, visits: mapOf(visits), households: mapOf(households) });
const all = (data, offset = 0) => views.allVisits(data, offset);
const shown = (data) => Object.fromEntries(all(data).map((v) => [v.id, v.state]));
const review = (data) => views.review(data, all(data), NOON, "vi");
const ids = (lines) => lines.map((line) => line.id).sort();

test("clean and flagged visits of a day stand apart, days newest first", () => {
  const { days, count } = review(phone({ visits: [
    pulled("a"), pulled("b", { flags: ["no_scan"] }), pulled("c", { day: YESTERDAY }), pulled("d", { day: "2026-11-01", flags: ["too_close", "clock_off"] }),
  ] }));
  assert.equal(count, 4);
  assert.deepEqual(days.map((d) => [d.day, d.label, ids(d.clean), ids(d.flagged)]), [
    [TODAY, "today", ["a"], ["b"]], [YESTERDAY, "yesterday", ["c"], []], ["2026-11-01", "day", [], ["d"]],
  ]);
  assert.deepEqual(days[0].clean_ids, ["a"]);
});

test("a leader sees neither visits of their own nor those of villages that others lead, nor what is decided", () => {
  const { days } = review(phone({ visits: [
    pulled("mine", { author: ME.id }), pulled("theirs", { village: 12 }), pulled("approved", { state: "approved" }), pulled("returned", { state: "returned" }),
    pulled("replaced", { state: "replaced" }), pulled("withdrawn", { state: "withdrawn" }), pulled("a"),
  ] }));
  assert.deepEqual(days.flatMap((d) => [...ids(d.clean), ...ids(d.flagged)]), ["a"]);
});

test("one button takes all clean visits of a day, however many the screen shows", () => {
  const { days } = review(phone({ me: { ...ME, spot_check: 0 }, visits: Array.from({ length: 150 }, (_, i) => pulled(`v${i}`)) }));
  assert.deepEqual([days[0].clean_count, days[0].clean.length, days[0].clean_ids.length], [150, 100, 150]);
});

test("a random share of a day is looked at one by one, first, and stays so while the others are approved", () => {
  const day = Array.from({ length: 40 }, (_, i) => pulled(`v${i}`, i === 39 ? { flags: ["no_scan"] } : {}));
  const [before] = review(phone({ visits: day })).days;
  const spots = before.flagged.filter((line) => line.spot).map((line) => line.id);
  assert.ok(spots.length >= 1);
  assert.deepEqual(before.flagged.slice(0, spots.length).map((line) => line.id), spots);
  assert.ok(!before.clean_ids.some((id) => spots.includes(id)));
  const after = review(phone({ visits: day, records: [decision("approve", before.clean_ids)] })).days[0];
  assert.deepEqual([after.clean_count, ids(after.flagged)], [0, ids(before.flagged)]);
});

test("a flagged visit has the household's history beside it", () => {
  const earlier = Array.from({ length: 5 }, (_, i) => pulled(`e${i}`, { state: "approved", day: "2026-11-10", made_at: NOON - (10 + i) * 24 * HOUR }));
  const { days } = review(phone({ visits: [pulled("a", { flags: ["same_day"] }), pulled("other", { household: "h2" }), ...earlier] }));
  assert.deepEqual(days[0].flagged[0].history.map((v) => v.id), ["e0", "e1", "e2"]);
});

test("a member who leads nothing has nothing to review", () => {
  const { leads, count } = review(phone({ me: { ...ME, villages: [{ id: 11, led: false }] }, visits: [pulled("a")] }));
  assert.deepEqual([leads, count], [false, 0]);
});

test("a decision shows at once, before the server has heard of it", () => {
  const visits = [pulled("a"), pulled("b"), pulled("c")];
  const data = phone({ visits, records: [decision("approve", ["a"]), decision("send_back", ["b"])] });
  assert.deepEqual(shown(data), { a: "approved", b: "returned", c: "waiting" });
  assert.deepEqual(review(data).days[0].clean_ids, ["c"]);
});

test("a decision that did not take effect does not show", () => {
  const visits = [pulled("a"), pulled("b"), pulled("c"), pulled("d")];
  const mixed = { state: "sent", result: "created", detail: { visits: { c: { result: "created" }, d: { result: "forbidden", code: "own_visit" } } } };
  const data = phone({ visits, records: [decision("approve", ["a"], { state: "parked" }), decision("approve", ["b"], { state: "sent", result: "superseded" }), decision("approve", ["c", "d"], mixed)] });
  assert.deepEqual(shown(data), { a: "waiting", b: "waiting", c: "approved", d: "waiting" });
});

test("the server's word stands over a decision of this phone", () => {
  assert.deepEqual(shown(phone({ visits: [pulled("a", { state: "returned" })], records: [decision("approve", ["a"])] })), { a: "returned" });
});

test("a replacement hides what it replaces, and one that was refused does not", () => {
  const replacement = (more) => record("b", { kind: "visit.replace", replaces: "a", ...more });
  const visits = [pulled("a", { state: "returned", author: ME.id })];
  assert.deepEqual(shown(phone({ visits, records: [replacement()] })), { b: "unsent" });
  assert.deepEqual(shown(phone({ visits, records: [replacement({ state: "sent", result: "created" })] })), { b: "sent" });
  assert.deepEqual(shown(phone({ visits, records: [replacement({ state: "parked" })] })), { a: "returned", b: "parked" });
});

test("a withdrawn visit is gone at once, and back when the withdrawal came too late", () => {
  const withdrawal = (more) => record("w", { kind: "visit.withdraw", payload: { visit: "a" }, ...more });
  const visits = [pulled("a", { author: ME.id })];
  assert.deepEqual(shown(phone({ visits, records: [withdrawal()] })), {});
  const approved = [pulled("a", { author: ME.id, state: "approved" })];
  assert.deepEqual(shown(phone({ visits: approved, records: [withdrawal({ state: "sent", result: "superseded" })] })), { a: "approved" });
  assert.deepEqual(shown(phone({ visits: approved, records: [withdrawal({ state: "parked" })] })), { a: "approved" });
});

test("each state of a record has its own on the screen, and one that was put away has none", () => {
  const data = phone({ records: [
    record("ready"), record("parked", { state: "parked" }), record("away", { state: "parked", dismissed: true }),
    record("sent", { state: "sent", result: "created" }), record("held", { state: "sent", result: "held" }),
  ] });
  assert.deepEqual(shown(data), { ready: "unsent", parked: "parked", sent: "sent", held: "held" });
});

const today = (data, now = NOON) => views.today(data, all(data), now, "vi");

test("today's count goes by Vietnamese days, not by the phone's or by UTC", () => {
  const evening = Date.parse("2026-11-23T16:59:00Z");
  const after = Date.parse("2026-11-23T17:01:00Z");
  const data = phone({ records: [record("a", { made_at: evening })] });
  assert.deepEqual([today(data, evening).visits, today(data, evening).date], [1, "23/11"]);
  assert.deepEqual([today(data, after).visits, today(data, after).date], [0, "24/11"]);
  assert.equal(today(phone({ records: [record("b", { made_at: after })] }), after).visits, 1);
});

test("a visit of a phone whose clock is a day behind stands on its day, at its time", () => {
  const [made] = views.allVisits(phone({ records: [record("a", { made_at: NOON - 86400000 })] }), 86400000);
  assert.deepEqual([made.day, made.made_at], [TODAY, NOON]);
});

test("a visit of a phone whose clock is wrong stands on the right day", () => {
  const slow = record("a", { made_at: Date.parse("2026-11-22T16:30:00Z") });
  assert.equal(all(phone({ records: [slow] }), HOUR)[0].day, TODAY);
  assert.equal(all(phone({ records: [slow] }), 0)[0].day, YESTERDAY);
});

test("today counts my own visits, and each helped household once", () => {
  const mine = (id, household, result, more = {}) => pulled(id, { author: ME.id, household, outcomes: [{ platform: "VNEID", result }], ...more });
  const data = phone({ visits: [
    mine("a", "h1", "installed"), mine("b", "h1", "independent"), mine("c", "h2", "come_back"), mine("d", "h3", "absent"),
    mine("e", "h4", "installed", { day: YESTERDAY }), pulled("f", { household: "h5" }),
  ] });
  const { visits, households } = today(data);
  assert.deepEqual([visits, households], [4, 2]);
});

test("what I entered for another is on my day and counts for them, and what they entered for me is mine to see", () => {
  const data = phone({ visits: [
    pulled("entered", { author: ME.id, author_name: "Trần Văn Bình", done_by: 9, done_by_name: "Minh", household: "h1" }),
    pulled("done", { author: 8, done_by: ME.id, done_by_name: "Trần Văn Bình", household: "h2" }),
  ] });
  const { visits, households, lines } = today(data);
  assert.deepEqual([visits, households], [2, 1]);
  assert.deepEqual(lines.map((l) => [l.id, l.author, l.done_by, l.mendable]), [["entered", "Trần Văn Bình", "Minh", true], ["done", "Lan", "Trần Văn Bình", false]]);
  assert.deepEqual(numbers.summary(data, all(data), "today", NOON, "vi").members.map((m) => [m.name, m.visits]).sort(), [["Minh", 1], ["Trần Văn Bình", 1]]);
  assert.deepEqual(review(data).days, [], "neither may decide it");
});

test("a visit that is still unsent names whoever did it", () => {
  const me = { ...ME, people: [{ id: 9, name: "Minh", role: "member" }] };
  const data = phone({ me, records: [record("a", { payload: { ...record("x").payload, done_by: 9 } })] });
  assert.deepEqual(today(data).lines.map((l) => [l.author, l.done_by]), [["Trần Văn Bình", "Minh"]]);
});

test("what came back and what was refused stands on the first screen, whatever its day", () => {
  const data = phone({
    visits: [pulled("a", { author: ME.id, state: "returned", day: "2026-11-02", reason_code: "photo_unclear" }), pulled("b", { state: "returned" })],
    records: [record("c", { state: "parked", code: "note_identity", made_at: NOON - 72 * HOUR })],
  });
  const { returned, parked, visits } = today(data);
  assert.deepEqual([returned.map((v) => [v.id, v.reason_code]), parked.map((v) => [v.id, v.code]), visits], [[["a", "photo_unclear"]], [["c", "note_identity"]], 0]);
});

const HOUSEHOLDS = [
  { id: "h1", village: 11, number: "2", head: "Sơn Hà", last: TODAY, rungs: { VNEID: [3, TODAY], DVC: [1, TODAY] } },
  { id: "h2", village: 11, number: "10", head: "Sơn Hạ", last: null, rungs: {} },
  { id: "h3", village: 12, number: "1A", head: "Đặng Thị Bưởi", last: null, rungs: {} },
  { id: "h4", village: 12, number: "21", head: null, last: null, rungs: {} },
];
test("who asked to be visited again stands on the first screen, for the one who promised", () => {
  const promised = (id, on, more = {}) => pulled(id, { author: ME.id, made_at: NOON - 72 * HOUR, day: "2026-11-20", outcomes: [{ platform: "DVC", result: "come_back", come_back_on: on }], ...more });
  const data = phone({ households: HOUSEHOLDS, visits: [promised("a", TODAY), promised("b", YESTERDAY, { household: "h2" }), promised("c", "2026-11-24", { household: "h3" }), promised("d", TODAY, { author: 8, household: "h4" })] });
  assert.deepEqual(today(data).due.map((line) => [line.id, line.household.number, line.title, line.day, line.late]), [["b", "10", "DVC", "22/11", true], ["a", "2", "DVC", "23/11", false]]);
});

test("a household shows how many steps of a platform are done, and a shop that has not committed", () => {
  const shop = { code: "GHS", short_vi: "Gian hàng", icon: "store", gone: false, steps: [{ code: "register" }, { code: "commitment" }] };
  const rows = [{ ...HOUSEHOLDS[0], rungs: { GHS: [2, TODAY] } }];
  const at = (...steps) => {
    const data = { ...phone({ households: rows, visits: [pulled("a", { outcomes: [{ platform: "GHS", result: "installed", steps }] })] }), platforms: [shop] };
    const [{ done, steps: of, uncommitted }] = views.household(data, all(data), "h1", "vi").reached;
    return [done, of, uncommitted];
  };
  assert.deepEqual([at("register"), at("register", "commitment")], [[1, 2, true], [2, 2, false]]);
});

const roster = (ui) => views.roster(phone({ households: HOUSEHOLDS }), { query: "", filter: "all", shown: views.PAGE, village: 0, ...ui });
const found = (ui) => roster(ui).lines.map((line) => line.id);

test("a name is found without its marks", () => {
  assert.deepEqual(found({ query: "son ha" }), ["h1", "h2"]);
  assert.deepEqual(found({ query: "Sơn Hạ" }), ["h1", "h2"]);
  assert.deepEqual(found({ query: "dang" }), ["h3"]);
  assert.deepEqual(found({ query: "buoi dang" }), ["h3"]);
  assert.deepEqual(found({ query: "nobody" }), []);
});

test("a number is found by its beginning, and numbers stand in their order", () => {
  assert.deepEqual(found({ query: "2" }), ["h1", "h4"]);
  assert.deepEqual(found({}), ["h1", "h2", "h3", "h4"]);
});

test("the roster filters and goes on page by page", () => {
  assert.deepEqual(found({ filter: "untouched" }), ["h2", "h3", "h4"]);
  assert.deepEqual(found({ village: 12 }), ["h3", "h4"]);
  const { lines, found: count, total, more } = roster({ shown: 3 });
  assert.deepEqual([lines.length, count, total, more], [3, 4, 4, true]);
  assert.deepEqual([lines[0].reached, lines[0].of], [1, 3]);
});

test("a household shows what it can do already and what is missing", () => {
  const data = phone({ households: HOUSEHOLDS, visits: [pulled("a"), pulled("b", { household: "h2" })] });
  const { reached, missing, history, village } = views.household(data, all(data), "h1", "vi");
  assert.deepEqual([reached.map((p) => [p.name, p.rung]), missing.map((p) => p.name), ids(history), village], [[["VNEID", 3], ["DVC", 1]], ["SSK"], ["a"], "Đông Hòa"]);
  assert.equal(views.household(data, all(data), "nowhere", "vi").found, false);
});

const summary = (data, range = "today", now = NOON) => numbers.summary(data, all(data), range, now, "vi");

test("a summary counts lượt by state, people of what is approved, households once", () => {
  const two = [{ platform: "VNEID", result: "independent" }, { platform: "DVC", result: "absent" }];
  const data = phone({
    households: HOUSEHOLDS,
    visits: [
      pulled("a", { state: "approved", people: 3, outcomes: two }), pulled("b", { state: "approved", household: "h2" }), pulled("c", { household: "h2" }),
      pulled("d", { household: "h3", outcomes: [{ platform: "SSK", result: "declined" }] }), pulled("e", { state: "returned", household: "h4" }),
      pulled("f", { day: YESTERDAY }), pulled("g", { state: "replaced" }),
    ],
    records: [record("u"), record("p", { state: "parked" }), record("h", { state: "sent", result: "held" })],
  });
  const { approved, waiting, returned, unsent, people, households_approved, households_standing, households_total, platforms, members } = summary(data);
  assert.deepEqual({ approved, waiting, returned, unsent, people }, { approved: 3, waiting: 2, returned: 1, unsent: 1, people: 7 });
  assert.deepEqual([households_approved, households_standing, households_total], [2, 2, 4]);
  assert.deepEqual(platforms.map((p) => [p.name, p.support, p.independent, p.approved, p.percent]), [["VNEID", 3, 1, 2, "100%"], ["DVC", 1, 0, 1, "33%"], ["SSK", 1, 0, 0, "33%"]]);
  assert.deepEqual(members.map((m) => [m.name, m.support, m.visits]), [["Lan", 5, 4]]);
});

test("a week begins on Monday, a month on the first", () => {
  const data = phone({ visits: [pulled("mon"), pulled("sun", { day: YESTERDAY }), pulled("first", { day: "2026-11-01" }), pulled("before", { day: "2026-10-31" })] });
  assert.deepEqual(["today", "week", "month"].map((range) => summary(data, range).waiting), [1, 1, 3]);
  const sunday = Date.parse("2026-11-22T05:00:00Z");
  assert.deepEqual([summary(data, "week", sunday).first, summary(data, "week", sunday).last], ["16/11", "22/11"]);
});

const outboxOf = (data, { phase = "idle", online = true } = {}) => waiting.outbox(data, all(data), { phase }, online, "vi");

test("the pill says what waits, what was refused, and when there is no network", () => {
  const [waits, refused] = [record("a"), record("b", { state: "parked" })];
  assert.deepEqual([
    outboxOf(phone()), outboxOf(phone({ records: [waits] })), outboxOf(phone({ records: [waits] }), { online: false }), outboxOf(phone(), { phase: "waiting" }),
    outboxOf(phone({ records: [waits, refused] }), { online: false }), outboxOf(phone({ records: [{ ...refused, dismissed: true }] })),
  ].map((o) => o.pill), ["none", "some", "offline_some", "offline_none", "look", "none"]);
});

test("photos wait until they are sent, but not those of a visit that was refused or is held", () => {
  const records = [record("ready"), record("sent", { state: "sent", result: "created" }), record("held", { state: "sent", result: "held" }), record("parked", { state: "parked" })];
  const photo = (sha256, visits, done = []) => ({ sha256, visits, done });
  const count = (...photos) => outboxOf(phone({ records, photos })).photos;
  assert.equal(count(photo("1", ["ready"]), photo("2", ["sent"])), 2);
  assert.equal(count(photo("1", ["sent"], ["sent"]), photo("2", ["held"]), photo("3", ["parked"])), 0);
  assert.equal(count(photo("1", ["parked", "sent"])), 1);
  assert.equal(count(photo("1", ["parked", "sent"], ["sent"])), 0);
});

test("photos of a held visit have a word of their own, and nothing is called sent while they are here", () => {
  const records = [record("sent", { state: "sent", result: "created" }), record("held", { state: "sent", result: "held" })];
  const said = (...photos) => {
    const { pill, photos: waits, photos_held, all_sent } = outboxOf(phone({ records, photos }));
    return [pill, waits, photos_held, all_sent];
  };
  const photo = (sha256, visits, done = []) => ({ sha256, visits, done });
  assert.deepEqual(said(photo("1", ["held"])), ["held", 0, 1, false]);
  assert.deepEqual(said(photo("1", ["held", "sent"])), ["photos", 1, 0, false]);
  assert.deepEqual(said(photo("1", ["held", "sent"], ["sent"])), ["held", 0, 1, false]);
  assert.deepEqual(said(photo("1", ["held"], ["held"])), ["none", 0, 0, true]);
});

test("all is sent only where nothing waits and nothing needs a person", () => {
  const refused = record("b", { state: "parked" });
  assert.deepEqual([[record("a")], [refused], [{ ...refused, dismissed: true }], []].map((records) => outboxOf(phone({ records })).all_sent), [false, false, true, true]);
});

test("what came after somebody else's word says whose it was and when, until it is put away", () => {
  const at = "2026-11-23T02:05:00+00:00";
  const word = { result: "superseded", state: "returned", by: "Trần Văn Bình", at };
  const sent = (kind, payload, detail, more) => record(kind, { kind, payload, detail, state: "sent", result: "superseded", ...more });
  const withdrawal = sent("visit.withdraw", { visit: "a" }, { state: "approved", by: "Trần Văn Bình", at });
  const verdict = sent("review.decide", { visits: [{ visit: "a" }, { visit: "b" }, { visit: "c" }] }, { visits: { a: word, b: { result: "created" }, c: word } }, { result: "created" });
  const answer = sent("household.confirm", { household: "h2", number: "10" }, { state: "merged", by: null, at: null });
  const taken = sent("review.decide", { visits: [{ visit: "b" }] }, { visits: { b: { result: "identical" } } }, { id: "t", result: "created" });
  const data = phone({ households: HOUSEHOLDS, visits: [pulled("a")], records: [withdrawal, verdict, answer, taken] });
  const { superseded, pill, look_count, all_sent } = outboxOf(data);
  assert.deepEqual(superseded.map((r) => [r.kind, r.household.number, r.n, r.state, r.by, r.at]), [
    ["visit.withdraw", "2", 1, "approved", "Trần Văn Bình", "09:05 23/11"],
    ["review.decide", "2", 2, "returned", "Trần Văn Bình", "09:05 23/11"],
    ["household.confirm", "10", 1, "", "", ""],
  ]);
  assert.deepEqual([pill, look_count, all_sent], ["look", 3, false]);
  const seen = data.records.map((r) => ({ ...r, dismissed: true }));
  assert.deepEqual([outboxOf({ ...data, records: seen }).superseded, outboxOf({ ...data, records: seen }).pill], [[], "none"]);
});

test("the outbox names each record by its household and platforms", () => {
  const { lines, parked, count } = outboxOf(phone({ households: HOUSEHOLDS, records: [record("a"), record("b", { state: "parked", code: "platform_unknown" }), decision("approve", ["x"])] }));
  assert.deepEqual(lines.map((l) => [l.kind, l.household.number, l.title, l.mendable]), [["visit.create", "2", "VNEID", true], ["review.decide", "?", "", false]]);
  assert.deepEqual([parked.map((l) => [l.id, l.code]), count], [[["b", "platform_unknown"]], 2]);
});

test("tiles show the platforms most used here first, and never hide a chosen one", () => {
  const platforms = "ABCDEFGH".split("").map((code) => ({ code, short_vi: code, icon: "", steps: [], gone: code === "B" }));
  const visits = [pulled("a", { outcomes: [{ platform: "H", result: "installed" }, { platform: "B", result: "installed" }] })];
  const tiles = (draft) => views.tiles({ platforms }, visits, { outcomes: [], all_platforms: false, ...draft }, "vi");
  assert.deepEqual([tiles({}).lines.map((l) => l.code).join(""), tiles({}).more], ["HACDEF", true]);
  const chosen = tiles({ outcomes: [{ platform: "G", result: "installed", steps: [] }] });
  assert.deepEqual(chosen.lines.filter((l) => l.chosen).map((l) => l.code), ["G"]);
  assert.deepEqual([tiles({ all_platforms: true }).lines.length, tiles({ all_platforms: true }).more], [7, false]);
});
