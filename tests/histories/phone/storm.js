// Phones that live by themselves: each does something every few seconds and syncs over a bad network, until the day
// is over. What they did and what they called saved is told at the end.
import { deeds } from "./deeds.js";

const LOST = ["drop", "lose", "cut", "torn", "late", "busy", "bad_gateway", "portal", "twice"];
const RESULTS = ["introduced", "installed", "independent", "come_back", "absent"];
let living = [];
let over = true;
let told = [];

const chance = (share) => Math.random() < share;
const below = (n) => Math.floor(Math.random() * n);
const rest = (ms) => new Promise((done) => setTimeout(done, ms * (0.5 + Math.random())));

function visit(phone) {
  const photos = chance(0.4) ? [{ seed: below(2 ** 30), length: 0, real: true }] : [];
  const outcomes = [["VNEID", RESULTS[below(5)]], ["DVC", RESULTS[below(5)]]].slice(0, 1 + below(2));
  const age = chance(0.1) ? 86400000 : 0;
  return { phone, household: below(5), outcomes, people: 1 + below(4), photos, age, hold: chance(0.2) };
}

async function act(phone, leads) {
  const kill = chance(0.05) ? 1 + below(16) : 0;
  const which = { phone, kill, visit: below(8), visits: chance(0.5) ? "all" : below(8) };
  if (leads && chance(0.6)) return deeds.decide({ ...which, verdict: chance(0.8) ? "approve" : "send_back" });
  const dice = Math.random();
  if (dice < 0.12) return deeds.mend({ ...which, people: 1 + below(4) });
  if (dice < 0.17) return deeds.withdraw(which);
  if (dice < 0.2) return deeds.undo(which);
  if (dice < 0.27) return deeds.record({ ...visit(phone), door: true, number: String(below(10000)), kill });
  return deeds.record({ ...visit(phone), kill });
}

async function live(phone, leads, pause) {
  await rest(pause);
  while (!over) {
    try {
      told.push([phone, await act(phone, leads)]);
      if (chance(0.05)) await deeds.kill({ phone, tab: "a" });
      const faults = chance(0.5) ? Array.from({ length: 1 + below(4) }, () => (chance(0.6) ? "ok" : LOST[below(LOST.length)])) : [];
      if (chance(0.7)) await deeds.send({ pages: [[phone, "a"]], faults, kill: chance(0.05) ? 1 + below(40) : 0 });
      if (chance(0.1)) await deeds.release({ phone });
    } catch (error) {
      told.push([phone, { error: String(error?.stack ?? error) }]);
    }
    await rest(pause);
  }
}

export const storm = {
  // Begins the day; `phones` are [name, whether it leads], `pause` is between two deeds, in milliseconds.
  storm({ phones, pause }) {
    over = false;
    told = [];
    living = phones.map(([phone, leads]) => live(phone, leads, pause));
    return {};
  },

  // Ends it, and tells what was done.
  async calm() {
    over = true;
    await Promise.all(living);
    return told;
  },
};
