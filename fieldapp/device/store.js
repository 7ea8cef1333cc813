// The one face of the phone's world for its screens: slices to read, actions to call, and the start of it all.
import { confirming } from "./confirming.js";
import * as db from "./db.js";
import { enrolling } from "./enrol.js";
import { joining, lookAt } from "./joining.js";
import { recording, showPictures } from "./recording.js";
import { reviewing } from "./reviewing.js";
import { data, derive, held, load, MAPS, patch, refresh, ui } from "./state.js";
import * as sync from "./sync.js";
import * as update from "./update.js";
import { onLocale, setLocale } from "./words.js";

export { useSlice } from "./state.js";

export const actions = {
  ...recording,
  ...reviewing,
  ...confirming,
  ...joining,
  ...enrolling,
  setLocale,
  takeUpdate: update.takeOver,
  openSheet: (sheet, target = "") => patch("page", { sheet, target, toast: "", undo: "" }),
  closeSheet: () => patch("page", { sheet: "", target: "" }),
  setRange: (range) => {
    ui.range = range;
    derive();
  },
};

let started = null;

// Called by the phone's shell: opens the store, draws, starts the sender.
export function start(navigate) {
  held.navigate = navigate;
  started ??= open();
  return started;
}

async function open() {
  await load([...MAPS, "records", "photos", "facts"]);
  held.draft = (await db.getFact("draft")) ?? null;
  await showPictures();
  derive();
  db.onChange(refresh);
  onLocale(derive);
  addEventListener("online", derive);
  addEventListener("offline", derive);
  sync.start(derive);
  update.watch(() => patch("page", { update: true }));
  await askStorage();
}

// What the address says: which household, which invitation.
export async function readAddress() {
  await started;
  const address = new URL(location.href);
  ui.household = address.searchParams.get("id") ?? ui.household;
  if (address.pathname.startsWith("/m/join")) await lookAt(address.hash.slice(1));
  derive();
}

async function askStorage() {
  const persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  patch("me", { persisted, free: quota ? ((quota - usage) / 1e9).toFixed(1) : "" });
}
