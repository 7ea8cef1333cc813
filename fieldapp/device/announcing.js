// Thông báo: what was announced, kept for when there is no network; opened, it is noted once, by a record like a visit.
import { uuidv7 } from "uuidv7";
import { isRead } from "./announcement-news.js";
import { announcements, NOTHING } from "./announcements.js";
import { SCHEMA } from "./draft.js";
import * as outbox from "./outbox.js";
import { data, furnish, isKept, now } from "./state.js";
import * as sync from "./sync.js";

const inAddress = () => (location.pathname.startsWith("/m/announcements") ? location.hash.slice(1) : "");
const noting = new Set();

furnish({ announcements: NOTHING }, () => ({ announcements: announcements(data, inAddress(), now()) }));

export const announcing = {
  // One opening is one record, and what is kept of it here outlives that record.
  async opened(id) {
    const row = data.announcements.find((one) => one.id === id);
    if (!row || isRead(data, row) || noting.has(id)) return;
    noting.add(id);
    const record = { id: uuidv7(), kind: "announcement.read", schema: SCHEMA, author: data.me?.id, made_at: Date.now(), payload: { announcement: id } };
    const kept = await isKept(outbox.add([record], { fact: { key: "announcements_read", part: { [id]: true } } }));
    noting.delete(id);
    if (kept) sync.kick();
  },
};
