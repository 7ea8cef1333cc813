// What a member does: scan a card, pick a household, fill in a visit, mend or withdraw one.
import { uuidv7 } from "uuidv7";
import { codeHash, parseScanned, parseTyped } from "./card-code.js";
import * as db from "./db.js";
import * as drafts from "./draft.js";
import { rosterRow } from "./new-households.js";
import { holdsIdentity } from "./note.js";
import { dueBack, taughtBefore } from "./outcomes.js";
import * as outbox from "./outbox.js";
import * as photos from "./photos.js";
import { madeAnew } from "./refused.js";
import { data, derive, held, INITIAL, isKept, now, patch, put, refresh, slice, toast, ui } from "./state.js";
import * as sync from "./sync.js";
import * as views from "./views.js";
import { vnDay } from "./vn-time.js";

let saving = Promise.resolve();
let shooting = Promise.resolve();

// Each touch is stored after the one before it; `write` stores the draft, alone or with what belongs to it.
export function keepDraft(next, write = () => db.setFact("draft", held.draft)) {
  held.draft = next;
  derive();
  saving = isKept(saving.then(write));
  return saving;
}

// Until every picture and every touch is stored.
export const settled = () => shooting.then(() => saving);

// Until every touch is stored; pictures that are being made may come after it.
export const written = () => saving;

const edit = (rule, ...args) => held.draft && keepDraft({ ...rule(held.draft, ...args), touched: true });
export const change = (values) => held.draft && keepDraft({ ...held.draft, ...values, touched: true });

// Another tab has changed the draft: there is one on this phone, and the newest touch is right.
export async function followDraft() {
  await settled();
  const last = saving;
  const draft = (await db.getFact("draft")) ?? null;
  if (saving !== last) return;
  held.draft = draft;
  await showPictures();
  derive();
}

// Opens a draft. One that holds a person's work is never overwritten: it comes first, and they go on with it or drop it.
async function open(next) {
  await settled();
  held.draft = (await db.getFact("draft")) ?? null;
  const first = drafts.isFilled(held.draft) && (held.draft.household !== next.household || held.draft.mends !== next.mends);
  held.next = first ? next : null;
  if (first) patch("page", { sheet: "draft_first" });
  else await keepDraft(drafts.isFilled(held.draft) ? drafts.takeCard(held.draft, next) : next);
  await showPictures();
  derive();
  held.navigate("/m/record/");
}

const beginVisit = (household, how, card, extra = {}) => {
  const draft = drafts.begin(household, how, card, data.habits);
  return open({ ...draft, ...extra, household: extra.new_household?.household ?? household });
};

