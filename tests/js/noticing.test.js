// Being told while closed: asked of the browser, then of the server; said again where either forgot.
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, freshPhone, json, offline, serve } from "./phone.js";

const KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const push = { answer: "granted", endpoint: "https://push.example.com/1", asked: [], stale: false, ended: 0 };
const subscription = () => ({
  endpoint: push.endpoint,
  toJSON: () => ({ endpoint: push.endpoint, keys: { p256dh: "AB+/c=", auth: "de+/==" } }),
  unsubscribe: async () => ([push.stale, push.ended] = [false, push.ended + 1]),
});
const pushManager = {
  async subscribe(options) {
    if (push.stale) throw new DOMException("another key", "InvalidStateError");
    push.asked.push(options);
    return subscription();
  },
  getSubscription: async () => subscription(),
};
Object.defineProperty(globalThis, "navigator", { value: { onLine: true, userAgent: "", serviceWorker: { ready: Promise.resolve({ pushManager }) } }, configurable: true });
globalThis.PushManager = class {};
globalThis.Notification = class {
  static get permission() {
    return push.answer;
  }
  static requestPermission = async () => push.answer;
};
const noticing = await import("../../fieldapp/device/noticing.js");

const GIVEN = { endpoint: push.endpoint, p256dh: "AB-_c", auth: "de-_", locale: "vi" };
const server = (on = true, key = KEY) => serve(["GET", "notices", () => json({ key, on })], ["POST", "notices", () => json({})], ["DELETE", "notices", () => json({})]);
const sent = (requests, method) => requests.filter((r) => r.method === method).map((r) => r.content);

test("a yes reaches the server with the browser's keys, and is kept", async () => {
  await freshPhone();
  const requests = server();
  assert.equal(await noticing.turnOn(KEY, "vi"), true);
  assert.deepEqual(sent(requests, "POST"), [GIVEN]);
  assert.deepEqual([push.asked.at(-1).userVisibleOnly, push.asked.at(-1).applicationServerKey.length], [true, 65]);
  assert.deepEqual(await db.getFact("notices"), { on: true, endpoint: push.endpoint, locale: "vi" });
});

test("a no of the browser asks nothing of the server", async () => {
  await freshPhone();
  const requests = server();
  push.answer = "denied";
  assert.equal(await noticing.turnOn(KEY, "vi"), false);
  push.answer = "granted";
  assert.deepEqual([requests.length, await db.getFact("notices")], [0, undefined]);
});

test("without network nothing is called on, and nothing off", async () => {
  await freshPhone();
  serve(["POST", "notices", offline], ["DELETE", "notices", offline]);
  await assert.rejects(noticing.turnOn(KEY, "vi"), { kind: "offline" });
  assert.equal(await db.getFact("notices"), undefined);
  await db.setFact("notices", { on: true });
  await assert.rejects(noticing.turnOff(), { kind: "offline" });
  assert.deepEqual(await db.getFact("notices"), { on: true });
});

test("off is off for this person; the browser's own subscription stays for the others", async () => {
  await freshPhone();
  const requests = server();
  await noticing.turnOn(KEY, "vi");
  await noticing.turnOff();
  assert.equal(sent(requests, "DELETE").length, 1);
  assert.deepEqual([await db.getFact("notices"), push.ended], [{ on: false, declined: true }, 0]);
  await noticing.renew("vi");
  assert.equal(sent(requests, "GET").length, 0);
});

test("what either side forgot is said again at the next start, and nothing where all is well", async () => {
  await freshPhone();
  server();
  await noticing.turnOn(KEY, "vi");
  const well = server();
  await noticing.renew("vi");
  assert.deepEqual(sent(well, "POST"), []);
  const forgot = server(false);
  await noticing.renew("vi");
  assert.deepEqual(sent(forgot, "POST"), [GIVEN]);
  push.endpoint = "https://push.example.com/2";
  const moved = server();
  await noticing.renew("vi");
  assert.deepEqual(sent(moved, "POST"), [{ ...GIVEN, endpoint: push.endpoint }]);
  const silent = server(false, "");
  await noticing.renew("vi");
  assert.deepEqual(sent(silent, "POST"), []);
});

test("a subscription for an earlier key makes way for one that works", async () => {
  await freshPhone();
  server();
  push.stale = true;
  assert.equal(await noticing.turnOn(KEY, "vi"), true);
  assert.equal(push.ended, 1);
});
