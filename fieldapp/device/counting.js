// Kết quả: which days the team's numbers are of.
import { data, derive, furnish, now, ui } from "./state.js";
import { summary } from "./summary.js";

const NONE = { ready: false, range: "today", approved: 0, waiting: 0, returned: 0, unsent: 0, people: 0, shops_committed: 0, households_approved: 0, households_standing: 0, households_total: 0, platforms: [], members: [], fresh: "", first: "", last: "" };
furnish({ summary: NONE }, (visits, speech) => ({ summary: summary(data, visits, ui.range, now(), speech) }));

export const counting = {
  setRange(range) {
    ui.range = range;
    derive();
  },
};