export async function showPictures(hashes = held.draft?.photos ?? []) {
  for (const hash of hashes) {
    if (held.urls.has(hash)) continue;
    const bytes = await photos.bytesOf(hash);
    if (bytes) held.urls.set(hash, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
  }
}

// What a code says, from the cards that this phone holds.
async function judge(raw, how) {
  await held.opened;
  const scanned = parseScanned(raw);
  const short = scanned ? null : parseTyped(raw);
  if (!scanned && !short) return { verdict: "not_ours" };
  const hash = scanned && (await codeHash(scanned));
  const card = [...data.cards.values()].find((c) => (scanned ? c.hash === hash : c.short === short));
  if (!card) return { verdict: "unknown", raw, how };
  const household = data.households.get(card.household);
  if (card.state === "revoked") return { verdict: "revoked", raw, how, household };
  if (card.state === "printed") return { verdict: "unbound", raw, how };
  return household ? { verdict: "right", raw, how, household } : { verdict: "elsewhere", raw, how };
}

// The card that was read before the household was picked, taken up once.
function carried() {
  const card = slice("scan").choosing ? held.seen : null;
  put({ scan: INITIAL.scan });
  held.seen = null;
  if (!card) return { how: "list", raw: null, bind: null };
  return { ...card, bind: card.verdict === "unbound" && card.how !== "keypad" ? card.raw : null };
}

const begin = (household, platforms) => beginVisit(household, "list", null, { outcomes: platforms.map((platform) => ({ platform, result: "", steps: [], come_back_on: null })) });

const drawRoster = () => put({ roster: views.roster(data, ui) });

export const recording = {
  startScan: () => {
    held.seen = null;
    put({ scan: INITIAL.scan });
  },
  cameraFailed: (error) => patch("scan", { error }),
  askTyping: () => patch("scan", { typing: true, verdict: "" }),
  stopTyping: () => patch("scan", { typing: false, typed: "", verdict: "", error: "" }),
  setTyped: (typed) => patch("scan", { typed, verdict: "" }),
  submitTyped: () => recording.codeRead(slice("scan").typed, "keypad"),
  // Says whether the reader may stop: a code of ours was read.
  async codeRead(raw, how) {
    const found = await judge(raw, how);
    held.seen = found;
    patch("scan", { verdict: found.verdict, household: views.householdLine(found.household), typing: how === "keypad" && found.verdict === "not_ours" });
    if (found.verdict === "not_ours") return false;
    navigator.vibrate?.(60);
    if (found.verdict === "right") await beginVisit(found.household.id, how, raw);
    return true;
  },
  pickForCard: () => {
    patch("scan", { choosing: true });
    held.navigate("/m/households/");
  },
  recordRevoked: () => held.seen?.household && beginVisit(held.seen.household.id, held.seen.how, held.seen.raw),

  setQuery: (query) => {
    Object.assign(ui, { query, shown: views.PAGE });
    drawRoster();
  },
  setFilter: (filter) => {
    Object.assign(ui, { filter, shown: views.PAGE });
    drawRoster();
  },
  showMore: () => {
    ui.shown += views.PAGE;
    drawRoster();
  },
  openHousehold: (id) => {
    if (slice("scan").choosing) return recording.recordHousehold(id);
    ui.household = id;
    derive();
    return held.navigate(`/m/household/?id=${id}`);
  },
  recordHousehold: (id) => {
    const { how, raw, bind } = carried();
    const { away, ...door } = madeAnew(data.records, id);
    return beginVisit(id, how, raw, { ...door, bind: bind ?? door.bind, mended: away });
  },
  // Another visit to a household that waits for one, or one for what it lacks: what it is about is chosen already.
  comeBack: (id) => {
    const visits = views.allVisits(data, data.offset);
    const due = dueBack(visits, data.me?.id, vnDay(now()), (home) => data.households.get(home)?.id ?? home).find(({ visit }) => visit.id === id);
    return due && begin(data.households.get(due.visit.household)?.id ?? due.visit.household, due.platforms);
  },
  recordMissing: (id, platform) => begin(id, [platform]),

  openDoor: () => {
    put({ door: INITIAL.door });
    patch("page", { sheet: "door" });
  },
  // The household of a draft, before the server has it.
  correctDoor: () => {
    const { household, village, number, head_name } = held.draft.new_household;
    const mine = data.me?.villages.some((v) => v.id === village);
    put({ door: { ...INITIAL.door, household, number, head: head_name ?? "", village: mine ? village : 0 } });
    patch("page", { sheet: "door" });
  },
  setDoor: (field, value) => patch("door", { [field]: value, error: "" }),
  async submitDoor() {
    await held.opened;
    // A second tap while the first one waited.
    if (slice("page").sheet !== "door") return undefined;
    const { head, number: typed, household } = slice("door");
    const number = typed.trim();
    // Nobody has to choose where there is one village.
    const village = Number(slice("door").village) || data.me?.villages[0]?.id;
    if (!village) return patch("door", { error: "village_missing" });
    if (!number) return patch("door", { error: "number_missing" });
    // The server would refuse the household, and with it every visit there.
    if (holdsIdentity(number) || holdsIdentity(head)) return patch("door", { error: "note_identity" });
    const taken = [...data.households.values()].some((h) => h.village === village && h.number === number && h.id !== household);
    if (taken) return patch("door", { error: "number_taken" });
    const id = household || uuidv7();
    patch("page", { sheet: "" });
    const new_household = { household: id, village, number, head_name: head.trim() || null };
    if (household) return held.draft?.new_household?.household === household && change({ new_household });
    const { how, raw, bind } = carried();
    return beginVisit(id, how, raw, { new_household, bind });
  },

  asLastTime: () => edit(drafts.likeLast, data.habits.last ?? []),
  togglePlatform: (code) => edit(drafts.togglePlatform, code, data.habits.result),
  setResult: (code, result) => edit(drafts.setResult, code, result, vnDay(now())),
  setComeBack: (code, day) => edit(drafts.setComeBack, code, day),
  toggleStep: (code, step) => edit(drafts.toggleStep, code, step),
  addPeople: (n) => edit(drafts.addPeople, n),
  setMode: (mode) => change({ mode }),
  setBeneficiary: (beneficiary) => change({ beneficiary }),
  setNote: (note) => change({ note: note.slice(0, 300) }),
  showAllPlatforms: () => change({ all_platforms: true }),
  dropDraft: () => {
    keepDraft(null);
    held.navigate("/m/");
  },
  goOnWithDraft: () => {
    const { draft, next } = held;
    held.next = null;
    patch("page", { sheet: "" });
    return draft && draft.household === next?.household ? keepDraft(drafts.takeCard(draft, next)) : null;
  },
  async dropAndBegin() {
    const { next } = held;
    held.next = null;
    patch("page", { sheet: "" });
    await keepDraft(next);
    await showPictures();
    derive();
  },

  async saveVisit() {
    const lack = drafts.missing(held.draft);
    if (lack) return toast(`record.${lack}`);
    if (held.saving) return held.saving;
    held.saving = save(held.draft.id).finally(() => (held.saving = null));
    return held.saving;
  },

  async mendVisit(id) {
    const visit = views.allVisits(data, data.offset).find((v) => v.id === id);
    patch("page", { sheet: "" });
    if (!visit) return;
    const next = drafts.mend(visit, data.records);
    await open(next);
    if (next.new_household && held.draft?.id === next.id) recording.correctDoor();
  },
  async withdrawVisit(id) {
    const envelope = { kind: "visit.withdraw", schema: drafts.SCHEMA, author: data.me?.id, made_at: Date.now() };
    patch("page", { sheet: "" });
    if (!(await isKept(outbox.withdraw(id, (visit) => ({ ...envelope, id: uuidv7(), payload: { visit } }))))) return;
    toast("visit.withdrawn");
    return sync.kick();
  },
  sendNow: () => sync.kick(),
  dismissRecord: (id) => outbox.dismiss(id),
};

// One picture is made after the other, and a visit is saved after all of them.
export function shoot(work) {
  shooting = shooting.then(work).catch((error) => {
    console.error(error);
    toast("photo.unreadable");
  });
  return shooting;
}

// The records, the photos, the cleared draft, the mended visit put away and the new household on the roster: one write.
// A picture that came meanwhile is looked at first.
async function save(id) {
  await settled();
  const { draft } = held;
  if (draft?.id !== id || draft.photos.includes(draft.looking)) return;
  const kept = [];
  for (const sha256 of draft.photos) {
    const bytes = await photos.bytesOf(sha256);
    if (bytes) kept.push({ sha256, bytes, type: "image/jpeg", visit: draft.id });
  }
  const { mends } = draft;
  const mended = draft.mended ?? (mends ? [mends] : []);
  const facts = [{ key: "draft", value: null }, { key: "habits", value: drafts.habitsOf(draft) }];
  const visits = views.allVisits(data, data.offset);
  const taught = taughtBefore(visits, draft.household, visits.find((v) => v.id === mends)?.made_at, mends);
  const records = drafts.toRecords(draft, kept, data.me?.id, Date.now(), taught);
  if (!(await isKept(outbox.add(records, { photos: kept, facts, mended, household: rosterRow(draft.new_household) })))) return;
  held.draft = null;
  await refresh(["records", "photos", "facts", "households"]);
  toast("record.saved");
  globalThis.navigator?.vibrate?.(30);
  held.navigate("/m/");
  sync.kick();
}
