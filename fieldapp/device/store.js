// The one face of the phone's world for its screens: slices to read, actions to call. The rules live elsewhere;
// here they meet storage, network and the page.
import { useSyncExternalStore } from "react";
import { uuidv7 } from "uuidv7";
import * as api from "./api.js";
import * as db from "./db.js";
import * as drafts from "./draft.js";
import * as outbox from "./outbox.js";
import * as photos from "./photos.js";
import * as sync from "./sync.js";
import * as views from "./views.js";
import { codeHash, parseScanned, parseTyped } from "./card-code.js";
import { locale, onLocale, setLocale } from "./words.js";
import { vnDay } from "./vn-time.js";

const UNDO_MS = 5000;
const EMPTY_DRAFT = { ready: false, id: "", outcomes: [], photos: [], people: 1, note: "", missing: "", tiles: { more: false, lines: [], chosen: [] }, household: views.householdLine(null) };
const INITIAL = {
  me: { ready: false, joined: false, id: 0, name: "", team: "", role: "", leads: false, commune: "", contact: "", villages: [], people: [], locale: "vi", persisted: false, free: "" },
  today: { ready: false, lines: [], returned: [], parked: [], households: 0, visits: 0, date: "", weekday: 0 },
  roster: { ready: false, lines: [], total: 0, found: 0, more: false, filter: "all", query: "" },
  household: { ready: false, found: false, history: [], reached: [], missing: [], cards: 0, id: "", number: "", head: "", is_new: false, village: "" },
  outbox: { ready: false, count: 0, parked_count: 0, photos: 0, pill: "none", phase: "idle", online: true, lines: [], parked: [], pulled_at: "" },
  review: { ready: false, leads: false, count: 0, days: [] },
  summary: { ready: false, range: "today", approved: 0, waiting: 0, returned: 0, unsent: 0, people: 0, households_approved: 0, households_standing: 0, households_total: 0, platforms: [], members: [], fresh: "", first: "", last: "" },
  draft: EMPTY_DRAFT,
  scan: { verdict: "", household: views.householdLine(null), error: "", typing: false, typed: "", choosing: false },
  page: { toast: "", toast_params: {}, undo: "", sheet: "", camera: false, target: "", reason_code: "", reason: "", open_day: "", confirm: "" },
  join: { phase: "idle", name: "", team: "", code: "", ios: false, standalone: false, progress: 0 },
  invite: { phase: "idle", link: "", qr: "", name: "", code: "" },
  door: { number: "", head: "", village: 0, error: "" },
};

const data = { me: null, platforms: [], households: new Map(), cards: new Map(), visits: new Map(), records: [], photos: [], pulled_at: 0, offset: 0, habits: {} };
const ui = { query: "", filter: "all", shown: views.PAGE, village: 0, household: "", range: "today" };
let draft = null;
let slices = INITIAL;
let navigate = (path) => location.assign(path);
const listeners = new Set();

const now = () => Date.now() + data.offset;
const put = (changes) => {
  slices = { ...slices, ...changes };
  listeners.forEach((listener) => listener());
};
const patch = (slice, values) => put({ [slice]: { ...slices[slice], ...values } });

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// A slice of the phone's state; a screen draws again only when its own slice changed.
export function useSlice(name) {
  return useSyncExternalStore(subscribe, () => slices[name], () => INITIAL[name]);
}

// ---- from storage to slices

const FACTS = ["me", "platforms", "pulled_at", "habits"];
const MAPS = ["households", "cards", "visits"];

async function load(stores) {
  for (const name of MAPS) if (stores.includes(name)) data[name] = new Map((await db.getAll(name)).map((row) => [row.id, row]));
  if (stores.includes("records")) data.records = await outbox.list();
  if (stores.includes("photos")) data.photos = await db.getAll("photos");
  if (stores.includes("facts")) {
    for (const name of FACTS) data[name] = (await db.getFact(name)) ?? data[name];
    data.offset = (await db.getFact("clock_offset")) ?? 0;
  }
}

