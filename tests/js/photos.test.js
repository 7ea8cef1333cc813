// The queue of photos: after the records, from where the server stands, and no bad one in the way of a good one.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { db, freshPhone, NOW, offline, outbox, picture, problem, pull, push, pushed, record, serve, states, sync, syncOnce, visitPayload } from "./phone.js";

const done = async () => Object.fromEntries((await db.getAll("photos")).map((p) => [p.sha256, p.done]));
const ofPhotos = (requests) => requests.filter((r) => r.path.startsWith("visits/"));
const progress = (offset, complete = false) => new Response(null, { status: 204, headers: { "upload-offset": String(offset), "upload-complete": String(complete) } });

beforeEach(async () => {
  mock.timers.setTime(NOW);
  await freshPhone();
  serve(push(), pull);
  await syncOnce();
});

async function visitWith(id, ...pictures) {
  const named = pictures.map(({ sha256, bytes, type }) => ({ sha256, bytes: bytes.byteLength, type }));
  await outbox.add([record(id, { payload: visitPayload({ photos: named }) })], { photos: pictures.map((p) => ({ ...p, visit: id })) });
}

// A photo store as the server has it: what arrived of each place, and how much of it at most in one request.
function photoStore(sizes, { have = {}, answer = null } = {}) {
  const sizeOf = (path) => sizes[path.split("/").at(-1)];
  const stand = (path) => progress(have[path] ?? 0, (have[path] ?? 0) === sizeOf(path));
  return [
    ["HEAD", "visits/", (_, { path }) => stand(path)],
    ["PATCH", "visits/", (bytes, { path, headers }) => {
      const said = answer?.(path);
      if (said) return said;
      if (Number(headers["Upload-Offset"]) !== (have[path] ?? 0)) return problem(409, "wrong_offset");
      have[path] = (have[path] ?? 0) + bytes.byteLength;
      return stand(path);
    }],
  ];
}
const sizesOf = (...pictures) => Object.fromEntries(pictures.map((p) => [p.sha256, p.bytes.byteLength]));
const text = (bytes) => new TextDecoder().decode(bytes);

test("a photo follows its record, whole in one request", async () => {
  const one = await picture("a picture of a hand and a phone");
  await visitWith("a", one);
  const requests = serve(push(), pull, ...photoStore(sizesOf(one)));
  await syncOnce();
  assert.deepEqual(requests.map((r) => r.method), ["POST", "GET", "HEAD", "PATCH"]);
  assert.equal(requests[3].path, `visits/a/photos/${one.sha256}`);
  assert.equal(text(requests[3].content), "a picture of a hand and a phone");
  assert.deepEqual(await done(), { [one.sha256]: ["a"] });
  const again = serve(push(), pull);
  await syncOnce();
  assert.deepEqual(ofPhotos(again), [], "it is not asked for again");
});

test("a photo goes on where the server's copy ends", async () => {
  const one = await picture("0123456789");
  await visitWith("a", one);
  const place = `visits/a/photos/${one.sha256}`;
  const requests = serve(push(), pull, ...photoStore(sizesOf(one), { have: { [place]: 4 } }));
  await syncOnce();
  assert.deepEqual(ofPhotos(requests).map((r) => [r.method, r.headers["Upload-Offset"], r.content && text(r.content)]), [["HEAD", undefined, undefined], ["PATCH", "4", "456789"]]);
});

test("a photo that the server has is not sent", async () => {
  const one = await picture("0123456789");
  await visitWith("a", one);
  const requests = serve(push(), pull, ...photoStore(sizesOf(one), { have: { [`visits/a/photos/${one.sha256}`]: 10 } }));
  await syncOnce();
  assert.deepEqual(ofPhotos(requests).map((r) => r.method), ["HEAD"]);
  assert.deepEqual(await done(), { [one.sha256]: ["a"] });
});

test("photos of what the server has not taken in stay on the phone", async () => {
  const [one, two, three] = await Promise.all(["one", "two", "three"].map(picture));
  await visitWith("refused", one);
  await visitWith("held", two);
  await visitWith("fine", three);
  const words = { refused: "invalid", held: "held", fine: "created" };
  const requests = serve(push(({ records }) => pushed(records.map(({ id }) => ({ id, result: words[id] })))), pull, ...photoStore(sizesOf(three)));
  await syncOnce();
  assert.deepEqual(new Set(ofPhotos(requests).map((r) => r.path)), new Set([`visits/fine/photos/${three.sha256}`]));
  assert.equal((await db.getAll("photo_bytes")).length, 3);
});

