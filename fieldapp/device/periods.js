// Báo cáo kỳ: reports of periods as their leader reads and fills them, from what the phone holds. Pure: no storage, no
// network, no words. The numbers are the server's; of a number the phone shows the visits that it came from.
import { holdsIdentity } from "./note.js";
import { isAsked, onItsWay, ownReports, standingOf, submissionsOf, submittedOf } from "./period-news.js";
import { daysWords } from "./report-text.js";
import { visitLine } from "./views.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";

const SECTIONS = ["organisation", "propaganda", "government", "economy", "society", "common"];
const PARTS = ["difficulties", "proposals", "practice", "plan"];
const [SUPPORTS, HOUSEHOLDS, DIFFICULTIES] = ["25", "26", "29.1"];
const [JUMP, JUMP_FROM] = [5, 10];
const SHOWN = 60;
const ORDER = { returned: 0, due: 1, unsent: 2, sent: 2, held: 2, waiting: 3, running: 4, approved: 5 };
const ON_THE_WAY = new Set(["unsent", "sent", "held"]);
const FRESH = new Set(["unsent", "sent"]);
export const MOST = 10000000;

const percent = (n, of) => (of ? Math.floor((100 * n) / of) : 0);
const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
const timeAndDay = (at) => (at ? `${vnTime(at)} ${dayMonth(vnDay(at))}` : "");

// Why a value asks for a reason, or nothing. The rule of fieldapp/domain/report_figure.py.
export function odd({ value, over, previous }, households) {
  if (value == null) return "";
  if (households != null && value > households) return "above_households";
  return over == null && previous > 0 && value >= JUMP_FROM && value >= JUMP * previous ? "jump" : "";
}

// What its author says of a report to begin with: as it was refused, or as it was said last.
export function begun(row, { records, indicators }) {
  const refused = refusedOf(row, records);
  if (refused) {
    const { manual, zeros, reasons, texts } = refused.payload;
    return { manual, zeros, reasons, texts, mends: refused.id };
  }
  const typed = new Set(indicators.filter((one) => one.manual).map((one) => one.code));
  const locked = row.locked ?? [];
  const manual = Object.fromEntries(locked.filter((f) => typed.has(f.code) && f.value != null).map((f) => [f.code, f.value]));
  const reasons = Object.fromEntries(locked.filter((f) => f.reason).map((f) => [f.code, f.reason]));
  return { manual, zeros: Object.keys(manual).filter((code) => manual[code] === 0), reasons, texts: row.texts ?? {}, mends: "" };
}

const refusedOf = (row, records) => submissionsOf(row, records).findLast((r) => r.state === "parked" && !r.dismissed);
const supersededOf = (row, records) => submittedOf(row, records).findLast((r) => r.result === "superseded" && !r.dismissed);

// Numbers that were locked otherwise than their author saw them: the server worked them out again.
function movedOf(row, data, figures) {
  const record = submittedOf(row, data.records).findLast((r) => r.payload.number === row.number && r.state === "sent" && r.result !== "superseded");
  const seen = record?.payload.seen ?? {};
  return figures.filter((f) => f.code in seen && f.typed && f.value !== seen[f.code]).map((f) => ({ code: f.code, name: f.name, unit: f.unit, n: `${seen[f.code]} → ${f.value}` }));
}

// A period by its kind and days, as the catalogue names it: months of figures count to the month in which they end.
function nameOf({ kind, last, title }) {
  const [year, month] = [Number(last.slice(0, 4)), Number(last.slice(5, 7))];
  const n = kind === "quarter" ? Math.ceil(month / 3) : month;
  return { kind: kind === "half_year" ? `half_year_${month <= 6 ? 1 : 2}` : kind, n, year, title: title ?? "" };
}

function headOf(row, data, today) {
  const state = standingOf(row, data.records, today);
  const left = daysBetween(today, row.due);
  const several = new Set(ownReports(data).map((one) => one.name)).size > 1;
  return {
    id: row.id, ...nameOf(row), days: `${dayMonth(row.first)} – ${dayMonth(row.last)}`, village: several ? row.name : "", state,
    due: dayMonth(row.due), left, late: -left, asks: !!row.team && isAsked(state), more: state === "approved" && Object.keys(row.since ?? {}).length > 0,
  };
}

// All reports of one's villages: what is asked for first, the earliest deadline before others.
export function periods(data, now) {
  const today = vnDay(now);
  const lines = ownReports(data).map((row) => headOf(row, data, today));
  const due = new Map((data.reports ?? []).map((row) => [row.id, row.due]));
  lines.sort((a, b) => ORDER[a.state] - ORDER[b.state] || (due.get(a.id) < due.get(b.id) ? -1 : 1));
  return { ready: true, lines };
}

