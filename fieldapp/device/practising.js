// Cách làm hay, written on the phone: it waits for the commune like a visit for review, and says what became of it.
import { beginForm, change, formOf, keepForm, refusedRecord, saveForm } from "./forms.js";
import { missingIn, MOST, NOTHING, practices } from "./practices.js";
import { shelved } from "./shelving.js";
import { data, furnish, toast } from "./state.js";

const NAME = "practice";
const EMPTY = { title: "", text: "", earlier: null };
const CLOSED = { open: false, village: 0, title: "", text: "", missing: "" };

function formSlice() {
  const form = formOf(NAME);
  return form ? { open: true, village: form.village, title: form.title, text: form.text, missing: missingIn(form) } : CLOSED;
}

furnish({ practices: NOTHING, practice_form: CLOSED }, () => ({
  practices: shelved() ? practices(shelved(), data) : NOTHING, practice_form: formSlice(),
}));

export const practising = {
  begin: () => beginForm(NAME, EMPTY),
  drop: () => keepForm(NAME, null),
  setVillage: (village) => change(NAME, { village: Number(village) }),
  setTitle: (title) => change(NAME, { title: title.slice(0, MOST.title) }),
  setText: (text) => change(NAME, { text: text.slice(0, MOST.text) }),
  save() {
    const form = formOf(NAME);
    if (!form) return undefined;
    const lack = missingIn(form);
    if (lack) return toast(lack.startsWith("identity") ? "record.note_identity" : `material.missing.${lack}`);
    const { village, title, text, earlier } = form;
    return saveForm(NAME, "practice.submit", { village, title: title.trim(), text: text.trim(), ...(earlier && { earlier }) });
  },
  // What was sent back is said anew, in its own words to begin with.
  again(id) {
    const row = shelved()?.find((one) => one.record === id && one.state === "returned");
    return row && beginForm(NAME, { title: row.title, text: row.text, earlier: id });
  },
  mend(id) {
    const record = refusedRecord(id);
    return record && beginForm(NAME, { ...EMPTY, ...record.payload, mends: id });
  },
};
