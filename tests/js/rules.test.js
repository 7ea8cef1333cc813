// The rules that live both on the server and here, by the cases that drive both (tests/domain/test_shared_rules.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { checkCharacter, codeHash, parseScanned, parseTyped } from "../../fieldapp/device/card-code.js";
import { isGroupLink } from "../../fieldapp/device/group-link.js";
import { fold, matches } from "../../fieldapp/device/names.js";
import { holdsIdentity } from "../../fieldapp/device/note.js";
import { odd } from "../../fieldapp/device/periods.js";
import { daysLeft, percent, standing } from "../../fieldapp/device/targets.js";
import { fill } from "../../fieldapp/device/places.js";
import { addDays, dayMonth, vnDay, vnTime, weekday } from "../../fieldapp/device/vn-time.js";

const cases = (file) => JSON.parse(readFileSync(new URL(`../contract/${file}.json`, import.meta.url), "utf8"));
const cards = cases("card_codes");
const notes = cases("notes");
const folds = cases("folds");

test("a check character is by ISO 7064", () => {
  for (const { of, is } of cards.check_characters) assert.equal(checkCharacter(of), is, of);
});

test("what a camera read gives the code or nothing", () => {
  for (const { raw, code } of cards.scanned) assert.equal(parseScanned(raw), code, raw);
});

test("what a person typed gives the short code or nothing", () => {
  for (const { raw, code } of cards.typed) assert.equal(parseTyped(raw), code, raw);
});

test("a card is known by the SHA-256 that the server stores", async () => {
  assert.equal(await codeHash("ABC"), "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78");
});

test("a note with an identity is known, an honest one let through", () => {
  for (const note of notes.holds) assert.equal(holdsIdentity(note), true, note);
  for (const note of notes.free) assert.equal(holdsIdentity(note), false, note);
});

test("a link to a Zalo group is known, one to a person or elsewhere refused", () => {
  for (const link of cases("group_links").good) assert.equal(isGroupLink(link), true, link);
  for (const link of cases("group_links").bad) assert.equal(isGroupLink(link), false, link);
});

test("a folded name has no marks", () => {
  for (const { of, is } of folds.folds) assert.equal(fold(of), is, of);
});

test("a search finds by the beginnings of words, without marks", () => {
  const found = ({ typed, name }) => matches(fold(name), fold(typed).split(" ").filter(Boolean));
  for (const one of folds.finds) assert.equal(found(one), true, JSON.stringify(one));
  for (const one of folds.misses) assert.equal(found(one), false, JSON.stringify(one));
});

test("a day is a day in Việt Nam, whatever the phone's time zone", () => {
  for (const { at, day } of cases("days").days) assert.equal(vnDay(Date.parse(at)), day, at);
});

test("hours, weekdays and day arithmetic are Vietnamese too", () => {
  const midnight = Date.parse("2026-12-31T17:00:00Z");
  assert.equal(vnTime(midnight), "00:00");
  assert.equal(vnTime(midnight - 60000), "23:59");
  assert.equal(weekday(vnDay(midnight)), 5);
  assert.equal(weekday("2026-11-22"), 0);
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.equal(addDays("2028-03-01", -1), "2028-02-29");
  assert.equal(dayMonth("2026-03-09"), "09/03");
});

test("words are filled, and one of a thing is not many", () => {
  for (const { words, params, is } of cases("places").filled) assert.equal(fill(words, params), is, words);
});

test("targets and tasks are judged by the same days and shares", () => {
  for (const { first, last, today, is } of cases("targets").days_left) assert.equal(daysLeft(first, last, today), is, `${first} ${today}`);
  for (const { done, amount, is } of cases("targets").percent) assert.equal(percent(done, amount), is, `${done} of ${amount}`);
  for (const { state, due, today, is } of cases("targets").standing) assert.equal(standing(state, due, today), is, `${state} ${due}`);
});

test("an odd number of a report asks for a reason", () => {
  for (const { figure, households, is } of cases("odd_figures").odd) assert.equal(odd(figure, households) || null, is, JSON.stringify(figure));
});
