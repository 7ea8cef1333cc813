// What the server refused is mended: a visit with the household that was refused with it, a chain of refused versions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Phone } from "./life.js";
import { Server } from "./server.js";
import * as drafts from "../../fieldapp/device/draft.js";
import { standing } from "../../fieldapp/device/new-households.js";

const CARD = "HTTPS://TOSO/H/ABC";

// A phone on which a visit to a household at the door was saved, with its card; the server refuses what `named` picks.
async function refusedAtTheDoor(named = () => true) {
  const phone = new Phone(new Server());
  const page = await phone.open();
  await page.joining.lookAt("lan");
  await page.actions.join();
  await page.run(() => page.sync.kick());
  await atTheDoor(page, "12", "Lê Văn Ba");
  page.state.held.draft = { ...page.state.held.draft, bind: CARD, touched: true };
  page.actions.togglePlatform("VNEID");
  page.actions.setResult("VNEID", "installed");
  await page.recording.settled();
  phone.server.down = true;
  await page.run(() => page.actions.saveVisit());
  for (const r of await page.outbox.list()) if (named(r)) phone.server.refuses.add(r.id);
  phone.server.down = false;
  await page.run(() => page.sync.kick());
  return page;
}

async function atTheDoor(page, number, head = "") {
  page.actions.openDoor();
  page.actions.setDoor("number", number);
  page.actions.setDoor("head", head);
  await page.actions.submitDoor();
  await page.recording.settled();
}

const parked = (page) => page.state.slice("outbox").parked.map((line) => line.kind);
const roster = (page) => page.state.slice("roster").lines.map((line) => line.number);

test("a refused household is on no list and takes no number, and its visit still names it", async () => {
  const page = await refusedAtTheDoor();
  assert.deepEqual(parked(page), ["household.add", "card.bind", "visit.create"]);
  assert.deepEqual(roster(page), []);
  assert.equal(page.state.slice("today").parked[0].household.number, "12");
  await atTheDoor(page, "12");
  assert.equal(page.state.slice("door").error, "");
  for (const { id } of page.state.slice("outbox").parked) await page.actions.dismissRecord(id);
  await page.state.refresh(["records", "households"]);
  assert.deepEqual([parked(page), roster(page)], [[], []]);
});

test("its visit is mended with the household before it, corrected, and its card", async () => {
  const page = await refusedAtTheDoor();
  const [visit] = page.state.slice("today").parked;
  await page.actions.mendVisit(visit.id);
  const { sheet, number, head } = { ...page.state.slice("page"), ...page.state.slice("door") };
  assert.deepEqual([sheet, number, head], ["door", "12", "Lê Văn Ba"]);
  page.actions.setDoor("head", "Lê Văn Ba 0905 123 456");
  await page.actions.submitDoor();
  assert.equal(page.state.slice("door").error, "note_identity");
  page.actions.setDoor("head", "");
  page.actions.setDoor("number", "12A");
  await page.actions.submitDoor();
  assert.deepEqual([page.state.slice("draft").household.number, page.state.slice("draft").at_the_door], ["12A", true]);
  await page.run(() => page.actions.saveVisit());
  await page.run(() => page.sync.kick());
  const { server } = page.phone;
  const [door, binding, made] = [...server.records.values()];
  assert.deepEqual([door.kind, binding.kind, made.kind], ["household.add", "card.bind", "visit.create"]);
  assert.deepEqual([door.payload.number, door.payload.head_name, binding.payload.card], ["12A", null, CARD]);
  assert.deepEqual([binding.payload.household, made.payload.household], [door.payload.household, door.payload.household]);
  assert.deepEqual([parked(page), roster(page)], [[], ["12A"]]);
});

test("a card that was refused for itself is not bound again", async () => {
  const records = [
    { id: "a", kind: "household.add", state: "parked", payload: { household: "h", village: 11, number: "12", head_name: null } },
    { id: "b", kind: "card.bind", state: "parked", code: "card_taken", payload: { household: "h", card: CARD } },
  ];
  const draft = drafts.mend({ id: "v", household: "h", outcomes: [], record: { payload: {} } }, records);
  assert.deepEqual([draft.bind, draft.new_household.number, draft.mended], [null, "12", ["a", "b"]]);
});

test("a household that stands again is not made twice", async () => {
  const page = await refusedAtTheDoor();
  const [visit] = page.state.slice("today").parked;
  await page.actions.mendVisit(visit.id);
  await page.run(() => page.actions.saveVisit());
  const second = { id: "w", household: visit.household.id, outcomes: [], record: { payload: {} } };
  assert.equal(drafts.mend(second, await page.outbox.list()).new_household, null);
});

test("a household that the server knows by another record stays on the roster", () => {
  const row = { id: "h", village: 11, number: "12", head: null, new: true, by: "Minh" };
  const records = [{ id: "a", kind: "household.add", state: "parked", payload: { household: "h", village: 11, number: "12", head_name: null } }];
  assert.deepEqual([...standing(new Map([["h", row]]), records).keys()], ["h"]);
});

test("refused versions over each other are mended in the place of the newest that the server may have", () => {
  const version = (id, replaces, state = "parked") => ({ id, kind: replaces ? "visit.replace" : "visit.create", state, replaces, payload: {} });
  const visit = { id: "v3", state: "parked", household: "h", outcomes: [] };
  const over = (base) => drafts.mend(visit, [base, version("v2", "v1"), version("v3", "v2")]);
  const [made, kept] = [over(version("v1", null)), over(version("v1", null, "sent"))];
  assert.deepEqual([made.replaces, made.mended], [null, ["v3", "v2", "v1"]]);
  assert.deepEqual([kept.replaces, kept.mended], ["v1", ["v3", "v2"]]);
});
