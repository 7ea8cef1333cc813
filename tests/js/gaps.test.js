// What is missing, and where: shares by platform and the households behind them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AT_FIRST, gaps } from "../../fieldapp/device/gaps.js";

const TODAY = "2026-11-23";
const platform = (code, gone = false) => ({ code, short_vi: code, short_en: code, icon: "globe", steps: [], gone });
const home = (id, number, rungs = {}, village = 11) => [id, { id, village, number, head: `Hồ ${number}`, last: null, rungs }];
const DATA = {
  me: { villages: [{ id: 11, name: "Đông Hòa" }, { id: 12, name: "Tây Hòa" }] },
  platforms: [platform("VNEID"), platform("DVC"), platform("OLD", true)],
  households: new Map([home("a", "10", { VNEID: [3, TODAY] }), home("b", "2", { VNEID: [1, TODAY], OLD: [3, TODAY] }), home("c", "1A"), home("d", "21", {}, 12)]),
};
const of = (ui = {}, visits = []) => gaps(DATA, visits, { ...AT_FIRST, ...ui }, "vi");

test("each platform says how many households it has reached and how far; the widest gap stands first", () => {
  assert.deepEqual(of().platforms.map((p) => [p.code, p.reached, p.missing, p.introduced, p.installed, p.independent, p.percent]), [
    ["DVC", 0, 4, 0, 0, 0, 0], ["VNEID", 2, 2, 1, 0, 1, 50],
  ]);
});

test("behind a platform stand the households that lack it, in the order of their numbers, and search finds one", () => {
  assert.deepEqual([of({ platform: "VNEID" }).lines.map((line) => line.number), of({ platform: "VNEID" }).found], [["1A", "21"], 2]);
  assert.deepEqual(of({ platform: "VNEID", query: "ho 2" }).lines.map((line) => line.id), ["d"]);
  const { lines, more, found } = of({ platform: "DVC", shown: 3 });
  assert.deepEqual([lines.length, more, found], [3, true, 4]);
});

test("one village at a time, and a village without households divides by nothing", () => {
  assert.deepEqual([of({ village: 12 }).total, of({ village: 12, platform: "VNEID" }).lines.map((l) => l.id)], [1, ["d"]]);
  assert.deepEqual(of({ village: 99 }).platforms.map((p) => p.percent), [0, 0]);
});

test("a visit that is still on this phone has reached its household", () => {
  const visit = { id: "v", household: "c", state: "unsent", day: TODAY, outcomes: [{ platform: "VNEID", result: "installed" }] };
  assert.deepEqual(of({ platform: "VNEID" }, [visit]).lines.map((line) => line.id), ["d"]);
});
