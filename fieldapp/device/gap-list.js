// Còn thiếu: which platform's missing households are asked for, and the way to each.
import { gaps, AT_FIRST } from "./gaps.js";
import { recording } from "./recording.js";
import { data, derive, furnish } from "./state.js";
import { PAGE } from "./views.js";

const NONE = { ready: false, total: 0, villages: [], village: 0, platforms: [], platform: "", name: "", query: "", found: 0, more: false, lines: [] };
let ui = AT_FIRST;
// To count every household by every platform is worth it only while somebody looks.
const isLookedAt = () => location.pathname.startsWith("/m/gaps");
furnish({ gaps: NONE }, (visits, speech) => (isLookedAt() ? { gaps: gaps(data, visits, ui, speech) } : {}));

function look(values) {
  ui = { ...ui, ...values };
  derive();
}

export const lacking = {
  open: (platform) => look({ platform, query: "", shown: PAGE }),
  close: () => look({ platform: "", query: "" }),
  setVillage: (village) => look({ village, shown: PAGE }),
  setQuery: (query) => look({ query, shown: PAGE }),
  showMore: () => look({ shown: ui.shown + PAGE }),
  record: (household) => recording.recordMissing(household, ui.platform),
};
