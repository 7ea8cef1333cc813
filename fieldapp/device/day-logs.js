// Day logs: what each member did on a day, what was said of it and what they answered. Pure, no storage, no network, no
// words.
import { keyOf } from "./log-news.js";
import { holdsIdentity } from "./note.js";
import { doerOf } from "./outcomes.js";
import { localState, visitLine } from "./views.js";
import { addDays, dayMonth, vnDay, vnTime, weekday } from "./vn-time.js";

export const MAX_COMMENT = 300;
export const MAX_ANSWER = 150;
const DAYS = 14;
const SHOWN = 60;

// The server has it and has told since what stands: what it tells no more is gone.
const isTold = (record, { pulled_at, offset }) => record.state === "sent" && record.result !== "held" && pulled_at + offset > record.settled_at;

const nameOf = (me, id) => me?.people?.find((person) => person.id === id)?.name ?? "";
const reasonOf = ({ code, detail }) => (code === "held_refused" ? (detail?.reason ?? "") : "");

// Every comment that this phone knows of, with what was said here and the server has not shown yet.
export function said(data) {
  const { comments, records, me, offset } = data;
  const rows = new Map([...comments].map(([id, row]) => [id, { ...row, sync: "sent", answer_sync: "sent" }]));
  const mine = records.filter((r) => !r.dismissed && r.result !== "superseded");
  for (const record of mine) {
    const { id, kind, author, made_at, payload } = record;
    if (kind !== "log.comment" || !payload.text || rows.has(id) || isTold(record, data)) continue;
    rows.set(id, { ...payload, id, author, by: me?.name ?? "", member_name: nameOf(me, payload.member), made_at: made_at + offset, sync: localState(record), code: record.code ?? "", reason: reasonOf(record) });
  }
  for (const record of mine) {
    if (record.state === "parked") continue;
    if (record.kind === "log.comment" && record.replaces) rows.delete(record.replaces);
    const row = record.kind === "log.answer" && rows.get(record.payload.comment);
    if (row && !isTold(record, data)) rows.set(row.id, { ...row, answer: record.payload.text, answered_at: record.made_at + offset, answer_sync: localState(record) });
  }
  return [...rows.values()];
}

const moment = (at) => ({ day: dayMonth(vnDay(at)), time: vnTime(at) });

// What the server would not take, for its author to mend.
function refusedOf(comments, { records, me, offset }) {
  const line = (id, kind, at, text, code, reason) => ({ id, kind, by: me?.name ?? "", mine: true, village: "", ...moment(at), sync: "parked", code, reason, text });
  const answers = records.filter((r) => r.kind === "log.answer" && r.state === "parked" && !r.dismissed);
  return [
    ...comments.filter((c) => c.sync === "parked").map((c) => line(c.id, "log.comment", c.made_at, c.text, c.code, c.reason)),
    ...answers.map((r) => line(r.id, r.kind, r.made_at + offset, r.payload.text, r.code ?? "", reasonOf(r))),
  ];
}

const commentLine = (me) => (c) => ({
  id: c.id, text: c.text, by: c.by, ...moment(c.made_at), own: c.author === me, sync: c.sync,
  answer: c.answer ?? "", answer_by: c.member_name, answer_sync: c.answer_sync ?? "sent", may_answer: c.member === me,
});

// The logs of one's own last days, and of everybody in the villages that one leads, newest first; older ones where
// something was said of them. Of one that is `open` its visits are shown.
export function dayLogs(data, visits, open, now, locale) {
  const [today, me] = [vnDay(now), data.me?.id];
  const led = new Set((data.me?.villages ?? []).filter((v) => v.led).map((v) => v.id));
  const logs = new Map();
  const logOf = (day, village, member, name) => {
    const key = `${day} ${village} ${member}`;
    if (!logs.has(key)) logs.set(key, { key, day, village, member, name, visits: [], comments: [] });
    return logs.get(key);
  };
  const mayRead = (village, member) => member === me || led.has(village);
  for (const visit of visits) {
    if (visit.state === "parked" || visit.day <= addDays(today, -DAYS)) continue;
    const village = visit.village ?? data.households.get(visit.household)?.village ?? 0;
    if (mayRead(village, doerOf(visit))) logOf(visit.day, village, doerOf(visit), visit.done_by_name || visit.author_name).visits.push(visit);
  }
  const comments = said(data);
  for (const c of comments) if (c.sync !== "parked" && (mayRead(c.village, c.member) || c.author === me)) logOf(c.day, c.village, c.member, c.member_name).comments.push(c);
  const ordered = [...logs.values()].sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : (b.member === me) - (a.member === me) || a.name.localeCompare(b.name, "vi")));
  const shown = ordered.filter((log, n) => n < SHOWN || log.comments.length).map((log) => ({
    key: log.key, day: log.day, label: log.day === today ? "today" : log.day === addDays(today, -1) ? "yesterday" : "day", date: dayMonth(log.day), weekday: weekday(log.day),
    member: log.member, name: log.name, village: log.village, mine: log.member === me, n: log.visits.length,
    may_comment: log.member !== me && led.has(log.village), open: log.key === open,
    comments: log.comments.sort((a, b) => a.made_at - b.made_at).map(commentLine(me)),
    visits: log.key === open ? log.visits.sort((a, b) => b.made_at - a.made_at).map((v) => visitLine(v, data, locale)) : [],
  }));
  return { ready: true, leads: led.size > 0, lines: shown, refused: refusedOf(comments, data) };
}

// What is known to be read once all of it stands before its reader.
export const readNow = ({ comments, me }) => [...comments.values()].flatMap((c) => (c.member === me?.id ? [c.id] : c.author === me?.id && c.answer ? [keyOf(c)] : []));

// What is missing before words can be kept, as a code of the catalogue, or nothing.
export const missingIn = (text) => (!text.trim() ? "text" : holdsIdentity(text) ? "identity" : "");
