// What the screens show, worked out from what the phone holds: pure, no storage, no network, no words.
import { unread } from "./announcement-news.js";
import { unopened } from "./log-news.js";
import { fold, matches } from "./names.js";
import { COMMITMENT, doerOf, dueBack, HELPED, reachedBy, taughtBefore } from "./outcomes.js";
import { reportsDue } from "./period-news.js";
import { drawn } from "./spot-check.js";
import { addDays, dayMonth, vnDay, vnTime, weekday } from "./vn-time.js";

export const PAGE = 30;
const DECIDABLE = new Set(["waiting", "approved", "returned"]);
const TAKEN = new Set(["created", "identical", "held"]);
export const VISIT_KINDS = new Set(["visit.create", "visit.replace"]);

// A visit of this phone as the server would give it, from the record that was made here.
function fromRecord(record, me, offset) {
  const { payload } = record;
  const doer = me.people?.find((person) => person.id === payload.done_by);
  return {
    ...payload, id: record.id, author: record.author, author_name: me.name, done_by_name: doer?.name ?? "", made_at: record.made_at + offset,
    flags: [], version: 1, day: null, reason_code: null, reason: null, needs_look: false, verified: false,
    photos: payload.photos.map((p) => ({ sha256: p.sha256, state: "expected" })), record,
  };
}

// Every visit that this phone knows of, the server's word over its own; superseded versions left out.
export function allVisits(data, offset) {
  const known = new Map(data.visits);
  for (const record of data.records) {
    if (!VISIT_KINDS.has(record.kind)) continue;
    const there = known.get(record.id);
    if (there) known.set(record.id, { ...there, record });
    else if (!record.dismissed) {
      const made = { ...fromRecord(record, data.me, offset), day: vnDay(record.made_at + offset) };
      known.set(record.id, { ...made, state: localState(record) });
    }
  }
  for (const record of data.records) {
    if (record.state === "parked" || record.result === "superseded") continue;
    if (record.kind === "visit.replace") hide(known, record.replaces, "replaced");
    if (record.kind === "visit.withdraw") hide(known, record.payload.visit, "withdrawn");
    if (record.kind === "review.decide") overlay(known, record);
  }
  return [...known.values()].filter((v) => v.state !== "replaced" && v.state !== "withdrawn");
}

export const localState = (record) => (record.state === "ready" ? "unsent" : record.state === "parked" ? "parked" : record.result === "held" ? "held" : "sent");

function hide(known, id, state) {
  const visit = known.get(id);
  if (visit) known.set(id, { ...visit, state });
}

// A decision made here shows at once, before the server has heard of it, but for visits on which it took no effect
// or which the commune has reopened since.
function overlay(known, record) {
  const state = record.payload.verdict === "approve" ? "approved" : "returned";
  for (const { visit: id } of record.payload.visits) {
    const visit = known.get(id);
    const word = record.detail?.visits?.[id]?.result ?? "created";
    const stands = TAKEN.has(word) && !visit?.undone?.includes(record.id);
    if (visit?.state === "waiting" && stands) known.set(id, { ...visit, state, decided_here: record.id });
  }
}

export function householdLine(household) {
  return household ? { id: household.id, number: household.number, head: household.head ?? "", is_new: !!household.new } : { id: "", number: "?", head: "", is_new: false };
}

export function visitLine(visit, data, locale) {
  const names = new Map(data.platforms.map((p) => [p.code, p[`short_${locale}`]]));
  const record = visit.record;
  return {
    id: visit.id,
    household: householdLine(data.households.get(visit.household)),
    title: visit.outcomes.map((o) => names.get(o.platform) ?? o.platform).join(", "),
    outcomes: visit.outcomes.map((o) => ({ platform: names.get(o.platform) ?? o.platform, result: o.result })),
    again: visit.outcomes.some((o) => o.again),
    time: vnTime(visit.made_at),
    day: dayMonth(visit.day),
    author: visit.author_name ?? "",
    done_by: visit.done_by ? visit.done_by_name || "?" : "",
    people: visit.people,
    mode: visit.mode,
    note: visit.note ?? "",
    verified: !!visit.verified,
    identified_by: visit.identified_by,
    state: visit.state,
    flags: visit.flags ?? [],
    reason_code: visit.reason_code ?? "",
    reason: visit.reason ?? record?.detail?.reason ?? "",
    needs_look: !!visit.needs_look,
    spot: false,
    photo: visit.photos?.find((p) => p.thumbnail)?.thumbnail ?? "",
    photo_count: visit.photos?.length ?? 0,
    photo_refused: visit.photos?.find((p) => p.state === "refused")?.reason ?? "",
    code: record?.code ?? "",
    mendable: visit.state === "returned" || visit.state === "waiting" || visit.state === "unsent" || visit.state === "sent" || visit.state === "parked",
  };
}

const newest = (a, b) => b.made_at - a.made_at || (a.id < b.id ? 1 : -1);

