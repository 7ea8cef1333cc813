// Nhóm Zalo thôn: how many households are in it, and what a person says of it anew.
import { beginForm, change, formOf, keepForm, refusedRecord, saveForm } from "./forms.js";
import { data, derive, furnish, now, slice, toast } from "./state.js";
import { counted, group, missingInGroup, NO_GROUP } from "./village-work.js";
import { vnDay } from "./vn-time.js";

const NAME = "group";
const EMPTY = { name: "", link: "", manager: "", households: 0, counted_on: "" };
const CLOSED = { open: false, village: 0, today: "", ...EMPTY, missing: "" };
let chosen = 0;

const today = () => vnDay(now());

function formSlice() {
  const form = formOf(NAME);
  return form ? { ...form, open: true, today: today(), missing: missingInGroup(form, today()) } : CLOSED;
}

furnish({ group: NO_GROUP, group_form: CLOSED }, () => ({ group: group(data, chosen), group_form: formSlice() }));

export const grouping = {
  choose(village) {
    chosen = Number(village);
    derive();
  },
  // Begins with what is known of the group, so that nearly always the count alone is new.
  begin() {
    const { found, village, name, link, manager, households } = slice("group");
    const known = found ? { name, link, manager, households } : {};
    return beginForm(NAME, { ...EMPTY, ...known, village, counted_on: today() });
  },
  drop: () => keepForm(NAME, null),
  set: (field, value) => change(NAME, { [field]: value }),
  setHouseholds: (households) => change(NAME, { households: counted(households) }),
  addHouseholds: (n) => change(NAME, { households: counted(Math.max(0, formOf(NAME).households + n)) }),
  save() {
    const form = formOf(NAME);
    const lack = missingInGroup(form, today());
    if (lack) return toast(`group.missing.${lack}`);
    const { village, name, link, manager, households, counted_on } = form;
    return saveForm(NAME, "group.update", { village, name: name.trim(), link: link.trim() || null, manager, households, counted_on });
  },
  mend(id) {
    const record = refusedRecord(id);
    return record && beginForm(NAME, { ...record.payload, link: record.payload.link ?? "", mends: id });
  },
};
