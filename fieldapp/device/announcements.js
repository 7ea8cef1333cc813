// What a commune and its province tell their people, as the screens show it: pure, no storage, no network, no words.
import { isRead } from "./announcement-news.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";

const NOBODYS = { id: "", title: "", text: "", by: "", day: "", time: "", due: "", over: false, fresh: false };
export const NOTHING = { ready: false, unread: 0, lines: [], at: "", found: false, open: NOBODYS };

// The newest first; `at` is the one that the address asks for.
export function announcements(data, at, now) {
  const today = vnDay(now);
  const lines = (data.announcements ?? []).map((row) => ({
    id: row.id, title: row.title, text: row.text, by: row.by, day: dayMonth(vnDay(row.at)), time: vnTime(row.at),
    due: row.due ? dayMonth(row.due) : "", over: !!row.due && row.due < today, fresh: !isRead(data, row),
  }));
  const open = lines.find(({ id }) => id === at);
  return { ready: true, unread: lines.filter((line) => line.fresh).length, lines, at, found: !!open, open: open ?? NOBODYS };
}
