// Who has not used a shared phone for two months leaves nothing on it that was pulled, and what they made all the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { joined, visit } from "./joined.js";
import { Server } from "./server.js";

const DAYS = 86400000;
const rows = { households: [{ id: "h1", number: "1", head: "Lê Văn Ba", village: 11 }] };

// Lan has joined first, and Minh uses the phone; Lan was last here so many days ago.
async function shared(days) {
  const [phone, lan] = await joined("lan", new Phone(Object.assign(new Server(), { rows })));
  await lan.joining.lookAt("minh");
  await lan.actions.join();
  phone.server.down = true;
  await lan.outbox.add([visit("a")]);
  await lan.db.setFact("seen_at", Date.now() - days * DAYS, "p0");
  const minh = await phone.open();
  return { phone, minh, households: async (slot) => (await minh.db.getAll("households", slot)).length };
}

test("within two months everything stays", async () => {
  const { phone, minh, households } = await shared(59);
  phone.server.down = false;
  await minh.run(() => minh.sync.kick());
  assert.deepEqual([minh.db.slot(), await households("p0"), await households("p1")], ["p1", 1, 1]);
});

test("after two months the village of the one is gone, and what they made is sent", async () => {
  const { phone, minh, households } = await shared(61);
  phone.server.down = false;
  await minh.run(() => minh.sync.kick());
  assert.deepEqual([await households("p0"), await households("p1"), phone.server.of("visit.create").length], [0, 1, 1]);
});

test("without the server nothing is wiped, whatever the phone's clock says", async () => {
  const { minh, households } = await shared(4000);
  await minh.run(() => minh.sync.kick());
  assert.deepEqual([await households("p0"), await households("p1")], [1, 1]);
});
