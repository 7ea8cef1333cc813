// From the first touch to the records that the server meets.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as drafts from "../../fieldapp/device/draft.js";

const begun = (more = {}) => ({ ...drafts.begin("h1", "scan", "HTTPS://X/H/CODE", null), ...more });
const chosen = (draft, platform = "VNEID", result = "installed") => drafts.setResult(drafts.togglePlatform(draft, platform), platform, result, "2026-11-23");
const toRecords = (draft, photos = []) => drafts.toRecords(draft, photos, 7, 1000);

test("a draft says what is still missing, the first thing first", () => {
  const steps = [null, begun(), drafts.togglePlatform(begun(), "VNEID"), { ...chosen(begun()), note: "0905 123 456" }, chosen(begun())];
  assert.deepEqual(steps.map(drafts.missing), ["no_household", "no_platform", "no_result", "note_identity", ""]);
});

test("a visit's record says what was touched, and its id is the draft's", () => {
  const draft = { ...chosen(begun()), note: "  hẹn lại  " };
  const [record, ...rest] = toRecords(draft, [{ sha256: "ab", type: "image/jpeg", bytes: new ArrayBuffer(3), visit: draft.id }]);
  assert.equal(rest.length, 0);
  assert.deepEqual(record, {
    schema: 1, author: 7, made_at: 1000, id: draft.id, kind: "visit.create", replaces: null,
    payload: {
      household: "h1", mode: "home", beneficiary: "person", people: 1, identified_by: "scan", card: "HTTPS://X/H/CODE", note: "hẹn lại",
      outcomes: [{ platform: "VNEID", result: "installed", steps: [], come_back_on: null }], photos: [{ sha256: "ab", bytes: 3, type: "image/jpeg" }],
    },
  });
});

test("a new household and its card go before the visit", () => {
  const draft = chosen(begun({ new_household: { household: "h1", village: 11, number: "7", head_name: null }, bind: "HTTPS://X/H/CODE" }));
  const records = toRecords(draft);
  assert.deepEqual(records.map((r) => r.kind), ["household.add", "card.bind", "visit.create"]);
  assert.equal(new Set(records.map((r) => r.id)).size, 3);
});

test("coming back has a day, a week from now until another is chosen", () => {
  const later = chosen(begun(), "VNEID", "come_back");
  assert.equal(later.outcomes[0].come_back_on, "2026-11-30");
  assert.equal(drafts.setResult(later, "VNEID", "installed", "2026-11-23").outcomes[0].come_back_on, null);
});

test("people are at least one and at most what the server takes", () => {
  assert.deepEqual([drafts.addPeople(begun(), -5).people, drafts.addPeople(begun(), 3).people, drafts.addPeople(begun(), 500).people], [1, 4, 50]);
});

test("a card that is read while the draft is open is taken up, with how the household was known", () => {
  const [list, scan, keypad, none] = [["list", null], ["scan", "SCANNED"], ["keypad", "TYPED"], ["list", null]].map(([how, card]) => drafts.begin("h1", how, card, null));
  const takes = (draft, next) => {
    const { identified_by, card, bind } = drafts.takeCard(draft, next);
    return [identified_by, card, bind];
  };
  assert.deepEqual(takes(list, { ...scan, bind: "SCANNED" }), ["scan", "SCANNED", "SCANNED"]);
  assert.deepEqual(takes(keypad, scan), ["scan", "SCANNED", null]);
  assert.deepEqual(takes(scan, keypad), ["scan", "SCANNED", null], "a typed code takes no scan's place");
  assert.deepEqual(takes(scan, none), ["scan", "SCANNED", null]);
  assert.deepEqual(takes({ ...list, mends: "v1" }, scan), ["scan", "SCANNED", null]);
  assert.deepEqual(takes({ ...keypad, mends: "v1" }, scan), ["keypad", "TYPED", null], "its record names another");
});

const visit = (state, record) => ({
  id: "v1", state, household: "h1", identified_by: "scan", people: 2, note: "", mode: "home", beneficiary: "person",
  outcomes: [{ platform: "VNEID", result: "installed" }], record,
});
const made = (more) => ({ id: "v1", payload: { card: "HTTPS://X/H/CODE", photos: [{ sha256: "ab" }] }, replaces: null, ...more });

test("what was sent back is mended as a new version of it, with its card and pictures", () => {
  const draft = drafts.mend(visit("returned", made()), []);
  assert.notEqual(draft.id, "v1");
  assert.deepEqual([draft.replaces, draft.mends, draft.card, draft.photos, draft.people], ["v1", "v1", "HTTPS://X/H/CODE", ["ab"], 2]);
  assert.equal(toRecords(draft)[0].kind, "visit.replace");
});

const pulledPhoto = (sha256, more = {}) => ({ sha256, bytes: 9, type: "image/jpeg", state: "ready", reason: null, ...more });

test("a visit whose record is no longer on this phone keeps the photos that the server names, until one is removed", () => {
  const pulled = { ...visit("returned"), photos: [pulledPhoto("ab"), pulledPhoto("cd", { state: "accepted" }), pulledPhoto("ef", { state: "refused" }), { sha256: "old", state: "ready" }] };
  const draft = drafts.mend(pulled, []);
  assert.deepEqual(draft.photos, ["ab", "cd"]);
  const added = { sha256: "new", type: "image/jpeg", bytes: new ArrayBuffer(3) };
  const kept = { ...chosen(draft, "DVC"), photos: ["cd", "new"] };
  assert.deepEqual(toRecords(kept, [added])[0].payload.photos, [{ sha256: "new", bytes: 3, type: "image/jpeg" }, { sha256: "cd", bytes: 9, type: "image/jpeg" }]);
});

test("what the server refused is made anew", () => {
  const [record] = toRecords(drafts.mend(visit("parked", made()), [made({ state: "parked" })]));
  assert.deepEqual([record.kind, record.replaces], ["visit.create", null]);
});

test("a refused replacement is mended in the place of what it was to replace", () => {
  const refused = made({ kind: "visit.replace", replaces: "v0", state: "parked" });
  const [record] = toRecords(drafts.mend(visit("parked", refused), [refused]));
  assert.deepEqual([record.kind, record.replaces], ["visit.replace", "v0"]);
});

test("as last time is what the last visit was about, but for its appointment, and never over what was chosen", () => {
  const last = chosen(chosen(begun()), "DVC", "come_back");
  const habits = drafts.habitsOf(last);
  assert.deepEqual(habits, { mode: "home", beneficiary: "person", result: "installed", last: [{ platform: "VNEID", result: "installed" }] });
  assert.deepEqual(drafts.likeLast(begun(), habits.last).outcomes, [{ platform: "VNEID", result: "installed", steps: [], come_back_on: null }]);
  const begunOtherwise = drafts.togglePlatform(begun(), "SSK");
  assert.equal(drafts.likeLast(begunOtherwise, habits.last), begunOtherwise);
});

test("what is chosen for somebody is no work of theirs until they give it a result", () => {
  const offered = begun({ outcomes: [{ platform: "VNEID", result: "", steps: [], come_back_on: null }] });
  assert.equal(drafts.isFilled(offered), false);
  assert.equal(drafts.isFilled(chosen(offered, "DVC")), true);
});

test("a platform of which the household was taught before is marked, and no other", () => {
  const both = chosen(chosen(begun()), "DVC");
  const [{ payload }] = drafts.toRecords(both, [], 7, 1000, new Map([["DVC", new Set()]]));
  assert.deepEqual(payload.outcomes.map((o) => [o.platform, o.again]), [["VNEID", undefined], ["DVC", true]]);
});
