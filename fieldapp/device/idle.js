// A phone that nobody has opened for two months may be in anybody's hands: what was pulled is wiped for each of its people
// who have not been here for so long. What they made stays, and the rest comes back with the next pull.
import { getFact, setFact } from "./db.js";
import { wipePulled } from "./pulled.js";
import * as slots from "./slots.js";

export const IDLE_DAYS = 60;
const DAY = 86400000;

// Notes, once a day, that the one of slot `mine` is here.
export async function wipeIdle(mine, now = Date.now()) {
  for (const { slot } of await slots.list()) {
    const seen = await getFact("opened_at", slot);
    if (seen && now - seen > IDLE_DAYS * DAY) await wipePulled(slot);
    if (!seen || (slot === mine && Math.abs(now - seen) > DAY)) await setFact("opened_at", now, slot);
  }
}
