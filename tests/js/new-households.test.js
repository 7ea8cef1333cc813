// Households met at the door: what the leader sees, and how answers show before the server has heard them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { freshPhone, ME, page, serve, sync } from "./phone.js";
import * as db from "../../fieldapp/device/db.js";
import { choices, newHouseholds, standing } from "../../fieldapp/device/new-households.js";

const LEADER = { ...ME, name: "Trần Văn Bình", villages: [{ id: 11, name: "Đông Hòa", led: true }, { id: 12, name: "Tây Hòa", led: false }] };
const home = (id, number, more = {}) => ({ id, village: 11, number, head: null, new: false, rungs: {}, ...more });
const fresh = (id, number, more = {}) => home(id, number, { new: true, by: "Lan", made_at: 1000, ...more });
const mapOf = (rows) => new Map(rows.map((row) => [row.id, row]));
const confirm = (payload, more = {}) => ({ kind: "household.confirm", state: "ready", payload, ...more });
const phone = (rows, records = [], merged = {}) => ({ me: LEADER, records, households: standing(mapOf(rows), records, merged) });
const waiting = (data) => newHouseholds(data).lines.map((line) => line.id);

test("the leader sees the new households of villages that they lead, likely doubles first", () => {
  const data = phone([
    home("h12", "12", { head: "Hồ Thị Sen" }), home("h7", "7", { head: "Đinh Văn A" }),
    fresh("n1", "99", { made_at: 1 }), fresh("n2", "012"), fresh("n3", "7", { head: "dinh van a", made_at: 5 }), fresh("far", "7", { village: 12 }),
  ]);
  const { lines, count } = newHouseholds(data);
  assert.equal(count, 3);
  assert.deepEqual(lines.map((l) => [l.id, l.likely.map((o) => o.id)]), [["n3", ["h7"]], ["n2", ["h12"]], ["n1", []]]);
  assert.deepEqual([lines[1].by, lines[1].village], ["Lan", "Đông Hòa"]);
});

test("of two likely doubles the one with number and head is first", () => {
  const data = phone([home("a", "5"), home("b", "5", { head: "Hồ Thị Sen" }), home("c", "6", { head: "Hồ Thị Sen" }), fresh("n", "5", { head: "Hồ Thị Sen" })]);
  assert.equal(newHouseholds(data).lines[0].likely[0].id, "b");
  assert.equal(newHouseholds(data).lines[0].likely.length, 3);
});

test("a leader's own new household names the leader, before the server has it", () => {
  const data = phone([{ ...home("n", "9"), new: true }], [{ kind: "household.add", state: "ready", made_at: Date.now(), payload: { household: "n" } }]);
  assert.equal(newHouseholds(data).lines[0].by, "Trần Văn Bình");
});

test("an answer shows at once: confirmed under its number, or found under the household that it was", () => {
  const rows = [home("h", "12"), fresh("n", "21"), fresh("m", "120")];
  const data = phone(rows, [confirm({ household: "n", number: "12b", head_name: "Sen" }), confirm({ household: "m", into: "h" })]);
  assert.deepEqual(waiting(data), []);
  assert.deepEqual([data.households.get("n").number, data.households.get("n").new], ["12b", false]);
  assert.equal(data.households.get("m").id, "h");
  assert.deepEqual([...data.households.values()].map((h) => h.id), ["h", "n"]);
});

test("an answer that was refused or came second leaves the household waiting", () => {
  for (const more of [{ state: "parked" }, { state: "sent", result: "superseded" }]) {
    assert.deepEqual(waiting(phone([fresh("n", "21")], [confirm({ household: "n", number: "21" }, more)])), ["n"]);
  }
});

test("a household merged twice is found where it ended", () => {
  const data = phone([home("h", "12")], [], { a: "b", b: "h" });
  assert.equal(data.households.get("a").id, "h");
  assert.equal(data.households.get("nobody"), undefined);
});

test("households to merge with are of the same village, found by number or name without marks", () => {
  const data = phone([fresh("n", "9"), home("a", "12", { head: "Đinh Thị Lan" }), home("b", "2"), home("c", "3", { village: 12 })]);
  assert.deepEqual(choices(data, "n", "").map((h) => h.id), ["b", "a"]);
  assert.deepEqual(choices(data, "n", "dinh lan").map((h) => h.id), ["a"]);
});

test("a pull that tells of a merge leaves the old id with the household that stands", async () => {
  await freshPhone();
  const first = page({ households: [home("h", "12"), fresh("n", "21")] });
  const second = page({ cursor: "c2", households: [{ ...fresh("n", "21"), gone: true, into: "h" }], tombstones: [{ kind: "households", id: "n" }] });
  for (const answer of [first, second]) {
    serve(["GET", "sync/pull", () => answer]);
    await sync.pullChanges();
  }
  assert.deepEqual((await db.getAll("households")).map((row) => row.id), ["h"]);
  assert.deepEqual(await db.getFact("merged"), { n: "h" });
});
