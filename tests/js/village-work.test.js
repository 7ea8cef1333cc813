// Hoạt động chung, Vướng mắc, Nhóm Zalo: recorded offline, shown at once, kept when the app is killed, mended where refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { Server } from "./server.js";
import { activities, counted, difficulties, group, missingInActivity, missingInDifficulty, missingInGroup } from "../../fieldapp/device/village-work.js";

const NOW = Date.parse("2026-11-25T03:00:00Z");
const ME = { id: 7, name: "Đinh Thị Lan", villages: [{ id: 11, name: "Đông Hòa" }] };
const world = (more = {}) => ({
  me: ME, offset: 0, platforms: [{ code: "VNEID", short_vi: "VNeID" }], records: [], households: new Map(),
  activities: new Map(), difficulties: new Map(), groups: new Map(), ...more,
});
const byId = (...rows) => new Map(rows.map((row) => [row.id, row]));
const record = (id, kind, payload, more = {}) => ({ id, kind, author: 7, made_at: NOW, state: "ready", payload: { village: 11, ...payload }, ...more });
const talk = (id, more, payload = {}) => record(id, "activity.create", { kind: "talk", people: 45, platforms: ["VNEID"], note: "", ...payload }, more);
const known = (id, more = {}) => ({ id, author: 8, by: "Võ Văn Minh", village: 11, made_at: NOW - 60000, ...more });

test("activities of the team and of this phone stand together, newest first, those refused apart", () => {
  const data = world({
    activities: byId(known("s", { kind: "class", people: null, platforms: [], note: "" })),
    records: [talk("a"), talk("b", { state: "parked", code: "out_of_scope" }), talk("c", { state: "parked", dismissed: true }), talk("h", { state: "sent", result: "held", made_at: NOW - 1 })],
  });
  const { lines, refused } = activities(data, "vi");
  assert.deepEqual(lines.map((l) => [l.id, l.sync, l.by, l.mine, l.people, l.platforms]), [
    ["a", "unsent", "Đinh Thị Lan", true, 45, "VNeID"], ["h", "held", "Đinh Thị Lan", true, 45, "VNeID"], ["s", "sent", "Võ Văn Minh", false, 0, ""],
  ]);
  assert.deepEqual(refused.map((l) => [l.id, l.code]), [["b", "out_of_scope"]]);
});

test("an activity that was taken away here is gone before the server has heard of it", () => {
  const away = record("w", "activity.withdraw", { activity: "s" });
  const data = world({ activities: byId(known("s", { kind: "talk", people: 3 })), records: [away] });
  assert.deepEqual(activities(data, "vi").lines, []);
  assert.equal(activities({ ...data, records: [{ ...away, state: "parked" }] }, "vi").lines.length, 1);
});

test("what is overdue comes first, then what is due, then what has no day yet, solved ones last", () => {
  const trouble = (id, due, more = {}) => known(id, { kind: "signal", severity: "high", description: "x", state: "handling", due, steps: [{ state: "reported", note: "", at: NOW, by: "Minh" }], ...more });
  const data = world({
    difficulties: byId(trouble("solved", "2026-11-01", { state: "solved" }), trouble("left", "2026-11-28"), trouble("today", "2026-11-25"), trouble("late", "2026-11-22")),
    records: [record("new", "difficulty.create", { kind: "device", severity: "low", description: "y" })],
  });
  const { lines } = difficulties(data, NOW);
  assert.deepEqual(lines.map((l) => [l.id, l.when, l.days, l.due]), [
    ["late", "late", 3, "22/11"], ["today", "today", 0, "25/11"], ["left", "left", 3, "28/11"], ["new", "none", 0, ""], ["solved", "none", 0, "01/11"],
  ]);
  assert.deepEqual([lines[3].state, lines[3].sync], ["reported", "unsent"]);
  assert.deepEqual(lines[0].steps, [{ said: "state.reported", note: "", by: "Minh", due: "", day: "25/11", time: "10:00" }]);
  const told = (deed) => {
    const steps = [{ state: "handling", deed, note: "", at: NOW, by: "Minh" }];
    return difficulties(world({ difficulties: byId(trouble("t", "2026-11-26", { steps })) }), NOW).lines[0].steps[0].said;
  };
  assert.deepEqual(["answer", "dream", undefined].map(told), ["deed.answer", "state.handling", "state.handling"], "a deed of a newer server is told by its state");
});

