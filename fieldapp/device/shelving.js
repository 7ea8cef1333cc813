// Tài liệu: guiding papers, good practice and links to courses that lie on the phone. They are read from storage only
// here: they are long.
import { uuidv7 } from "uuidv7";
import * as db from "./db.js";
import { SCHEMA } from "./draft.js";
import { finishedBy, materials, NOTHING } from "./materials.js";
import * as outbox from "./outbox.js";
import { data, derive, furnish, isKept, once, refresh, toast, UNDO_MS } from "./state.js";
import * as sync from "./sync.js";

const shelf = { kind: "paper", query: "", rows: null, of: null };
const inAddress = () => (location.pathname.startsWith("/m/materials") ? Number(location.hash.slice(1)) || 0 : 0);

furnish({ materials: NOTHING }, () => {
  if (shelf.of !== data.pulled_at) learn();
  return { materials: shelf.rows ? materials(shelf.rows, shelf.kind, shelf.query, inAddress(), db.slot(), finishedBy(data)) : NOTHING };
});

// What every pull may have changed.
async function learn() {
  shelf.of = data.pulled_at;
  shelf.rows = (await db.getFact("materials")) ?? [];
  derive();
}

// All that lies here, one's own good practice among it; nothing before it was read.
export const shelved = () => shelf.rows;

async function finish(course) {
  if (finishedBy(data).has(course)) return;
  const [id, made_at] = [uuidv7(), Date.now()];
  const record = { id, kind: "course.done", schema: SCHEMA, author: data.me?.id, made_at, hold_until: made_at + UNDO_MS, payload: { course } };
  if (!(await isKept(outbox.add([record])))) return;
  await refresh(["records"]);
  toast("material.finished_now", { undo: id });
  setTimeout(sync.kick, UNDO_MS + 50);
}

export const shelving = {
  setKind(kind) {
    shelf.kind = kind;
    derive();
  },
  find(typed) {
    shelf.query = typed;
    derive();
  },
  // A person's own word, once; sent when its undo window has passed.
  finish: (course) => once(course, () => finish(course)),
};