// Hôm nay: what I did or entered today, who waits for me to come back, what was sent back, what the server refused.
// Households count for whoever helped them; only whoever entered a visit can mend it.
export function today(data, visits, now, locale) {
  const day = vnDay(now);
  const me = data.me?.id;
  const mine = visits.filter((v) => v.author === me).sort(newest);
  const done = visits.filter((v) => v.day === day && (v.author === me || v.done_by === me)).sort(newest);
  const helped = new Set(done.filter((v) => doerOf(v) === me && v.outcomes.some((o) => HELPED.has(o.result))).map((v) => v.household));
  return {
    ready: true,
    date: dayMonth(day),
    weekday: weekday(day),
    households: helped.size,
    visits: done.length,
    due: dueLines(data, visits, day, locale),
    lines: done.slice(0, 50).map((v) => ({ ...visitLine(v, data, locale), ...(v.author === me ? {} : { mendable: false }) })),
    returned: mine.filter((v) => v.state === "returned").map((v) => visitLine(v, data, locale)),
    parked: mine.filter((v) => v.state === "parked").map((v) => visitLine(v, data, locale)),
    ...news(data),
    ...told(data),
    reports: reportsDue(data, day),
  };
}

// What was announced and not opened yet, the newest first.
function told(data) {
  const lines = unread(data);
  return { told: lines.length, told_title: lines[0]?.title ?? "" };
}

// The newest word on one's days that was not opened yet; of a leader who has none, the newest answer.
function news(data) {
  const all = unopened(data).sort(newest);
  const comments = all.filter((c) => c.member === data.me?.id);
  const [first] = comments.length ? comments : all;
  const said_answer = !comments.length && all.length > 0;
  return { said: comments.length || all.length, said_answer, said_text: (said_answer ? first.answer : first?.text) ?? "", said_by: (said_answer ? first.member_name : first?.by) ?? "" };
}

function dueLines(data, visits, day, locale) {
  const names = new Map(data.platforms.map((p) => [p.code, p[`short_${locale}`]]));
  const due = dueBack(visits, data.me?.id, day, (id) => data.households.get(id)?.id ?? id);
  return due.slice(0, 50).map(({ visit, on, platforms }) => ({
    id: visit.id, household: householdLine(data.households.get(visit.household)), day: dayMonth(on), late: on < day, title: platforms.map((code) => names.get(code) ?? code).join(", "),
  }));
}

// Hộ gia đình: search and filters over the roster, a page at a time.
export function roster(data, ui) {
  const words = fold(ui.query).split(" ").filter(Boolean);
  const platforms = data.platforms.filter((p) => !p.gone);
  const found = [];
  for (const h of data.households.values()) {
    if (ui.village && h.village !== ui.village) continue;
    if (ui.filter === "untouched" && h.last) continue;
    if (words.length && !matches(keyOf(h), words)) continue;
    found.push(h);
  }
  found.sort((a, b) => a.number.length - b.number.length || (a.number < b.number ? -1 : 1));
  return {
    ready: true,
    total: data.households.size,
    found: found.length,
    more: found.length > ui.shown,
    filter: ui.filter,
    query: ui.query,
    lines: found.slice(0, ui.shown).map((h) => ({
      ...householdLine(h),
      last: h.last ? dayMonth(h.last) : "",
      reached: Object.values(h.rungs ?? {}).filter(([rung]) => rung === 3).length,
      of: platforms.length,
    })),
  };
}

const keys = new WeakMap();
function keyOf(household) {
  let key = keys.get(household);
  if (!key) keys.set(household, (key = fold(`${household.number} ${household.head ?? ""}`)));
  return key;
}

// One household: what it can do by platform, its cards, its visits.
export function household(data, visits, id, locale) {
  const row = data.households.get(id);
  if (!row) return { ready: true, found: false };
  const rungs = reachedBy(new Map([[row.id, row]]), visits.filter((v) => data.households.get(v.household) === row).map((v) => ({ ...v, household: row.id }))).get(row.id);
  const taught = taughtBefore(visits, row.id);
  return {
    ready: true,
    found: true,
    ...householdLine(row),
    village: data.me?.villages.find((v) => v.id === row.village)?.name ?? "",
    cards: [...data.cards.values()].filter((c) => c.household === id && c.state === "bound").length,
    reached: data.platforms.filter((p) => rungs[p.code]).map((p) => ({ name: p[`short_${locale}`], icon: p.icon, rung: rungs[p.code][0], since: dayMonth(rungs[p.code][1]), ...stepsOf(p, taught) })),
    missing: data.platforms.filter((p) => !p.gone && !rungs[p.code]).map((p) => ({ code: p.code, name: p[`short_${locale}`], icon: p.icon })),
    history: visits.filter((v) => v.household === id).sort(newest).slice(0, 30).map((v) => visitLine(v, data, locale)),
  };
}

