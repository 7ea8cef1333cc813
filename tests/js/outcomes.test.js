// What outcomes mean for a household: taught again, asked to come back, how far it has come.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueBack, reachedBy, taughtBefore } from "../../fieldapp/device/outcomes.js";

const DAY = 86400000;
const TODAY = "2026-11-23";
const NOON = Date.parse(`${TODAY}T05:00:00Z`);
let made = 0;
const visit = (days, outcomes, more = {}) => ({ id: `v${++made}`, author: 7, household: "h1", state: "approved", day: TODAY, made_at: NOON - days * DAY, outcomes, ...more });
const again = (on, platform = "VNEID") => ({ platform, result: "come_back", come_back_on: on });
const did = (result, platform = "VNEID") => ({ platform, result });
const due = (...visits) => dueBack(visits, 7, TODAY).map(({ visit: { id }, on, platforms }) => [id, on, platforms]);

test("a household is due on its day, stays due, and not before", () => {
  const [today, late, later] = [visit(7, [again(TODAY)]), visit(9, [again("2026-11-21")], { household: "h2" }), visit(1, [again("2026-11-24")], { household: "h3" })];
  assert.deepEqual(due(today, late, later), [[late.id, "2026-11-21", ["VNEID"]], [today.id, TODAY, ["VNEID"]]]);
  assert.deepEqual(due(visit(60, [again("2026-10-01")])), []);
});

for (const [name, later, left] of [
  ["by anybody's visit that names the platform", (v) => [{ ...v, author: 8 }], []],
  ["not where nobody was at home", (v) => [{ ...v, outcomes: [did("absent")] }], ["VNEID"]],
  ["not by a visit for something else", (v) => [{ ...v, outcomes: [did("installed", "DVC")] }], ["VNEID"]],
  ["not by a visit that the server refused", (v) => [{ ...v, state: "parked" }], ["VNEID"]],
]) {
  test(`an appointment is kept: ${name}`, () => {
    assert.deepEqual(due(visit(7, [again(TODAY)]), ...later(visit(1, [did("installed")]))).flatMap(([, , platforms]) => platforms), left);
  });
}

test("who asks to come back once more has one appointment, the new one", () => {
  const [first, second] = [visit(9, [again("2026-11-20")]), visit(2, [again(TODAY)])];
  assert.deepEqual(due(first, second), [[second.id, TODAY, ["VNEID"]]]);
});

test("of two platforms only the open one is left, and appointments are their author's", () => {
  const both = visit(7, [again(TODAY), again(TODAY, "DVC")]);
  assert.deepEqual(due(both, visit(3, [did("independent", "DVC")])), [[both.id, TODAY, ["VNEID"]]]);
  assert.deepEqual(due(visit(7, [again(TODAY)], { author: 8 })), []);
});

test("an appointment of a household that was merged is kept at the other", () => {
  const [before, after] = [visit(7, [again(TODAY)], { household: "old" }), visit(1, [did("installed")], { household: "h1" })];
  assert.deepEqual(dueBack([before, after], 7, TODAY, (id) => (id === "old" ? "h1" : id)), []);
});

test("taught before is what helped before, with its steps, without the visit that is mended", () => {
  const visits = [
    visit(5, [{ ...did("installed", "GHS"), steps: ["register"] }]), visit(3, [{ ...did("installed", "GHS"), steps: ["photos"] }, did("declined")]),
    visit(1, [did("introduced", "DVC")], { household: "h2" }), visit(1, [did("installed", "SSK")], { state: "parked" }),
  ];
  assert.deepEqual([...taughtBefore(visits, "h1")], [["GHS", new Set(["register", "photos"])]]);
  assert.deepEqual([...taughtBefore(visits, "h1", NOON - 4 * DAY)], [["GHS", new Set(["register"])]]);
  assert.deepEqual([...taughtBefore(visits, "h1", Infinity, visits[0].id)], [["GHS", new Set(["photos"])]]);
});

test("how far a household is: the server's word, and over it what this phone has not sent", () => {
  const households = new Map([["h1", { id: "h1", rungs: { VNEID: [2, "2026-11-01"] } }], ["h2", { id: "h2" }]]);
  const reached = reachedBy(households, [
    visit(0, [did("independent")], { state: "unsent" }), visit(0, [did("introduced", "DVC")], { state: "sent", household: "h2" }),
    visit(0, [did("introduced")], { state: "unsent" }), visit(0, [did("independent", "SSK")], { state: "returned" }), visit(0, [did("come_back", "CKS")], { state: "unsent" }),
  ]);
  assert.deepEqual(Object.fromEntries(reached), { h1: { VNEID: [3, TODAY] }, h2: { DVC: [1, TODAY] } });
});
