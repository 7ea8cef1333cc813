// A phone is killed all along what a PIN brings: nothing is lost, and nothing stays half open.
import assert from "node:assert/strict";
import { apart } from "./killed.js";
import { guarded, HEAD, joined, lying, opened, PIN, unsent, visit } from "./guarded.js";

const OTHER = "250690";

// A visit with a photo and one without, that were not sent.
async function filled(page) {
  await unsent(page);
  await page.outbox.add([visit("b")]);
}

async function behindPin() {
  const phone = await guarded();
  await filled(phone.page);
  return phone;
}

async function open() {
  const phone = await joined();
  await filled(await opened(phone));
  return phone;
}

const inside = ({ page }) => page;

const SCENARIOS = {
  "setting a PIN": { from: open, start: inside, act: (page) => page.locking.locking.set(PIN) },
  "changing it": { from: behindPin, start: inside, act: (page) => page.locking.locking.change(PIN, OTHER) },
  "taking it off": { from: behindPin, start: inside, act: (page) => page.locking.locking.takeOff(PIN) },
  "giving it": { from: behindPin, start: opened, act: (page) => page.locking.locking.unlock(PIN) },
  "setting it and taking it off at once": {
    from: open,
    start: inside,
    async act({ locking: { locking }, db }) {
      const setting = locking.set(PIN);
      while (!(await db.getFact("lock"))) await new Promise(setImmediate);
      await Promise.all([setting, locking.takeOff(PIN)]);
    },
  },
  "leaving without it": {
    from: behindPin,
    async start(phone) {
      phone.server.down = false;
      return opened(phone);
    },
    act: (page) => page.locking.locking.forget(),
  },
};

async function play({ from, start, act }, n) {
  const phone = await from();
  const page = await start(phone);
  const points = await page.run(() => act(page), n);
  const at = `killed at ${n} (${page.place})`;
  phone.server.down = false;
  const after = await opened(phone);
  for (const pin of [PIN, OTHER]) if (await after.db.shutBy()) await after.run(() => after.locking.locking.unlock(pin));
  assert.equal(await after.db.shutBy(), null, at);
  const all = await lying(after);
  assert.equal(all.includes((await after.db.getFact("lock")) ? HEAD : '"box"'), false, at);
  for (let run = 0; run < 2; run++) await after.run(() => after.sync.kick());
  assert.deepEqual(phone.server.of("visit.create").map((r) => r.id), ["a", "b"], at);
  assert.deepEqual([phone.server.differing, phone.server.photos.size], [[], 1], at);
  return points;
}

apart(Object.keys(SCENARIOS), import.meta.url, async (name) => {
  const points = await play(SCENARIOS[name], 0);
  assert.ok(points > 2, `${points} points`);
  // KILL_STRIDE=1 for every one.
  const stride = Number(process.env.KILL_STRIDE ?? Math.max(1, Math.ceil(points / 40)));
  for (let n = 1; n <= points; n += stride) await play(SCENARIOS[name], n);
  return points;
});
