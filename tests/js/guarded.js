// A phone with a PIN, and a server that opens what comes closed.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { Phone } from "./life.js";
import { Server } from "./server.js";

const { subtle } = crypto;
const { deriveKey } = SubtleCrypto.prototype;
// A PIN is slow to try by hundreds of thousands of rounds; a test opens phones by the hundred.
SubtleCrypto.prototype.deriveKey = function (how, ...rest) {
  return deriveKey.call(this, how.iterations ? { ...how, iterations: 1 } : how, ...rest);
};

const EC = { name: "ECDH", namedCurve: "P-256" };
const pair = await subtle.generateKey(EC, true, ["deriveBits"]);
const point = Buffer.from(await subtle.exportKey("raw", pair.publicKey));
const seal = { key: point.toString("base64"), proof: "p".repeat(64) };
export const PIN = "804317";
export const HEAD = "Lê Văn Ba";
export const NOTE = "gặp cả nhà";
const STORES = ["households", "cards", "visits", "activities", "difficulties", "groups", "records", "photos", "photo_bytes", "facts"];

export const visit = (id, more = {}) => ({ id, kind: "visit.create", schema: 1, author: 7, made_at: 1, replaces: null, payload: { household: "h1", outcomes: [], note: NOTE, photos: [], ...more } });

// What the server opens a phone's key with, by the description in docs/sync.md.
async function serverOpens(file) {
  const [theirs, iv] = [file.subarray(22, 87), file.subarray(87, 99)];
  const shared = await subtle.deriveBits({ name: "ECDH", public: await subtle.importKey("raw", theirs, EC, false, []) }, pair.privateKey, 256);
  const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derived = { name: "HKDF", hash: "SHA-256", salt: Buffer.concat([theirs, point]), info: Buffer.from("toso-rescue-1\n") };
  const key = await subtle.deriveKey(derived, material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  return Buffer.from(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: file.subarray(0, 99) }, key, file.subarray(99)));
}
const unbox = (secret, box, name) => chacha20poly1305(secret, box.subarray(0, 12), new TextEncoder().encode(name)).decrypt(box.subarray(12));

// The test server knows nothing of boxes: this one opens them first, as the real one does.
class Opening extends Server {
  async answer(phone, method, path, options) {
    const given = typeof options.body === "string" ? JSON.parse(options.body) : null;
    const sealed = given?.key ?? options.headers["Upload-Key"];
    if (method === "HEAD") await this.meanwhile?.();
    if (!sealed || this.down) return super.answer(phone, method, path, options);
    this.opened = (this.opened ?? 0) + 1;
    const secret = await serverOpens(Buffer.from(sealed, "base64"));
    if (method === "PATCH") {
      const body = Buffer.from(unbox(secret, new Uint8Array(options.body), path.split("/")[3]));
      return super.answer(phone, method, path, { ...options, body });
    }
    const records = given.records.map(({ box, ...r }) => (box ? { ...r, payload: JSON.parse(Buffer.from(unbox(secret, Buffer.from(box, "base64"), r.id))) } : r));
    return super.answer(phone, method, path, { ...options, body: JSON.stringify({ ...given, key: undefined, records }) });
  }
}

export async function joined() {
  const server = Object.assign(new Opening(), { seal, rows: { households: [{ id: "h1", number: "01", head: HEAD, village: 11 }] } });
  const phone = new Phone(server);
  const first = await phone.open();
  await first.joining.lookAt("lan");
  await first.actions.join();
  await first.run(() => first.sync.kick());
  return phone;
}

export async function opened(phone, killAt) {
  const page = await phone.open(killAt);
  if (!page.dead) await page.bring("locking");
  return page;
}

// Opens the app behind its PIN, and gives it.
export async function entered(phone, pin = PIN) {
  const page = await opened(phone);
  await page.run(() => page.locking.locking.unlock(pin));
  await page.state.load([...page.state.MAPS, "records", "photos", "facts", "people"]);
  page.state.held.draft = (await page.db.getFact("draft")) ?? null;
  page.state.derive();
  return page;
}

export async function guarded() {
  const phone = await joined();
  const page = await opened(phone);
  await page.run(() => page.locking.locking.set(PIN));
  return phone;
}

// Everything that lies in the storage of a slot, as whoever takes the phone apart would read it.
export async function lying(page, slot = "p0") {
  return page.db.read(STORES, async (store) => {
    const all = await Promise.all(STORES.map(async (name) => (store(name).raw ?? store(name)).getAll()));
    return Buffer.from(JSON.stringify(all, (_, v) => (v instanceof ArrayBuffer ? Buffer.from(v).toString("latin1") : v?.buffer ? Buffer.from(v).toString("latin1") : v))).toString();
  }, slot);
}

export const photoOf = async (page, text, id) => {
  const bytes = new TextEncoder().encode(text).buffer;
  const sha256 = await page.photos.sha256(bytes);
  return { record: visit(id, { photos: [{ sha256, bytes: bytes.byteLength, type: "image/jpeg" }] }), photo: { sha256, bytes, type: "image/jpeg", visit: id } };
};

// A visit with a photo, made without network: it waits.
export async function unsent(page) {
  page.phone.server.down = true;
  const { record, photo } = await photoOf(page, "a door", "a");
  await page.outbox.add([record], { photos: [photo] });
  return { record, photo };
}
