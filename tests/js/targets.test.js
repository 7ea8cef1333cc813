// Chỉ tiêu: how far a target is by what this phone holds, who took it on, who takes how much, without network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { evenly, periodOf, targets, tasks } from "../../fieldapp/device/targets.js";
import { joined } from "./joined.js";

const NOON = Date.parse("2026-08-15T05:00:00Z");
const [FIRST, LAST] = ["2026-07-01", "2026-09-30"];
const LAN = { id: 7, name: "Đinh Thị Lan", role: "leader", villages: [{ id: 11, led: true }], people: [{ id: 7, name: "Đinh Thị Lan" }, { id: 8, name: "Võ Văn Minh" }] };
const MINH = { ...LAN, id: 8, name: "Võ Văn Minh", role: "member", villages: [{ id: 11, led: false }] };
const home = (id, rungs = {}, village = 11) => [id, { id, village, number: id, rungs }];
const target = (more = {}) => ({ id: "t1", team: 3, villages: [11], platform: "VNEID", measure: "household", first: FIRST, last: LAST, own: false, amount: 4, accepted: 0, accepted_by: "", parts: [], split: 0, split_id: "", ...more });
const world = (rows, more = {}) => ({ me: LAN, offset: 0, pulled_at: NOON, platforms: [{ code: "VNEID", short_vi: "VNeID", icon: "id-card" }], households: new Map(), visits: new Map(), records: [], targets: rows, target_counts: {}, tasks: [], ...more });
const one = (data, visits = []) => targets(data, visits, NOON, "vi").lines[0];
const visit = (id, household, result, more = {}) => ({ id, household, state: "unsent", day: "2026-08-15", people: 2, outcomes: [{ platform: "VNEID", result }], ...more });
const said = (kind, payload, more = {}) => ({ id: `r${more.made_at ?? NOON}`, kind, author: 7, made_at: NOON, state: "ready", payload: { team: 3, target: "t1", ...payload }, ...more });

test("households count from the second rung, since a day of the period, in the team's villages", () => {
  const households = new Map([
    home("told", { VNEID: [1, "2026-08-01"] }), home("early", { VNEID: [2, "2026-06-30"] }), home("in", { VNEID: [2, FIRST] }), home("alone", { VNEID: [3, LAST] }),
    home("late", { VNEID: [3, "2026-10-01"] }), home("far", { VNEID: [3, "2026-08-01"] }, 12), home("none"),
  ]);
  const line = one(world([target()], { households }));
  assert.deepEqual([line.done, line.lacks, line.percent, line.reached, line.total, line.missing], [2, 2, 50, 5, 6, 1]);
  const fresh = [visit("v", "none", "installed"), visit("w", "told", "introduced"), visit("x", "late", "returned")];
  assert.equal(one(world([target()], { households }), fresh).done, 3, "what waits on this phone counts at once");
});

test("lượt and người are the server's count and what it has not counted yet", () => {
  const households = new Map([home("a"), home("b", {}, 12)]);
  const visits = [visit("1", "a", "installed"), visit("2", "a", "independent", { state: "sent" }), visit("3", "a", "introduced"), visit("4", "a", "installed", { state: "waiting" }), visit("5", "b", "installed"), visit("6", "a", "installed", { day: "2026-06-30" })];
  const count = (measure) => one(world([target({ measure })], { households, target_counts: { t1: 10 } }), visits).done;
  assert.deepEqual([count("support"), count("person")], [12, 14]);
});

test("a visit that was mended or withdrawn here leaves the server's count, and a mended one counts once", () => {
  const households = new Map([home("a")]);
  const pulled = (id, more) => [id, visit(id, "a", "installed", { state: "waiting", ...more })];
  const visits = new Map([pulled("mended"), pulled("withdrawn"), pulled("other"), pulled("returned", { state: "returned" })]);
  const replace = (id, replaces, more = {}) => ({ id, kind: "visit.replace", replaces, state: "ready", payload: {}, ...more });
  const records = [replace("new", "mended"), replace("again", "returned"), replace("no", "other", { state: "parked" }), { id: "w", kind: "visit.withdraw", state: "sent", payload: { visit: "withdrawn" } }];
  const fresh = [visit("new", "a", "installed", { people: 3 }), visit("again", "a", "independent")];
  const count = (measure) => one(world([target({ measure })], { households, visits, records, target_counts: { t1: 10 } }), fresh).done;
  assert.deepEqual([count("support"), count("person")], [10, 11]);
});

