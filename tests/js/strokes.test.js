// A finger over a picture: where it is, how wide it is, and how it is taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as strokes from "../../fieldapp/device/strokes.js";

const SHOWN = { left: 20, top: 100, width: 320, height: 240 };
const SIZE = { width: 1280, height: 960 };
const at = (clientX, clientY) => strokes.reach({ clientX, clientY }, SHOWN, SIZE);

test("a finger is where it is on the picture, however small that is shown, and a thumb wide", () => {
  assert.deepEqual(at(20, 100), { x: 0, y: 0, width: 224 });
  assert.deepEqual(at(180, 220), { x: 640, y: 480, width: 224 });
  assert.equal(strokes.reach({ clientX: 0, clientY: 0 }, { ...SHOWN, width: 1280 }, SIZE).width, 56);
});

test("the last stroke is taken back, whole", () => {
  const one = strokes.goOn(strokes.begin([], at(20, 100)), at(180, 220));
  const two = strokes.goOn(strokes.begin(one, at(40, 100)), at(60, 100));
  assert.deepEqual(two.map((stroke) => stroke.points.length), [2, 2]);
  assert.deepEqual(strokes.undo(two), one);
  assert.deepEqual(strokes.undo([]), []);
});

test("one stroke covers all of the picture, corners too", () => {
  for (const size of [SIZE, { width: 720, height: 1280 }, { width: 9, height: 9 }]) {
    const { width, points: [[x, y]] } = strokes.everything(size);
    assert.ok(width / 2 >= Math.hypot(x, y));
  }
});

test("few blocks are left of a picture, and at least one", () => {
  assert.deepEqual(strokes.blocks(SIZE), { width: 24, height: 18 });
  assert.deepEqual(strokes.blocks({ width: 720, height: 1280 }), { width: 14, height: 24 });
  assert.deepEqual(strokes.blocks({ width: 1, height: 1 }), { width: 1, height: 1 });
});
