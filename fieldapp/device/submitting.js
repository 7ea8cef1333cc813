// Báo cáo kỳ: a leader fills in what only people know, and submits. Every touch is stored; the report is a record like a
// visit. The address says which report is open.
import { uuidv7 } from "uuidv7";
import { formOf, keepForm, saveForm } from "./forms.js";
import { holdsIdentity } from "./note.js";
import { nameOf, onItsWay } from "./period-news.js";
import { begun, behind, MOST, period, periods, quick, submission } from "./periods.js";
import { reportText } from "./report-text.js";
import { canShare, copy, share } from "./sharing.js";
import { data, derive, furnish, now, patch, slice, toast, UNDO_MS } from "./state.js";
import { locale, say } from "./words.js";

const KIND = "report.submit";
const NO_FIGURES = { sections: [], asked: [], texts: [], totals: [], moved: [], since: [] };
const NONE = {
  ...NO_FIGURES, ready: false, at: "", found: false, id: "", kind: "", n: 0, year: 0, title: "", days: "", village: "", state: "", due: "", left: 0, late: 0, asks: false, more: false,
  writes: false, locked: false, number: 0, as_of: "", received: "", by: "", reason: "", leads: false, opens_on: "", unsent: 0, undecided: 0, lacks: 0,
  draft: false, refused: "", refused_reason: "", superseded: "", superseded_by: "", superseded_at: "", text: "", text_error: "", shares: false,
};
const NO_VISITS = { open: false, name: "", approved: 0, waiting: 0, lines: [], more: 0, since: "" };
let looked = { report: "", code: "" };

const inAddress = () => (location.pathname.startsWith("/m/period") ? decodeURIComponent(location.hash.slice(1)) : "");
const rowOf = (id) => data.reports.find((row) => row.id === id);
// What was typed and not submitted; not what was typed into a version that somebody else has submitted since.
function draftOf(row) {
  const form = formOf(nameOf(row));
  return form?.number === row.number ? form : null;
}

furnish({ periods: { ready: false, lines: [] }, period: NONE, behind: NO_VISITS }, (visits, speech) => {
  const at = inAddress();
  const row = at && rowOf(at);
  if (!row) return { periods: periods(data, now()), period: { ...NONE, ready: true, at }, behind: NO_VISITS };
  const form = draftOf(row);
  return {
    periods: periods(data, now()), period: { at, ...period(row, data, visits, form, now(), speech), ...told(row, form, speech) },
    behind: looked.report === at && looked.code ? behind(row, looked.code, data, visits, speech) : NO_VISITS,
  };
});

function told(row, form, speech) {
  const report = quick(row, data, form, now(), speech);
  const error = report && (holdsIdentity(report.difficulty) || holdsIdentity(report.next)) ? "problem.note_identity" : "";
  return { text: report ? reportText(report, say) : "", text_error: error, shares: canShare(), draft: !!form };
}

// What is written of the open report, as it begins or stands.
function writing() {
  const row = rowOf(inAddress());
  return row && { id: uuidv7(), number: row.number, ...begun(row, data), ...draftOf(row) };
}

function edit(change) {
  const form = slice("period").writes && writing();
  return form ? keepForm(nameOf(rowOf(inAddress())), { ...form, ...change(form) }) : undefined;
}

const without = (codes, code) => codes.filter((one) => one !== code);
const set = (code, value) => edit(({ manual, zeros }) => {
  const { [code]: _, ...rest } = manual;
  return { manual: value === null ? rest : { ...rest, [code]: Math.min(MOST, value) }, zeros: without(zeros, code) };
});
const look = (code) => {
  looked = { report: inAddress(), code };
  patch("page", { toast: "", undo: "" });
  derive();
};

export const submitting = {
  setNumber(code, typed) {
    const digits = String(typed).replace(/\D/g, "").slice(0, 8);
    return set(code, digits ? Number(digits) : null);
  },
  addNumber(code, by) {
    const before = writing()?.manual[code];
    return set(code, before === undefined && by < 0 ? null : Math.max(0, (before ?? 0) + by));
  },
  confirmZero: (code) => edit(({ manual, zeros }) => ({ manual: { ...manual, [code]: 0 }, zeros: [...without(zeros, code), code] })),
  setReason: (code, words) => edit(({ reasons }) => ({ reasons: { ...reasons, [code]: words.slice(0, 300) } })),
  setText: (part, words) => edit(({ texts }) => ({ texts: { ...texts, [part]: words.slice(0, 2000) } })),

  look,
  lookAway: () => look(""),

  // What is still to be filled in is shown; else one is asked once more, for what is submitted is locked.
  ask() {
    const { lacks } = slice("period");
    if (!lacks) return patch("page", { sheet: "submit_report", toast: "", undo: "" });
    toast("period.lacks_n", { params: { n: lacks } });
    return globalThis.document?.querySelector?.("[data-lacks]")?.focus();
  },
  askToDrop: () => patch("page", { sheet: "drop_report", toast: "", undo: "" }),
  async drop() {
    patch("page", { sheet: "" });
    const row = rowOf(inAddress());
    if (row && slice("period").draft) await keepForm(nameOf(row), null);
  },

  // Goes after the decisions that were made before it: they can be taken back for some seconds.
  async submit() {
    const { at, lacks, asks, more } = slice("period");
    const row = rowOf(at);
    patch("page", { sheet: "" });
    if (!row || lacks || !(asks || more) || onItsWay(row, data.records)) return;
    const payload = submission(row, data, draftOf(row), now(), locale());
    if (!draftOf(row)) await keepForm(nameOf(row), writing());
    await saveForm(nameOf(row), KIND, payload, { held_ms: UNDO_MS, said_so: "period.submitted_now" });
  },

  share: () => slice("period").text_error || share(slice("period").text),
  copy: () => slice("period").text_error || copy(slice("period").text),
};
