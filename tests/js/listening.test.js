// Spoken guides: what is shown of them, fetched by a tap and no sooner, kept for later, gone when the commune takes them off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { guides } from "../../fieldapp/device/guides.js";
import { narrations, toFetch } from "../../fieldapp/device/sounds.js";
import { joined } from "./joined.js";

const one = (id, more = {}) => ({ id, platform: "VNEID", title: id, kind: "mp3", sha256: `of ${id}`, bytes: 1400000, seconds: 125, ...more });
const here = (more = {}) => ({ kept: new Set(), wanted: [], coming: new Map(), failed: new Map(), heard: null, canPlay: () => true, ...more });

test("a guide shows its recordings with length and size, and what each of them waits for", () => {
  const all = [one("a"), one("b"), one("c", { kind: "opus" }), one("x", { platform: "DVC" })];
  const shown = narrations(all, "VNEID", here({
    kept: new Set(["of a"]), wanted: ["b"], coming: new Map([["b", 40]]), failed: new Map([["c", "offline"]]), heard: { id: "a", url: "blob:1" }, canPlay: (type) => !type.includes("ogg"),
  }));
  assert.deepEqual(shown.lines.map((l) => [l.id, l.lasts, l.size, l.here, l.coming, l.percent, l.wanted, l.failed, l.playable, l.url]), [
    ["a", "2:05", 1.4, true, false, 0, false, "", true, "blob:1"],
    ["b", "2:05", 1.4, false, true, 40, true, "", true, ""],
    ["c", "2:05", 1.4, false, false, 0, false, "offline", false, ""],
  ]);
  assert.deepEqual([shown.missing, shown.missing_size, shown.waits], [2, 2.8, true]);
  assert.deepEqual(narrations(all, "SSK", here()).lines, []);
});

test("only what was asked for is fetched, and not over a network that costs", () => {
  const all = [one("a"), one("b"), one("c")];
  const ids = (network) => toFetch(all, new Set(["of b"]), ["a", "b", "gone"], network).map(({ id }) => id);
  assert.deepEqual([ids("free"), ids("unknown"), ids("paid")], [["a"], ["a"], []]);
});

test("what most households lack stands first in the list, and a platform with a recording alone has a guide", () => {
  const platforms = ["VNEID", "DVC", "NEW", "BARE"].map((code) => ({ code, vi: code, en: code, icon: "globe" }));
  const texts = { VNEID: { about: "", steps: [], troubles: [], safe: "" }, DVC: { about: "", steps: [], troubles: [], safe: "" } };
  const more = { lacking: { DVC: 9, VNEID: 2, NEW: 5 }, heard: new Set(["NEW"]) };
  const list = guides(texts, platforms, "", "", "vi", more).lines.map((line) => [line.code, line.lacking, line.heard]);
  assert.deepEqual(list, [["DVC", 9, false], ["NEW", 5, true], ["VNEID", 2, false]]);
  assert.deepEqual(["NEW", "BARE", "toString"].map((code) => guides(texts, platforms, "", code, "vi", more).found), [true, false, false]);
});

async function village(text = "guide ".repeat(100000)) {
  const [phone, page] = await joined();
  const bytes = new TextEncoder().encode(text);
  const narration = one("n1", { sha256: await page.photos.sha256(bytes.buffer), bytes: bytes.byteLength });
  phone.server.sounds.set("n1", bytes);
  phone.server.rows = { narrations: [narration] };
  await page.run(() => page.sync.kick());
  await page.state.refresh(["facts"]);
  return [phone, await openGuide(page), bytes, narration];
}

async function openGuide(page) {
  Object.assign(page.world.location, { pathname: "/m/guides/", hash: "#VNEID" });
  await page.bring("listening");
  page.state.derive();
  return page;
}

const asked = (phone) => phone.server.asked.filter(([, path]) => path.startsWith("narrations/")).length;
const line = (page) => page.state.slice("narration").lines[0];

test("nothing is fetched before somebody taps; then it plays, and plays again without network", async () => {
  const [phone, page, bytes] = await village();
  assert.deepEqual([line(page).here, asked(phone)], [false, 0]);
  await page.run(() => page.listening.listening.play("n1"));
  assert.equal(asked(phone), 3, "in pieces");
  assert.deepEqual(Buffer.from(await (await fetch(line(page).url)).arrayBuffer()), Buffer.from(bytes));
  assert.equal(line(page).here, true);

  const later = await openGuide(await phone.open());
  phone.server.down = true;
  assert.deepEqual([line(later).here, line(later).url], [true, ""]);
  await later.run(() => later.listening.listening.play("n1"));
  assert.match(line(later).url, /^blob:/);
  assert.equal(asked(phone), 3);
});

test("a download that is cut says so and goes on where it was", async () => {
  const [phone, page] = await village();
  const { answer } = phone.server;
  let pieces = 0;
  phone.server.answer = async function (...given) {
    if (given[2].startsWith("narrations/") && ++pieces === 2) throw new TypeError("fetch failed");
    return answer.apply(this, given);
  };
  await page.run(() => page.listening.listening.play("n1"));
  assert.deepEqual([line(page).failed, line(page).coming, line(page).here], ["offline", false, false]);
  await page.run(() => page.listening.listening.play("n1"));
  assert.deepEqual([line(page).failed, line(page).here, pieces], ["", true, 4]);
});

test("bytes that are not those of the commune are never kept", async () => {
  const [phone, page, bytes] = await village();
  phone.server.sounds.set("n1", bytes.slice().fill(7));
  await page.run(() => page.listening.listening.play("n1"));
  assert.deepEqual([line(page).here, line(page).url, await page.db.getAll("sounds")], [false, "", []]);
});

test("asked for ahead on mobile data, it waits for Wi-Fi and then comes by itself, whatever screen is open", async () => {
  const [phone, page] = await village();
  phone.connection = { type: "cellular" };
  await page.run(() => page.listening.listening.keepAll());
  assert.deepEqual([asked(phone), line(page).wanted, page.state.slice("narration").waits, page.state.slice("page").toast], [0, true, true, "guide.waits_for_wifi"]);
  phone.connection = { type: "wifi" };
  const tab = await phone.tab();
  await tab.quiet();
  assert.equal((await tab.db.getAll("sounds")).length, 1);
  assert.deepEqual(await tab.db.getFact("narrations_wanted"), []);
});

test("what the commune takes off is gone from the screen and from the phone, and so is a wish for it", async () => {
  const [phone, page] = await village();
  await page.run(() => page.listening.listening.play("n1"));
  await page.db.setFact("narrations_wanted", ["n1"]);
  phone.server.rows = { narrations: [] };
  await page.run(() => page.sync.kick());
  await page.state.refresh(["facts"]);
  assert.deepEqual([page.state.slice("narration").lines, await page.db.getAll("sounds"), await page.db.getFact("narrations_wanted")], [[], [], []]);
});

test("a recording that was taken off while the phone had no network says so when it is asked for", async () => {
  const [phone, page] = await village();
  phone.server.sounds.clear();
  await page.run(() => page.listening.listening.play("n1"));
  assert.equal(line(page).failed, "gone");
});

test("one who has left the commune keeps none of its recordings", async () => {
  const [phone, page] = await village();
  await page.run(() => page.listening.listening.play("n1"));
  phone.server.rows = { left: ["commune:2"] };
  await page.run(() => page.sync.kick());
  assert.deepEqual([await page.db.getAll("sounds"), await page.db.getFact("narrations")], [[], []]);
});
