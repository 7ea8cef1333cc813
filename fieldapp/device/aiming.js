// What a leader says of the team's targets and tasks: taken on, shared out, done. Each is a record like a visit.
import { uuidv7 } from "uuidv7";
import { SCHEMA } from "./draft.js";
import { beginForm, change, formOf, keepForm, refusedRecord, saveForm } from "./forms.js";
import { holdsIdentity } from "./note.js";
import * as outbox from "./outbox.js";
import { data, furnish, isKept, now, once, patch, refresh, slice, toast, UNDO_MS } from "./state.js";
import * as sync from "./sync.js";
import { evenly, MOST, partsOf, splitForm, targets, tasks } from "./targets.js";

const SPLIT = "target_split";
const MARK = "task_mark";
const NO_SPLIT = { open: false, target: "", measure: "household", amount: 0, lines: [], sum: 0, unshared: 0 };
const NO_MARK = { open: false, text: "", state: "open", note: "", missing: "" };
const rowOf = (id) => data.targets.find((row) => row.id === id);

function markForm() {
  const form = formOf(MARK);
  return form ? { open: true, text: form.text, state: form.state, note: form.note, missing: holdsIdentity(form.note) ? "identity" : "" } : NO_MARK;
}

furnish({ targets: { ready: false, fresh: "", waits: 0, lines: [], past: [], refused: [] }, split_form: NO_SPLIT, tasks: { ready: false, lines: [] }, mark_form: NO_MARK }, (visits, locale) => {
  const form = formOf(SPLIT);
  return {
    targets: targets(data, visits, now(), locale), split_form: form ? splitForm(form, rowOf(form.target), data) : NO_SPLIT,
    tasks: tasks(data, now()), mark_form: markForm(),
  };
});

const amountOf = (value) => Math.min(MOST, Math.max(0, Number(String(value).replace(/\D/g, "").slice(0, 8)) || 0));
const put = (member, amount) => change(SPLIT, { parts: { ...formOf(SPLIT).parts, [member]: amount } });

// Kept at once, sent when its undo window has passed.
async function accept(id) {
  const line = slice("targets").lines.find((one) => one.id === id);
  const row = rowOf(id);
  if (!row || !line?.may_accept) return;
  const [record, made_at] = [uuidv7(), Date.now()];
  const payload = { team: row.team, target: id, amount: row.amount };
  const said = { id: record, kind: "target.accept", schema: SCHEMA, author: data.me?.id, made_at, hold_until: made_at + UNDO_MS, payload };
  if (!(await isKept(outbox.add([said])))) return;
  await refresh(["records"]);
  toast("target.accepted_now", { undo: record });
  setTimeout(sync.kick, UNDO_MS + 50);
}

export const aiming = {
  accept: (id) => once(id, () => accept(id)),

  beginSplit(id) {
    patch("page", { toast: "", undo: "" });
    return beginForm(SPLIT, { target: id, team: rowOf(id).team, parts: partsOf(rowOf(id), data) });
  },
  setPart: (member, value) => put(member, amountOf(value)),
  addPart: (member, by) => put(member, amountOf(Math.max(0, (formOf(SPLIT).parts[member] ?? 0) + by))),
  evenly: () => change(SPLIT, { parts: evenly(slice("split_form").amount, slice("split_form").lines.map((l) => l.id)) }),
  dropSplit: () => keepForm(SPLIT, null),
  saveSplit() {
    const { team, target, parts } = formOf(SPLIT);
    const named = Object.entries(parts).filter(([, amount]) => amount > 0);
    return saveForm(SPLIT, "target.split", { team, target, parts: named.map(([member, amount]) => ({ member: Number(member), amount })) });
  },

  beginMark(id) {
    const { text, marked, note } = slice("tasks").lines.find((line) => line.id === id);
    return beginForm(MARK, { task: id, team: data.tasks.find((row) => row.id === id).team, text, state: marked === "open" ? "doing" : marked, note });
  },
  setMark: (state) => change(MARK, { state }),
  setNote: (note) => change(MARK, { note: note.slice(0, 300) }),
  dropMark: () => keepForm(MARK, null),
  saveMark() {
    const { team, task, state, note } = formOf(MARK);
    if (holdsIdentity(note)) return toast("record.note_identity");
    return saveForm(MARK, "task.mark", { team, task, state, note: note.trim() });
  },

  mend(id) {
    const record = refusedRecord(id);
    if (!record) return undefined;
    const { payload } = record;
    if (record.kind === "target.split") return beginForm(SPLIT, { target: payload.target, team: payload.team, parts: Object.fromEntries(payload.parts.map((p) => [p.member, p.amount])), mends: id });
    if (record.kind === "task.mark") return beginForm(MARK, { ...payload, text: data.tasks.find((row) => row.id === payload.task)?.text ?? "", mends: id });
    return outbox.dismiss(id).then(() => refresh(["records"]));
  },
};
