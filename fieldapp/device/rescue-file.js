// A rescue file: what could not be sent, packed and closed so that only the server opens it. docs/sync.md has its form,
// services/rescues.py takes it in. Pure but for the browser's own cryptography.
import { vnDay, vnTime } from "./vn-time.js";

const MARK = new TextEncoder().encode("toso-rescue-1\n");
const MOST = 8000000;
const KEY_ID = 8;
const NONCE = 12;
const EC = { name: "ECDH", namedCurve: "P-256" };

const sizeOf = (record) => new TextEncoder().encode(JSON.stringify(record)).length;

// Records in their order, then photos, in as few files as fit the server's door.
export function portions(records, photos, most = MOST) {
  const files = [];
  let size = Infinity;
  const put = (kind, item, bytes) => {
    if (size + bytes > most) [size] = [0, files.push({ records: [], photos: [] })];
    files.at(-1)[kind].push(item);
    size += bytes;
  };
  for (const record of records) put("records", record, sizeOf(record));
  for (const photo of photos) put("photos", photo, photo.bytes);
  return files;
}

export const nameOf = (at, part, of) => `phieu-chua-gui-${vnDay(at)}-${vnTime(at).replace(":", "")}${of > 1 ? `-${part}` : ""}.toso`;

// Four bytes with the length of the head, the head as JSON, then the photos' bytes in the head's order.
export function pack(head, contents) {
  const written = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, written.length);
  return joined(length, written, ...contents);
}

function joined(...parts) {
  const arrays = parts.map((part) => new Uint8Array(part));
  const whole = new Uint8Array(arrays.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of arrays) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// Closes with the server's public key: a key that lives for this file agrees with it on the one that encrypts.
export async function close(opened, publicKey) {
  const { subtle } = crypto;
  const point = Uint8Array.from(atob(publicKey), (c) => c.charCodeAt(0));
  const theirs = await subtle.importKey("raw", point, EC, false, []);
  const mine = await subtle.generateKey(EC, false, ["deriveBits"]);
  const own = await subtle.exportKey("raw", mine.publicKey);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derived = { name: "HKDF", hash: "SHA-256", salt: joined(own, point), info: MARK };
  const key = await subtle.deriveKey(derived, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const keyId = (await subtle.digest("SHA-256", point)).slice(0, KEY_ID);
  const head = joined(MARK, keyId, own, iv);
  return joined(head, await subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, key, opened));
}
