// The key behind a PIN: random, closed once by what the PIN gives and once for the server, so that what waits can be sent
// without the PIN. The cipher answers at once, which a transaction of the storage needs; the rest is the browser's own.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { base64 } from "./base64.js";
import { close } from "./rescue-file.js";

const ROUNDS = 600000;
const KEY = 32;
const NONCE = 12;

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const bytesOf = (text) => new TextEncoder().encode(text);
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// What opens and closes rows: a nonce and the closed content, bound to the name that it is kept under.
function keyOf(id, secret) {
  return {
    id,
    close(content, name) {
      const nonce = random(NONCE);
      const closed = chacha20poly1305(secret, nonce, bytesOf(name)).encrypt(content);
      const box = new Uint8Array(NONCE + closed.length);
      box.set(nonce);
      box.set(closed, NONCE);
      return box;
    },
    open: (box, name) => chacha20poly1305(secret, box.subarray(0, NONCE), bytesOf(name)).decrypt(box.subarray(NONCE)),
    secret,
  };
}

async function wrapping(pin, salt, rounds) {
  const { subtle } = crypto;
  const material = await subtle.importKey("raw", bytesOf(pin), "PBKDF2", false, ["deriveKey"]);
  return subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// The part of a lock that a PIN opens.
export async function wrapped(secret, pin) {
  const [salt, iv] = [random(16), random(NONCE)];
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await wrapping(pin, salt, ROUNDS), secret);
  return { salt, iv, rounds: ROUNDS, closed: new Uint8Array(closed) };
}

// The part of a lock that the server opens, and whose key it was closed for.
export const sealed = async (secret, server) => ({ server, seal: base64(await close(secret, server)) });

// A new key, and the lock that stands in the storage for it.
export async function make(pin, server) {
  const secret = random(KEY);
  const id = hex(random(8));
  return { key: keyOf(id, secret), lock: { id, ...(await wrapped(secret, pin)), ...(await sealed(secret, server)) } };
}

// The key of a lock, or null where the PIN is wrong.
export async function open(lock, pin) {
  const { iv, closed, salt, rounds, id } = lock;
  const secret = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await wrapping(pin, salt, rounds), closed).catch(() => null);
  return secret && keyOf(id, new Uint8Array(secret));
}
