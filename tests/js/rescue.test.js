// What could not be sent goes into a file that only the server opens; who has it in a file may sign out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, portions } from "../../fieldapp/device/rescue-file.js";
import { Phone } from "./life.js";
import { Server } from "./server.js";

const { subtle } = crypto;
const EC = { name: "ECDH", namedCurve: "P-256" };
const pair = await subtle.generateKey(EC, true, ["deriveBits"]);
const point = Buffer.from(await subtle.exportKey("raw", pair.publicKey));
const seal = { key: point.toString("base64"), proof: "p".repeat(64) };
const photo = (sha256, text) => ({ sha256, bytes: new TextEncoder().encode(text).buffer, type: "image/jpeg" });
const visit = (id) => ({ id, kind: "visit.create", schema: 1, author: 7, made_at: 1, replaces: null, payload: { household: "h1", outcomes: [], photos: [] } });

async function phoneOf(token = "lan") {
  const server = Object.assign(new Server(), { seal });
  const phone = new Phone(server);
  const first = await phone.open();
  await first.joining.lookAt(token);
  await first.actions.join();
  await first.run(() => first.sync.kick());
  const page = await phone.open();
  page.saved = [];
  page.world.document.createElement = () => ({ click() { page.saved.push(this); } });
  page.rescuing = (await import(`../../fieldapp/device/rescue.js?life=${page.number}`)).rescuing;
  await page.quiet();
  return page;
}

const state = (page) => page.state.slice("rescue");
const contentOf = async (page, n = 0) => Buffer.from(await (await fetch(page.saved[n].href)).arrayBuffer());

// As the server opens it, by the description in docs/sync.md.
async function opened(file) {
  assert.equal(file.subarray(0, 14).toString(), "toso-rescue-1\n");
  const [keyId, theirs, iv] = [file.subarray(14, 22), file.subarray(22, 87), file.subarray(87, 99)];
  assert.deepEqual(keyId, Buffer.from(await subtle.digest("SHA-256", point)).subarray(0, 8));
  const shared = await subtle.deriveBits({ name: "ECDH", public: await subtle.importKey("raw", theirs, EC, false, []) }, pair.privateKey, 256);
  const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derived = { name: "HKDF", hash: "SHA-256", salt: Buffer.concat([theirs, point]), info: Buffer.from("toso-rescue-1\n") };
  const key = await subtle.deriveKey(derived, material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const all = Buffer.from(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: file.subarray(0, 99) }, key, file.subarray(99)));
  const begins = 4 + all.readUInt32BE(0);
  return { head: JSON.parse(all.subarray(4, begins)), photos: all.subarray(begins).toString() };
}

async function owing(page) {
  page.phone.server.refuses.add("refused");
  await page.outbox.add([visit("sent"), visit("refused")], { photos: [{ ...photo("aa", "first"), visit: "sent" }] });
  await page.outbox.settle([{ id: "sent", result: "created" }, { id: "refused", result: "invalid", code: "platform_unknown" }], 0);
  await page.outbox.add([visit("ready")], { photos: [{ ...photo("bb", "second"), visit: "ready" }, { ...photo("aa", "first"), visit: "ready" }] });
  await page.run(() => page.state.refresh(["records", "photos"]));
}

test("a file holds all that is owed, and only the server opens it", async () => {
  const page = await phoneOf();
  await owing(page);
  assert.deepEqual([state(page).records, state(page).photos], [2, 2]);
  await page.run(() => page.rescuing.exportUnsent());
  assert.match(page.saved[0].download, /^phieu-chua-gui-20\d\d-\d\d-\d\d-\d{4}\.toso$/);
  const file = await contentOf(page);
  for (const word of ["visit.create", "first", "h1", "Lan"]) assert.ok(!file.includes(word));
  const { head, photos } = await opened(file);
  assert.deepEqual(head.records, [visit("refused"), visit("ready")]);
  assert.deepEqual(head.photos, [{ sha256: "aa", visits: ["sent", "ready"], bytes: 5 }, { sha256: "bb", visits: ["ready"], bytes: 6 }]);
  assert.equal(photos, "firstsecond");
  assert.deepEqual([head.author, head.proof, head.device], [7, seal.proof, await page.db.getFact("device")]);
  assert.equal(state(page).phase, "saved");
});

test("what was exported may be at the server at any time: it is not undone, and it is sent as it is", async () => {
  const page = await phoneOf();
  await page.outbox.add([{ ...visit("a"), hold_until: Date.now() + 5000 }]);
  await page.run(() => page.rescuing.exportUnsent());
  assert.equal(await page.outbox.undo("a"), false);
  assert.deepEqual((await opened(await contentOf(page))).head.records, [visit("a")]);
  await page.outbox.settle([{ id: "a", result: "identical" }], 0);
  await page.run(() => page.state.refresh(["records"]));
  assert.equal(state(page).records, 0);
});

