// A leader's word on a household met at the door: right as it is, right under another number, or one known already.
// It is a record like a decision: kept at once, sent when its undo window has passed.
import { uuidv7 } from "uuidv7";
import { SCHEMA } from "./draft.js";
import { choices, newHouseholds } from "./new-households.js";
import { holdsIdentity } from "./note.js";
import * as outbox from "./outbox.js";
import { data, furnish, isKept, once, patch, put, refresh, slice, toast, UNDO_MS } from "./state.js";
import * as sync from "./sync.js";

const NONE = { ready: false, count: 0, lines: [] };
const EMPTY = { number: "", head: "", error: "", query: "", lines: [] };
furnish({ newcomers: NONE, confirm: EMPTY }, () => ({ newcomers: newHouseholds(data) }));

const answer = (household, ...word) => once(household, () => store(household, ...word));

async function store(household, word, key, number) {
  const [id, made_at] = [uuidv7(), Date.now()];
  patch("page", { sheet: "", target: "" });
  const record = { id, kind: "household.confirm", schema: SCHEMA, author: data.me?.id, made_at, hold_until: made_at + UNDO_MS, payload: { household, ...word } };
  if (!(await isKept(outbox.add([record])))) return;
  await refresh(["records"]);
  toast(key, { params: { number }, undo: id });
  setTimeout(sync.kick, UNDO_MS + 50);
}

function open(sheet, target) {
  const { number = "", head } = data.households.get(target) ?? {};
  put({ confirm: { ...EMPTY, number, head: head ?? "", lines: choices(data, target, "") } });
  patch("page", { sheet, target, toast: "", undo: "" });
}

export const confirming = {
  confirmHousehold(id) {
    const { number, head } = data.households.get(id);
    return answer(id, { number, head_name: head || null }, "newcomer.confirmed", number);
  },
  askCorrection: (id) => open("correct_household", id),
  setCorrection: (field, value) => patch("confirm", { [field]: value, error: "" }),
  correctHousehold() {
    const [number, head] = [slice("confirm").number.trim(), slice("confirm").head.trim()];
    if (!number) return patch("confirm", { error: "door.number_missing" });
    if (holdsIdentity(number) || holdsIdentity(head)) return patch("confirm", { error: "problem.note_identity" });
    return answer(slice("page").target, { number, head_name: head || null }, "newcomer.confirmed", number);
  },
  askMerge: (id) => open("merge_household", id),
  findToMerge: (query) => patch("confirm", { query, lines: choices(data, slice("page").target, query) }),
  mergeInto: (into) => confirming.mergeHousehold(slice("page").target, into),
  mergeHousehold: (id, into) => answer(id, { into }, "newcomer.merged", data.households.get(into)?.number ?? ""),
};
