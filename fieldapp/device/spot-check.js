// Which visits a leader looks at one by one though nothing seems wrong: a random share of each village's day, told from
// the visits' own ids, so that every phone draws the same ones, and a corrected visit draws no second time. Pure.
export const AT_LEAST_ONE_OF = 10;

// FNV-1a with a last stir: ids of one phone differ in few places.
function lot(id) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

// `visits` are all of one village and day that stand, decided or not: so what was drawn stays drawn while others are
// approved. Gives their ids.
export function drawn(visits, percent) {
  const lots = visits.map((visit) => ({ id: visit.id, lot: lot(visit.root ?? visit.id) }));
  const found = lots.filter((one) => one.lot % 1000 < percent * 10);
  if (!found.length && percent > 0 && lots.length >= AT_LEAST_ONE_OF) found.push(lots.reduce((a, b) => (b.lot < a.lot ? b : a)));
  return new Set(found.map((one) => one.id));
}
