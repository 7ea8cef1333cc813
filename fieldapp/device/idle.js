// Who has not used a phone for two months, by the server's clock, leaves nothing on it that was pulled: others use it. What
// they made stays, and the rest comes back with their next pull. A phone's own clock wipes nothing: it jumps.
import { getFact, setFact } from "./db.js";
import { wipePulled } from "./pulled.js";

export const IDLE_DAYS = 60;
const DAY = 86400000;

// Notes, once a day, that the one of slot `mine` is here.
export async function wipeIdle(mine, others, now) {
  const seen = (await getFact("seen_at", mine)) ?? 0;
  if (now - seen > DAY) await setFact("seen_at", now, mine);
  for (const slot of others) {
    const last = await getFact("seen_at", slot);
    if (!last) await setFact("seen_at", now, slot);
    else if (now - last > IDLE_DAYS * DAY) await wipePulled(slot);
  }
}