function derive() {
  const visits = data.me ? views.allVisits(data, data.offset) : [];
  const speech = locale();
  put({
    me: meSlice(speech),
    today: views.today(data, visits, now(), speech),
    roster: views.roster(data, ui),
    household: views.household(data, visits, ui.household, speech),
    outbox: views.outbox(data, visits, sync.current(), navigator.onLine, speech),
    review: views.review(data, visits, now(), speech),
    summary: views.summary(data, visits, ui.range, now(), speech),
    draft: draftSlice(visits, speech),
  });
}

function meSlice(speech) {
  const { me } = data;
  const kept = { persisted: slices.me.persisted, free: slices.me.free };
  if (!me) return { ...INITIAL.me, ...kept, ready: true, locale: speech };
  return {
    ...kept, ready: true, joined: true, id: me.id, name: me.name, team: me.team, role: me.role, locale: speech,
    leads: me.villages.some((v) => v.led), commune: me.commune?.name ?? "", contact: me.commune?.contact ?? "",
    villages: me.villages, people: me.people,
  };
}

function draftSlice(visits, speech) {
  if (!draft) return { ...EMPTY_DRAFT, ready: true, missing: "no_household" };
  const fresh = draft.new_household;
  const household = fresh ? { id: fresh.household, number: fresh.number, head: fresh.head_name ?? "", is_new: true } : views.householdLine(data.households.get(draft.household));
  return { ...draft, ready: true, household, missing: drafts.missing(draft), tiles: views.tiles(data, visits, draft, speech), mending: !!draft.mends, pictures: draft.photos.map((hash) => ({ hash, url: urls.get(hash) ?? "" })) };
}

let waiting = null;
const changed = new Set();

// Changes that come together are read once.
function refresh(stores) {
  stores.forEach((name) => changed.add(name));
  waiting ??= Promise.resolve().then(async () => {
    const names = [...changed];
    changed.clear();
    waiting = null;
    await load(names);
    derive();
  });
  return waiting;
}

// ---- the page

// Called once by the phone's shell: opens the store, draws, starts the sender.
let started = null;
export function start(go) {
  navigate = go;
  started ??= (async () => {
    await load([...MAPS, "records", "photos", "facts"]);
    draft = (await db.getFact("draft")) ?? null;
    await showPictures();
    readAddress();
    derive();
    db.onChange(refresh);
    onLocale(derive);
    addEventListener("online", derive);
    addEventListener("offline", derive);
    sync.start(() => derive());
    await askStorage();
  })();
  return started.then(readAddress);
}

// What the address says: which household, which invitation.
export function readAddress() {
  const address = new URL(location.href);
  ui.household = address.searchParams.get("id") ?? ui.household;
  if (address.pathname.startsWith("/m/join")) beginJoining(address.hash.slice(1));
  if (data.me || slices.today.ready) derive();
}

async function askStorage() {
  const persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  patch("me", { persisted, free: quota ? ((quota - usage) / 1e9).toFixed(1) : "" });
}

let toastTimer = null;
function toast(key, { params = {}, undo = "", ms = UNDO_MS } = {}) {
  clearTimeout(toastTimer);
  patch("page", { toast: key, toast_params: params, undo });
  toastTimer = setTimeout(() => patch("page", { toast: "", undo: "" }), ms);
}

// ---- the draft

const urls = new Map();

