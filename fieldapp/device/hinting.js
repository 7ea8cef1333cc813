// Hints beside the work: put Tổ Số on the home screen, be told when something waits. Each is said once and can be sent
// away; under Tôi both are found again.
import * as api from "./api.js";
import * as db from "./db.js";
import { installHint, noticeHint, noticeState, whatWaits } from "./hints.js";
import * as noticing from "./noticing.js";
import { data, derive, furnish, toast } from "./state.js";
import { locale } from "./words.js";

const ios = /iPhone|iPad/.test(globalThis.navigator?.userAgent ?? "");
const known = { key: "", on: false, declined: false, later: false, busy: false };
const NONE = { install: "", ask: "", notices: "", busy: false, prompts: false, ios, standalone: false };

const isStandalone = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

furnish({ hints: NONE }, (visits) => {
  const here = { ...known, ios, standalone: isStandalone(), able: noticing.isAble(), permission: noticing.permission(), ...whatWaits(visits, data.me) };
  const ask = noticeHint(here);
  const sent = data.records.some((r) => r.state === "sent") || visits.some((v) => v.author === data.me?.id && !v.record);
  const clean = !data.records.some((r) => r.state !== "sent") && !data.photos.some((p) => p.visits.some((v) => !p.done.includes(v)));
  const install = ask ? "" : installHint({ ...here, offered: !!globalThis.installOffer, sent, clean });
  return { hints: { install, ask, notices: noticeState(here), busy: known.busy, prompts: !!globalThis.installOffer, ios, standalone: here.standalone } };
});

// What was said before, and what the server offers; without network nothing is asked.
async function learn() {
  const [wish, said] = [(await db.getFact("notices")) ?? {}, (await db.getFact("hints", db.PEOPLE)) ?? {}];
  Object.assign(known, { on: !!wish.on, declined: !!wish.declined, later: !!said.install });
  derive();
  if (!noticing.isAble() || !data.me) return;
  const { key, on } = await api.notices();
  Object.assign(known, { key, on: !!(key && on) });
  derive();
}

const ask = () => learn().catch((error) => error.kind || console.error(error));
ask();
globalThis.addEventListener?.("online", ask);
globalThis.addEventListener?.("install-offer", () => derive());
globalThis.addEventListener?.("appinstalled", () => {
  globalThis.installOffer = null;
  derive();
});

async function change(work, failure) {
  if (known.busy) return;
  known.busy = true;
  derive();
  try {
    await work();
  } catch (error) {
    if (!error.kind) console.error(error);
    toast(failure);
  }
  known.busy = false;
  derive();
}

// What goes away has been stored: whoever closes the app at that moment is not asked again.
async function kept(stored, said) {
  try {
    await stored;
  } finally {
    Object.assign(known, said);
    derive();
  }
}

export const hinting = {
  async install() {
    const offer = globalThis.installOffer;
    if (!offer) return;
    // The browser takes each offer once.
    globalThis.installOffer = null;
    await offer.prompt();
    await hinting.installLater();
  },
  async installLater() {
    await kept(db.setFact("hints", { install: Date.now() }, db.PEOPLE), { later: true });
  },
  turnOn: () => change(async () => {
    if (!(await noticing.turnOn(known.key, locale()))) return hinting.decline();
    Object.assign(known, { on: true, declined: false });
    return toast("notice.turned_on");
  }, "notice.failed"),
  turnOff: () => change(async () => {
    await noticing.turnOff();
    Object.assign(known, { on: false, declined: true });
    toast("notice.turned_off");
  }, "notice.not_off"),
  async decline() {
    await kept(db.setFact("notices", { on: false, declined: true }), { declined: true });
  },
};
