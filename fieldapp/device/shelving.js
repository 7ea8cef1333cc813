// Tài liệu: guiding papers and good practice that lie on the phone. They are read from storage only here: they are long.
import * as db from "./db.js";
import { materials, NOTHING } from "./materials.js";
import { data, derive, furnish } from "./state.js";

const shelf = { kind: "paper", query: "", rows: null, of: null };
const inAddress = () => (location.pathname.startsWith("/m/materials") ? Number(location.hash.slice(1)) || 0 : 0);

furnish({ materials: NOTHING }, () => {
  if (shelf.of !== data.pulled_at) learn();
  return { materials: shelf.rows ? materials(shelf.rows, shelf.kind, shelf.query, inAddress(), db.slot()) : NOTHING };
});

// What every pull may have changed.
async function learn() {
  shelf.of = data.pulled_at;
  shelf.rows = (await db.getFact("materials")) ?? [];
  derive();
}

// All that lies here, one's own good practice among it; nothing before it was read.
export const shelved = () => shelf.rows;

export const shelving = {
  setKind(kind) {
    shelf.kind = kind;
    derive();
  },
  find(typed) {
    shelf.query = typed;
    derive();
  },
};