// How many of a platform's steps are done, and whether what closes them is still to come.
function stepsOf(platform, taught) {
  const [steps, done] = [platform.steps ?? [], taught.get(platform.code) ?? new Set()];
  return { done: steps.filter((s) => done.has(s.code)).length, steps: steps.length, uncommitted: steps.some((s) => s.code === COMMITMENT) && !done.has(COMMITMENT) };
}

// Duyệt: the day logs of the villages that I lead, doubtful visits first; what I did or entered goes to somebody else.
export function review(data, visits, now, locale) {
  const led = new Set((data.me?.villages ?? []).filter((v) => v.led).map((v) => v.id));
  const days = new Map();
  const spots = spotChecks(visits, led, data.me?.spot_check ?? 5);
  for (const v of visits.sort(newest)) {
    if (v.state !== "waiting" || !led.has(v.village) || v.author === data.me.id || v.done_by === data.me.id || v.record?.state === "ready") continue;
    if (!days.has(v.day)) days.set(v.day, { clean: [], flagged: [] });
    days.get(v.day)[v.flags.length || v.undone || spots.has(v.id) ? "flagged" : "clean"].push(v);
  }
  const ordered = [...days].sort(([a], [b]) => (a < b ? 1 : -1));
  const today = vnDay(now);
  return {
    ready: true,
    leads: led.size > 0,
    count: ordered.reduce((n, [, d]) => n + d.clean.length + d.flagged.length, 0),
    days: ordered.slice(0, 14).map(([day, { clean, flagged }]) => ({
      day,
      label: day === today ? "today" : day === addDays(today, -1) ? "yesterday" : "day",
      date: dayMonth(day),
      weekday: weekday(day),
      clean_count: clean.length,
      clean_ids: clean.map((v) => v.id),
      flagged_count: flagged.length,
      clean: clean.slice(0, 100).map((v) => visitLine(v, data, locale)),
      flagged: flagged.sort((a, b) => spots.has(b.id) - spots.has(a.id)).slice(0, 50).map((v) => ({ ...visitLine(v, data, locale), spot: spots.has(v.id), history: historyOf(v, data, visits, locale) })),
    })),
  };
}

// What is kept back from the one tap for all: drawn among all visits of a village's day that the server knows.
function spotChecks(visits, led, percent) {
  const known = new Map();
  for (const v of visits) {
    if (!led.has(v.village) || !DECIDABLE.has(v.state)) continue;
    const key = `${v.village} ${v.day}`;
    if (!known.has(key)) known.set(key, []);
    known.get(key).push(v);
  }
  return new Set([...known.values()].flatMap((day) => [...drawn(day, percent)]));
}

function historyOf(visit, data, visits, locale) {
  const others = visits.filter((v) => v.household === visit.household && v.id !== visit.id).sort(newest);
  return others.slice(0, 3).map((v) => visitLine(v, data, locale));
}

// Platforms for the tiles: those most used in these villages first, the rest behind "more".
export function tiles(data, visits, draft, locale) {
  const used = new Map();
  for (const v of visits) for (const o of v.outcomes) used.set(o.platform, (used.get(o.platform) ?? 0) + 1);
  const chosen = new Map(draft.outcomes.map((o) => [o.platform, o]));
  const taught = taughtBefore(visits, draft.household, Infinity, draft.mends);
  const live = data.platforms.filter((p) => !p.gone || chosen.has(p.code));
  const ranked = [...live].sort((a, b) => (used.get(b.code) ?? 0) - (used.get(a.code) ?? 0));
  const first = ranked.slice(0, 6);
  const shown = draft.all_platforms ? [...first, ...live.filter((p) => !first.includes(p))] : ranked.filter((p, i) => i < 6 || chosen.has(p.code));
  return {
    more: !draft.all_platforms && live.length > shown.length,
    lines: shown.map((p) => ({ code: p.code, name: p[`short_${locale}`], icon: p.icon, chosen: chosen.has(p.code) })),
    chosen: draft.outcomes.map((o) => {
      const p = live.find((x) => x.code === o.platform);
      const before = taught.get(o.platform);
      const steps = (p?.steps ?? []).map((s) => ({ code: s.code, name: s[locale], done: o.steps.includes(s.code), before: !!before?.has(s.code) }));
      const uncommitted = steps.some((s) => s.code === COMMITMENT && !s.done && !s.before);
      return { code: o.platform, name: p?.[`short_${locale}`] ?? o.platform, icon: p?.icon ?? "", result: o.result, come_back_on: o.come_back_on ?? "", again: !!before, steps, has_steps: steps.length > 0, uncommitted };
    }),
  };
}

// The platforms of the last visit, in words, while nothing is chosen yet.
export function lastTime(data, draft, locale) {
  if (draft.outcomes.length) return "";
  const live = new Map(data.platforms.filter((p) => !p.gone).map((p) => [p.code, p[`short_${locale}`]]));
  const last = data.habits.last ?? [];
  return last.every((o) => live.has(o.platform)) ? last.map((o) => live.get(o.platform)).join(", ") : "";
}
