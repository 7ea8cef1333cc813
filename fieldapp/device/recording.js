// What a member does: scan a card, pick a household, fill in a visit, mend or withdraw one.
import { uuidv7 } from "uuidv7";
import { codeHash, parseScanned, parseTyped } from "./card-code.js";
import * as db from "./db.js";
import * as drafts from "./draft.js";
import * as outbox from "./outbox.js";
import * as photos from "./photos.js";
import { data, derive, held, INITIAL, now, patch, put, refresh, slice, toast, ui } from "./state.js";
import * as sync from "./sync.js";
import * as views from "./views.js";
import { vnDay } from "./vn-time.js";

let saving = Promise.resolve();

function keepDraft(next) {
  held.draft = next;
  derive();
  saving = saving.then(() => db.setFact("draft", held.draft)).catch((error) => console.error(error));
  return saving;
}

const edit = (rule, ...args) => held.draft && keepDraft(rule(held.draft, ...args));
const change = (values) => held.draft && keepDraft({ ...held.draft, ...values });

async function beginVisit(household, how, card, extra = {}) {
  await keepDraft({ ...drafts.begin(household, how, card, data.habits), ...extra });
  held.navigate("/m/record/");
}

export async function showPictures() {
  for (const hash of held.draft?.photos ?? []) {
    if (held.urls.has(hash)) continue;
    const bytes = await photos.bytesOf(hash);
    if (bytes) held.urls.set(hash, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
  }
}

// What a code says, from the cards that this phone holds.
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

// The card that was read before the household was picked, taken up once.
function carried() {
  const card = slice("scan").choosing ? held.seen : null;
  put({ scan: INITIAL.scan });
  held.seen = null;
  if (!card) return { how: "list", raw: null, bind: null };
  return { ...card, bind: card.verdict === "unbound" && card.how !== "keypad" ? card.raw : null };
}

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
    return beginVisit(id, how, raw, { bind });
  },

  openDoor: () => {
    put({ door: { ...INITIAL.door, village: data.me?.villages[0]?.id ?? 0 } });
    patch("page", { sheet: "door" });
  },
  setDoor: (field, value) => patch("door", { [field]: value, error: "" }),
  async submitDoor() {
    const { head, village } = slice("door");
    const number = slice("door").number.trim();
    if (!number) return patch("door", { error: "number_missing" });
    const taken = [...data.households.values()].some((h) => h.village === Number(village) && h.number === number);
    if (taken) return patch("door", { error: "number_taken" });
    const id = uuidv7();
    const { how, raw, bind } = carried();
    patch("page", { sheet: "" });
    const new_household = { household: id, village: Number(village), number, head_name: head.trim() || null };
    return beginVisit(id, how, raw, { new_household, bind });
  },

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

  openCamera: () => patch("page", { camera: true }),
  closeCamera: () => patch("page", { camera: false }),
  async addPhoto(source) {
    patch("page", { camera: false });
    try {
      const photo = await photos.shrink(source);
      await photos.keep(photo);
      const hashes = [...new Set([...held.draft.photos, photo.sha256])].slice(0, drafts.MAX_PHOTOS);
      await change({ photos: hashes });
      await showPictures();
      derive();
    } catch (error) {
      console.error(error);
      toast("photo.unreadable");
    }
  },
  dropPhoto: (hash) => change({ photos: held.draft.photos.filter((h) => h !== hash) }),

  async saveVisit() {
    const { draft } = held;
    const lack = drafts.missing(draft);
    if (lack) return toast(`record.${lack}`);
    const kept = [];
    for (const sha256 of draft.photos) {
      const bytes = await photos.bytesOf(sha256);
      if (bytes) kept.push({ sha256, bytes, type: "image/jpeg", visit: draft.id });
    }
    await saving;
    await outbox.add(drafts.toRecords(draft, kept, data.me.id, Date.now()), { photos: kept, fact: { key: "draft", value: null } });
    held.draft = null;
    await afterSaving(draft);
    toast("record.saved");
    navigator.vibrate?.(30);
    held.navigate("/m/");
    return sync.kick();
  },

  async mendVisit(id) {
    const visit = views.allVisits(data, data.offset).find((v) => v.id === id);
    patch("page", { sheet: "" });
    if (!visit) return;
    await keepDraft(drafts.mend(visit));
    await showPictures();
    derive();
    held.navigate("/m/record/");
  },
  async withdrawVisit(id) {
    if (!(await outbox.undo(id))) {
      await outbox.add([{ id: uuidv7(), kind: "visit.withdraw", schema: drafts.SCHEMA, author: data.me.id, made_at: Date.now(), payload: { visit: id } }]);
    }
    patch("page", { sheet: "" });
    toast("visit.withdrawn");
    return sync.kick();
  },
  sendNow: () => sync.kick(),
  dismissParked: (id) => outbox.dismiss(id),
};

async function afterSaving({ mends, new_household, mode, beneficiary, outcomes }) {
  if (mends) await outbox.dismiss(mends);
  if (new_household) await rememberHousehold(new_household);
  await db.setFact("habits", { mode, beneficiary, result: outcomes[0].result });
  await refresh(["records", "photos", "facts"]);
}

// A new household is on the roster at once, before the server has heard of it.
function rememberHousehold({ household, village, number, head_name }) {
  const row = { id: household, village, number, head: head_name, new: true, last: null, rungs: {} };
  return db.write(["households"], (store) => store("households").put(row));
}
