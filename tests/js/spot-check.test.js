// The random share that a leader looks at one by one: the same on every phone, and of the size that was set.
import assert from "node:assert/strict";
import { test } from "node:test";
import { uuidv7 } from "uuidv7";
import { drawn } from "../../fieldapp/device/spot-check.js";

const day = (n) => Array.from({ length: n }, () => ({ id: uuidv7() }));

test("the share is the one that was set", () => {
  const visits = day(20000);
  for (const percent of [1, 5, 20]) {
    const share = (100 * drawn(visits, percent).size) / visits.length;
    assert.ok(Math.abs(share - percent) < percent / 4 + 0.3, `${share} of ${percent}`);
  }
  assert.deepEqual([drawn(visits, 0).size, drawn(visits, 100).size], [0, 20000]);
});

test("of ten there is at least one, of fewer there may be none", () => {
  const sizes = Array.from({ length: 300 }, () => drawn(day(10), 1).size);
  assert.ok(sizes.every((size) => size >= 1));
  assert.ok(Array.from({ length: 300 }, () => drawn(day(9), 1).size).some((size) => size === 0));
});

test("every phone draws the same, whatever the order, and a correction draws no second time", () => {
  const visits = day(200);
  const first = drawn(visits, 5);
  assert.deepEqual([...drawn(visits.toReversed(), 5)].sort(), [...first].sort());
  const mended = visits.map(({ id }) => ({ id: `new ${id}`, root: id }));
  assert.deepEqual([...drawn(mended, 5)].sort(), [...first].map((id) => `new ${id}`).sort());
});
