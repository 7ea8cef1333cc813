// The phone's state in memory: what storage holds, what the page is doing, and the slices that screens read.
import { useSyncExternalStore } from "react";
import { isOpen, saidOf } from "./consent.js";
import * as db from "./db.js";
import * as drafts from "./draft.js";
import { standing } from "./new-households.js";
import * as outbox from "./outbox.js";
import * as slots from "./slots.js";
import * as sync from "./sync.js";
import * as views from "./views.js";
import * as waiting from "./waiting.js";
import { locale } from "./words.js";

export const UNDO_MS = 5000;
const EMPTY_DRAFT = { ready: false, id: "", at_the_door: false, outcomes: [], photos: [], people: 1, note: "", missing: "", last_time: "", tiles: { more: false, lines: [], chosen: [] }, household: views.householdLine(null) };
export const INITIAL = {
  today: { ready: false, due: [], lines: [], returned: [], parked: [], households: 0, visits: 0, date: "", weekday: 0, said: 0, said_answer: false, said_text: "", said_by: "", told: 0, told_title: "", reports: 0 },
  me: { ready: false, joined: false, id: 0, name: "", team: "", role: "", leads: false, commune: "", contact: "", villages: [], people: [], classes: [], locale: "vi", persisted: false, free: "" },
  roster: { ready: false, lines: [], total: 0, found: 0, more: false, filter: "all", query: "" },
  household: { ready: false, found: false, history: [], reached: [], missing: [], cards: 0, id: "", number: "", head: "", is_new: false, village: "" },
  outbox: { ready: false, count: 0, look_count: 0, photos: 0, photos_held: 0, photos_wifi: false, all_sent: false, pill: "", phase: "idle", online: true, lines: [], parked: [], superseded: [], pulled_at: "" },
  review: { ready: false, leads: false, count: 0, days: [] },
  draft: EMPTY_DRAFT,
  scan: { verdict: "", household: views.householdLine(null), error: "", typing: false, typed: "", choosing: false },
  page: { toast: "", toast_params: {}, undo: "", sheet: "", camera: false, target: "", reason_code: "", reason: "", reason_error: "", open_day: "", update: false, unopened: false },
  join: { phase: "idle", name: "", team: "", code: "", ios: false, standalone: false, progress: 0 },
  enrol: { typed: "", error: "", scanning: false, camera: "" },
  door: { household: "", number: "", head: "", village: 0, error: "" },
  people: { ready: false, lines: [], full: false },
  leaving: { records: 0, parked: 0, photos: 0, held: 0, draft: 0, saved: false },
  lock: { locked: false },
};

export const data = { read: false, me: null, platforms: [], narrations: [], targets: [], target_counts: {}, tasks: [], reports: [], indicators: [], announcements: [], announcements_read: {}, contacts: [], commune_group: {}, households: new Map(), cards: new Map(), visits: new Map(), activities: new Map(), difficulties: new Map(), groups: new Map(), comments: new Map(), logs_read: [], records: [], photos: [], pulled_at: 0, offset: 0, habits: {}, wifi_only: false, people: [], lock: null };
export const ui = { query: "", filter: "all", shown: views.PAGE, village: 0, household: "", range: "today" };

// What is not for drawing: the draft, the card just read, pictures by hash, whose this page was when it was last
// somebody's, the way to move between screens, and when the storage has been read: a screen can be tapped before that, and
// behind a PIN it is not before `unlock`.
export const held = { opened: Promise.resolve(), person: null, draft: null, next: null, saving: null, seen: null, unlock: null, urls: new Map(), navigate: (path) => location.assign(path) };
let slices = INITIAL;
const listeners = new Set();

export const slice = (name) => slices[name];
export const now = () => Date.now() + data.offset;

export function put(changes) {
  slices = { ...slices, ...changes };
  listeners.forEach((listener) => listener());
}

export const patch = (name, values) => put({ [name]: { ...slices[name], ...values } });

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// A slice of the phone's state; a screen draws again only when its own slice changed.
export function useSlice(name) {
  return useSyncExternalStore(subscribe, () => slices[name], () => INITIAL[name]);
}

const rooms = [];

// What only some screens need comes with the module that they bring along: slices as they are before anything was read,
// and how they are worked out from the visits, in a language.
export function furnish(initial, room = () => ({})) {
  Object.assign(INITIAL, initial);
  slices = { ...initial, ...slices };
  rooms.push(room);
  derive();
}

// Facts that screens read, and what stands for one that is not there.
const FACTS = { me: null, platforms: [], narrations: [], pulled_at: 0, habits: {}, wifi_only: false, rescued: null, seal: null, lock: null, logs_read: [], targets: [], target_counts: {}, tasks: [], reports: [], indicators: [], announcements: [], announcements_read: {}, contacts: [], commune_group: {} };
export const MAPS = ["households", "cards", "visits", "activities", "difficulties", "groups", "comments"];

