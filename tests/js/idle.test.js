// A phone that nobody has opened for two months: what was pulled is gone, what was made is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { joined, visit } from "./joined.js";
import { Server } from "./server.js";

const DAYS = 86400000;
const rows = { households: [{ id: "h1", number: "1", head: "Lê Văn Ba", village: 11 }] };

async function after(days) {
  const [phone, page] = await joined("lan", new Phone(Object.assign(new Server(), { rows })));
  phone.server.down = true;
  await page.outbox.add([visit("a")]);
  await page.db.setFact("opened_at", Date.now() - days * DAYS);
  const tab = await phone.tab();
  await tab.starting;
  return { phone, tab };
}

test("within two months everything stays, and the day is noted once", async () => {
  const { tab } = await after(59);
  assert.equal(tab.state.data.households.size, 1);
  assert.ok(Date.now() - (await tab.db.getFact("opened_at")) < DAYS);
});

test("after two months the village is gone, what waits is not, and the next pull brings the rest", async () => {
  const { phone, tab } = await after(61);
  assert.deepEqual([tab.state.data.households.size, (await tab.outbox.list()).map((r) => r.id)], [0, ["a"]]);
  phone.server.down = false;
  await tab.sync.kick();
  await tab.quiet();
  assert.deepEqual([tab.state.data.households.size, phone.server.of("visit.create").length], [1, 1]);
});

test("whoever uses the phone wipes what another has not looked at for two months", async () => {
  const [phone, page] = await joined("lan", new Phone(Object.assign(new Server(), { rows })));
  await page.joining.lookAt("minh");
  await page.actions.join();
  phone.server.down = true;
  await page.db.setFact("opened_at", Date.now() - 61 * DAYS, "p0");
  const tab = await phone.tab();
  await tab.starting;
  assert.deepEqual([tab.db.slot(), (await tab.db.getAll("households", "p0")).length, (await tab.db.getAll("households")).length], ["p1", 0, 1]);
});