test("of all that was said of a group the latest word stands, here as on the server", () => {
  const said = { name: "Nhóm", link: null, manager: "team_leader", households: 5, counted_on: "2026-11-20" };
  const households = byId(...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ id: `h${n}`, village: 11 })), { id: "far", village: 12 });
  const pulled = new Map([[11, known(11, { ...said, record: "g1" })]]);
  const data = world({ households, groups: pulled });
  const shown = group(data, 0);
  assert.deepEqual([shown.percent, shown.total, shown.left, shown.over, shown.sync, shown.counted], [62, 8, 3, false, "sent", "20/11/2026"]);
  const mine = record("g2", "group.update", { ...said, households: 9 });
  assert.deepEqual([group({ ...data, records: [mine] }, 0)].map((g) => [g.households, g.percent, g.over, g.sync]), [[9, 100, true, "unsent"]]);
  const older = { ...mine, made_at: NOW - 120000 };
  assert.equal(group({ ...data, records: [older] }, 0).households, 5);
  const refused = { ...mine, state: "parked", code: "invalid" };
  assert.deepEqual([group({ ...data, records: [refused] }, 0).households, group({ ...data, records: [refused] }, 0).refused.length], [5, 1]);
  assert.deepEqual([group(world(), 0).found, group(world({ groups: pulled }), 0).percent], [false, 0]);
});

test("what is missing is named", () => {
  const form = { village: 11, kind: "talk", people: 1, note: "" };
  assert.deepEqual([{}, { village: 0 }, { kind: "" }, { people: 0 }, { kind: "loudspeaker", people: 0 }, { note: "gọi 0905123456" }].map((more) => missingInActivity({ ...form, ...more })), ["", "village", "kind", "people", "", "identity"]);
  const trouble = { village: 11, kind: "signal", severity: "high", description: "Mất sóng" };
  assert.deepEqual([{}, { severity: "" }, { description: "  " }, { description: "051090001234" }].map((more) => missingInDifficulty({ ...trouble, ...more })), ["", "severity", "description", "identity"]);
  const said = { name: "Nhóm", link: "", manager: "other", counted_on: "2026-11-25" };
  assert.deepEqual([{}, { name: "" }, { name: "0905 123 456" }, { link: "https://fb.com/x" }, { manager: "" }, { counted_on: "2026-11-26" }, { counted_on: "" }].map((more) => missingInGroup({ ...said, ...more }, "2026-11-25")), ["", "name", "identity", "link", "manager", "day", "day"]);
  assert.deepEqual(["45", "4 5 ", "-3", "", "999999", "abc"].map(counted), [45, 45, 3, 0, 9999, 0]);
});

async function joined() {
  const phone = new Phone(new Server());
  const page = await phone.open();
  await page.joining.lookAt("lan");
  await page.actions.join();
  await page.run(() => page.sync.kick());
  await page.state.refresh(["facts"]);
  return [phone, page];
}

async function fillIn(acting) {
  await acting.begin();
  acting.setKind("talk");
  for (let n = 0; n < 4; n++) acting.addPeople(10);
  await acting.addPeople(5);
}

test("an activity is saved offline by one tap, however often it is tapped, and sent later", async () => {
  const [phone, page] = await joined();
  const { acting } = await page.bring("activities");
  phone.server.down = true;
  await fillIn(acting);
  await page.run(() => Promise.all([acting.save(), acting.save()]));
  assert.deepEqual(page.state.slice("activities").lines.map((l) => [l.people, l.sync]), [[45, "unsent"]]);
  assert.deepEqual([page.state.slice("activity_form").open, page.state.slice("page").toast], [false, "record.saved"]);
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  const [sent] = phone.server.of("activity.create");
  assert.deepEqual(sent.payload, { village: 11, kind: "talk", people: 45, platforms: [], note: "" });
  await page.state.refresh(["records"]);
  assert.deepEqual(page.state.slice("activities").lines.map((l) => l.sync), ["sent"]);
});

test("a form outlives the app, and is owed until it is saved or dropped", async () => {
  const [phone, page] = await joined();
  await fillIn((await page.bring("activities")).acting);
  const next = await phone.open();
  const { acting } = await next.bring("activities");
  const { open, kind, people } = next.state.slice("activity_form");
  assert.deepEqual([open, kind, people], [true, "talk", 45]);
  assert.deepEqual(await next.leaving.wipe("p0", { look: true }), { draft: 1 });
  await acting.drop();
  assert.equal(await next.leaving.wipe("p0", { look: true }), null);
});