test("one photo that fails holds no other back, and is tried again", async () => {
  const pictures = await Promise.all(["one", "two", "three"].map(picture));
  for (const [i, p] of pictures.entries()) await visitWith(`v${i}`, p);
  const bad = pictures[1].sha256;
  serve(push(), pull, ...photoStore(sizesOf(...pictures), { answer: (path) => (path.endsWith(bad) ? problem(500, "busy") : null) }));
  await syncOnce();
  assert.equal(sync.current().phase, "waiting");
  assert.deepEqual(await done(), { [pictures[0].sha256]: ["v0"], [bad]: [], [pictures[2].sha256]: ["v2"] });
  const requests = serve(push(), pull, ...photoStore(sizesOf(...pictures)));
  await syncOnce();
  assert.deepEqual(ofPhotos(requests).map((r) => r.method), ["HEAD", "PATCH"]);
  assert.equal(sync.current().phase, "idle");
});

test("after a failure photos go in smaller pieces", async () => {
  const one = await picture("x".repeat(100000));
  await visitWith("a", one);
  serve(push(), pull, ...photoStore(sizesOf(one), { answer: () => problem(503, "busy") }));
  await syncOnce();
  const requests = serve(push(), pull, ...photoStore(sizesOf(one)));
  await syncOnce();
  assert.deepEqual(ofPhotos(requests).filter((r) => r.method === "PATCH").map((r) => r.content.byteLength), [32768, 32768, 32768, 1696]);
  assert.deepEqual(await done(), { [one.sha256]: ["a"] });
});

test("a photo that the server will never take is given up, and its visit is not", async () => {
  const one = await picture("one");
  await visitWith("a", one);
  serve(push(), pull, ["HEAD", "visits/", () => new Response(null, { status: 404 })], ["PATCH", "visits/", () => problem(404, "not_found")]);
  await syncOnce();
  assert.deepEqual([await done(), await states(), sync.current().phase], [{ [one.sha256]: ["a"] }, { a: "sent" }, "idle"]);
});

for (const [name, answer] of Object.entries({
  "without a name": () => new Response("<h1>Wi-Fi</h1>", { status: 403, headers: { "content-type": "text/html" } }),
  "by a name that it does not know": () => problem(422, "moon_full"),
})) {
  test(`a photo that is refused ${name} is kept and tried again`, async () => {
    const one = await picture("one");
    await visitWith("a", one);
    serve(push(), pull, ...photoStore(sizesOf(one), { answer }));
    await syncOnce();
    assert.deepEqual([await done(), sync.current().phase], [{ [one.sha256]: [] }, "waiting"]);
  });
}

test("an answer of no server of ours to the question how much is there gives no photo up", async () => {
  const one = await picture("one");
  await visitWith("a", one);
  const [, taking] = photoStore(sizesOf(one));
  serve(push(), pull, ["HEAD", "visits/", () => new Response(null, { status: 403 })], taking);
  await syncOnce();
  assert.deepEqual(await done(), { [one.sha256]: ["a"] }, "it was sent");
});

test("a piece that does not fit is no reason to give up", async () => {
  const one = await picture("one");
  await visitWith("a", one);
  serve(push(), pull, ...photoStore(sizesOf(one), { answer: () => problem(409, "wrong_offset") }));
  await syncOnce();
  assert.deepEqual([await done(), sync.current().phase], [{ [one.sha256]: [] }, "waiting"]);
});

test("a photo that was spoilt on the way is sent again from its beginning", async () => {
  const one = await picture("0123456789");
  await visitWith("a", one);
  const have = {};
  serve(push(), pull, ...photoStore(sizesOf(one), { have, answer: () => problem(422, "wrong_hash") }));
  await syncOnce();
  assert.deepEqual([await done(), sync.current().phase], [{ [one.sha256]: [] }, "waiting"]);
  const requests = serve(push(), pull, ...photoStore(sizesOf(one), { have }));
  await syncOnce();
  assert.deepEqual(ofPhotos(requests).map((r) => [r.method, r.headers["Upload-Offset"]]), [["HEAD", undefined], ["PATCH", "0"]]);
  assert.deepEqual(await done(), { [one.sha256]: ["a"] });
});

