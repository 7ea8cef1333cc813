// What is said to a report stands on the phone: it outlives the page, belongs to its days, and holds nobody's number.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { Server } from "./server.js";

// The page of somebody who has joined, with the report's room open in it.
async function opened(phone = new Phone(new Server())) {
  let page = await phone.open();
  if (!page.state.data.me) {
    await page.joining.lookAt("lan");
    await page.actions.join();
    await page.run(() => page.sync.kick());
    page = await phone.open();
  }
  const { reporting } = await import(`../../fieldapp/device/reporting.js?life=${page.number}`);
  await page.quiet();
  return [phone, page, reporting, () => page.state.slice("report")];
}

test("words are kept with every touch and are there after the page was killed", async () => {
  const [phone, page, reporting, report] = await opened();
  reporting.write("difficulty", "sóng yếu");
  reporting.write("next", "hẹn lại 12 hộ");
  assert.equal(report().difficulty, "sóng yếu");
  await page.quiet();
  page.kill();
  const [, , again, later] = await opened(phone);
  assert.deepEqual([later().difficulty, later().next], ["sóng yếu", "hẹn lại 12 hộ"]);
  again.setRange("month");
  assert.deepEqual([later().difficulty, later().next], ["", ""]);
});

test("what was said to other days is not said to these", async () => {
  const [phone, page] = await opened();
  await page.db.setFact("report_words", { today: { first: "2020-01-01", difficulty: "long ago", next: "" } });
  const [, , , report] = await opened(phone);
  assert.equal(report().difficulty, "");
});

test("a number of somebody stops the report", async () => {
  const [, page, reporting, report] = await opened();
  reporting.write("next", "gọi 0905 123 456");
  assert.equal(report().error, "problem.note_identity");
  assert.equal(reporting.copy(), "problem.note_identity");
  reporting.write("next", "gọi điện trước");
  assert.equal(report().error, "");
  await page.quiet();
});
