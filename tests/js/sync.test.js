// The sender: what it does when the network, the server or one record fails, and that it always goes on.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { created, db, EPOCH, freshPhone, NOW, offline, outbox, page, problem, pull, push, pushed, record, serve, settled, states, sync, syncOnce } from "./phone.js";

const pushes = (requests) => requests.filter((r) => r.path === "sync/push");
const idsOf = (request) => request.content.records.map((r) => r.id);

beforeEach(async () => {
  mock.timers.setTime(NOW);
  await freshPhone();
  serve(push(), pull);
  await syncOnce();
  assert.deepEqual([sync.current().phase, sync.current().tries], ["idle", 0]);
});

async function tick(ms) {
  mock.timers.tick(ms);
  await settled();
}

test("records are sent oldest first, fifty at a time, until none waits", async () => {
  const ids = Array.from({ length: 120 }, (_, i) => `r${i}`);
  await outbox.add(ids.map((id) => record(id)));
  const requests = serve(push(), pull);
  await syncOnce();
  assert.deepEqual(pushes(requests).map((r) => r.content.records.length), [50, 50, 20]);
  assert.deepEqual(pushes(requests).flatMap(idsOf), ids);
  assert.deepEqual(pushes(requests).map((r) => r.content.unsent), [70, 20, 0], "the server is told how much stays behind");
  assert.equal(await outbox.unsent(), 0);
});

test("a push says the phone's clock and its slot", async () => {
  await outbox.add([record("a")]);
  const requests = serve(push(), pull);
  await syncOnce();
  const [{ content, headers }] = pushes(requests);
  assert.equal(content.device_time, NOW);
  assert.equal(headers["X-Slot"], "p0");
  assert.ok(content.app_version);
});

test("the clock's error is learnt from every answer", async () => {
  serve(push(), ["GET", "sync/pull", () => page({ server_time: Date.now() + 90000 })]);
  await syncOnce();
  assert.equal(await db.getFact("clock_offset"), 90000);
});

const FAILURES = {
  "no network": offline,
  "a time-out": () => Promise.reject(new DOMException("late", "AbortError")),
  "a server error": () => problem(500, "busy"),
  "a busy server": () => problem(503, "busy"),
  "too many requests": () => problem(429, "locked_out"),
  "too large a batch": () => problem(413, "too_large"),
  "a page of somebody else's network": () => new Response("<h1>Wi-Fi</h1>", { headers: { "content-type": "text/html" } }),
};
for (const [name, answer] of Object.entries(FAILURES)) {
  test(`${name} parks nothing and is tried again later`, async (t) => {
    t.mock.method(console, "error", () => {});
    await outbox.add([record("a"), record("b")]);
    serve(push(answer), pull);
    await syncOnce();
    const { phase, tries, next_at } = sync.current();
    assert.deepEqual([phase, tries], ["waiting", 1]);
    assert.ok(next_at - NOW >= 3750 && next_at - NOW <= 6250, `${next_at - NOW}`);
    assert.deepEqual(await states(), { a: "ready", b: "ready" });
    const requests = serve(push(), pull);
    await tick(6300);
    assert.deepEqual(idsOf(pushes(requests)[0]), ["a", "b"]);
    assert.deepEqual([sync.current().phase, sync.current().tries], ["idle", 0]);
  });
}

test("each failure doubles the wait, with jitter, up to ten minutes", async () => {
  await outbox.add([record("a")]);
  serve(push(offline), pull);
  for (let tries = 1; tries <= 12; tries++) {
    await syncOnce();
    const usual = Math.min(600000, 5000 * 2 ** (tries - 1));
    const wait = sync.current().next_at - Date.now();
    assert.equal(sync.current().tries, tries);
    assert.ok(wait >= usual * 0.75 && wait <= usual * 1.25, `${wait} after ${tries}`);
  }
});

test("a tap cancels the wait", async () => {
  await outbox.add([record("a")]);
  serve(push(offline), pull);
  await syncOnce();
  serve(push(), pull);
  await syncOnce();
  assert.deepEqual(await states(), { a: "sent" });
  assert.equal(sync.current().phase, "idle");
});

test("a session that has ended pauses the queue; after joining again it goes on as if nothing had been", async () => {
  await outbox.add([record("a")]);
  serve(push(() => problem(401, "session_closed")), pull);
  await syncOnce();
  assert.equal(sync.current().phase, "paused");
  assert.deepEqual(await states(), { a: "ready" });
  const silent = serve(push(), pull);
  await tick(700000);
  assert.deepEqual(silent, [], "it does not knock by itself");
  const requests = serve(push(), pull);
  await syncOnce();
  assert.deepEqual(idsOf(pushes(requests)[0]), ["a"]);
  assert.deepEqual(await states(), { a: "sent" });
});