test("a photo that was spoilt on the phone is given up", async () => {
  const one = await picture("0123456789");
  await visitWith("a", one);
  await db.write(["photo_bytes"], (store) => store("photo_bytes").put(new TextEncoder().encode("012345678X").buffer, one.sha256));
  serve(push(), pull, ...photoStore(sizesOf(one), { answer: () => problem(422, "wrong_hash") }));
  await syncOnce();
  assert.deepEqual([await done(), sync.current().phase], [{ [one.sha256]: ["a"] }, "idle"]);
});

test("a server that takes nothing is not asked without end", async () => {
  const one = await picture("0123456789");
  await visitWith("a", one);
  const requests = serve(push(), pull, ...photoStore(sizesOf(one), { answer: () => progress(0) }));
  await syncOnce();
  assert.equal(ofPhotos(requests).length, 2);
  assert.equal(sync.current().phase, "waiting");
});

test("without network the other photos are not tried", async () => {
  const pictures = await Promise.all(["one", "two"].map(picture));
  for (const [i, p] of pictures.entries()) await visitWith(`v${i}`, p);
  const requests = serve(push(), pull, ["HEAD", "visits/", offline]);
  await syncOnce();
  assert.equal(ofPhotos(requests).length, 1);
  assert.deepEqual(await states(), { v0: "sent", v1: "sent" });
});

test("a session that is closing sends its photos though it may not pull any more", async () => {
  const one = await picture("one");
  await visitWith("a", one);
  serve(push(), ["GET", "sync/pull", () => problem(401, "session_closed")], ...photoStore(sizesOf(one)));
  await syncOnce();
  assert.deepEqual(await done(), { [one.sha256]: ["a"] });
  assert.equal(sync.current().phase, "closing");
});

test("the same picture on two visits goes to both", async () => {
  const one = await picture("one");
  await visitWith("a", one);
  await visitWith("b", one);
  const requests = serve(push(), pull, ...photoStore(sizesOf(one)));
  await syncOnce();
  assert.deepEqual(ofPhotos(requests).filter((r) => r.method === "PATCH").map((r) => r.path.split("/")[1]), ["a", "b"]);
  assert.deepEqual(await done(), { [one.sha256]: ["a", "b"] });
});

test("a mended visit's picture goes to the visit that took its place", async () => {
  const one = await picture("one");
  await visitWith("a", one);
  serve(push(({ records }) => pushed(records.map(({ id }) => ({ id, result: "invalid", code: "platform_unknown" })))), pull);
  await syncOnce();
  await visitWith("b", one);
  await outbox.dismiss("a");
  const requests = serve(push(), pull, ...photoStore(sizesOf(one)));
  await syncOnce();
  assert.deepEqual(ofPhotos(requests).map((r) => r.path.split("/")[1]), ["b", "b"]);
});

test("what is saved while photos go is sent before the next of them", async () => {
  const pictures = await Promise.all(["one", "two", "three"].map(picture));
  for (const [i, p] of pictures.entries()) await visitWith(`v${i}`, p);
  let saved = null;
  const answer = () => {
    saved ??= outbox.add([record("late")]).then(() => void sync.kick());
  };
  const [asking, taking] = photoStore(sizesOf(...pictures), { answer });
  const requests = serve(push(), pull, asking, ["PATCH", taking[1], async (...given) => {
    const answered = taking[2](...given);
    await saved;
    return answered;
  }]);
  await syncOnce();
  await syncOnce();
  const sent = requests.filter((r) => r.method === "POST" || r.method === "PATCH").map((r) => r.content.records?.map((one) => one.id).join() ?? "photo");
  assert.deepEqual(sent, ["v0,v1,v2", "photo", "late", "photo", "photo"]);
  assert.deepEqual(Object.values(await done()).flat().sort(), ["v0", "v1", "v2"]);
});

test("photos make way for another tab that has something to send", async () => {
  const pictures = await Promise.all(["one", "two"].map(picture));
  for (const [i, p] of pictures.entries()) await visitWith(`v${i}`, p);
  let other = null;
  const answer = () => {
    other ??= navigator.locks.request("toso-sync", async () => requests.push({ method: "the other tab" }));
  };
  const [asking, taking] = photoStore(sizesOf(...pictures), { answer });
  const requests = serve(push(), pull, asking, taking);
  await syncOnce();
  await other;
  await syncOnce();
  const sent = requests.map((r) => r.method).filter((method) => method !== "GET" && method !== "HEAD");
  assert.deepEqual(sent, ["POST", "PATCH", "the other tab", "PATCH"]);
});
