// Which hint stands where: never before there is a reason, never again once it was sent away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { installHint, noticeHint, noticeState, whatWaits } from "../../fieldapp/device/hints.js";

const phone = { standalone: false, ios: false, offered: true, sent: true, clean: true, later: false };
const asked = { able: true, permission: "default", key: "k", on: false, declined: false, returned: true, waiting: false };

test("the home screen is spoken of after something was sent, where the browser offers it", () => {
  const cases = [
    [{}, "prompt"], [{ sent: false }, ""], [{ standalone: true }, ""], [{ later: true }, ""], [{ offered: false }, ""],
    [{ offered: false, ios: true }, "steps"], [{ offered: false, ios: true, later: true }, ""],
  ];
  for (const [change, hint] of cases) assert.equal(installHint({ ...phone, ...change }), hint, JSON.stringify(change));
});

test("an iPhone's installed app begins empty, so nothing may be left behind in the browser", () => {
  assert.equal(installHint({ ...phone, offered: false, ios: true, clean: false }), "");
});

test("notices are asked for only when something is there to be told of, and a no is kept", () => {
  const cases = [
    [{}, "returned"], [{ waiting: true }, "log"], [{ returned: false }, ""], [{ able: false }, ""], [{ key: "" }, ""],
    [{ on: true }, ""], [{ declined: true }, ""], [{ permission: "denied" }, ""], [{ permission: "granted" }, "returned"],
  ];
  for (const [change, hint] of cases) assert.equal(noticeHint({ ...asked, ...change }), hint, JSON.stringify(change));
});

test("what is said of notices is what this phone can do about them", () => {
  const cases = [
    [{}, "is_off"], [{ on: true }, "is_on"], [{ permission: "denied" }, "blocked"], [{ key: "" }, ""],
    [{ able: false }, "unable"], [{ able: false, ios: true }, "needs_install"], [{ able: false, ios: true, standalone: true }, "unable"],
  ];
  for (const [change, said] of cases) assert.equal(noticeState({ ...asked, ...change }), said, JSON.stringify(change));
});

test("one's own visits come back, those of others wait where one leads", () => {
  const me = { id: 7, villages: [{ id: 11, led: true }, { id: 12, led: false }] };
  const visit = (more) => ({ author: 8, village: 11, state: "waiting", ...more });
  const seen = (...visits) => Object.values(whatWaits(visits, me));
  assert.deepEqual(seen(visit({})), [false, true]);
  assert.deepEqual(seen(visit({ author: 7 }), visit({ village: 12 }), visit({ state: "approved" })), [false, false]);
  assert.deepEqual(seen(visit({ author: 7, state: "returned" }), visit({ state: "returned" })), [true, false]);
  assert.deepEqual(seen(visit({ record: { state: "ready" } })), [false, false]);
  assert.deepEqual(Object.values(whatWaits([visit({})], null)), [false, false]);
});