test("whenever the app is killed while an activity is saved, it is a form or a record and never both or neither", async () => {
  for (let n = 1; n < 40; n++) {
    const [phone, page] = await joined();
    const { acting } = await page.bring("activities");
    await fillIn(acting);
    phone.server.down = true;
    const points = await page.run(() => acting.save(), n);
    const next = await phone.open();
    await next.bring("activities");
    const records = (await next.outbox.list()).filter((r) => r.kind === "activity.create").length;
    assert.equal(records + (next.state.slice("activity_form").open ? 1 : 0), 1, `killed at ${n}: ${page.place}`);
    if (points < n) return;
  }
});

test("what the server refused is filled in again and put away when it is saved anew", async () => {
  const [phone, page] = await joined();
  const { telling } = await page.bring("difficulties");
  await telling.begin();
  telling.setKind("signal");
  telling.setSeverity("high");
  await telling.setDescription("Mất sóng");
  phone.server.down = true;
  await page.run(() => telling.save());
  const [made] = await page.outbox.list();
  phone.server.refuses.add(made.id);
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  await page.state.refresh(["records"]);
  assert.deepEqual(page.state.slice("difficulties").refused.map((l) => l.code), ["platform_unknown"]);
  assert.deepEqual(page.state.slice("outbox").parked.map((l) => [l.kind, l.title, l.mend_at, l.mendable]), [["difficulty.create", "Mất sóng", "/m/difficulties/", false]]);
  await telling.mend(made.id);
  assert.equal(page.state.slice("difficulty_form").description, "Mất sóng");
  await telling.setDescription("Mất sóng cả xóm");
  await page.run(() => telling.save());
  await page.state.refresh(["records"]);
  assert.deepEqual([page.state.slice("difficulties").refused, page.state.slice("outbox").look_count], [[], 0]);
  assert.deepEqual(phone.server.of("difficulty.create").map((r) => r.payload.description), ["Mất sóng cả xóm"]);
});

test("an unsent activity is taken away without a trace, a sent one by a record of its own", async () => {
  const [phone, page] = await joined();
  const { acting } = await page.bring("activities");
  phone.server.down = true;
  await fillIn(acting);
  await page.run(() => acting.save());
  const [{ id }] = await page.outbox.list();
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  acting.ask(id);
  await page.run(() => acting.withdraw());
  assert.deepEqual(phone.server.of("activity.withdraw").map((r) => r.payload), [{ activity: id }]);
  await page.state.refresh(["records"]);
  assert.deepEqual(page.state.slice("activities").lines, []);
});

test("a form that was asked for before the storage was read waits for it, and knows its village", async () => {
  const [, page] = await joined();
  const { grouping } = await page.bring("group");
  const { acting } = await page.bring("activities");
  let read;
  const { me } = page.state.data;
  page.state.data.me = null;
  page.state.derive();
  page.state.held.opened = new Promise((done) => (read = done));
  const begun = [grouping.begin(), acting.begin()];
  await page.quiet();
  assert.deepEqual(["group_form", "activity_form"].map((name) => page.state.slice(name).open), [false, false]);
  page.state.data.me = me;
  page.state.derive();
  read();
  await Promise.all(begun);
  assert.deepEqual(["group_form", "activity_form"].map((name) => page.state.slice(name).village), [11, 11]);
});

test("a group's form begins with what is known", async () => {
  const [phone, page] = await joined();
  const { grouping } = await page.bring("group");
  phone.server.rows = { groups: [known(11, { record: "g1", name: "Nhóm thôn", link: "https://zalo.me/g/abc", manager: "village_head", households: 5, counted_on: "2026-11-20" })] };
  await page.run(() => page.sync.kick());
  await page.state.refresh(["groups"]);
  await grouping.begin();
  await grouping.addHouseholds(10);
  await page.run(() => grouping.save());
  const [sent] = phone.server.of("group.update");
  const { counted_on, ...rest } = sent.payload;
  assert.deepEqual(rest, { village: 11, name: "Nhóm thôn", link: "https://zalo.me/g/abc", manager: "village_head", households: 15 });
  assert.match(counted_on, /^\d{4}-\d{2}-\d{2}$/);
});
