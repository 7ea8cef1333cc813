// What officers do past the socket: nobody is shown the way out while their session lives on.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./life.js";
import { json, offline, problem, serve } from "./phone.js";

const { LeaveButton } = await import("../../fieldapp/device/desk.js");

// Taps the button, and says what was asked, where the page went and whether the tab still shows what it showed.
async function leave(answer) {
  const went = [];
  let cleared = false;
  globalThis.location = { assign: (path) => went.push(path) };
  globalThis.sessionStorage = { clear: () => (cleared = true) };
  const requests = serve(["DELETE", "session", answer]);
  const button = LeaveButton().children.find((child) => child?.type === "button");
  await button.props.onClick();
  await new Promise((done) => setImmediate(done));
  return [requests.map((r) => r.headers["X-Slot"]), went, cleared];
}

test("an officer whose session has ended leaves, also where it had ended before", async () => {
  assert.deepEqual(await leave(() => json({})), [["desk"], ["/"], true]);
  assert.deepEqual(await leave(() => problem(401, "not_signed_in")), [["desk"], ["/"], true]);
});

for (const [name, answer] of Object.entries({ "the network is gone": offline, "the server is busy": () => problem(503, "busy"), "it is refused": () => problem(403, "wrong_origin") })) {
  test(`an officer stays signed in, and on the page, while ${name}`, async () => {
    assert.deepEqual(await leave(answer), [["desk"], [], false]);
  });
}
