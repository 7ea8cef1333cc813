// Where a visit is made: one coarse reading, only where the commune asks for it and only when the member taps.
import { change } from "./recording.js";
import { data, derive, furnish, held, toast } from "./state.js";

const READING = { enableHighAccuracy: false, timeout: 15000, maximumAge: 60000 };
let reads = false;
furnish({ place: { asked: false, given: false, reads: false } }, () => ({ place: { asked: !!data.me?.commune?.asks_place, given: !!held.draft?.place, reads } }));

// About a kilometre: what is finer never leaves the sensor's answer.
const coarse = (degrees) => Math.round(degrees * 100) / 100;

const read = () => new Promise((found, failed) => navigator.geolocation.getCurrentPosition(found, failed, READING));

export const placing = {
  async givePlace() {
    const id = held.draft?.id;
    if (reads || !id) return;
    reads = true;
    derive();
    try {
      const { coords } = await read();
      if (held.draft?.id === id) await change({ place: { latitude: coarse(coords.latitude), longitude: coarse(coords.longitude) } });
    } catch {
      toast("place.unread");
    }
    reads = false;
    derive();
  },
  dropPlace: () => change({ place: null }),
};
