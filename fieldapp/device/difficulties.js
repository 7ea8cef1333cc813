// Vướng mắc: what stands in the team's way, told to the commune, and what becomes of it.
import { beginForm, change, formOf, keepForm, NO_PICTURES, picturesIn, refusedRecord, saveForm } from "./forms.js";
import { settled } from "./recording.js";
import { data, furnish, held, now, pictureOf, toast } from "./state.js";
import { difficulties, missingInDifficulty } from "./village-work.js";

const NAME = "difficulty";
const EMPTY = { kind: "", severity: "", description: "", ...NO_PICTURES };
const CLOSED = { open: false, village: 0, ...EMPTY, pictures: [], missing: "" };

function formSlice() {
  const form = formOf(NAME);
  return form ? { ...form, open: true, pictures: (form.photos ?? []).map((hash) => pictureOf(hash, form)), missing: missingInDifficulty(form) } : CLOSED;
}

furnish({ difficulties: { ready: false, lines: [], refused: [] }, difficulty_form: CLOSED }, () => ({
  difficulties: difficulties(data, now(), held.urls), difficulty_form: formSlice(),
}));

export const telling = {
  begin: () => beginForm(NAME, EMPTY),
  drop: () => keepForm(NAME, null),
  setKind: (kind) => change(NAME, { kind }),
  setSeverity: (severity) => change(NAME, { severity }),
  setVillage: (village) => change(NAME, { village: Number(village) }),
  setDescription: (description) => change(NAME, { description: description.slice(0, 500) }),
  // A picture that is still being made is looked at first.
  async save() {
    await settled();
    const form = formOf(NAME);
    if (!form || form.photos?.includes(form.looking)) return undefined;
    const lack = missingInDifficulty(form);
    if (lack) return toast(lack === "identity" ? "record.note_identity" : `difficulty.missing.${lack}`);
    const { village, kind, severity, description } = form;
    return saveForm(NAME, "difficulty.create", { village, kind, severity, description: description.trim() });
  },
  mend(id) {
    const record = refusedRecord(id);
    return record && beginForm(NAME, { ...record.payload, ...picturesIn(record.payload), mends: id });
  },
};
