// The one face of the phone's world for its screens: slices to read, actions to call, and the start of it all.
import * as api from "./api.js";
import * as db from "./db.js";
import { enrolling } from "./enrol.js";
import { joining, lookAt } from "./joining.js";
import { followDraft, recording, settled, showPictures } from "./recording.js";
import { reviewing } from "./reviewing.js";
import { derive, held, load, MAPS, patch, refresh, slice, ui } from "./state.js";
import * as slots from "./slots.js";
import * as sync from "./sync.js";
import * as update from "./update.js";
import { locale, onLocale, setLocale } from "./words.js";

export { useSlice } from "./state.js";

export const actions = {
  ...recording,
  ...reviewing,
  ...joining,
  ...enrolling,
  setLocale,
  takeUpdate: () => settled().then(update.takeOver),
  openSheet: (sheet, target = "") => patch("page", { sheet, target, toast: "", undo: "" }),
  reopen: () => location.reload(),
  closeSheet: () => patch("page", { sheet: "", target: "" }),
};

const PATIENCE = 8000;
let started = null;

// Called by the phone's shell: opens the store, draws, starts the sender. Says whether the storage could be opened.
export function start(navigate) {
  held.navigate = navigate;
  started ??= begin();
  return started;
}

// Storage that does not open is said in words, and so is one that another window keeps shut for long.
async function begin() {
  const unopened = (is) => patch("page", { unopened: is });
  const late = setTimeout(unopened, PATIENCE, true);
  const failure = await open().then(() => null, (error) => error);
  if (failure) console.error(failure);
  clearTimeout(late);
  unopened(!!failure);
  return !failure;
}

async function open() {
  const shut = isShut();
  held.opened = shut.then((is) => is && new Promise((done) => (held.unlock = done))).then(readStorage);
  held.opened.catch(() => {});
  if (!(await shut)) await held.opened;
  db.onChange(heard);
  db.onOvertaken(() => settled().then(() => location.reload()));
  document.addEventListener("visibilitychange", followPerson);
  onLocale(derive);
  addEventListener("online", derive);
  addEventListener("offline", derive);
  sync.start(derive);
  update.watch(() => patch("page", { update: true }), isBusy, settled);
  renewNotices();
  goOnFetching();
  await askStorage();
}

// Only who wants to be told brings along what it takes.
async function renewNotices() {
  const wish = await db.getFact("notices");
  if (wish?.on) await import("./noticing.js").then((noticing) => noticing.renew(locale())).catch((error) => error.kind || console.error(error));
}

// Spoken guides that somebody asked for, and that have not come yet.
async function goOnFetching() {
  if ((await db.getFact("narrations_wanted"))?.length) await import("./listening.js");
}

// Whose page this is, and whether a PIN keeps it shut: what waits is sent all the same.
async function isShut() {
  api.speakFor(await slots.enter());
  const is = !!(await db.shutBy());
  patch("lock", { locked: is });
  return is;
}

async function readStorage() {
  await load([...MAPS, "records", "photos", "facts", "people"]);
  held.draft = (await db.getFact("draft")) ?? null;
  await showPictures();
  derive();
}

async function heard(stores, foreign) {
  // Another tab may have taken the PIN off: there is nothing to give here any more.
  if (slice("lock").locked) return foreign && !(await db.getFact("lock")) ? location.reload() : followPerson();
  refresh(stores);
  if (!foreign) return;
  if (stores.includes("facts") && (await db.shutBy())) return location.reload();
  if (stores.includes("facts")) followDraft();
  if (stores.includes("people")) followPerson();
}

// Another tab was given to somebody else, or its person has signed out, and this one follows; what was typed is stored
// first.
async function followPerson() {
  const [active, people] = [await slots.active(), await slots.list()];
  const gone = held.person && !people.some((p) => p.slot === db.slot() && p.id === held.person);
  const moved = active && active !== db.slot();
  if (!(gone || moved) || location.pathname.startsWith("/m/join")) return;
  await settled();
  location.assign("/m/");
}

// Whether a reload would come in the way of what a person is doing.
function isBusy() {
  const { sheet, camera } = slice("page");
  const typing = document.activeElement?.matches?.("input, textarea, select") && !document.hidden;
  return !!(sheet || camera || typing || (location.pathname.startsWith("/m/record") && held.draft));
}

// What the address says: which household, which invitation.
export async function readAddress() {
  if (!(await started)) return;
  update.settle();
  const address = new URL(location.href);
  ui.household = address.searchParams.get("id") ?? ui.household;
  if (address.pathname.startsWith("/m/join")) await lookAt(address.hash.slice(1), address.searchParams.has("add"));
  derive();
}

async function askStorage() {
  const persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  patch("me", { persisted, free: quota ? ((quota - usage) / 1e9).toFixed(1) : "" });
}
