// What a leader does: approve, send back with a reason, take a decision back within five seconds.
import { uuidv7 } from "uuidv7";
import { SCHEMA } from "./draft.js";
import { holdsIdentity } from "./note.js";
import * as outbox from "./outbox.js";
import { data, isKept, patch, refresh, slice, toast, UNDO_MS } from "./state.js";
import * as sync from "./sync.js";

// The server takes at most 1,000 visits a decision.
const MOST = 500;

// A second tap comes before the first one is shown: each visit is decided once.
const deciding = new Set();

// A decision is a record like a visit: kept at once, sent when its undo window has passed. One over many visits is
// several records, taken back together.
async function decide(chosen, verdict, reason_code = null, reason = "") {
  const ids = chosen.filter((id) => !deciding.has(id));
  if (!ids.length) return;
  ids.forEach((id) => deciding.add(id));
  await store(ids, verdict, reason_code, reason).finally(() => ids.forEach((id) => deciding.delete(id)));
}

async function store(ids, verdict, reason_code, reason) {
  const shown = slice("review").days.flatMap((day) => [...day.clean, ...day.flagged]);
  const flags = new Map(shown.map((visit) => [visit.id, visit.flags]));
  const visits = ids.map((visit) => ({ visit, flags: flags.get(visit) ?? [] }));
  const made_at = Date.now();
  const envelope = { kind: "review.decide", schema: SCHEMA, author: data.me?.id, made_at, hold_until: made_at + UNDO_MS };
  const records = [];
  for (let n = 0; n < visits.length; n += MOST) {
    records.push({ ...envelope, id: uuidv7(), payload: { visits: visits.slice(n, n + MOST), verdict, reason_code, reason } });
  }
  if (!(await isKept(outbox.add(records)))) return;
  await refresh(["records"]);
  toast(`review.done_${verdict}`, { params: { n: ids.length }, undo: records.map((record) => record.id).join(" ") });
  setTimeout(sync.kick, UNDO_MS + 50);
}

export const reviewing = {
  approveClean: (day) => decide(slice("review").days.find((d) => d.day === day)?.clean_ids ?? [], "approve"),
  approve: (id) => decide([id], "approve"),
  askSendBack: (id) => patch("page", { sheet: "send_back", target: id, reason_code: "", reason: "", reason_error: "", toast: "", undo: "" }),
  setReasonCode: (reason_code) => patch("page", { reason_code, reason_error: "" }),
  setReason: (reason) => patch("page", { reason, reason_error: "" }),
  async sendBack() {
    const { target, reason_code, reason } = slice("page");
    if (!reason_code || (reason_code === "other" && !reason.trim())) return patch("page", { reason_error: "review.reason_missing" });
    if (holdsIdentity(reason)) return patch("page", { reason_error: "problem.note_identity" });
    patch("page", { sheet: "", target: "" });
    return decide([target], "send_back", reason_code, reason.trim());
  },
  toggleDay: (day) => patch("page", { open_day: slice("page").open_day === day ? "" : day }),
  async undoDecision() {
    const { undo } = slice("page");
    patch("page", { toast: "", undo: "" });
    if (undo && !(await outbox.undo(...undo.split(" ")))) toast("review.too_late");
  },
};
