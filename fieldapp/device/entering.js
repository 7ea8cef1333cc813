// Nhập giúp: whoever holds the phone enters a visit that another of the team did. Both are recorded.
import { change } from "./recording.js";
import { data, furnish, held, patch } from "./state.js";

const MYSELF = { id: 0, name: "", people: [] };

function doer() {
  const others = (data.me?.people ?? []).filter(({ id }) => id !== data.me.id);
  const id = held.draft?.done_by ?? 0;
  const known = others.find((person) => person.id === id);
  // One who has left the team since the draft was begun is still named, and can be changed.
  return { id, name: known?.name ?? (id ? "?" : ""), people: others };
}

furnish({ doer: MYSELF }, () => ({ doer: doer() }));

export const entering = {
  // Nobody (0) is oneself.
  async setDoer(id) {
    patch("page", { sheet: "" });
    await change({ done_by: id || null });
  },
};