test("an answer that is cut within its body is no answer", async () => {
  await outbox.add([record("a")]);
  const body = () => new ReadableStream({ pull: (c) => c.error(new TypeError("cut")) });
  serve(push(() => new Response(body(), { status: 422 })), pull);
  await syncOnce();
  assert.equal(sync.current().phase, "waiting");
  assert.deepEqual(await states(), { a: "ready" });
});

test("a server that asks for a newer version keeps the outbox as it is", async () => {
  await outbox.add([record("a")]);
  serve(push(() => problem(426, "upgrade")), pull);
  await syncOnce();
  assert.equal(sync.current().phase, "upgrade");
  assert.deepEqual(await states(), { a: "ready" });
});

test("a refused record is parked and stops neither its neighbours nor the next batch", async () => {
  await outbox.add(Array.from({ length: 60 }, (_, i) => record(`r${i}`)));
  const answer = ({ records }) => pushed(records.map(({ id }) => (id === "r3" ? { id, result: "invalid", code: "note_identity", field: "note" } : { id, result: "created" })));
  const requests = serve(push(answer), pull);
  await syncOnce();
  const now = await states();
  assert.equal(now.r3, "parked");
  assert.deepEqual(new Set(Object.entries(now).filter(([id]) => id !== "r3").map(([, state]) => state)), new Set(["sent"]));
  assert.ok(requests.some((r) => r.path.startsWith("sync/pull")), "and what is new still comes");
  const next = serve(push(), pull);
  await syncOnce();
  assert.deepEqual(pushes(next), [], "it is not sent again");
});

for (const [name, results] of Object.entries({
  "an answer in words of a newer server": [{ id: "a", result: "postponed" }],
  "an answer that says nothing of it": [],
})) {
  test(`${name} does not make the phone send without end`, async () => {
    await outbox.add([record("a")]);
    const requests = serve(push(() => (pushes(requests).length < 20 ? pushed(results) : created({ records: [{ id: "a" }] }))), pull);
    await syncOnce();
    assert.equal(pushes(requests).length, 1);
    assert.deepEqual(await states(), { a: "ready" });
    assert.ok(requests.some((r) => r.path.startsWith("sync/pull")), "and what is new still comes");
    await tick(80000);
    assert.equal(pushes(requests).length, 1);
    await tick(20000);
    assert.equal(pushes(requests).length, 2, "it asks again after the usual while");
  });
}

test("a record is sent when its undo window has passed, and not before", async () => {
  await outbox.add([record("a", { hold_until: NOW + 5000 }), record("b")]);
  const requests = serve(push(), pull);
  await syncOnce();
  assert.deepEqual(pushes(requests).map(idsOf), [["b"]]);
  await tick(4900);
  assert.equal(pushes(requests).length, 1);
  await tick(200);
  assert.deepEqual(pushes(requests).map(idsOf), [["b"], ["a"]]);
});

test("an undo window holds nothing back when the clock has been put back", async () => {
  await outbox.add([record("a", { hold_until: NOW + 5000 })]);
  mock.timers.setTime(NOW - 2 * 86400000);
  const requests = serve(push(), pull);
  await syncOnce();
  assert.deepEqual(pushes(requests).map(idsOf), [["a"]]);
});

test("a clock that is put right by months forgets nothing that was just sent", async () => {
  await outbox.add([record("a")]);
  const server = NOW + 40 * 86400000;
  serve(push((content) => pushed(content.records.map(({ id }) => ({ id, result: "created" })), EPOCH, server)), ["GET", "sync/pull", () => page({ server_time: server })]);
  await syncOnce();
  mock.timers.setTime(server);
  serve(push(), ["GET", "sync/pull", () => page({ server_time: server })]);
  await syncOnce();
  assert.deepEqual(await states(), { a: "sent" });
});

test("what is recorded while a push is on its way goes with the next, and its answer settles only its own", async () => {
  await outbox.add([record("a")]);
  const requests = serve(push(async (content) => {
    if (idsOf({ content }).includes("a")) await outbox.add([record("b")]);
    return created(content);
  }), pull);
  await syncOnce();
  assert.deepEqual(pushes(requests).map(idsOf), [["a"], ["b"]]);
  assert.deepEqual(await states(), { a: "sent", b: "sent" });
});

test("two taps at once make one sender, and one more look", async () => {
  await outbox.add([record("a")]);
  const requests = serve(push(), pull);
  await Promise.all([sync.kick(), sync.kick(), sync.kick()]);
  await settled();
  assert.deepEqual(pushes(requests).map(idsOf), [["a"]]);
  assert.equal(requests.filter((r) => r.method === "GET").length, 2);
});

