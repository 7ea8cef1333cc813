// Forms of the screens that bring along what they need. Each touch is stored, so that a killed app opens where it was
// left; saving puts the record, its photos and the emptied form into storage by one stroke.
import { uuidv7 } from "uuidv7";
import { consentOf, facesOf } from "./consent.js";
import * as db from "./db.js";
import { SCHEMA } from "./draft.js";
import * as outbox from "./outbox.js";
import * as photos from "./photos.js";
import { showPictures } from "./recording.js";
import { data, derive, held, isKept, refresh, toast } from "./state.js";
import * as sync from "./sync.js";

const forms = {};
let recalled = null;
let storing = Promise.resolve();
let saving = null;

// What was left open is there once the storage has been read; what was touched before that stays.
export function formOf(name) {
  recalled ??= db.getFact("forms").then((kept) => {
    for (const [key, form] of Object.entries(kept ?? {})) if (!(key in forms)) forms[key] = form;
    derive();
    return showPictures(pictured()).then(derive);
  });
  return forms[name] ?? null;
}

// Pictures of what is being written, and of what was and has not gone yet.
const pictured = () => [...Object.values(forms), ...data.records.map((r) => r.kind.startsWith("visit.") ? null : r.payload)].flatMap((one) => one?.photos ?? []).map((photo) => photo.sha256 ?? photo);

// Another tab may have other forms open: each is stored by itself.
export const formFact = (name) => ({ key: "forms", part: { [name]: forms[name] ?? null } });

// Until every touch of a form is stored.
export const written = () => storing;

// Each touch is stored after the one before it; `write` stores the forms with what belongs to them.
export function keepForm(name, form, write = () => db.write(["facts"], (store) => db.keepFact(store, formFact(name)))) {
  forms[name] = form;
  derive();
  storing = isKept(storing.then(() => recalled).then(write));
  return storing;
}

// A form begins with the id of the record that it becomes; the village is known where there is one. A screen can be
// tapped before the storage has been read.
export async function beginForm(name, empty) {
  await held.opened;
  const village = data.me?.villages.length === 1 ? data.me.villages[0].id : 0;
  return keepForm(name, { id: uuidv7(), village, mends: "", ...empty });
}

export const change = (name, values) => forms[name] && keepForm(name, { ...forms[name], ...values });

// Stores the record that a form has become; a refused one that it mends is put away. One tap is one record. One
// that is held goes after what can be taken back until then.
export function saveForm(name, kind, payload, { held_ms = 0, said_so = "record.saved" } = {}) {
  saving ??= store(name, kind, payload, held_ms, said_so).finally(() => (saving = null));
  return saving;
}

async function store(name, kind, payload, held_ms, said_so) {
  await storing;
  const { id, mends, replaces = null } = forms[name];
  const kept = await picturesOf(forms[name]);
  const named = kept.map(({ sha256, bytes, type }) => ({ sha256, bytes: bytes.byteLength, type, ...consentOf(forms[name], sha256) }));
  const said = named.length ? { ...payload, photos: named } : payload;
  const made_at = Date.now();
  const record = { id, kind, schema: SCHEMA, author: data.me?.id, made_at, hold_until: held_ms && made_at + held_ms, replaces, payload: said };
  const fact = { key: "forms", part: { [name]: null } };
  if (!(await isKept(outbox.add([record], { fact, photos: kept.map((photo) => ({ ...photo, visit: id })), mended: mends ? [mends] : [] })))) return;
  forms[name] = null;
  await refresh(["records", "photos"]);
  toast(said_so);
  globalThis.navigator?.vibrate?.(30);
  if (held_ms) setTimeout(sync.kick, held_ms + 50);
  else sync.kick();
}

async function picturesOf(form) {
  const found = await Promise.all((form.photos ?? []).map(async (sha256) => ({ sha256, bytes: await photos.bytesOf(sha256), type: "image/jpeg" })));
  return found.filter((photo) => photo.bytes);
}

// What a form has of pictures: none yet, or those of a record that is filled in again.
export const NO_PICTURES = { photos: [], faces: {}, looking: "" };
export const picturesIn = ({ photos: named = [] }) => ({ photos: named.map((p) => p.sha256), faces: facesOf(named), looking: "" });

// A record that the server refused, to be filled in again.
export const refusedRecord = (id) => data.records.find((r) => r.id === id && r.state === "parked");
