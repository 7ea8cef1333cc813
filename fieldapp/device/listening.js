// Spoken guides: fetched when somebody wants to hear one, or ahead, on Wi-Fi, where they ask for it; kept for villages
// without signal. Nothing is fetched that nobody asked for.
import * as api from "./api.js";
import * as db from "./db.js";
import { networkOf } from "./network.js";
import { sha256 } from "./photos.js";
import { narrations, toFetch, typeOf } from "./sounds.js";
import { data, derive, furnish, toast } from "./state.js";

const PIECE = 262144;
const NONE = { lines: [], missing: 0, missing_size: 0, waits: false, at: "" };
const known = { kept: new Set(), wanted: [], coming: new Map(), failed: new Map(), heard: null };
// What has come of those whose download was cut: the next one goes on from there.
const begun = new Map();
const player = globalThis.Audio ? new Audio() : null;
let of = null;
let learning = Promise.resolve();
let fetching = null;

export const guideInAddress = () => (location.pathname.startsWith("/m/guides") ? location.hash.slice(1) : "");
const canPlay = (type) => !player || player.canPlayType(type) !== "";
const network = () => networkOf(navigator.connection);

furnish({ narration: NONE }, () => {
  if (of !== data.narrations) learning = learn();
  const at = guideInAddress();
  if (known.heard && known.heard.platform !== at) stop();
  return { narration: { ...narrations(data.narrations, at, { ...known, canPlay }), at } };
});

// Which of the commune's recordings are here; those that wait may go on.
async function learn() {
  of = data.narrations;
  known.kept = new Set(await db.read(["sounds"], (store) => store("sounds").getAllKeys()));
  known.wanted = missing((await db.getFact("narrations_wanted")) ?? []);
  derive();
  fetchWanted();
}

// Of these the ones that the commune still has and this phone does not.
const missing = (ids) => data.narrations.filter((one) => ids.includes(one.id) && !known.kept.has(one.sha256)).map(({ id }) => id);

function stop() {
  URL.revokeObjectURL(known.heard.url);
  known.heard = null;
}

async function download(one) {
  const bytes = begun.get(one.id) ?? { have: 0, all: new Uint8Array(one.bytes) };
  begun.set(one.id, bytes);
  while (bytes.have < one.bytes) {
    known.coming.set(one.id, Math.floor((100 * bytes.have) / one.bytes));
    derive();
    const piece = new Uint8Array(await api.narration(one.id, bytes.have, Math.min(one.bytes, bytes.have + PIECE) - 1));
    if (!piece.length || piece.length > one.bytes - bytes.have) throw new api.ApiError("retry");
    bytes.all.set(piece, bytes.have);
    bytes.have += piece.length;
  }
  begun.delete(one.id);
  if ((await sha256(bytes.all.buffer)) !== one.sha256) throw new api.ApiError("retry");
  return bytes.all.buffer;
}

// Kept only while the commune still has it: it may have been taken off meanwhile, and so may this person.
function keep(one, bytes) {
  return db.write(["sounds", "facts"], async (store) => {
    const named = ((await store("facts").get("narrations")) ?? []).some(({ sha256: hash }) => hash === one.sha256);
    if (named) await store("sounds").put(bytes, one.sha256);
    const wanted = (await store("facts").get("narrations_wanted")) ?? [];
    if (wanted.includes(one.id)) await store("facts").put(wanted.filter((id) => id !== one.id), "narrations_wanted");
    return named;
  });
}

// Its bytes, from this phone or else from the server; nothing where that failed, and why is shown.
async function bring(one) {
  if (known.coming.has(one.id)) return null;
  known.failed.delete(one.id);
  known.coming.set(one.id, 0);
  try {
    const bytes = (await db.read(["sounds"], (store) => store("sounds").get(one.sha256))) ?? (await download(one));
    if (!known.kept.has(one.sha256) && (await keep(one, bytes))) {
      known.kept.add(one.sha256);
      known.wanted = known.wanted.filter((id) => id !== one.id);
    }
    return bytes;
  } catch (error) {
    if (!error.kind) console.error(error);
    known.failed.set(one.id, error.kind === "refused" ? "gone" : error.kind ? "offline" : "unkept");
    return null;
  } finally {
    known.coming.delete(one.id);
    derive();
  }
}

// One after the other what waits, until something fails.
export function fetchWanted() {
  fetching ??= fetchAll().finally(() => (fetching = null));
  return fetching;
}

async function fetchAll() {
  for (;;) {
    const [next] = toFetch(data.narrations, known.kept, known.wanted, network());
    if (!next || known.coming.has(next.id) || !(await bring(next))) return;
  }
}

globalThis.addEventListener?.("online", fetchWanted);
globalThis.navigator?.connection?.addEventListener?.("change", fetchWanted);

export const listening = {
  async play(id) {
    const one = data.narrations.find((narration) => narration.id === id);
    const bytes = one && (await bring(one));
    if (!bytes) return;
    if (known.heard) stop();
    known.heard = { id, platform: one.platform, url: URL.createObjectURL(new Blob([bytes], { type: typeOf(one) })) };
    derive();
  },
  // All of the open guide, for when there is no network; on a network that costs, when Wi-Fi is there.
  async keepAll() {
    const at = guideInAddress();
    await learning;
    known.wanted = missing([...known.wanted, ...data.narrations.filter((one) => one.platform === at).map((one) => one.id)]);
    await db.setFact("narrations_wanted", known.wanted).catch((error) => console.error(error));
    derive();
    if (network() === "paid") return toast("guide.waits_for_wifi");
    return fetchWanted();
  },
};
