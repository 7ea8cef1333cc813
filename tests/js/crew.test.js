// The team as its leader sees it: whose work counts, who has been quiet, what phones said of themselves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crew } from "../../fieldapp/device/crew.js";

const NOON = Date.parse("2026-11-25T05:00:00Z"); // a Wednesday
const [TODAY, MONDAY, SUNDAY] = ["2026-11-25", "2026-11-23", "2026-11-22"];
const people = [
  { id: 9, name: "Võ Văn Minh", role: "member", since: "2025-07-01", devices: [] },
  { id: 8, name: "Đinh Thị Lan", role: "member", since: "2025-07-01", devices: [{ id: "d", label: "Android 14", heard: NOON, unsent: 3 }] },
  { id: 7, name: "Trần Văn Bình", role: "leader", since: "2025-07-01" },
];
const phone = (more = {}) => ({ me: { id: 7, villages: [{ id: 11, led: true }], people, ...more }, pulled_at: NOON });
let made = 0;
const visit = (more = {}) => ({ id: `v${made++}`, author: 8, household: "h1", day: TODAY, state: "waiting", outcomes: [{ platform: "VNEID", result: "installed" }], ...more });
const of = (name, visits, data = phone()) => crew(data, visits, NOON).people.find((person) => person.name.endsWith(name));

test("each person's work today and this week, by lượt and by household", () => {
  const visits = [
    visit({ outcomes: [{ platform: "VNEID", result: "installed" }, { platform: "DVC", result: "introduced" }] }),
    visit({ state: "approved" }), visit({ household: "h2", outcomes: [{ platform: "DVC", result: "absent" }] }),
    visit({ day: MONDAY, household: "h3" }), visit({ day: SUNDAY, household: "h4" }), visit({ state: "parked", household: "h5" }),
  ];
  const { today_support, today_households, week_support, week_households } = of("Lan", visits);
  assert.deepEqual([today_support, today_households, week_support, week_households], [4, 1, 5, 2]);
});

test("whoever leads stands first, then by the name that people are called by", () => {
  assert.deepEqual(crew(phone(), [], NOON).people.map((p) => [p.id, p.is_me]), [[7, true], [8, false], [9, false]]);
});

test("no visit for seven days is quiet, and somebody new is not", () => {
  const days = { "2026-11-18": true, "2026-11-19": false };
  for (const [day, quiet] of Object.entries(days)) assert.equal(of("Lan", [visit({ day })]).quiet, quiet, day);
  assert.deepEqual([of("Minh", []).quiet, of("Minh", []).last], [true, ""]);
  const fresh = phone({ people: [{ ...people[0], since: "2026-11-20" }] });
  assert.equal(of("Minh", [], fresh).quiet, false);
  assert.equal(crew(phone(), [visit()], NOON).quiet, 2);
});

test("a phone says when it was heard, what it holds, and until when it sends", () => {
  const [line] = of("Lan", []).phones;
  assert.deepEqual([line.heard, line.unsent, line.closing], ["12:00 25/11", 3, false]);
  const closing = phone({ people: [{ ...people[0], devices: [{ id: "e", label: "", heard: null, unsent: null, sends_until: Date.parse("2026-12-20T05:00:00Z") }] }] });
  const [last] = of("Minh", [], closing).phones;
  assert.deepEqual([last.heard, last.unsent, last.closing, last.until], ["", 0, true, "20/12"]);
  assert.deepEqual([of("Minh", []).below, of("Bình", []).below], [true, false]);
});
