// A phone for tests: its storage in memory, its clock and timers stopped, and a server that a test speaks for.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { mock } from "node:test";

export const EPOCH = "first-life";
export const NOW = Date.parse("2026-11-23T03:00:00Z");
export const ME = {
  id: 7, name: "Đinh Thị Lan", role: "member", team: "Tổ thôn Đông Hòa", commune: { id: 2, name: "Sơn Tịnh", contact: null },
  villages: [{ id: 11, name: "Thôn Đông Hòa", division: "thon", led: false }], people: [{ id: 7, name: "Đinh Thị Lan", role: "member" }],
};

mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });

const db = await import("../../fieldapp/device/db.js");
export const outbox = await import("../../fieldapp/device/outbox.js");
export const sync = await import("../../fieldapp/device/sync.js");
export const photos = await import("../../fieldapp/device/photos.js");
export { db };

// A phone without anything on it, whose owner has joined.
export async function freshPhone(me = ME) {
  db.close();
  globalThis.indexedDB = new IDBFactory();
  if (me) await db.setFact("me", me);
}

// Answers every request by the first route that knows its path; gives the requests, as they came.
// A route is [method, beginning of the path under /api/v1/, answer]; an answer is made from the request's JSON or bytes.
export function serve(...routes) {
  const requests = [];
  globalThis.fetch = async (url, { method, body, headers }) => {
    const path = url.replace("/api/v1/", "");
    const content = typeof body === "string" ? JSON.parse(body) : body;
    requests.push({ method, path, content, headers, text: body });
    const route = routes.find(([verb, begins]) => verb === method && path.startsWith(begins));
    if (!route) throw new Error(`nobody answers ${method} ${path}`);
    return route[2](content, requests.at(-1));
  };
  return requests;
}

export const json = (content, status = 200) => new Response(JSON.stringify(content), { status, headers: { "content-type": "application/json" } });
export const problem = (status, code) => json({ problem: { code } }, status);
export const offline = () => Promise.reject(new TypeError("fetch failed"));

export const pushed = (results, epoch = EPOCH, server_time = Date.now()) => json({ results, epoch, server_time });
export const created = ({ records }) => pushed(records.map(({ id }) => ({ id, result: "created" })));
export const page = (more = {}) => json({ epoch: EPOCH, reset: false, left: [], me: ME, cursor: "c1", more: false, server_time: Date.now(), ...more });

export const pull = ["GET", "sync/pull", () => page()];
export const push = (answer = created) => ["POST", "sync/push", answer];

// Syncs once, whatever wait or run there is. The timer that a run leaves behind stays asleep until a test ticks.
export async function syncOnce() {
  await sync.kick();
  await settled();
}

// Until nothing that was begun goes on: storage in memory answers within some turns of the event loop.
export async function settled(turns = 120) {
  for (let i = 0; i < turns; i++) await new Promise((done) => setImmediate(done));
}

export const states = async () => Object.fromEntries((await outbox.list()).map((r) => [r.id, r.state]));

// A record as a draft makes it.
export const record = (id, more = {}) => ({
  id, kind: "visit.create", schema: 1, author: ME.id, made_at: Date.now(), replaces: null, payload: visitPayload(), ...more,
});
export const visitPayload = (more = {}) => ({
  household: "h1", mode: "home", beneficiary: "person", people: 1, outcomes: [{ platform: "VNEID", result: "installed", steps: [], come_back_on: null }],
  identified_by: "list", card: null, note: "", photos: [], ...more,
});

// A picture's bytes with the name that its hash gives it.
export async function picture(text) {
  const bytes = new TextEncoder().encode(text).buffer;
  return { sha256: await photos.sha256(bytes), bytes, type: "image/jpeg" };
}
