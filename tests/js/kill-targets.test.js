// A phone is killed at every point of what a leader does with targets, tasks and reports, of opening an announcement, of a practice.
import assert from "node:assert/strict";
import { formsOf, kill, LAN, opened, sendAll, sendDecided, shown } from "./killed.js";

// A leader's phone to which a target and a task came.
async function aimed(phone) {
  const target = { id: "t1", team: 3, villages: [11], platform: "VNEID", measure: "household", first: "2026-01-01", last: "2099-12-31", own: false, amount: 120, accepted: 0, accepted_by: "", parts: [], split: 0, split_id: "" };
  const task = { id: "k1", team: 3, text: "Họp tổ", due: "2099-12-31", state: "open", note: "", marked: 0, marked_id: "" };
  await shown(phone, { targets: [target], tasks: [task] }, true);
  return phone.page.bring("aiming");
}

const PERIOD = { pathname: "/m/period/", hash: "#5:11" };

// A page on which the report of a period that is over stands open.
async function reporting(phone) {
  const page = await phone.open();
  Object.assign(page.world.location, PERIOD);
  return [page, (await page.bring("submitting")).submitting];
}

const SCENARIOS = {
  "taking a target on": {
    async prepare(phone) {
      await aimed(phone);
    },
    act: (page) => page.aiming.aiming.accept("t1"),
    async after(phone) {
      const [page, aiming] = await opened(phone, "aiming", "aiming");
      await page.run(() => aiming.accept("t1"));
    },
    async check(phone, server) {
      await sendDecided(phone);
      assert.deepEqual(server.of("target.accept").map((r) => r.payload), [{ team: 3, target: "t1", amount: 120 }]);
    },
  },
  "sharing a target out": {
    async prepare(phone) {
      const { aiming } = await aimed(phone);
      await aiming.beginSplit("t1");
      await aiming.setPart(LAN, "70");
      phone.server.down = true;
    },
    act: (page) => page.aiming.aiming.saveSplit(),
    async after(phone) {
      const [page, aiming] = await opened(phone, "aiming", "aiming");
      if (page.state.slice("split_form").open) await page.run(() => aiming.saveSplit());
    },
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("target.split").map((r) => r.payload.parts), [[{ member: LAN, amount: 70 }]]);
      assert.deepEqual(await formsOf(page), []);
    },
  },
  "saying how far a task is": {
    async prepare(phone) {
      const { aiming } = await aimed(phone);
      await aiming.beginMark("k1");
      await aiming.setMark("done");
      phone.server.down = true;
    },
    act: (page) => page.aiming.aiming.saveMark(),
    async after(phone) {
      const [page, aiming] = await opened(phone, "aiming", "aiming");
      if (page.state.slice("mark_form").open) await page.run(() => aiming.saveMark());
    },
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("task.mark").map((r) => r.payload), [{ team: 3, task: "k1", state: "done", note: "" }]);
      assert.deepEqual(await formsOf(page), []);
    },
  },
  "submitting a good practice": {
    async prepare(phone) {
      const { practising } = await phone.page.bring("practising");
      await practising.begin();
      await practising.setTitle("Góc số ở chợ");
      await practising.setText("Mỗi phiên chợ một bàn");
      phone.server.down = true;
    },
    act: (page) => page.practising.practising.save(),
    async after(phone) {
      const [page, practising] = await opened(phone, "practising", "practising");
      if (page.state.slice("practice_form").open) await page.run(() => practising.save());
    },
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("practice.submit").map((r) => r.payload.title), ["Góc số ở chợ"]);
      assert.deepEqual(await formsOf(page), []);
    },
  },
  "saying that a course is finished": {
    async prepare(phone) {
      await shown(phone, { materials: [{ id: 7, kind: "link", title: "An toàn thông tin", number: "", issuer: "", day: "", text: "", by: "", bytes: 0, url: "https://hoc.example/7" }] });
      await phone.page.bring("shelving");
      phone.server.down = true;
    },
    act: (page) => page.shelving.shelving.finish(7),
    async after(phone) {
      const [page, shelving] = await opened(phone, "shelving", "shelving");
      await page.run(() => shelving.finish(7));
    },
    async check(phone, server) {
      await sendDecided(phone);
      assert.deepEqual(server.of("course.done").map((r) => r.payload), [{ course: 7 }]);
    },
  },
  "submitting a report": {
    async prepare(phone) {
      const row = { id: "5:11", period: 5, village: 11, team: 3, name: "Đông Hòa", kind: "month", first: "2026-01-01", last: "2026-01-31", style: "calendar", title: "", due: "2026-02-02", households: 60, carried: "2026-01-01", as_of: 1, figures: [{ code: "03" }, { code: "25", value: 86 }], state: "", number: 0 };
      const one = { place: 0, section: "common", vi: "Số", en: "No.", unit: "support", manual: false, households: false };
      await shown(phone, { reports: [row], indicators: [{ ...one, code: "03", manual: true }, { ...one, code: "25" }] }, true);
      const [, submitting] = await reporting(phone);
      await submitting.setNumber("03", "4");
      phone.server.down = true;
    },
    act: (page) => page.submitting.submitting.submit(),
    async after(phone) {
      const [page, submitting] = await reporting(phone);
      await page.run(() => submitting.submit());
    },
    async check(phone, server) {
      await sendDecided(phone);
      assert.deepEqual(server.of("report.submit").map((r) => [r.payload.number, r.payload.manual, r.payload.seen]), [[1, { "03": 4 }, { 25: 86 }]]);
      assert.deepEqual(await formsOf(phone.page), []);
    },
  },
  "opening an announcement": {
    async prepare(phone) {
      await shown(phone, { announcements: [{ id: "n1", title: "Họp", text: "Tối nay", by: "Sơn Tịnh", at: 1, due: "", read: false }] });
      await phone.page.bring("announcing");
      phone.server.down = true;
    },
    act: (page) => page.announcing.announcing.opened("n1"),
    async after(phone) {
      const [page, announcing] = await opened(phone, "announcing", "announcing");
      await page.run(() => announcing.opened("n1"));
    },
    async check(phone, server) {
      const page = await sendAll(phone);
      assert.deepEqual(server.of("announcement.read").map((r) => r.payload), [{ announcement: "n1" }]);
      assert.deepEqual(await page.db.getFact("announcements_read"), { n1: true });
    },
  },
};

kill(SCENARIOS, import.meta.url);
