// Cách làm hay: written without network, sent once, and what became of it stands on the phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missingIn, practices } from "../../fieldapp/device/practices.js";
import { joined } from "./joined.js";

const row = (id, record, state, more = {}) => ({ id, kind: "practice", title: `Góc số ${id}`, number: "", issuer: "", day: "", text: "Một bàn", by: "", bytes: 0, record, state, reason: "", ...more });

test("it is written offline, waits in the outbox, is sent once, and is said anew where it was sent back", async () => {
  const [phone, page] = await joined();
  phone.server.down = true;
  const { practising } = await page.bring("practising");
  await page.run(() => practising.begin());
  await page.run(() => practising.setTitle("Góc số ở chợ"));
  await page.run(() => practising.setText("Gọi 0905 123 456"));
  await page.run(() => practising.save());
  assert.equal(page.state.slice("page").toast, "record.note_identity");
  await page.run(() => practising.setText(" Mỗi phiên chợ một bàn "));
  await page.run(() => Promise.all([practising.save(), practising.save()]));
  assert.deepEqual(page.state.slice("outbox").lines.map((l) => [l.kind, l.title]), [["practice.submit", "Góc số ở chợ"]]);
  const shown = () => page.state.slice("practices").lines.map(({ title, state, sync, reason }) => [title, state, sync, reason]);
  assert.deepEqual(shown(), [["Góc số ở chợ", "commune", "unsent", ""]]);
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  const [{ id, payload }] = phone.server.of("practice.submit");
  assert.deepEqual([payload.title, payload.text, payload.earlier], ["Góc số ở chợ", "Mỗi phiên chợ một bàn", undefined]);
  phone.server.rows = { materials: [row(5, id, "returned", { title: "Góc số ở chợ", reason: "Thêm kết quả" })] };
  await page.run(() => page.sync.kick());
  assert.deepEqual(shown(), [["Góc số ở chợ", "returned", "shown", "Thêm kết quả"]]);
  assert.deepEqual(page.state.slice("materials").lines, [], "it is nobody else's yet");
  await page.run(() => practising.again(id));
  assert.equal(page.state.slice("practice_form").text, "Một bàn");
  phone.server.rows = {};
  await page.run(() => practising.save());
  await page.run(() => page.sync.kick());
  assert.deepEqual(phone.server.of("practice.submit").map((r) => r.payload.earlier), [undefined, id]);
  assert.deepEqual(shown(), [["Góc số ở chợ", "commune", "sent", ""]]);
});

test("a refused one is shown apart, to be mended; what the server shows stands once", () => {
  const of = (id, state, more = {}) => ({ id, kind: "practice.submit", state, made_at: 0, payload: { village: 11, title: id, text: "x" }, ...more });
  const data = { me: { name: "Lan" }, offset: 0, records: [of("a", "parked", { code: "out_of_scope" }), of("b", "sent"), of("c", "sent", { result: "held" })] };
  const { lines, refused } = practices([row(1, "b", "approved"), { id: 2, kind: "practice", title: "Của xã khác" }], data);
  assert.deepEqual([refused.map((r) => [r.title, r.code]), lines.map((l) => [l.id, l.sync])], [[["a", "out_of_scope"]], [["c", "held"], ["b", "shown"]]]);
});

test("what is missing is said in the order of the screen", () => {
  const form = { village: 11, title: "Góc số", text: "Một bàn" };
  const lacks = [{}, { village: 0 }, { title: " " }, { title: "0905123456" }, { text: "" }, { text: "0905123456" }];
  assert.deepEqual(lacks.map((more) => missingIn({ ...form, ...more })), ["", "village", "title", "identity_title", "text", "identity"]);
});
