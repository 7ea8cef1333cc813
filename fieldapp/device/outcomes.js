// What outcomes mean for a household: helped or not, how far it has come, taught again, asked to come back. Pure: no
// storage, no network, no words.
export const HELPED = new Set(["introduced", "installed", "independent", "come_back"]);
const RUNG = { introduced: 1, installed: 2, independent: 3 };
// The step that makes a digital shop one that counts (letter 335, item 2a: committed to the quality of its goods).
export const COMMITMENT = "commitment";
const LONGEST_LATE = 30 * 86400000;

// Who did a visit: another than its author, where the author only entered it.
export const doerOf = (visit) => visit.done_by ?? visit.author;

const isHeard = (visit) => visit.state !== "parked";

// What a household was taught before an instant, and the steps done by then: platform -> Set of steps. `except` is the
// visit that is being mended.
export function taughtBefore(visits, household, instant = Infinity, except = null) {
  const taught = new Map();
  for (const visit of visits) {
    if (visit.household !== household || visit.id === except || visit.made_at >= instant || !isHeard(visit)) continue;
    for (const { platform, result, steps = [] } of visit.outcomes) {
      if (!HELPED.has(result)) continue;
      taught.set(platform, new Set([...(taught.get(platform) ?? []), ...steps]));
    }
  }
  return taught;
}

// The visits that `member` did and whose household asked to be visited again by now, each with the platforms that it is about: the
// longest waiting first. An appointment is kept by any later visit that names the platform and met somebody.
export function dueBack(visits, member, day, homeOf = (id) => id) {
  const met = new Map();
  const key = (visit, platform) => `${homeOf(visit.household)} ${platform}`;
  for (const visit of visits.filter(isHeard)) {
    for (const { platform, result } of visit.outcomes) {
      const place = key(visit, platform);
      if (result !== "absent" && visit.made_at > (met.get(place) ?? 0)) met.set(place, visit.made_at);
    }
  }
  const oldest = Date.parse(day) - LONGEST_LATE;
  const due = [];
  for (const visit of visits) {
    if (doerOf(visit) !== member || !isHeard(visit)) continue;
    const open = visit.outcomes.filter((o) => o.result === "come_back" && o.come_back_on && o.come_back_on <= day && Date.parse(o.come_back_on) >= oldest && met.get(key(visit, o.platform)) === visit.made_at);
    if (open.length) due.push({ visit, on: open.map((o) => o.come_back_on).sort()[0], platforms: open.map((o) => o.platform) });
  }
  return due.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.visit.made_at - b.visit.made_at));
}

// Best rung by platform of each household, as `{ id: { platform: [rung, day] } }`: the server's word, and over it the
// visits of this phone that the server has not counted yet.
export function reachedBy(households, visits) {
  const reached = new Map();
  for (const [id, row] of households) reached.set(id, row.rungs ?? {});
  for (const visit of visits) {
    if (visit.state !== "unsent" && visit.state !== "sent") continue;
    const id = households.get(visit.household)?.id;
    for (const { platform, result } of visit.outcomes) {
      const rung = RUNG[result];
      if (!id || !rung || rung <= (reached.get(id)?.[platform]?.[0] ?? 0)) continue;
      reached.set(id, { ...reached.get(id), [platform]: [rung, visit.day] });
    }
  }
  return reached;
}