export async function load(stores) {
  if (await db.shutBy()) return;
  for (const name of MAPS) if (stores.includes(name)) data[name] = new Map((await db.getAll(name)).map((row) => [row.id, row]));
  if (stores.includes("records")) data.records = await outbox.list();
  if (stores.includes("photos")) data.photos = await db.getAll("photos");
  if (stores.includes("people")) data.people = await slots.list();
  if (stores.includes("facts")) {
    for (const [name, none] of Object.entries(FACTS)) data[name] = (await db.getFact(name)) ?? none;
    data.offset = (await db.getFact("clock_offset")) ?? 0;
    data.me ??= newcomer(await db.getFact("owner"));
    held.person = data.me?.id ?? held.person;
  }
  const merged = (await db.getFact("merged")) ?? {};
  data.households = standing(data.households.source ?? data.households, data.records, merged);
  data.read = true;
}

// Somebody who has joined and of whom nothing more was downloaded yet.
const newcomer = (owner) => (owner ? { ...owner, role: "member", commune: null, villages: [], people: [] } : null);

// Nothing is drawn before the storage has been read: an empty phone would say that all is sent.
export function derive() {
  if (!data.read) return;
  const visits = data.me ? views.allVisits(data, data.offset) : [];
  const speech = locale();
  put({
    me: meSlice(speech),
    today: views.today(data, visits, now(), speech),
    roster: views.roster(data, ui),
    household: views.household(data, visits, ui.household, speech),
    outbox: waiting.outbox(data, visits, sync.current(), navigator.onLine, speech, sync.photosWait(data.wifi_only)),
    review: views.review(data, visits, now(), speech),
    draft: draftSlice(visits, speech),
    people: peopleSlice(),
    ...Object.assign({}, ...rooms.map((room) => room(visits, speech))),
  });
}

function meSlice(speech) {
  const { me } = data;
  const kept = { persisted: slices.me.persisted, free: slices.me.free };
  if (!me) return { ...INITIAL.me, ...kept, ready: true, locale: speech };
  return {
    ...kept, ready: true, joined: true, id: me.id, name: me.name, team: me.team, role: me.role, locale: speech,
    leads: me.villages.some((v) => v.led), commune: me.commune?.name ?? "", contact: me.commune?.contact ?? "",
    villages: me.villages, people: me.people, classes: me.classes ?? [],
  };
}

function peopleSlice() {
  const lines = data.people.map(({ slot, name, team }) => ({ slot, name, team, active: slot === db.slot() }));
  return { ready: true, lines, full: lines.length === 10 };
}

function draftSlice(visits, speech) {
  if (!held.draft) return { ...EMPTY_DRAFT, ready: true, missing: "no_household" };
  const { draft } = held;
  const fresh = draft.new_household;
  const household = fresh ? { id: fresh.household, number: fresh.number, head: fresh.head_name ?? "", is_new: true } : views.householdLine(data.households.get(draft.household));
  return { ...draft, ready: true, household, missing: drafts.missing(draft), last_time: views.lastTime(data, draft, speech), tiles: views.tiles(data, visits, draft, speech), mending: !!draft.mends, at_the_door: !!fresh, pictures: draft.photos.map((hash) => pictureOf(hash)) };
}

// A picture of the draft, or of a form: its bytes where they are here, else what the server showed of it, else nothing.
export function pictureOf(hash, draft = held.draft) {
  const shown = data.visits.get(draft.mends)?.photos?.find((photo) => photo.sha256 === hash);
  return { hash, url: held.urls.get(hash) ?? shown?.thumbnail ?? "", open: isOpen(saidOf(draft, hash)) };
}

let before = Promise.resolve();
let reading = null;
const changed = new Set();

// Changes that come together are read once, and one reading after the other: what an earlier one read a later one keeps.
export function refresh(stores) {
  stores.forEach((name) => changed.add(name));
  reading ??= before.then(async () => {
    const names = [...changed];
    changed.clear();
    reading = null;
    await load(names);
    derive();
  });
  before = reading.catch(() => {});
  return reading;
}

let toastTimer = null;
export function toast(key, { params = {}, undo = "", ms = UNDO_MS } = {}) {
  clearTimeout(toastTimer);
  patch("page", { toast: key, toast_params: params, undo });
  toastTimer = setTimeout(() => patch("page", { toast: "", undo: "" }), ms);
}

const doing = new Map();

// One tap is one record: a second one, before the first is stored and shown, is the same.
export function once(key, work) {
  if (!doing.has(key)) doing.set(key, work().finally(() => doing.delete(key)));
  return doing.get(key);
}

// Whether what a person made was stored; where it was not, they are told why.
export async function isKept(storing) {
  try {
    await storing;
    return true;
  } catch (error) {
    console.error(error);
    toast(error instanceof outbox.NobodyHere ? "record.nobody_here" : "record.not_saved");
    return false;
  }
}
