// Photos on Wi-Fi only: a choice of one's own, which never holds a visit back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { holdsPhotos, networkOf } from "../../fieldapp/device/network.js";
import { Phone } from "./life.js";
import { Server } from "./server.js";

const [WIFI, MOBILE] = [{ type: "wifi" }, { type: "cellular" }];

test("what a browser says of the network is free, paid or nothing", () => {
  const said = [undefined, {}, { type: "unknown" }, { type: "none" }, WIFI, { type: "ethernet" }, MOBILE, { type: "bluetooth" }, { type: "wifi", saveData: true }];
  assert.deepEqual(said.map(networkOf), ["unknown", "unknown", "unknown", "unknown", "free", "free", "paid", "paid", "paid"]);
});

test("photos wait by choice alone, and then wherever it is not known to be free", () => {
  assert.deepEqual([WIFI, MOBILE, undefined].map((network) => holdsPhotos(false, network)), [false, false, false]);
  assert.deepEqual([WIFI, MOBILE, undefined].map((network) => holdsPhotos(true, network)), [false, true, true]);
});

async function joined(connection) {
  const phone = new Phone(new Server());
  phone.connection = connection;
  const page = await phone.open();
  await page.joining.lookAt("lan");
  await page.actions.join();
  await page.run(() => page.sync.kick());
  return phone;
}

// A visit with pictures, saved on the screen.
async function save(page, ...pictures) {
  await page.actions.recordHousehold("h1");
  page.actions.togglePlatform("VNEID");
  page.actions.setResult("VNEID", "installed");
  for (const text of pictures) await page.actions.addPhoto(new TextEncoder().encode(text).buffer);
  await page.actions.leave();
  await page.run(() => page.actions.saveVisit());
  await page.run(() => page.sync.kick());
}
const outboxOf = (page) => (({ photos, photos_wifi, pill, all_sent }) => [photos, photos_wifi, pill, all_sent])(page.state.slice("outbox"));

test("on a mobile network the visit goes and its photos wait, until there is Wi-Fi", async () => {
  const phone = await joined(MOBILE);
  const { page, server } = phone;
  await page.run(() => page.actions.choose(true));
  await save(page, "one", "two");
  assert.deepEqual([server.of("visit.create").length, server.asked.filter(([, path]) => path.startsWith("visits/"))], [1, []]);
  assert.deepEqual(outboxOf(page), [2, true, "photos_wifi", false]);
  phone.connection = WIFI;
  await page.run(() => page.sync.kick());
  assert.equal(server.photos.size, 2);
  assert.deepEqual(outboxOf(page), [0, false, "none", true]);
});

test("a network that becomes another one in between is seen before the next photo", async () => {
  const phone = await joined(WIFI);
  const { page, server } = phone;
  await page.run(() => page.actions.choose(true));
  const answer = server.answer.bind(server);
  server.answer = (by, method, ...rest) => {
    if (method === "PATCH") phone.connection = MOBILE;
    return answer(by, method, ...rest);
  };
  await save(page, "one", "two", "three");
  assert.equal(server.photos.size, 1);
  assert.deepEqual(outboxOf(page), [2, true, "photos_wifi", false]);
});

for (const [name, connection] of Object.entries({ "a mobile network": MOBILE, "a network that nobody tells of": undefined })) {
  test(`on ${name} somebody may send them all the same, and only those`, async () => {
    const phone = await joined(connection);
    const { page, server } = phone;
    await page.run(() => page.actions.choose(true));
    await save(page, "one", "two");
    assert.equal(server.photos.size, 0);
    await page.run(() => page.actions.sendPhotos());
    assert.equal(server.photos.size, 2);
    await save(page, "three");
    assert.equal(server.photos.size, 2, "the next ones wait again");
  });
}

test("asked for without network, they go when it is back", async () => {
  const phone = await joined(MOBILE);
  const { page, server } = phone;
  await page.run(() => page.actions.choose(true));
  await save(page, "one");
  server.down = true;
  await page.run(() => page.actions.sendPhotos());
  server.down = false;
  await page.run(() => page.sync.kick());
  assert.equal(server.photos.size, 1);
});

test("the choice is one's own, kept when the app is closed, and off at first", async () => {
  const phone = await joined(MOBILE);
  assert.equal(phone.page.state.slice("wifi").only, false);
  await phone.page.run(() => phone.page.actions.choose(true));
  const page = await phone.open();
  assert.deepEqual([page.state.slice("wifi").only, await page.db.getFact("wifi_only", "p1")], [true, undefined]);
});
