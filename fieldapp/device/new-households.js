// Households met at the door, as the leader sees them, and the roster with the leader's own answers laid over it:
// pure, no storage, no network, no words.
import { fold, matches } from "./names.js";
import { refusedDoors } from "./refused.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";
import { householdLine } from "./views.js";

const MOST = 20;
const NO_EFFECT = new Set(["superseded", "held"]);

// A new household is on the roster at once, before the server has heard of it.
export const rosterRow = (made) => made && { id: made.household, village: made.village, number: made.number, head: made.head_name, new: true, last: null, rungs: {} };

// Households by id. What was merged into another is found under its old id too, and what the server refused under its
// own, but neither stands in any list.
class Roster extends Map {
  constructor(rows, merged) {
    super(rows);
    this.merged = merged;
    this.refused = new Map();
  }
  get(id) {
    return super.get(id) ?? super.get(this.merged.get(id)) ?? this.refused.get(id);
  }
}

// Whether only this phone knows of a household.
const isOurs = (row) => !row || (row.new && row.by === undefined);

// The roster as it will be once the server has heard this phone's answers. `source` is what was pulled.
export function standing(source, records, known = {}) {
  const merged = new Map(Object.entries(known));
  const roster = new Roster(source, merged);
  for (const [id, { payload }] of refusedDoors(records)) {
    if (!isOurs(source.get(id))) continue;
    roster.delete(id);
    roster.refused.set(id, rosterRow(payload));
  }
  for (const { kind, state, result, payload } of records) {
    if (kind !== "household.confirm" || state === "parked" || NO_EFFECT.has(result)) continue;
    const row = source.get(payload.household);
    if (!row?.new) continue;
    if (!payload.into) roster.set(row.id, { ...row, number: payload.number, head: payload.head_name, new: false });
    else if (roster.delete(row.id)) merged.set(row.id, payload.into);
  }
  for (const [id, into] of merged) if (merged.has(into)) merged.set(id, merged.get(into));
  return Object.assign(roster, { source });
}

const numberKey = (household) => fold(household.number).replace(/^0+(?=.)/, "");
const headKey = (household) => fold(household.head ?? "");

// The known households that a new one may be: same number or same head in its village, both first.
function likely(row, households) {
  const scored = [];
  for (const other of households) {
    if (other.id === row.id || other.village !== row.village) continue;
    const score = (numberKey(other) === numberKey(row) ? 1 : 0) + (headKey(row) && headKey(other) === headKey(row) ? 1 : 0);
    if (score) scored.push([score, other]);
  }
  return scored.sort(([a], [b]) => b - a).slice(0, 3).map(([, other]) => householdLine(other));
}

// The households that wait for the word of the leader of their village, those with a likely double first.
export function newHouseholds(data) {
  const led = new Map((data.me?.villages ?? []).filter((v) => v.led).map((v) => [v.id, v.name]));
  const made = new Map(data.records.filter((r) => r.kind === "household.add").map((r) => [r.payload.household, r]));
  const households = [...data.households.values()];
  const rows = households.filter((h) => h.new && led.has(h.village));
  const lines = rows.map((row) => {
    const own = made.get(row.id);
    const made_at = row.made_at ?? own?.made_at ?? 0;
    return {
      ...householdLine(row), village: led.get(row.village), by: row.by ?? (own ? data.me.name : ""), made_at,
      day: made_at ? dayMonth(vnDay(made_at)) : "", time: made_at ? vnTime(made_at) : "", likely: likely(row, households),
    };
  });
  lines.sort((a, b) => b.likely.length - a.likely.length || a.made_at - b.made_at);
  return { ready: true, count: lines.length, lines: lines.slice(0, MOST) };
}

// Households of the same village for the leader to choose from, by number or name.
export function choices(data, id, query) {
  const row = data.households.get(id);
  const words = fold(query).split(" ").filter(Boolean);
  const found = [...data.households.values()].filter(
    (h) => h.village === row?.village && h.id !== id && (!words.length || matches(fold(`${h.number} ${h.head ?? ""}`), words)),
  );
  found.sort((a, b) => a.number.length - b.number.length || (a.number < b.number ? -1 : 1));
  return found.slice(0, MOST).map(householdLine);
}