async function showPictures() {
  for (const hash of draft?.photos ?? []) {
    if (urls.has(hash)) continue;
    const bytes = await photos.bytesOf(hash);
    if (bytes) urls.set(hash, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
  }
}

let saving = Promise.resolve();
function keepDraft(next) {
  draft = next;
  derive();
  saving = saving.then(() => db.setFact("draft", draft)).catch((error) => console.error(error));
  return saving;
}

const edit = (rule, ...args) => draft && keepDraft(rule(draft, ...args));

async function beginVisit(household, how, card, extra = {}) {
  await keepDraft({ ...drafts.begin(household, how, card, data.habits), ...extra });
  navigate("/m/record/");
}

// ---- scanning

async function judge(raw, how) {
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

let seen = null;

export const actions = {
  // navigation
  go: (path) => navigate(path),
  setLocale,
  closeToast: () => patch("page", { toast: "", undo: "" }),
  openSheet: (sheet, target = "") => patch("page", { sheet, target, reason_code: "", reason: "" }),
  closeSheet: () => patch("page", { sheet: "", target: "" }),

  // scanning
  startScan: () => {
    seen = null;
    put({ scan: INITIAL.scan });
  },
  cameraFailed: (error) => patch("scan", { error }),
  askTyping: () => patch("scan", { typing: true, error: slices.scan.error, verdict: "" }),
  stopTyping: () => patch("scan", { typing: false, typed: "" }),
  setTyped: (typed) => patch("scan", { typed }),
  submitTyped: () => actions.codeRead(slices.scan.typed, "keypad"),
  async codeRead(raw, how) {
    const found = await judge(raw, how);
    if (found.verdict === "not_ours" && how === "scan" && slices.scan.verdict) return false;
    seen = found;
    patch("scan", { verdict: found.verdict, household: views.householdLine(found.household), typing: how === "keypad" && found.verdict === "not_ours" });
    if (found.verdict !== "not_ours") navigator.vibrate?.(60);
    if (found.verdict === "right") await beginVisit(found.household.id, how, raw);
    return found.verdict !== "not_ours";
  },
  // A card that cannot say whose it is: the member picks the household, the code goes along.
  pickForCard: () => {
    patch("scan", { choosing: true });
    navigate("/m/households/");
  },
  recordRevoked: () => seen?.household && beginVisit(seen.household.id, seen.how, seen.raw),

  // the roster
  setQuery: (query) => {
    Object.assign(ui, { query, shown: views.PAGE });
    put({ roster: views.roster(data, ui) });
  },
  setFilter: (filter) => {
    Object.assign(ui, { filter, shown: views.PAGE });
    put({ roster: views.roster(data, ui) });
  },
  showMore: () => {
    ui.shown += views.PAGE;
    put({ roster: views.roster(data, ui) });
  },
  openHousehold: (id) => {
    if (slices.scan.choosing) return actions.recordHousehold(id);
    ui.household = id;
    derive();
    navigate(`/m/household/?id=${id}`);
  },
  recordHousehold: (id) => {
    const carried = slices.scan.choosing ? seen : null;
    put({ scan: INITIAL.scan });
    seen = null;
    if (!carried) return beginVisit(id, "list", null);
    const bind = carried.verdict === "unbound" && carried.how !== "keypad" ? carried.raw : null;
    return beginVisit(id, carried.how, carried.raw, { bind });
  },

  // a household met at the door
  openDoor: () => patch("door", { ...INITIAL.door, village: data.me?.villages[0]?.id ?? 0 }) ?? patch("page", { sheet: "door" }),
  setDoor: (field, value) => patch("door", { [field]: value, error: "" }),
  async submitDoor() {
    const { number, head, village } = slices.door;
    if (!number.trim()) return patch("door", { error: "number_missing" });
    const same = [...data.households.values()].find((h) => h.village === Number(village) && h.number === number.trim());
    if (same) return patch("door", { error: "number_taken" });
    const id = uuidv7();
    const new_household = { household: id, village: Number(village), number: number.trim(), head_name: head.trim() || null };
    const carried = slices.scan.choosing ? seen : null;
    put({ scan: INITIAL.scan });
    patch("page", { sheet: "" });
    const bind = carried?.verdict === "unbound" && carried.how !== "keypad" ? carried.raw : null;
    await beginVisit(id, carried?.how ?? "list", carried?.raw ?? null, { new_household, bind });
  },

  // the draft
  togglePlatform: (code) => edit(drafts.togglePlatform, code, data.habits.result),
  setResult: (code, result) => edit(drafts.setResult, code, result, vnDay(now())),
  setComeBack: (code, day) => edit(drafts.setComeBack, code, day),
  toggleStep: (code, step) => edit(drafts.toggleStep, code, step),
  addPeople: (n) => edit(drafts.addPeople, n),
  setMode: (mode) => keepDraft({ ...draft, mode }),
  setBeneficiary: (beneficiary) => keepDraft({ ...draft, beneficiary }),
  setNote: (note) => keepDraft({ ...draft, note: note.slice(0, 300) }),
  showAllPlatforms: () => keepDraft({ ...draft, all_platforms: true }),
  dropDraft: () => {
    keepDraft(null);
    navigate("/m/");
  },
  openCamera: () => patch("page", { camera: true }),
  closeCamera: () => patch("page", { camera: false }),
  async addPhoto(source) {
    patch("page", { camera: false });
    try {
      const photo = await photos.shrink(source);
      await photos.keep(photo);
      if (!draft.photos.includes(photo.sha256)) await keepDraft({ ...draft, photos: [...draft.photos, photo.sha256].slice(0, drafts.MAX_PHOTOS) });
      await showPictures();
      derive();
    } catch {
      toast("photo.unreadable");
    }
  },
  dropPhoto: (hash) => keepDraft({ ...draft, photos: draft.photos.filter((h) => h !== hash) }),
  async saveVisit() {
    const lack = drafts.missing(draft);
    if (lack) return toast(`record.${lack}`);
    const kept = [];
    for (const sha256 of draft.photos) {
      const bytes = await photos.bytesOf(sha256);
      if (bytes) kept.push({ sha256, bytes, type: "image/jpeg", visit: draft.id });
    }
    const records = drafts.toRecords(draft, kept, data.me.id, Date.now());
    const { mode, beneficiary, outcomes, mends, replaces, household, new_household } = draft;
    await saving;
    await outbox.add(records, { photos: kept, fact: { key: "draft", value: null } });
    draft = null;
    if (mends && !replaces) await outbox.dismiss(mends);
    if (new_household) await rememberHousehold(new_household);
    await db.setFact("habits", { mode, beneficiary, result: outcomes[0].result });
    await refresh(["records", "photos", "facts"]);
    toast("record.saved", { params: { number: slices.household.number || data.households.get(household)?.number || "" } });
    navigator.vibrate?.(30);
    navigate("/m/");
    sync.kick();
  },

  // own visits
  mendVisit(id) {
    const visit = views.allVisits(data, data.offset).find((v) => v.id === id);
    if (!visit) return null;
    return keepDraft(drafts.mend(visit)).then(async () => {
      await showPictures();
      derive();
      navigate("/m/record/");
    });
  },
  async withdrawVisit(id) {
    if (!(await outbox.undo(id))) {
      await outbox.add([{ id: uuidv7(), kind: "visit.withdraw", schema: 1, author: data.me.id, made_at: Date.now(), payload: { visit: id } }]);
    }
    patch("page", { sheet: "" });
    toast("visit.withdrawn");
    sync.kick();
  },
  sendNow: () => sync.kick(),
  dismissParked: (id) => outbox.dismiss(id),

  // review
  async approveClean(day) {
    const group = slices.review.days.find((d) => d.day === day);
    await decide(group.clean.map((v) => v.id), "approve", null, "");
  },
  approve: (id) => decide([id], "approve", null, ""),
  askSendBack: (id) => patch("page", { sheet: "send_back", target: id, reason_code: "", reason: "" }),
  setReasonCode: (reason_code) => patch("page", { reason_code }),
  setReason: (reason) => patch("page", { reason }),
  async sendBack() {
    const { target, reason_code, reason } = slices.page;
    if (!reason_code || (reason_code === "other" && !reason.trim())) return toast("review.reason_missing");
    patch("page", { sheet: "", target: "" });
    await decide([target], "send_back", reason_code, reason.trim());
  },
  toggleDay: (day) => patch("page", { open_day: slices.page.open_day === day ? "" : day }),
  async undoDecision() {
    const { undo } = slices.page;
    patch("page", { toast: "", undo: "" });
    if (undo && !(await outbox.undo(undo))) toast("review.too_late");
  },

  setRange: (range) => {
    ui.range = range;
    derive();
  },

  // inviting
  async invite(id, name) {
    put({ invite: { ...INITIAL.invite, phase: "asking", name } });
    patch("page", { sheet: "invite" });
    try {
      const { link, qr } = await api.invite(id);
      patch("invite", { phase: "ready", link, qr: `data:image/svg+xml;utf8,${encodeURIComponent(qr)}` });
    } catch (error) {
      patch("invite", { phase: "failed", code: error.problem?.code ?? error.kind });
    }
  },
  async shareInvitation() {
    const { link, name } = slices.invite;
    if (navigator.share) return navigator.share({ title: name, url: link }).catch(() => {});
    await navigator.clipboard?.writeText(link);
    return toast("invite.copied");
  },

  // joining
  async join() {
    patch("join", { phase: "joining" });
    try {
      const device = (await db.getFact("device")) ?? uuidv7();
      await db.setFact("device", device);
      const { id } = await api.join({ token: invitation, device, label: deviceLabel() });
      await becomes(id);
      patch("join", { phase: "downloading" });
      await sync.pullChanges();
      invitation = "";
      navigate("/m/");
      sync.kick();
    } catch (error) {
      patch("join", { phase: "failed", code: error.problem?.code ?? error.kind });
    }
  },
  async signOut() {
    if (await outbox.unsent()) return toast("me.unsent_first");
    if (data.photos.some((p) => p.visits.some((v) => !p.done.includes(v)))) return toast("me.unsent_first");
    await api.signOut().catch(() => {});
    await wipe();
    return navigate("/m/join/");
  },
};

async function decide(ids, verdict, reason_code, reason) {
  if (!ids.length) return;
  const flags = new Map(slices.review.days.flatMap((d) => [...d.clean, ...d.flagged]).map((v) => [v.id, v.flags]));
  const visits = ids.map((id) => ({ visit: id, flags: flags.get(id) ?? [] }));
  const id = uuidv7();
  const payload = { visits, verdict, reason_code, reason };
  await outbox.add([{ id, kind: "review.decide", schema: 1, author: data.me.id, made_at: Date.now(), hold_until: Date.now() + UNDO_MS, payload }]);
  await refresh(["records"]);
  toast(`review.done_${verdict}`, { params: { n: ids.length }, undo: id });
  setTimeout(() => sync.kick(), UNDO_MS + 50);
}

// A new household is on the roster at once, before the server has heard of it.
function rememberHousehold({ household, village, number, head_name }) {
  return db.write(["households"], (store) => store("households").put({ id: household, village, number, head: head_name, new: true, last: null, rungs: {} }));
}

let invitation = "";

async function beginJoining(token) {
  const ios = /iPhone|iPad/.test(navigator.userAgent);
  const standalone = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  if (!token || token === invitation) return patch("join", { ios, standalone, phase: token ? slices.join.phase : data.me ? "joined" : "no_link" });
  invitation = token;
  patch("join", { phase: "looking", ios, standalone });
  try {
    const { name, team, id } = await api.previewInvitation(token);
    const other = data.me && data.me.id !== id;
    return patch("join", { phase: other ? "other_person" : "ready", name, team });
  } catch (error) {
    return patch("join", { phase: "failed", code: error.problem?.code ?? error.kind });
  }
}

// The phone belongs to this member from now on; an outbox that is another's is never mixed with theirs.
async function becomes(id) {
  if (data.me && data.me.id !== id) throw new api.ApiError("refused", 0, { code: "other_person" });
  await db.setFact("cursor", "");
}

function wipe() {
  Object.assign(data, { me: null, records: [], photos: [] });
  draft = null;
  return db.write(["households", "cards", "visits", "records", "photos", "photo_bytes", "facts"], async (store) => {
    for (const name of ["households", "cards", "visits", "records", "photos", "photo_bytes", "facts"]) await store(name).clear();
  });
}

function deviceLabel() {
  const agent = navigator.userAgent;
  const system = /Android [\d.]+|iPhone OS [\d_]+|Windows|Mac OS X|Linux/.exec(agent)?.[0] ?? "";
  const browser = /(Edg|Chrome|Firefox|Version)\/\d+/.exec(agent)?.[0] ?? "";
  return `${system} ${browser}`.trim().replaceAll("_", ".");
}
