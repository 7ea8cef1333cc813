// Chỉ tiêu: what the team is to reach, how far it is, who took it on, who takes how much. Pure: no storage, no network, no
// words. The rules are those of fieldapp/domain/target.py.
import { reachedBy } from "./outcomes.js";
import { localState } from "./views.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";

const DONE_FROM = 2;
const DONE = new Set(["installed", "independent"]);
const MONTHS = { 1: "month", 3: "quarter", 6: "half_year", 12: "year" };
const SHOWN_PAST = 8;
export const MOST = 10000000;

export const percent = (n, of) => (of ? Math.floor((100 * n) / of) : 100);
const sum = (parts) => parts.reduce((all, part) => all + part.amount, 0);
const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);

// A period by its days, as the catalogue names it.
export function periodOf(first, last) {
  const [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5, 7))];
  const length = MONTHS[Number(last.slice(5, 7)) - month + 1] ?? "quarter";
  const n = length === "quarter" ? Math.ceil(month / 3) : month;
  return { period: length === "half_year" ? `half_year_${month === 1 ? 1 : 2}` : length, n, year };
}

// Days that there still are, today among them; all of them before it begins.
export const daysLeft = (first, last, today) => Math.max(0, daysBetween(today > first ? today : first, last) + 1);

// What was said of it here and counts: nothing that was refused, put away or came too late.
const words = (row, kind, records) => records.filter((r) => r.kind === kind && r.payload.target === row.id && r.state !== "parked" && !r.dismissed && r.result !== "superseded");

function accepted(row, { records, me, offset }) {
  if (row.accepted) return { at: row.accepted, by: row.accepted_by, sync: "sent" };
  const mine = words(row, "target.accept", records).find((r) => r.payload.amount === row.amount);
  return mine ? { at: mine.made_at + offset, by: me?.name ?? "", sync: localState(mine) } : { at: 0, by: "", sync: "sent" };
}

// Of several splits the one made last stands, as the server will find.
function shares(row, { records, offset }) {
  const told = { parts: (row.parts ?? []).map(([member, amount]) => ({ member, amount })), sync: "sent" };
  const mine = words(row, "target.split", records).sort((a, b) => a.made_at - b.made_at || (a.id < b.id ? -1 : 1)).at(-1);
  return mine && mine.id !== row.split_id && mine.made_at + offset > (row.split ?? 0) ? { parts: mine.payload.parts, sync: localState(mine) } : told;
}

// Households on the second rung since a day of the period; of lượt and người the server's count, and what it has not
// counted yet.
function doneOf(row, data, visits, reached) {
  const here = new Set(row.villages);
  if (row.measure === "household") {
    return [...data.households.values()].filter((h) => {
      const [rung, since] = reached.get(h.id)?.[row.platform] ?? [0, ""];
      return here.has(h.village) && rung >= DONE_FROM && since >= row.first && since <= row.last;
    }).length;
  }
  const isOf = (v) => v.day >= row.first && v.day <= row.last && here.has(data.households.get(v.household)?.village);
  const count = (found) => found.filter(isOf).flatMap((v) => v.outcomes.filter((o) => o.platform === row.platform && DONE.has(o.result)).map(() => (row.measure === "person" ? v.people : 1))).reduce((all, n) => all + n, 0);
  const fresh = visits.filter((v) => v.state === "unsent" || v.state === "sent");
  return (data.target_counts?.[row.id] ?? 0) + count(fresh) - count(leaving(data));
}

// Visits in the server's count that a later word of this phone takes out of it: mended, or withdrawn.
function leaving({ records, visits }) {
  const gone = records.filter((r) => r.state !== "parked" && r.result !== "superseded" && r.result !== "held").map((r) => (r.kind === "visit.replace" ? r.replaces : r.kind === "visit.withdraw" ? r.payload.visit : ""));
  return [...new Set(gone)].map((id) => visits.get(id)).filter((v) => v?.state === "waiting" || v?.state === "approved");
}

// How many of its households have anything to do with the platform, as Còn thiếu counts them.
function reachOf(row, data, reached) {
  const homes = [...data.households.values()].filter((h) => row.villages.includes(h.village));
  const met = homes.filter((h) => (reached.get(h.id)?.[row.platform]?.[0] ?? 0) > 0).length;
  return { reached: met, total: homes.length, missing: homes.length - met, reach: homes.length ? percent(met, homes.length) : 0 };
}

// The paper by which it was given, as papers are named: number, day, what it is about.
const paperOf = (cites) => (cites ? [cites.number, cites.day && `${dayMonth(cites.day)}/${cites.day.slice(0, 4)}`, cites.about].filter(Boolean).join(" · ") : "");

const ORDER = { now: 0, coming: 1, past: 2 };