test("whoever has all in a file is asked once more and may sign out; what came since, or is half done, holds them back", async () => {
  const page = await phoneOf();
  await page.outbox.add([visit("a")], { photos: [{ ...photo("aa", "first"), visit: "a" }] });
  page.phone.server.refuses.add("a");
  await page.run(() => page.actions.signOut());
  assert.equal(page.state.slice("leaving").saved, false);
  await page.run(() => page.rescuing.exportUnsent());
  await page.run(() => page.actions.signOut());
  assert.deepEqual(page.state.slice("leaving"), { records: 1, parked: 0, photos: 1, held: 0, draft: 0, saved: true });
  assert.ok(page.phone.cookies.p0, "asked first");
  assert.equal(state(page).saved_all, true);
  await page.outbox.add([visit("b")]);
  await page.run(() => page.rescuing.leaveWithFile());
  assert.equal(state(page).saved_all, false);
  assert.deepEqual(page.state.slice("leaving"), { records: 1, parked: 0, photos: 0, held: 0, draft: 0, saved: false });
  await page.run(() => page.rescuing.exportUnsent());
  await page.db.setFact("draft", { ...page.draft.begin("h1", "list", null), note: "half done" });
  await page.run(() => page.rescuing.leaveWithFile());
  assert.deepEqual([page.state.slice("leaving").draft, page.state.slice("leaving").saved], [1, false]);
  await page.db.setFact("draft", null);
  await page.run(() => page.rescuing.leaveWithFile());
  assert.deepEqual([await page.db.getFact("owner"), (await page.outbox.list()).length, page.phone.cookies.p0], [undefined, 0, undefined]);
});

test("a file that was saved before the server was restored is not relied on", async () => {
  const page = await phoneOf();
  await page.outbox.add([visit("a")]);
  await page.run(() => page.rescuing.exportUnsent());
  await page.run(() => page.sync.kick());
  page.phone.server.restore("second-life");
  page.phone.server.refuses.add("a");
  await page.run(() => page.sync.kick());
  await page.run(() => page.sync.kick());
  await page.run(() => page.actions.signOut());
  assert.deepEqual([page.state.slice("leaving").parked, page.state.slice("leaving").saved], [1, false]);
});

test("who turns back at the share sheet has saved nothing", async () => {
  const page = await phoneOf();
  await page.outbox.add([visit("a")]);
  const back = (name) => () => Promise.reject(Object.assign(new Error(name), { name }));
  Object.assign(page.world.navigator, { canShare: () => true, share: back("AbortError") });
  await page.run(() => page.rescuing.exportUnsent());
  assert.deepEqual([state(page).phase, page.saved.length, await page.db.getFact("rescued")], ["idle", 0, undefined]);
  page.world.navigator.share = back("NotAllowedError");
  await page.run(() => page.rescuing.exportUnsent());
  assert.deepEqual([state(page).phase, page.saved.length], ["saved", 1]);
});

test("a phone that was never given the key says so and leaves everything as it is", async () => {
  const page = await phoneOf();
  await page.outbox.add([visit("a")]);
  await page.db.setFact("seal", undefined);
  await page.run(() => page.rescuing.exportUnsent());
  assert.equal(state(page).phase, "no_key");
  assert.equal((await page.outbox.list())[0].frozen, false);
});

test("what a leader brings is added up over files, and a failure is named beside what was done", async () => {
  const page = await phoneOf();
  const lines = [{ id: "x", kind: "visit.create", result: "invalid", code: "platform_unknown" }, { id: "y", kind: "card.bind", result: "held" }];
  const answers = [{ author: "Lan", records: 2, known: 1, look: 2, photos: 3, photos_left: 1, lines }, { author: "Lan", records: 0, known: 0, look: 0, photos: 4, photos_left: 0, lines: [] }];
  const came = [];
  page.phone.server.answer = async (_, method, path, { body }) => {
    if (method !== "POST" || path !== "rescues") return Response.json({});
    came.push(body.name);
    const answer = answers.shift();
    return Response.json(answer ?? { problem: { code: "rescue_broken" } }, { status: answer ? 200 : 422 });
  };
  const choose = (...names) => (page.world.document.createElement = () => ({ click() { this.onchange(); }, files: names.map((name) => ({ name })) }));
  choose("b.toso", "a.toso", "c.toso");
  await page.run(() => page.rescuing.chooseFiles());
  const { phase, code, records, look, photos, lines: shown } = page.state.slice("brought");
  assert.deepEqual([came, phase, code, records, look, photos], [["a.toso", "b.toso", "c.toso"], "failed", "rescue_broken", 2, 2, 7]);
  assert.deepEqual(shown.map(({ held, code: why }) => [held, why]), [[false, "platform_unknown"], [true, "unexpected"]]);
});

test("records come first and in their order, in as few files as fit", () => {
  const records = ["a", "b", "c"].map((id) => ({ id, text: "x".repeat(80) }));
  const photos = [{ sha256: "p", bytes: 250 }, { sha256: "q", bytes: 10 }, { sha256: "r", bytes: 900 }];
  const files = portions(records, photos, 290).map((f) => [f.records.map((r) => r.id).join(""), f.photos.map((p) => p.sha256).join("")]);
  assert.deepEqual(files, [["ab", ""], ["c", ""], ["", "pq"], ["", "r"]]);
  assert.deepEqual([nameOf(Date.parse("2026-11-25T18:05:00Z"), 1, 1), nameOf(0, 2, 3)], ["phieu-chua-gui-2026-11-26-0105.toso", "phieu-chua-gui-1970-01-01-0700-2.toso"]);
});
