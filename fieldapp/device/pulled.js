// What came from the server, in the phone's storage: a page of it is taken in, and all of it is wiped.
import { getFact, write } from "./db.js";

const PULLED = ["households", "cards", "visits", "activities", "difficulties", "groups", "comments"];

// What a team is to reach, to do and to report, and what it is told: given whole.
const LISTS = ["targets", "target_counts", "tasks", "reports", "indicators", "announcements", "contacts", "commune_group"];
const OF_COMMUNE = ["announcements", "contacts", "commune_group", "materials"];

// What a row holds. A phone whose rows came when they held less pulls once from nothing: 2 names a photo's bytes and type, 3
// holds activities, difficulties and groups, 4 the spoken guides of the commune and comments, 5 what is announced and kept
// to be read, 6 reports of periods.
const SHAPE = 6;

export const cursorOf = async (slot) => ((await getFact("shape", slot)) === SHAPE && (await getFact("cursor", slot))) || "";

// But for households that only this phone has: what made them waits here, or with the commune.
async function clear(stores) {
  const records = (await stores("records").getAll()).filter((r) => r.kind === "household.add" && (r.state === "ready" || r.result === "held"));
  const made = new Set(records.map((r) => r.payload.household));
  for (const { id } of await stores("households").getAll()) if (!made.has(id)) await stores("households").delete(id);
  for (const name of PULLED) if (name !== "households") await stores(name).clear();
}

// What was pulled is wiped, but for who this is; what was made here stays, with the households that it needs.
export function wipePulled(slot) {
  return write([...PULLED, "records", "sounds", "facts"], async (stores) => {
    await clear(stores);
    const me = await stores("facts").get("me");
    if (me?.box) await stores("facts").delete("me");
    else if (me) await stores("facts").put({ ...me, villages: [], people: [] }, "me");
    await stores("facts").put("", "cursor");
    for (const name of [...LISTS, ...OF_COMMUNE]) await stores("facts").delete(name);
    await takeNarrations(stores, []);
  }, slot);
}

// The commune's spoken guides as they are now: those that it has taken off are gone from this phone too.
async function takeNarrations(stores, narrations) {
  const named = new Set(narrations.map(({ sha256 }) => sha256));
  for (const hash of await stores("sounds").getAllKeys()) if (!named.has(hash)) await stores("sounds").delete(hash);
  const ids = new Set(narrations.map(({ id }) => id));
  const wanted = (await stores("facts").get("narrations_wanted")) ?? [];
  if (wanted.length) await stores("facts").put(wanted.filter((id) => ids.has(id)), "narrations_wanted");
  await stores("facts").put(narrations, "narrations");
}

// The changes of the library in the place of what was here of the same papers; all of it where the phone begins.
async function takeMaterials(stores, rows, goesOn) {
  const changed = new Set(rows.map(({ id }) => id));
  const kept = goesOn ? ((await stores("facts").get("materials")) ?? []).filter(({ id }) => !changed.has(id)) : [];
  await stores("facts").put([...kept, ...rows.filter((row) => !row.gone)], "materials");
}

// A page and its cursor are stored in one transaction, and never change the outbox.
export function storePage(page, cursor, slot) {
  const left = page.left ?? [];
  const narrations = page.narrations ?? (left.some((key) => key.startsWith("commune:")) ? [] : null);
  return write([...PULLED, "records", "sounds", "facts"], async (stores) => {
    if (page.reset || !cursor) await clear(stores);
    for (const name of PULLED) {
      for (const row of page[name] ?? []) await (row.gone ? stores(name).delete(row.id) : stores(name).put(row));
    }
    for (const { kind, id } of page.tombstones ?? []) {
      if (PULLED.includes(kind)) await stores(kind).delete(kind === "cards" ? Number(id) : id);
    }
    await forgetPhotos(stores, page.tombstones ?? []);
    const merged = (page.households ?? []).filter((row) => row.gone && row.into).map((row) => [row.id, row.into]);
    if (merged.length) await stores("facts").put({ ...(await stores("facts").get("merged")), ...Object.fromEntries(merged) }, "merged");
    if (narrations) await takeNarrations(stores, narrations);
    if (left.some((key) => key.startsWith("commune:"))) for (const name of OF_COMMUNE) await stores("facts").delete(name);
    for (const name of LISTS) if (page[name]) await stores("facts").put(page[name], name);
    if (page.materials || page.reset || !cursor) await takeMaterials(stores, page.materials ?? [], cursor && !page.reset);
    await forgetComments(stores, page.me);
    for (const key of left) if (key.startsWith("village:")) await forgetVillage(stores, Number(key.split(":")[1]));
    await stores("facts").put(page.me, "me");
    await stores("facts").put({ id: page.me.id, name: page.me.name, team: page.me.team }, "owner");
    if (page.platforms) await stores("facts").put(page.platforms, "platforms");
    await stores("facts").put(page.cursor, "cursor");
    await stores("facts").put(SHAPE, "shape");
  }, slot);
}

// Photos whose data were erased, or to which somebody took back their consent: the next sweep drops what this phone made
// of them (`outbox.sweep`).
async function forgetPhotos(stores, tombstones) {
  const gone = tombstones.filter(({ kind }) => kind === "photos").map(({ id }) => id);
  if (gone.length) await stores("facts").put([...new Set([...((await stores("facts").get("photos_gone")) ?? []), ...gone])], "photos_gone");
}

// Who leads somewhere no more keeps what was said of their own days, and by them.
async function forgetComments(stores, { id, villages = [] }) {
  const led = new Set(villages.filter((v) => v.led).map((v) => v.id));
  for (const row of await stores("comments").getAll()) {
    if (!led.has(row.village) && row.member !== id && row.author !== id) await stores("comments").delete(row.id);
  }
}

async function forgetVillage(stores, village) {
  for (const name of PULLED) {
    for (const row of await stores(name).getAll()) if (row.village === village) await stores(name).delete(row.id);
  }
}
