// What could not be sent goes into a file, and comes in again at a leader's phone; who has it in a file may sign out.
import * as api from "./api.js";
import { isClosed } from "./at-rest.js";
import * as db from "./db.js";
import { leave } from "./joining.js";
import { keysOf, owing } from "./leaving.js";
import { wire } from "./outbox.js";
import { bytesOf } from "./photos.js";
import { base64 } from "./base64.js";
import { settled } from "./recording.js";
import { close, nameOf, pack, portions } from "./rescue-file.js";
import { data, furnish, patch, slice } from "./state.js";
import * as slots from "./slots.js";
import * as sync from "./sync.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";

const NONE = { ready: false, phase: "idle", records: 0, photos: 0, saved_at: "", saved_all: false };
const NOTHING = { phase: "idle", code: "", author: "", records: 0, known: 0, look: 0, photos: 0, photos_left: 0, lines: [] };
const SUMS = ["records", "known", "look", "photos", "photos_left"];
let asked = false;

furnish({ rescue: NONE, brought: NOTHING }, () => {
  if (data.me && !asked) askSeal();
  const { records, photos } = owing(data.records, data.photos);
  const { at, keys = [] } = data.rescued ?? {};
  const saved_at = at ? `${vnTime(at)} ${dayMonth(vnDay(at))}` : "";
  const since = owing(records, photos, new Set(keys));
  const saved_all = !(since.records.length || since.photos.length);
  return { rescue: { ...slice("rescue"), ready: true, records: records.length, photos: photos.length, saved_at, saved_all } };
});

// Joining brings what closes the file. It is asked for again here: a phone may have joined before there was such a key.
async function askSeal() {
  asked = true;
  const seal = await api.rescueSeal().catch(() => null);
  if (seal && seal.key !== data.seal?.key) await db.setFact("seal", seal);
}

// What is owed, frozen from now on: somebody else may bring it to the server at any time.
function gather() {
  return db.write(["records", "photos", "facts"], async (store) => {
    const lock = await store("facts").get("lock");
    const found = owing(await store("records").index("seq").getAll(), await store("photos").getAll());
    for (const record of found.records) if (record.state === "ready" && !record.frozen) await store("records").put({ ...record, frozen: true });
    return { ...found, lock };
  });
}

// Behind a PIN it goes in as it is closed here, with what opens it at the server.
async function write({ key, proof }, { records, photos, lock }, at) {
  const owner = await slots.ownerOf(db.slot());
  const head = { made_at: at, clock_offset: Math.round((await db.getFact("clock_offset")) ?? 0), author: owner.id, device: await db.getFact("device"), proof, ...(lock && { key: lock.seal }) };
  const parts = portions(records.map(written), photos);
  const files = [];
  for (const part of parts) {
    const contents = await Promise.all(part.photos.map(async ({ sha256 }) => inFile(await bytesOf(sha256))));
    const named = part.photos.map(({ sha256, visits }, n) => ({ sha256, visits, bytes: contents[n]?.byteLength })).filter((p) => p.bytes);
    const closed = await close(pack({ ...head, records: part.records, photos: named }, contents.filter((c) => c?.byteLength)), key);
    files.push(new File([closed], nameOf(at, files.length + 1, parts.length), { type: "application/octet-stream" }));
  }
  return files;
}

function written(record) {
  const { box, ...sent } = wire(record);
  return box ? { ...sent, box: base64(box) } : sent;
}

const inFile = (bytes) => (isClosed(bytes) ? bytes.box : bytes);

// Through the share sheet where it takes such files, else as a download. Says false where the person turned back.
async function handOver(files) {
  if (navigator.canShare?.({ files })) {
    const failure = await navigator.share({ files }).then(() => null, (error) => error);
    if (!failure || failure.name === "AbortError") return !failure;
  }
  files.forEach(download);
  return true;
}

function download(file) {
  const href = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

export async function saveFile() {
  const seal = await db.getFact("seal");
  if (!seal) return "no_key";
  const [found, at] = [await gather(), Date.now()];
  if (!(await handOver(await write(seal, found, at)))) return "idle";
  await db.setFact("rescued", { at, keys: keysOf(found) });
  return "saved";
}

async function bring(files) {
  patch("brought", { ...NOTHING, phase: "bringing" });
  for (const file of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    try {
      const answer = await api.bringRescue(file);
      const so_far = slice("brought");
      const sums = Object.fromEntries(SUMS.map((name) => [name, so_far[name] + answer[name]]));
      patch("brought", { ...sums, author: answer.author, lines: [...so_far.lines, ...answer.lines.map(lineOf)] });
    } catch (error) {
      return patch("brought", { phase: "failed", code: error.problem?.code ?? error.kind ?? "unexpected" });
    }
  }
  patch("brought", { phase: "done" });
  return sync.kick();
}

const lineOf = ({ id, kind, result, code }) => ({ id, kind, held: result === "held", code: code ?? "unexpected" });

export const rescuing = {
  async exportUnsent() {
    if (slice("rescue").phase === "writing") return;
    patch("page", { sheet: "" });
    patch("rescue", { phase: "writing" });
    await settled();
    const phase = await saveFile().catch((error) => (console.error(error), "failed"));
    patch("rescue", { phase });
  },
  chooseFiles() {
    const input = Object.assign(document.createElement("input"), { type: "file", multiple: true });
    input.onchange = () => bring([...input.files]);
    input.click();
  },
  leaveWithFile: () => leave(true),
};
