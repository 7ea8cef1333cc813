// Photos: shrunk and stripped on the phone, kept beside the records, sent in a queue of their own after them.
import * as api from "./api.js";
import { isClosed } from "./at-rest.js";
import { keepFact, read, write } from "./db.js";

export const LONG_SIDE = 1280;
export const MAX_BYTES = 250000;
// Damaged or out of step on its way: sent again from where the server stands then.
const AGAIN = new Set(["wrong_hash", "wrong_offset"]);
const FINAL = new Set(["not_found", "forbidden", "not_author", "wrong_size", "invalid", "photo_not_image", "photo_wrong_type", "photo_too_many_pixels", "photo_broken"]);
const QUALITIES = [0.8, 0.7, 0.6, 0.45];

// A picture as JPEG of at most 1280 px and 250 KB, upright, without metadata, with its hash.
export async function shrink(source) {
  const bitmap = await createImageBitmap(source, { imageOrientation: "from-image" });
  let side = Math.min(LONG_SIDE, Math.max(bitmap.width, bitmap.height));
  for (;;) {
    const scale = side / Math.max(bitmap.width, bitmap.height);
    const canvas = surface(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const blob = await encode(canvas, quality);
      if (blob.size > MAX_BYTES) continue;
      bitmap.close();
      const bytes = await blob.arrayBuffer();
      return { sha256: await sha256(bytes), type: "image/jpeg", bytes };
    }
    side = Math.round(side * 0.75);
  }
}

function surface(width, height) {
  if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

function encode(canvas, quality) {
  if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

export async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A photo that was just taken waits here, so that a killed app still has it; stored by one stroke with the fact (the
// draft, the forms) that names it.
export function keep(photo, fact = null) {
  return write(["photo_bytes", "facts"], async (store) => {
    await store("photo_bytes").put(photo.bytes, photo.sha256);
    if (fact) await keepFact(store, fact);
  });
}

// A draft or form lets go of a picture, for another one or for none, by one stroke: its bytes are gone unless a saved
// record has them.
export function replace(hash, fact, photo = null) {
  return write(["photo_bytes", "photos", "facts"], async (store) => {
    if (!(await store("photos").getKey(hash))) await store("photo_bytes").delete(hash);
    if (photo) await store("photo_bytes").put(photo.bytes, photo.sha256);
    await keepFact(store, fact);
  });
}

export const bytesOf = (hash, slot) => read(["photo_bytes"], (store) => store("photo_bytes").get(hash), slot);

// With what opens it at the server, where a PIN keeps it closed.
const contentOf = (hash, slot) =>
  read(["photo_bytes", "facts"], async (store) => ({ bytes: await store("photo_bytes").get(hash), seal: (await store("facts").get("lock"))?.seal }), slot);

// (visit, photo) pairs whose visit the server has and whose photo it may not have.
export function waiting(slot = undefined) {
  return read(["photos", "records"], async (store) => {
    const pairs = [];
    for (const photo of await store("photos").getAll()) {
      for (const visit of photo.visits) {
        if (photo.done.includes(visit)) continue;
        const record = await store("records").get(visit);
        if (record?.state === "sent" && record.result !== "held") pairs.push({ visit, sha256: photo.sha256 });
      }
    }
    return pairs;
  }, slot);
}

// Sends what waits, until `stops` says that something else comes first, and says whether it came to the end. One photo
// that fails holds no other back; the first error is thrown at the end.
export async function send(pieceBytes = Infinity, slot = undefined, stops = async () => false) {
  let failure = null;
  let stopped = false;
  for (const { visit, sha256: hash } of await waiting(slot)) {
    stopped = await stops();
    if (stopped) break;
    try {
      await sendOne(visit, hash, pieceBytes, slot);
    } catch (error) {
      if (error.kind === "auth" || error.kind === "offline") throw error;
      failure ??= error.kind === "refused" ? new api.ApiError("retry") : error;
    }
  }
  if (failure) throw failure;
  return !stopped;
}

async function sendOne(visit, hash, pieceBytes, slot) {
  const { bytes, seal } = await contentOf(hash, slot);
  if (!bytes) return markDone(visit, hash, slot);
  if (isClosed(bytes)) return sendClosed(visit, hash, bytes.box, seal, slot);
  // A refusal to say how much is there has no name (HEAD has no body): sending it has.
  let { offset, complete } = await api.photoOffset(visit, hash, slot).catch(fromItsBeginning);
  while (!complete) {
    const piece = bytes.slice(offset, Math.min(bytes.byteLength, offset + pieceBytes));
    const before = offset;
    try {
      ({ offset, complete } = await api.sendPhoto(visit, hash, offset, piece, slot));
    } catch (error) {
      if (!(await isLastWord(error, bytes, hash))) throw error;
      return markDone(visit, hash, slot);
    }
    if (!complete && offset <= before) throw new api.ApiError("retry");
  }
  return markDone(visit, hash, slot);
}

// Behind a PIN a photo goes whole, as it is closed here.
async function sendClosed(visit, hash, box, seal, slot) {
  const { complete } = await api.photoOffset(visit, hash, slot).catch(fromItsBeginning);
  try {
    if (!complete) await api.sendPhoto(visit, hash, 0, box, slot, seal);
  } catch (error) {
    if (error.problem?.code === "wrong_size" || !FINAL.has(error.problem?.code)) throw error;
  }
  return markDone(visit, hash, slot);
}

function fromItsBeginning(error) {
  if (error.kind !== "refused") throw error;
  return { offset: 0, complete: false };
}

// Whether the server will never take this photo: it says so by a name of ours. What came damaged is sent again, unless
// the phone's own storage spoilt it.
async function isLastWord(error, bytes, hash) {
  const code = error.kind === "refused" ? error.problem?.code : null;
  if (!FINAL.has(code)) return AGAIN.has(code) && (await sha256(bytes)) !== hash;
  return true;
}

function markDone(visit, hash, slot) {
  return write(["photos"], async (store) => {
    const photo = await store("photos").get(hash);
    if (photo) await store("photos").put({ ...photo, done: [...new Set([...photo.done, visit])] });
  }, slot);
}

// The server tells that it misses photos of mine which this phone thought done: they are sent again.
export function reopen(rows, slot = undefined) {
  const missing = rows.flatMap((v) => (v.photos ?? []).filter((p) => p.state === "expected").map((p) => [p.sha256, v.id]));
  if (!missing.length) return null;
  return write(["photos"], async (store) => {
    for (const [hash, visit] of missing) {
      const photo = await store("photos").get(hash);
      if (photo?.done.includes(visit)) await store("photos").put({ ...photo, done: photo.done.filter((v) => v !== visit) });
    }
  }, slot);
}