function missingOf(one, value, why, reason, said) {
  if (one.manual && value == null) return "empty";
  if (one.manual && value === 0 && !said.zeros.includes(one.code)) return "zero";
  if (holdsIdentity(reason)) return "identity";
  return one.manual && why && !reason.trim() ? "reason" : "";
}

function figureLine(figure, one, row, said, locked, locale) {
  const typed = one.manual && !locked;
  const value = (typed ? said.manual[one.code] : figure.value) ?? null;
  const over = figure.over ?? null;
  const why = odd({ ...figure, value }, one.households ? row.households : null);
  const reason = (locked ? figure.reason : said.reasons[one.code]) ?? "";
  const year = figure.year == null ? null : typed ? figure.year + (value ?? 0) : figure.year;
  const shared = over != null;
  return {
    code: one.code, name: one[locale] ?? one.vi, unit: one.unit, manual: one.manual, typed: value == null ? "" : String(value),
    known: value != null && over !== 0, value: value ?? 0, over: over ?? 0, shared, percent: shared ? percent(value, over) : 0, waiting: figure.waiting ?? 0,
    plan: figure.plan ?? 0, reached: percent(value ?? 0, figure.plan), width: `${Math.min(100, percent(value ?? 0, figure.plan))}%`,
    previous: shared ? percent(figure.previous, figure.previous_over) : figure.previous ?? 0, has_previous: figure.previous != null && figure.previous_over !== 0,
    year: shared ? percent(year, figure.year_over) : year ?? 0, has_year: year != null && value != null && figure.year_over !== 0 && year !== value,
    odd: why, reason, zero: said.zeros.includes(one.code), missing: locked ? "" : missingOf(one, value, why, reason, said), opens: !!one.visits,
  };
}

// The figures of a report in the order of the papers, with what its author says of them.
function figureLines(row, data, said, locked, locale) {
  const known = new Map(data.indicators.map((one) => [one.code, one]));
  const figures = (locked ? row.locked : row.figures) ?? [];
  return figures.filter((f) => known.has(f.code)).map((f) => figureLine(f, known.get(f.code), row, said, locked, locale));
}

// How a report stands: the version that is locked, what is on its way, or what is being written (`form`).
function sayingOf(row, data, form, state) {
  if (ON_THE_WAY.has(state)) return { said: onItsWay(row, data.records).payload, locked: false };
  return { said: form ?? begun(row, data), locked: state === "waiting" || state === "approved" };
}

const here = (row, data) => (v) => (v.village ?? data.households.get(v.household)?.village) === row.village && v.day >= row.first && v.day <= row.last;

// One report, opened. `form` is what was typed and not submitted yet.
export function period(row, data, visits, form, now, locale) {
  const head = headOf(row, data, vnDay(now));
  const { said, locked } = sayingOf(row, data, form, head.state);
  const writes = !!row.team && (isAsked(head.state) || head.state === "running");
  const figures = figureLines(row, data, said, locked, locale);
  const texts = PARTS.map((part) => ({ part, text: said.texts?.[part] ?? "", missing: writes && holdsIdentity(said.texts?.[part] ?? "") ? "identity" : "" }));
  const asked = writes ? figures.filter((f) => f.manual || f.odd) : [];
  const mine = visits.filter(here(row, data));
  const ready = new Set(data.records.filter((r) => r.state === "ready").map((r) => r.id));
  const refused = refusedOf(row, data.records);
  const gone = supersededOf(row, data.records);
  const names = new Map(figures.map((f) => [f.code, f]));
  return {
    ready: true, found: true, ...head, writes, locked, number: row.number, as_of: timeAndDay(row.as_of), received: timeAndDay(row.received), by: row.by ?? "",
    reason: head.state === "returned" ? (row.reason ?? "") : "", leads: !!row.team, opens_on: dayMonth(row.last),
    unsent: locked ? 0 : mine.filter((v) => FRESH.has(v.state)).length, undecided: locked ? 0 : mine.filter((v) => ready.has(v.decided_here)).length,
    sections: SECTIONS.map((code) => ({ code, lines: figures.filter((f) => sectionOf(f.code, data) === code) })).filter((s) => s.lines.length),
    asked, lacks: writes ? asked.filter((f) => f.missing).length + texts.filter((one) => one.missing).length : 0,
    texts: writes ? texts : texts.filter((one) => one.text), totals: [SUPPORTS, HOUSEHOLDS].map((code) => names.get(code)).filter((f) => f?.known),
    moved: head.state === "waiting" ? movedOf(row, data, figures) : [],
    since: locked ? Object.entries(row.since ?? {}).filter(([code]) => names.has(code)).map(([code, n]) => ({ code, name: names.get(code).name, unit: names.get(code).unit, n: n > 0 ? `+${n}` : String(n) })) : [],
    refused: refused?.code ?? "", refused_reason: refused?.code === "held_refused" ? (refused.detail?.reason ?? "") : "",
    superseded: gone?.id ?? "", superseded_by: gone?.detail?.by ?? "", superseded_at: gone?.detail?.at ? timeAndDay(Date.parse(gone.detail.at)) : "",
  };
}

