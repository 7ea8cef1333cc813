// Photos that the server told to forget (consent taken back, data erased) leave the phone that made them.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { db, freshPhone, NOW, outbox, page, picture, pull, push, record, serve, syncOnce, visitPayload } from "./phone.js";

beforeEach(async () => {
  mock.timers.setTime(NOW);
  await freshPhone();
  serve(push(), pull);
  await syncOnce();
});

const here = async () => (await db.read(["photo_bytes"], (store) => store("photo_bytes").getAllKeys())).sort();
const tells = (...hashes) => ["GET", "sync/pull", () => page({ tombstones: hashes.map((id) => ({ kind: "photos", id })) })];
const whole = new Response(null, { status: 204, headers: { "upload-offset": "1", "upload-complete": "true" } });
const took = [["HEAD", "visits/", () => whole.clone()], ["PATCH", "visits/", () => whole.clone()]];

async function visitWith(id, ...pictures) {
  const named = pictures.map(({ sha256, bytes, type }) => ({ sha256, bytes: bytes.byteLength, type }));
  await outbox.add([record(id, { payload: visitPayload({ photos: named }) })], { photos: pictures.map((p) => ({ ...p, visit: id })) });
}

test("a photo that was sent goes with the next sync, another stays, and so does the record", async () => {
  const [one, other] = [await picture("a face"), await picture("a hall")];
  await visitWith("a", one, other);
  serve(push(), pull, ...took);
  await syncOnce();
  assert.deepEqual(await here(), [one.sha256, other.sha256].sort());
  serve(push(), tells(one.sha256), ...took);
  await syncOnce();
  assert.deepEqual(await here(), [other.sha256]);
  assert.deepEqual((await db.getAll("photos")).map((p) => p.sha256), [other.sha256]);
  assert.deepEqual((await outbox.list()).map((r) => [r.id, r.state]), [["a", "sent"]]);
});

test("one that a draft holds goes when the draft lets it go", async () => {
  const one = await picture("a face");
  await visitWith("a", one);
  serve(push(), pull, ...took);
  await syncOnce();
  await db.setFact("draft", { photos: [one.sha256] });
  serve(push(), tells(one.sha256), ...took);
  await syncOnce();
  assert.deepEqual(await here(), [one.sha256]);
  await db.setFact("draft", null);
  serve(push(), pull, ...took);
  await syncOnce();
  assert.deepEqual(await here(), []);
});
