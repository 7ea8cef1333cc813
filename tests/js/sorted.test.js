// What the phone learns from the commune: held records that were sorted, visits that were reopened.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { db, freshPhone, ME, NOW, outbox, page, photos, picture, pull, push, pushed, record, serve, syncOnce, visitPayload } from "./phone.js";
import * as drafts from "../../fieldapp/device/draft.js";
import * as views from "../../fieldapp/device/views.js";
import * as waiting from "../../fieldapp/device/waiting.js";

const DAY = 86400000;
const held = ({ records }) => pushed(records.map(({ id }) => ({ id, result: "held", reason: "seat_unclear" })));
const telling = (...sorted) => ["GET", "sync/pull", () => page({ sorted })];
const known = async () => Object.fromEntries((await outbox.list()).map((r) => [r.id, r]));

beforeEach(async () => {
  mock.timers.setTime(NOW);
  await freshPhone();
});

async function heldRecords(...ids) {
  await outbox.add(ids.map((id) => record(id)));
  serve(push(held), pull);
  await syncOnce();
}

test("a held record that was accepted is a sent one, and one that was refused is parked with the reason", async () => {
  await heldRecords("a", "b", "c");
  serve(telling(
    { id: "a", result: "created" },
    { id: "b", result: "invalid", code: "held_refused", reason: "Không có hộ này" },
    { id: "unknown", result: "created" },
  ));
  await syncOnce();
  const { a, b, c } = await known();
  assert.deepEqual([a.state, a.result], ["sent", "created"]);
  assert.deepEqual([b.state, b.code, b.detail.reason], ["parked", "held_refused", "Không có hộ này"]);
  assert.deepEqual([c.state, c.result], ["sent", "held"]);
});

test("the same news again changes nothing, also of a record that was put away meanwhile", async () => {
  await heldRecords("a");
  const refused = { id: "a", result: "invalid", code: "held_refused", reason: "Sai" };
  serve(telling(refused));
  await syncOnce();
  await outbox.dismiss("a");
  await syncOnce();
  assert.equal((await known()).a.dismissed, true);
});

test("a refused record is mended into one in its place", async () => {
  await heldRecords("a");
  serve(telling({ id: "a", result: "invalid", code: "held_refused", reason: "Sai hộ" }));
  await syncOnce();
  const data = { me: ME, platforms: [], households: new Map(), cards: new Map(), visits: new Map(), records: await outbox.list(), photos: [] };
  const [visit] = views.allVisits(data, 0);
  assert.deepEqual([visit.state, waiting.outbox(data, [visit], { phase: "idle" }, true, "vi").parked[0].reason], ["parked", "Sai hộ"]);
  const [mended] = drafts.toRecords(drafts.mend(visit, data.records), [], ME.id, NOW).slice(-1);
  assert.deepEqual([mended.kind, mended.replaces], ["visit.create", null]);
});

test("photos of a held visit go when it is accepted", async () => {
  const photo = await picture("one");
  await outbox.add([record("a", { payload: visitPayload({ photos: [{ sha256: photo.sha256, bytes: photo.bytes.byteLength, type: photo.type }] }) })], { photos: [{ ...photo, visit: "a" }] });
  serve(push(held), pull);
  await syncOnce();
  assert.deepEqual(await photos.waiting(), []);
  await outbox.takeSorted([{ id: "a", result: "created" }], NOW);
  assert.deepEqual(await photos.waiting(), [{ visit: "a", sha256: photo.sha256 }]);
});

test("a refused record that an earlier try brought after all waits to be sorted; nothing else hears that it is held", async () => {
  await outbox.add([record("late"), record("twin"), record("done"), record("new")]);
  await outbox.settle([{ id: "late", result: "invalid", code: "visit_unknown" }, { id: "twin", result: "differs" }, { id: "done", result: "created" }], NOW);
  await outbox.takeSorted(["late", "twin", "done", "new"].map((id) => ({ id, result: "held", reason: "base_missing" })), NOW);
  const now = await known();
  assert.deepEqual(["late", "twin", "done", "new"].map((id) => [now[id].state, now[id].result ?? null]), [["sent", "held"], ["parked", "differs"], ["sent", "created"], ["ready", null]]);
  assert.deepEqual([now.late.code, now.late.detail.reason], [null, "base_missing"]);
});

test("what is held is kept however long it takes to be sorted", async () => {
  await heldRecords("a", "b");
  await outbox.takeSorted([{ id: "b", result: "created" }], NOW);
  await outbox.sweep(NOW + 90 * DAY);
  assert.deepEqual(Object.keys(await known()), ["a"]);
});

const LEADER = { ...ME, villages: [{ ...ME.villages[0], led: true }] };
const decision = record("d", { kind: "review.decide", state: "sent", result: "created", payload: { visits: [{ visit: "v" }], verdict: "approve" } });
const reviewed = (more) => {
  const visit = { id: "v", ...visitPayload(), author: 9, author_name: "Y", village: 11, made_at: NOW, day: "2026-11-23", state: "waiting", flags: [], ...more };
  const data = { me: LEADER, platforms: [], households: new Map(), cards: new Map(), visits: new Map([["v", visit]]), records: [decision], photos: [] };
  return { shown: views.allVisits(data, 0), data };
};

test("a visit that the commune reopened waits again on the phone that approved it, among the doubtful", () => {
  assert.equal(reviewed().shown[0].state, "approved");
  const { shown, data } = reviewed({ undone: ["d"], reason_code: "reopened", reason: "Sai số người" });
  assert.equal(shown[0].state, "waiting");
  const [day] = views.review(data, shown, NOW, "vi").days;
  assert.deepEqual([day.clean_count, day.flagged_count, day.flagged[0].reason], [0, 1, "Sai số người"]);
});

test("a visit for which a decision waits on the server stays decided on the phone that decided it", () => {
  const waits = { state: "sent", result: "held", detail: { reason: "base_missing", visits: { v: { result: "held" } } } };
  const visit = { id: "v", ...visitPayload(), author: 9, author_name: "Y", village: 11, made_at: NOW, day: "2026-11-23", state: "waiting", flags: [] };
  const data = { me: LEADER, platforms: [], households: new Map(), cards: new Map(), visits: new Map([["v", visit]]), records: [{ ...decision, ...waits }], photos: [] };
  assert.equal(views.allVisits(data, 0)[0].state, "approved");
});

test("storage in which nothing is held hears the news without harm", async () => {
  await outbox.takeSorted([{ id: "x", result: "created" }], NOW);
  assert.deepEqual(await db.getAll("records"), []);
});