test("a period has its name and its days", () => {
  const named = (first, last) => Object.values(periodOf(first, last));
  assert.deepEqual(named(FIRST, LAST), ["quarter", 3, 2026]);
  assert.deepEqual(named("2026-07-01", "2026-12-31"), ["half_year_2", 7, 2026]);
  assert.deepEqual(named("2026-01-01", "2026-12-31"), ["year", 1, 2026]);
  assert.deepEqual(named("2026-02-01", "2026-02-28"), ["month", 2, 2026]);
  const rows = [target({ id: "past", first: "2026-04-01", last: "2026-06-30" }), target({ id: "next", first: "2026-10-01", last: "2026-12-31" }), target()];
  const { lines, past, waits } = targets(world(rows), [], NOON, "vi");
  assert.deepEqual([lines.map((l) => [l.id, l.when, l.left]), past.map((l) => l.id), waits], [[["t1", "now", 47], ["next", "coming", 92]], ["past"], 2]);
});

test("what was taken on here shows at once, and not where it was refused, came too late or was of another number", () => {
  const taken = (more) => one(world([target()], { records: [said("target.accept", { amount: 4 }, more)] }));
  assert.deepEqual([taken().accepted, taken().accepted_sync, taken().may_accept], ["15/08", "unsent", false]);
  for (const more of [{ state: "parked" }, { state: "sent", result: "superseded" }]) assert.equal(taken(more).may_accept, true);
  assert.equal(one(world([target({ amount: 5 })], { records: [said("target.accept", { amount: 4 })] })).accepted, "");
  assert.deepEqual([one(world([target({ accepted: NOON, accepted_by: "Lê Thị Hoa" })])).accepted_by, one(world([target()], { me: MINH })).may_accept], ["Lê Thị Hoa", false]);
});

test("of two splits the one made last stands, and its sum is shown against the target", () => {
  const parts = (n) => [{ member: 7, amount: n }, { member: 8, amount: 1 }];
  const records = [said("target.split", { parts: parts(5) }, { made_at: NOON + 2 }), said("target.split", { parts: parts(9) }, { made_at: NOON + 1 })];
  const line = one(world([target()], { records }));
  assert.deepEqual([line.sum, line.unshared, line.mine, line.split_sync, line.shares.map((s) => s.name)], [6, -2, 5, "unsent", ["Đinh Thị Lan", "Võ Văn Minh"]]);
  const told = one(world([target({ parts: [[8, 3]], split: NOON + 9, split_id: "x" })], { records }));
  assert.deepEqual([told.sum, told.unshared, told.split_sync], [3, 1, "sent"]);
  assert.deepEqual(evenly(10, [7, 8, 9]), { 7: 4, 8: 3, 9: 3 });
});

test("tasks that are late come first, those that are done last, and a mark made here shows at once", () => {
  const task = (id, due, state = "open") => ({ id, team: 3, text: id, due, state, note: "", marked: 0, marked_id: "" });
  const rows = [task("done", "2026-08-01", "done"), task("next", "2026-08-20"), task("late", "2026-08-14", "doing")];
  const shown = (records = []) => tasks(world([], { tasks: rows, records }), NOON).lines.map((l) => [l.id, l.state, l.sync]);
  assert.deepEqual(shown(), [["late", "late", "sent"], ["next", "open", "sent"], ["done", "done", "sent"]]);
  assert.deepEqual(shown([said("task.mark", { task: "late", state: "done", note: "Xong" })]).at(-1), ["late", "done", "unsent"]);
});

test("a list that is given whole takes the place of the one before", async () => {
  const [phone, page] = await joined();
  phone.server.rows = { targets: [target({ id: "a" }), target({ id: "b" })], target_counts: { a: 1 }, tasks: [] };
  await page.run(() => page.sync.kick());
  phone.server.rows = { targets: [target({ id: "b" })] };
  await page.run(() => page.sync.kick());
  assert.deepEqual([(await page.db.getFact("targets")).map((t) => t.id), await page.db.getFact("target_counts")], [["b"], { a: 1 }]);
  phone.server.rows = {};
  await page.run(() => page.sync.kick());
  assert.equal((await page.db.getFact("targets")).length, 1);
});