const sectionOf = (code, { indicators }) => indicators.find((one) => one.code === code)?.section;

// What is submitted of a report that is written. Numbers that were worked out go along as they were seen.
export function submission(row, data, form, now, locale) {
  const said = sayingOf(row, data, form, standingOf(row, data.records, vnDay(now))).said;
  const figures = figureLines(row, data, said, false, locale);
  const manual = figures.filter((f) => f.manual && f.typed).map((f) => [f.code, f.value]);
  return {
    team: row.team, village: Number(row.id.split(":")[1]), period: row.period, number: row.number + 1, manual: Object.fromEntries(manual),
    zeros: manual.filter(([, value]) => value === 0).map(([code]) => code),
    reasons: Object.fromEntries(figures.filter((f) => f.odd && f.reason.trim()).map((f) => [f.code, f.reason.trim()])),
    texts: Object.fromEntries(PARTS.map((part) => [part, (said.texts?.[part] ?? "").trim()]).filter(([, text]) => text)),
    seen: Object.fromEntries(figures.filter((f) => !f.manual && f.typed).map((f) => [f.code, f.value])),
  };
}

const allows = (wanted, value) => !wanted?.length || wanted.includes(value);
const meets = ({ platforms, results, steps }) => (o) => allows(platforms, o.platform) && allows(results, o.result) && (!steps?.length || steps.some((step) => o.steps?.includes(step)));

// The visits that a number came from: approved ones, then those that wait; fewer than it where the phone does not carry all.
export function behind(row, code, data, visits, locale) {
  const one = data.indicators.find((indicator) => indicator.code === code);
  const all = visits.filter(here(row, data)).filter((v) => allows(one.visits.beneficiaries, v.beneficiary) && v.outcomes.some(meets(one.visits)));
  const [approved, waiting] = ["approved", "waiting"].map((state) => all.filter((v) => v.state === state).sort((a, b) => b.made_at - a.made_at));
  const lines = [...approved, ...waiting];
  return {
    open: true, name: one[locale] ?? one.vi, approved: approved.length, waiting: waiting.length, lines: lines.slice(0, SHOWN).map((v) => visitLine(v, data, locale)),
    more: Math.max(0, lines.length - SHOWN), since: row.first < row.carried ? dayMonth(row.carried) : "",
  };
}

// The report as the quick report's text takes it, or nothing where it does not tell of lượt and hộ.
export function quick(row, data, form, now, locale) {
  const state = standingOf(row, data.records, vnDay(now));
  const { said, locked } = sayingOf(row, data, form, state);
  const figures = figureLines(row, data, said, locked, locale);
  const valueOf = (code) => figures.find((f) => f.code === code && f.known)?.value;
  const [supports, households] = [valueOf(SUPPORTS), valueOf(HOUSEHOLDS)];
  if (supports == null || households == null) return null;
  const { me } = data;
  const at = locked ? row.received : row.as_of;
  const day = vnDay(at);
  return {
    own: false, team: me?.team ?? "", commune: me?.commune?.name ?? "", days: daysWords(row.first, row.last), approved: supports, waiting: 0,
    households_standing: households, households_approved: households, platforms: platformsOf(figures, data, locale),
    difficulty: said.texts?.difficulties || (valueOf(DIFFICULTIES) ? String(valueOf(DIFFICULTIES)) : ""), next: said.texts?.plan ?? "",
    fresh: `${vnTime(at)}, ${daysWords(day, day)}`,
  };
}

// By platform the first number that has a plan, else the first that is more than nothing.
function platformsOf(figures, data, locale) {
  const found = new Map();
  for (const f of figures) {
    const [code, ...others] = data.indicators.find((one) => one.code === f.code).visits?.platforms ?? [];
    if (!code || others.length || f.shared || !(f.value || f.plan)) continue;
    if (!found.has(code) || (f.plan && !found.get(code).plan)) found.set(code, f);
  }
  const names = new Map(data.platforms.map((p) => [p.code, p[`short_${locale}`]]));
  return [...found].map(([code, f]) => ({ name: names.get(code) ?? code, support: f.plan ? `${f.value}/${f.plan}` : f.value }));
}
