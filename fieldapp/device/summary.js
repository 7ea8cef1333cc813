// The team's numbers over a range of days, from the visits that the phone holds: pure, no storage, no network, no words.
import { COMMITMENT, doerOf, HELPED } from "./outcomes.js";
import { addDays, dayMonth, vnDay, vnTime, weekday } from "./vn-time.js";

const STANDING = new Set(["waiting", "approved"]);

export function summary(data, visits, range, now, locale) {
  const [first, last] = rangeDays(range, vnDay(now));
  const inRange = visits.filter((v) => v.day >= first && v.day <= last && v.state !== "parked" && v.state !== "held");
  const counts = { approved: 0, waiting: 0, returned: 0, unsent: 0 };
  const households = { approved: new Set(), standing: new Set() };
  const platforms = new Map();
  const members = new Map();
  const committed = new Set();
  let people = 0;
  for (const v of inRange) {
    const state = v.state === "unsent" || v.state === "sent" ? "unsent" : v.state;
    counts[state] += v.outcomes.length;
    if (state === "unsent") continue;
    const helped = v.outcomes.some((o) => HELPED.has(o.result));
    if (helped && state === "approved") households.approved.add(v.household);
    if (helped && STANDING.has(state)) households.standing.add(v.household);
    if (state === "approved") people += v.people * v.outcomes.length;
    if (!STANDING.has(state)) continue;
    if (v.outcomes.some((o) => o.steps?.includes(COMMITMENT))) committed.add(v.household);
    for (const o of v.outcomes) {
      const row = platforms.get(o.platform) ?? { support: 0, independent: 0, approved: 0 };
      row.support += 1;
      row.independent += o.result === "independent";
      row.approved += state === "approved";
      platforms.set(o.platform, row);
    }
    const doer = doerOf(v);
    const member = members.get(doer) ?? { name: v.done_by ? v.done_by_name : v.author_name, support: 0, visits: 0 };
    members.set(doer, { ...member, support: member.support + v.outcomes.length, visits: member.visits + 1 });
  }
  const names = new Map(data.platforms.map((p) => [p.code, p]));
  const most = Math.max(1, ...[...platforms.values()].map((r) => r.support));
  return {
    ready: true,
    span: range,
    first: dayMonth(first),
    last: dayMonth(last),
    ...counts,
    people,
    shops_committed: committed.size,
    households_approved: households.approved.size,
    households_standing: households.standing.size,
    households_total: data.households.size,
    platforms: [...platforms].sort((a, b) => b[1].support - a[1].support).map(([code, r]) => ({
      name: names.get(code)?.[`short_${locale}`] ?? code, icon: names.get(code)?.icon ?? "circle", ...r, percent: `${Math.round((100 * r.support) / most)}%`,
    })),
    members: [...members.values()].sort((a, b) => b.support - a.support),
    fresh: data.pulled_at ? vnTime(data.pulled_at + data.offset) : "",
  };
}

// The days of a range as it stands on a day; a half of a month is of the days up to the 14th or of those after it.
export function rangeDays(range, day) {
  if (range === "week") return [addDays(day, -((weekday(day) + 6) % 7)), day];
  if (range === "month") return [`${day.slice(0, 8)}01`, day];
  if (range === "half") return [halfOf(day), day];
  if (range === "last_half") return [halfOf(addDays(halfOf(day), -1)), addDays(halfOf(day), -1)];
  return [day, day];
}

const halfOf = (day) => `${day.slice(0, 8)}${day.slice(8) < "15" ? "01" : "15"}`;