test("another tab's sender is waited for", async () => {
  await outbox.add([record("a")]);
  let free;
  const held = navigator.locks.request("toso-sync", () => new Promise((done) => (free = done)));
  const requests = serve(push(), pull);
  const run = sync.kick();
  await settled();
  assert.deepEqual(requests, []);
  free();
  await Promise.all([held, run]);
  assert.deepEqual(await states(), { a: "sent" });
});

test("a phone that has not joined asks nobody", async () => {
  await freshPhone(null);
  assert.deepEqual(serve(), []);
  await syncOnce();
});

test("a server restored from a backup is given everything again, and asked for everything", async () => {
  await outbox.add([record("a"), record("b")]);
  serve(push(), pull);
  await syncOnce();
  await outbox.add([record("c")]);
  const second = "second-life";
  const first = new Map();
  const requests = serve(
    push(({ records }) => pushed(records.map(({ id }) => ({ id, result: first.has(id) ? "identical" : (first.set(id), "created") })), second)),
    ["GET", "sync/pull", (_, { path }) => page({ epoch: second, reset: !path.endsWith("cursor="), households: [{ id: "h9", village: 11, number: "9" }] })],
  );
  await syncOnce();
  assert.deepEqual(pushes(requests).map(idsOf), [["c"], ["a", "b", "c"]]);
  assert.deepEqual(await states(), { a: "sent", b: "sent", c: "sent" });
  assert.equal(requests.find((r) => r.method === "GET").path, "sync/pull?cursor=");
  assert.deepEqual((await db.getAll("households")).map((h) => h.id), ["h9"]);
});

test("what a restored server refuses, because it lost what came before, is not parked but follows it", async () => {
  await outbox.add([record("house")]);
  serve(push(), pull);
  await syncOnce();
  await outbox.add([record("visit")]);
  const here = new Set();
  const judge = ({ id }) => {
    if (id === "visit" && !here.has("house")) return { id, result: "invalid", code: "household_unknown", field: "household" };
    here.add(id);
    return { id, result: "created" };
  };
  const requests = serve(push(({ records }) => pushed(records.map(judge), "second-life")), ["GET", "sync/pull", () => page({ epoch: "second-life" })]);
  await syncOnce();
  assert.deepEqual(pushes(requests).map(idsOf), [["visit"], ["house", "visit"]]);
  assert.deepEqual(await states(), { house: "sent", visit: "sent" });
});

test("a visit that was refused and is at the server all the same is sent: it cannot be mended into a second one", async () => {
  await outbox.add([record("late"), record("other")]);
  const refused = { late: { result: "invalid", code: "made_in_future" }, other: { result: "differs", code: "differs" } };
  const shown = ["late", "other"].map((id) => ({ id, village: 11, author: 7, photos: [] }));
  serve(push(({ records }) => pushed(records.map(({ id }) => ({ id, ...refused[id] })))), ["GET", "sync/pull", () => page({ visits: shown })]);
  await syncOnce();
  assert.deepEqual(await states(), { late: "sent", other: "parked" });
});

test("a restore that only the pull tells of is heard too", async () => {
  await outbox.add([record("a")]);
  serve(push(), pull);
  await syncOnce();
  const requests = serve(push(({ records }) => pushed(records.map(({ id }) => ({ id, result: "created" })), "second-life")), ["GET", "sync/pull", () => page({ epoch: "second-life" })]);
  await syncOnce();
  assert.deepEqual(pushes(requests).map(idsOf), [["a"]]);
  assert.deepEqual(await states(), { a: "sent" });
});

test("a phone that is switched off while it queues all again does so at the next start", async (t) => {
  await outbox.add([record("a")]);
  serve(push(), pull);
  await syncOnce();
  t.mock.method(console, "error", () => {});
  const second = [push(({ records }) => pushed(records.map(({ id }) => ({ id, result: "created" })), "second-life")), ["GET", "sync/pull", () => page({ epoch: "second-life" })]];
  for (const broken of ["records", "facts"]) {
    const real = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, ...rest) {
      if (this.name === broken && (broken === "records" || value === "second-life" || value === "")) throw new DOMException("off", "AbortError");
      return real.call(this, value, ...rest);
    };
    serve(...second);
    await syncOnce();
    IDBObjectStore.prototype.put = real;
  }
  const requests = serve(...second);
  await syncOnce();
  assert.ok(pushes(requests).flatMap(idsOf).includes("a"));
  assert.deepEqual([await states(), await db.getFact("epoch")], [{ a: "sent" }, "second-life"]);
});
