// Cách làm hay of one's own: what was written here, who has it now, and what was said of it: pure, no storage, no words.
import { holdsIdentity } from "./note.js";
import { localState } from "./views.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";

export const NOTHING = { ready: false, lines: [], refused: [] };
export const MOST = { title: 200, text: 4000 };

// What the server gave of mine, with what it has not shown yet; of one that was said anew only the new one.
export function practices(rows, { records, me, offset }) {
  const mine = records.filter((r) => r.kind === "practice.submit" && !r.dismissed);
  const parked = mine.filter((r) => r.state === "parked");
  const again = new Set(mine.filter((r) => !parked.includes(r)).map((r) => r.payload.earlier));
  const given = rows.filter((row) => row.record && !again.has(row.record));
  const known = new Set(given.map((row) => row.record));
  const fresh = mine.filter((r) => !parked.includes(r) && !known.has(r.id) && !again.has(r.id)).reverse();
  const line = ({ id, payload, code, detail, made_at }) => ({
    id, kind: "practice", by: me?.name ?? "", mine: true, village: "", day: dayMonth(vnDay(made_at + offset)), time: vnTime(made_at + offset),
    sync: "parked", code: code ?? "", reason: code === "held_refused" ? (detail?.reason ?? "") : "", title: payload.title,
  });
  return {
    ready: true, refused: parked.map(line),
    lines: [
      ...fresh.map((r) => ({ id: r.id, title: r.payload.title, state: "commune", sync: localState(r), reason: "" })),
      ...given.sort((a, b) => b.id - a.id).map(({ record, title, state, reason }) => ({ id: record, title, state, sync: "shown", reason })),
    ],
  };
}

export function missingIn({ village, title, text }) {
  if (!village) return "village";
  if (holdsIdentity(title)) return "identity_title";
  if (!title.trim()) return "title";
  if (holdsIdentity(text)) return "identity";
  return text.trim() ? "" : "text";
}
