// What a team does besides visits, as its screens show it, and what is missing before it can be saved: pure, no storage,
// no network, no words.
import { isAnyOpen } from "./consent.js";
import { isGroupLink } from "./group-link.js";
import { holdsIdentity } from "./note.js";
import { localState } from "./views.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";

export const MOST_COUNTED = 9999;
const SHOWN = 60;

// Kinds at which people meet, so that they can be counted and must be, as fieldapp/domain/activity.py says.
const MEETINGS = new Set(["talk", "class", "campaign"]);
export const isMeeting = (kind) => MEETINGS.has(kind);

const newest = (a, b) => b.made_at - a.made_at || (a.id < b.id ? 1 : -1);
const moment = (at) => ({ day: dayMonth(vnDay(at)), time: vnTime(at) });

// What the server gave, with what this phone made and the server has not shown yet; what was taken away here is gone.
function together(pulled, kind, { records, me, offset }) {
  const rows = new Map([...pulled].map(([id, row]) => [id, { ...row, sync: "sent" }]));
  for (const record of records) {
    if (record.kind !== kind || record.dismissed || rows.has(record.id)) continue;
    const { id, author, payload, made_at, code, detail } = record;
    const reason = code === "held_refused" ? (detail?.reason ?? "") : "";
    rows.set(id, { ...payload, id, author, by: me?.name ?? "", made_at: made_at + offset, sync: localState(record), code: code ?? "", reason });
  }
  for (const { kind: word, state, payload } of records) {
    if (word === "activity.withdraw" && state !== "parked") rows.delete(payload.activity);
  }
  return [...rows.values()].sort(newest);
}

const villageName = (me, id) => (me?.villages.length > 1 ? (me.villages.find((v) => v.id === id)?.name ?? "") : "");

const line = (row, { me }) => ({
  id: row.id, kind: row.kind, by: row.by ?? "", mine: row.author === me?.id, village: villageName(me, row.village), ...moment(row.made_at),
  sync: row.sync, code: row.code ?? "", reason: row.reason ?? "",
});

// Its photos: what the server shows of them, or the bytes that are here, or only that there are some.
const pictures = (row, urls) => (row.photos ?? []).map((photo) => ({ hash: photo.sha256, url: photo.thumbnail ?? urls.get(photo.sha256) ?? "", open: false }));

const isRefused = (row) => row.sync === "parked";
const apart = (lines) => ({ ready: true, lines: lines.filter((l) => !isRefused(l)).slice(0, SHOWN), refused: lines.filter(isRefused) });

// Hoạt động chung: mine and those of my teams, newest first.
export function activities(data, locale, urls = new Map()) {
  const names = new Map(data.platforms.map((p) => [p.code, p[`short_${locale}`]]));
  return apart(together(data.activities, "activity.create", data).map((row) => ({
    ...line(row, data), people: row.people ?? 0, note: row.note ?? "", pictures: pictures(row, urls),
    platforms: (row.platforms ?? []).map((code) => names.get(code) ?? code).join(", "),
  })));
}

const SOLVED = "solved";
const DEEDS = new Set(["report", "take", "answer", "postpone", "escalate", "hand_back", "solve", "reopen"]);
const NEVER = "9999";

// What is open before what is solved; what is due first before what is due later.
const urgent = (a, b) => (a.state === SOLVED) - (b.state === SOLVED) || ((a.due ?? NEVER) < (b.due ?? NEVER) ? -1 : (a.due ?? NEVER) > (b.due ?? NEVER) ? 1 : newest(a, b));
const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);

// Vướng mắc: where each stands, by when it is due, and the steps of its handling.
export function difficulties(data, now, urls = new Map()) {
  const today = vnDay(now);
  const rows = together(data.difficulties, "difficulty.create", data).map((row) => ({ state: "reported", ...row }));
  return apart(rows.sort(urgent).map((row) => {
    const left = row.due && row.state !== SOLVED ? daysBetween(today, row.due) : null;
    const steps = row.steps ?? [{ state: "reported", note: "", at: row.made_at, by: row.by }];
    return {
      ...line(row, data), pictures: pictures(row, urls), severity: row.severity, description: row.description, state: row.state, due: row.due ? dayMonth(row.due) : "",
      when: left === null ? "none" : left < 0 ? "late" : left === 0 ? "today" : "left", days: Math.abs(left ?? 0),
      steps: steps.map((s) => ({ said: DEEDS.has(s.deed) ? `deed.${s.deed}` : `state.${s.state}`, note: s.note, by: s.by, due: s.due ? dayMonth(s.due) : "", ...moment(s.at) })),
    };
  }));
}

// Of everything said of a village's group the word that stands: the latest, as the server will find.
function standingGroup(data, village) {
  const mine = together(new Map(), "group.update", data).filter((row) => row.village === village && row.sync !== "parked");
  const given = [...data.groups.values()].filter((row) => row.village === village).map((row) => ({ ...row, id: row.record, sync: "sent" }));
  const known = new Set(given.map((row) => row.id));
  return [...given, ...mine.filter((row) => !known.has(row.id))].sort(newest)[0] ?? null;
}

// Nhóm Zalo: how many of the village's households are in its group.
export function group(data, chosen) {
  const villages = data.me?.villages ?? [];
  const village = villages.find((v) => v.id === chosen)?.id ?? villages[0]?.id ?? 0;
  const refused = together(new Map(), "group.update", data).filter(isRefused).map((row) => ({ ...line(row, data), name: row.name }));
  const total = [...data.households.values()].filter((h) => h.village === village).length;
  const row = standingGroup(data, village);
  const shown = { ready: true, village, total, refused, found: !!row };
  if (!row) return { ...NO_GROUP, ...shown };
  const { households, name, manager } = row;
  return {
    ...shown, name, manager, households, link: row.link ?? "", by: row.by ?? "", sync: row.sync, counted: `${dayMonth(row.counted_on)}/${row.counted_on.slice(0, 4)}`,
    percent: total ? Math.min(100, Math.floor((households * 100) / total)) : 0, left: Math.max(0, total - households), over: total > 0 && households > total,
  };
}

export const NO_GROUP = { ready: false, found: false, village: 0, total: 0, refused: [], name: "", manager: "", households: 0, link: "", by: "", sync: "sent", counted: "", percent: 0, left: 0, over: false };

// What is still missing, as a code of the catalogue, or nothing. A village is chosen where there are several.
export function missingInActivity(form) {
  if (!form.village) return "village";
  if (!form.kind) return "kind";
  if (isMeeting(form.kind) && !form.people) return "people";
  if (isAnyOpen(form)) return "face";
  return holdsIdentity(form.note) ? "identity" : "";
}

export function missingInDifficulty(form) {
  if (!form.village) return "village";
  if (!form.kind) return "kind";
  if (!form.severity) return "severity";
  if (!form.description.trim()) return "description";
  if (isAnyOpen(form)) return "face";
  return holdsIdentity(form.description) ? "identity" : "";
}

export function missingInGroup(form, today) {
  if (!form.name.trim()) return "name";
  if (holdsIdentity(form.name)) return "identity";
  if (form.link.trim() && !isGroupLink(form.link.trim())) return "link";
  if (!form.manager) return "manager";
  return form.counted_on && form.counted_on <= today ? "" : "day";
}

// What a person typed or stepped to, as a count.
export const counted = (value) => Math.min(MOST_COUNTED, Math.max(0, Number(String(value).replace(/\D/g, "").slice(0, 5)) || 0));

