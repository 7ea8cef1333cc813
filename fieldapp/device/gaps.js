// What is missing, and where: by platform the households that were reached, and those that were not. Pure: no storage, no
// network, no words.
import { fold, matches } from "./names.js";
import { reachedBy } from "./outcomes.js";
import { householdLine, PAGE } from "./views.js";
import { dayMonth } from "./vn-time.js";

const LADDER = [1, 2, 3];
const percent = (n, of) => (of ? Math.floor((100 * n) / of) : 0);
const byNumber = (a, b) => a.number.length - b.number.length || (a.number < b.number ? -1 : 1);

// `ui`: the platform whose households are asked for, a village or 0 for all, what was typed, how many lines are shown.
export function gaps(data, visits, ui, locale) {
  const households = [...data.households.values()].filter((h) => !ui.village || h.village === ui.village);
  const reached = reachedBy(data.households, visits);
  const rungOf = (household, code) => reached.get(household.id)?.[code]?.[0] ?? 0;
  const platforms = data.platforms.filter((p) => !p.gone).map((p) => {
    const rungs = households.map((h) => rungOf(h, p.code));
    const helped = rungs.filter((rung) => rung > 0).length;
    const [introduced, installed, independent] = LADDER.map((step) => rungs.filter((rung) => rung === step).length);
    return { code: p.code, name: p[`short_${locale}`], icon: p.icon, reached: helped, missing: households.length - helped, introduced, installed, independent, percent: percent(helped, households.length), width: `${percent(helped, households.length)}%` };
  });
  const chosen = platforms.find((p) => p.code === ui.platform) ?? null;
  const words = fold(ui.query).split(" ").filter(Boolean);
  const lacking = chosen ? households.filter((h) => !rungOf(h, chosen.code) && (!words.length || matches(fold(`${h.number} ${h.head ?? ""}`), words))).sort(byNumber) : [];
  return {
    ready: true,
    total: households.length,
    villages: data.me?.villages ?? [],
    village: ui.village,
    platforms: platforms.sort((a, b) => a.percent - b.percent || b.missing - a.missing),
    platform: chosen?.code ?? "",
    name: chosen?.name ?? "",
    query: ui.query,
    found: lacking.length,
    more: lacking.length > ui.shown,
    lines: lacking.slice(0, ui.shown).map((h) => ({ ...householdLine(h), last: h.last ? dayMonth(h.last) : "", reached: 0, of: 0 })),
  };
}

export const AT_FIRST = { platform: "", village: 0, query: "", shown: PAGE };
