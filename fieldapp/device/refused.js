// What the server refused and a person may mend: versions that never were, households whose own record was refused.
// Pure, no storage, no network, no words.

// A card's record that was refused with its household is good once that stands; one refused for the card is not.
const CARDS_OWN = new Set(["card_taken", "card_unknown"]);

// Households met at the door that the server refused, by id: the record of each. One that was made anew is none.
export function refusedDoors(records) {
  const adds = records.filter((r) => r.kind === "household.add");
  const alive = new Set(adds.filter((r) => r.state !== "parked").map((r) => r.payload.household));
  return new Map(adds.filter((r) => !alive.has(r.payload.household)).map((r) => [r.payload.household, r]));
}

// What a visit to such a household needs before it: the household again, its card, and the records that go away then.
export function madeAnew(records, household) {
  const door = refusedDoors(records).get(household);
  if (!door) return { new_household: null, bind: null, away: [] };
  const binding = records.filter((r) => r.kind === "card.bind" && r.state === "parked" && r.payload.household === household);
  const card = binding.findLast((r) => !r.dismissed && !CARDS_OWN.has(r.code));
  const adds = records.filter((r) => r.kind === "household.add" && r.payload.household === household);
  return { new_household: door.payload, bind: card?.payload.card ?? null, away: [...adds, ...binding].map((r) => r.id) };
}

// The newest version under a visit that the server may have, and the refused ones over it.
export function standingBase(records, id) {
  const parked = new Map(records.filter((r) => r.state === "parked").map((r) => [r.id, r]));
  const away = [];
  let base = id;
  for (; parked.has(base); base = parked.get(base).replaces) away.push(base);
  return { base, away };
}
