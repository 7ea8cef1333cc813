// Thông báo: read without network, noted once however often it is opened, and new on Hôm nay until then.
import assert from "node:assert/strict";
import { test } from "node:test";
import { announcements } from "../../fieldapp/device/announcements.js";
import { today } from "../../fieldapp/device/views.js";
import { joined } from "./joined.js";

const NOON = Date.parse("2026-11-26T05:00:00Z");
const row = (id, more = {}) => ({ id, title: `Họp ${id}`, text: "Tối nay", by: "Sơn Tịnh", at: NOON, due: "", read: false, ...more });

test("what was opened on this phone, or on another one, is new no more; a day that has passed is told", () => {
  const data = { announcements: [row("a"), row("b", { read: true, due: "2026-11-25" }), row("c", { due: "2026-11-26" })], announcements_read: { c: true } };
  const shown = announcements(data, "b", NOON);
  assert.deepEqual(shown.lines.map((l) => [l.id, l.fresh, l.due, l.over]), [["a", true, "", false], ["b", false, "25/11", true], ["c", false, "26/11", false]]);
  assert.deepEqual([shown.unread, shown.found, shown.open.title], [1, true, "Họp b"]);
  assert.deepEqual([announcements(data, "gone", NOON).found, announcements(data, "", NOON).found], [false, false]);
  const nothing = { me: { id: 7 }, platforms: [], records: [], households: new Map(), comments: new Map(), logs_read: [] };
  const { told, told_title } = today({ ...nothing, ...data }, [], NOON, "vi");
  assert.deepEqual([told, told_title], [1, "Họp a"]);
});

test("it is noted once, offline, and stays read when the record is long gone", async () => {
  const [phone, page] = await joined();
  phone.server.rows = { announcements: [row("a"), row("b")] };
  await page.run(() => page.sync.kick());
  phone.server.down = true;
  const { announcing } = await page.bring("announcing");
  await page.run(() => Promise.all([announcing.opened("a"), announcing.opened("a"), announcing.opened("none")]));
  await page.run(() => announcing.opened("a"));
  phone.server.down = false;
  const later = await phone.open();
  const again = await later.bring("announcing");
  await later.run(() => again.announcing.opened("a"));
  await later.run(() => later.sync.kick());
  assert.deepEqual(phone.server.of("announcement.read").map((r) => r.payload), [{ announcement: "a" }]);
  await later.db.write(["records"], (store) => store("records").clear());
  await later.run(() => again.announcing.opened("a"));
  assert.deepEqual([(await later.outbox.list()).length, later.state.slice("announcements").unread], [0, 1]);
});

test("a list takes the place of the one before, and goes with the commune", async () => {
  const [phone, page] = await joined();
  const pulled = async (rows) => {
    phone.server.rows = rows;
    await page.run(() => page.sync.kick());
    return (await page.db.getFact("announcements"))?.map(({ id }) => id);
  };
  assert.deepEqual(await pulled({ announcements: [row("a"), row("b")] }), ["a", "b"]);
  assert.deepEqual(await pulled({ announcements: [row("b")] }), ["b"]);
  assert.deepEqual(await pulled({}), ["b"]);
  assert.equal(await pulled({ left: ["commune:2"] }), undefined);
});

test("changes of the library take the place of what was here, and all of it goes where the phone begins anew", async () => {
  const [phone, page] = await joined();
  const paper = (id, title = `Văn bản ${id}`) => ({ id, kind: "paper", title, number: "", issuer: "", day: "", text: "", by: "", bytes: 0 });
  const pulled = async (rows) => {
    phone.server.rows = rows;
    await page.run(() => page.sync.kick());
    return (await page.db.getFact("materials"))?.map(({ title }) => title).sort();
  };
  assert.deepEqual(await pulled({ materials: [paper(1), paper(2)] }), ["Văn bản 1", "Văn bản 2"]);
  assert.deepEqual(await pulled({ materials: [paper(2, "Mới"), { id: 1, gone: true }, paper(3)] }), ["Mới", "Văn bản 3"]);
  assert.deepEqual(await pulled({}), ["Mới", "Văn bản 3"]);
  assert.deepEqual(await pulled({ reset: true, materials: [paper(4)] }), ["Văn bản 4"]);
  const { shelving } = await page.bring("shelving");
  await page.run(() => shelving.find("van ban"));
  assert.deepEqual(page.state.slice("materials").lines.map((l) => l.title), ["Văn bản 4"]);
  assert.deepEqual(await pulled({ left: ["commune:2"] }), undefined);
});

test("a course opens by https alone, and is finished once, as this phone or the server knows", async () => {
  const [phone, page] = await joined();
  const course = (id, more = {}) => ({ id, kind: "link", title: `Khóa ${id}`, number: "", issuer: "", day: "", text: "", by: "", bytes: 0, url: "https://hoc.example/", meant_for: "thành viên mới", ...more });
  phone.server.rows = { materials: [course(1), course(2, { url: "javascript:alert(1)" }), course(3, { dead: true })] };
  await page.run(() => page.sync.kick());
  const { shelving } = await page.bring("shelving");
  await page.run(() => shelving.setKind("link"));
  const shown = () => page.state.slice("materials").lines.map((l) => [l.id, l.url, l.dead, l.finished]);
  assert.deepEqual(shown(), [[3, "https://hoc.example/", true, false], [2, "", false, false], [1, "https://hoc.example/", false, false]]);
  await page.run(() => Promise.all([shelving.finish(1), shelving.finish(1)]));
  await page.run(() => shelving.finish(1));
  assert.deepEqual((await page.outbox.list()).map((r) => r.payload), [{ course: 1 }]);
  page.state.data.me = { ...page.state.data.me, courses: [3] };
  await page.run(() => page.state.derive());
  assert.deepEqual(shown().map((l) => l[3]), [true, false, true]);
});