function line(row, data, visits, reached, today, locale) {
  const { me } = data;
  const platform = data.platforms.find((p) => p.code === row.platform);
  const [taken, split, done] = [accepted(row, data), shares(row, data), doneOf(row, data, visits, reached)];
  const names = new Map((me?.people ?? []).map((p) => [p.id, p.name]));
  const leads = me?.role !== "member" && (me?.villages ?? []).some((v) => v.led && row.villages.includes(v.id));
  const shared = sum(split.parts);
  return {
    id: row.id, name: platform?.[`short_${locale}`] ?? row.platform, icon: platform?.icon ?? "flag", code: row.platform, measure: row.measure, own: row.own,
    ...periodOf(row.first, row.last), days: `${dayMonth(row.first)} – ${dayMonth(row.last)}`, left: daysLeft(row.first, row.last, today),
    when: today < row.first ? "coming" : today > row.last ? "past" : "now",
    amount: row.amount, done, lacks: Math.max(0, row.amount - done), percent: percent(done, row.amount), width: `${Math.min(100, percent(done, row.amount))}%`,
    ...reachOf(row, data, reached),
    accepted: taken.at ? dayMonth(vnDay(taken.at)) : "", accepted_by: taken.by, accepted_sync: taken.sync, leads, may_accept: leads && !taken.at,
    shares: split.parts.filter((p) => p.amount > 0).map((p) => ({ id: p.member, name: names.get(p.member) ?? "", amount: p.amount, measure: row.measure })), split_sync: split.sync,
    paper: paperOf(row.cites), sum: shared, unshared: row.amount - shared, mine: split.parts.find((p) => p.member === me?.id)?.amount ?? 0,
  };
}

export function targets(data, visits, now, locale) {
  const today = vnDay(now);
  const rows = data.targets ?? [];
  const reached = rows.length ? reachedBy(data.households, visits) : new Map();
  const lines = rows.map((row) => line(row, data, visits, reached, today, locale));
  lines.sort((a, b) => ORDER[a.when] - ORDER[b.when] || a.left - b.left || a.percent - b.percent || (a.name < b.name ? -1 : 1));
  return {
    ready: true, fresh: data.pulled_at ? `${vnTime(data.pulled_at + data.offset)} ${dayMonth(vnDay(data.pulled_at + data.offset))}` : "",
    waits: lines.filter((l) => l.may_accept && l.when !== "past").length,
    lines: lines.filter((l) => l.when !== "past"), past: lines.filter((l) => l.when === "past").slice(0, SHOWN_PAST),
    refused: refusedOf(data),
  };
}

// What the server would not take, for its author to say anew.
function refusedOf({ records, me, offset }) {
  const kinds = new Set(["target.accept", "target.split", "task.mark"]);
  return records.filter((r) => kinds.has(r.kind) && r.state === "parked" && !r.dismissed).map((r) => ({
    id: r.id, kind: r.kind, by: me?.name ?? "", mine: true, village: "", day: dayMonth(vnDay(r.made_at + offset)), time: vnTime(r.made_at + offset),
    sync: "parked", code: r.code ?? "", reason: r.code === "held_refused" ? (r.detail?.reason ?? "") : "",
  }));
}

// Who may be given a part: everybody of the team, and whoever has one already.
export function splitForm(form, row, data) {
  const people = new Map((data.me?.people ?? []).map((p) => [p.id, p.name]));
  const ids = [...new Set([...people.keys(), ...Object.keys(form.parts).map(Number)])];
  const lines = ids.map((id) => ({ id, name: people.get(id) ?? "", amount: form.parts[id] ?? 0, measure: row?.measure ?? "household" })).filter((l) => l.name || l.amount);
  const shared = sum(lines);
  return { open: true, target: form.target, measure: row?.measure ?? "household", amount: row?.amount ?? 0, lines, sum: shared, unshared: (row?.amount ?? 0) - shared };
}

// The parts of a target as they stand, to begin with.
export const partsOf = (row, data) => Object.fromEntries(shares(row, data).parts.map((p) => [p.member, p.amount]));

// An even share for each, the first ones taking what does not divide.
export const evenly = (amount, ids) => Object.fromEntries(ids.map((id, n) => [id, Math.floor(amount / ids.length) + (n < amount % ids.length ? 1 : 0)]));

const STATES = { late: 0, open: 1, doing: 1, done: 2 };

// A task whose day has passed is late until it is done.
export const standing = (state, due, today) => (state !== "done" && due < today ? "late" : state);

// Nhiệm vụ: what the commune asked the team to do; what is late first. A mark made here shows at once.
export function tasks(data, now) {
  const today = vnDay(now);
  const leads = data.me?.role !== "member";
  const lines = (data.tasks ?? []).map((row) => {
    const said = data.records.filter((r) => r.kind === "task.mark" && r.payload.task === row.id && r.state !== "parked" && !r.dismissed && r.result !== "superseded").sort((a, b) => a.made_at - b.made_at).at(-1);
    const fresh = said && said.id !== row.marked_id && said.made_at + data.offset > (row.marked ?? 0);
    const { state, note } = fresh ? said.payload : row;
    return { id: row.id, text: row.text, due: dayMonth(row.due), by: row.due, marked: state, state: standing(state, row.due, today), note: note ?? "", sync: fresh ? localState(said) : "sent", may_mark: leads };
  });
  return { ready: true, lines: lines.sort((a, b) => STATES[a.state] - STATES[b.state] || (a.by < b.by ? -1 : 1)) };
}
