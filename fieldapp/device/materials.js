// Guiding papers and good practice as the screens show them: pure, what they say is given.
import { fold, matches } from "./names.js";
import { dayMonth } from "./vn-time.js";

const NOBODYS = { id: 0, kind: "paper", title: "", number: "", issuer: "", day: "", text: "", by: "", file: "", size: 0, url: "", meant_for: "", dead: false, finished: false };
export const NOTHING = { ready: false, kind: "paper", query: "", lines: [], at: 0, found: false, open: NOBODYS };

// Where a course is; nothing but a person's press opens it, and nothing but https.
const address = (url = "") => (url.startsWith("https://") ? url : "");

const line = ({ id, kind, title, number, issuer, day, text, by, bytes, url, meant_for = "", dead = false }, slot, finished) => ({
  id, kind, url: address(url), meant_for, dead, finished: finished.has(id), title, number, issuer, text, by, day: day ? `${dayMonth(day)}/${day.slice(0, 4)}` : "",
  file: bytes ? `/api/v1/materials/${id}/file?slot=${slot}` : "", size: Math.max(1, Math.round(bytes / 1e5)) / 10,
});

// One's own good practice that is not everybody's (yet) stands apart (`practices.js`).
const isShared = ({ state = "approved" }) => state === "approved";

// Courses of which this person said so: as the server knows, and as it was said here.
export const finishedBy = ({ me, records }) => new Set([...(me?.courses ?? []), ...records.filter((r) => r.kind === "course.done" && r.state !== "parked").map((r) => r.payload.course)]);

// Those of one kind by what was typed, the newest first; `at` is the one that the address asks for.
export function materials(rows, kind, query, at, slot, finished = new Set()) {
  const words = fold(query).split(" ").filter(Boolean);
  const told = (row) => fold(`${row.title} ${row.number} ${row.issuer} ${row.by} ${row.meant_for ?? ""} ${row.text}`);
  const shown = rows.filter((row) => row.kind === kind && isShared(row) && matches(told(row), words)).sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : b.id - a.id));
  const open = rows.find((row) => row.id === at && isShared(row));
  return { ready: true, kind, query, lines: shown.map((row) => line(row, slot, finished)), at, found: !!open, open: open ? line(open, slot, finished) : NOBODYS };
}
