// Photos on Wi-Fi only: one's own choice, what the browser tells of the network, and the way to send them all the same.
import * as db from "./db.js";
import { networkOf } from "./network.js";
import { data, furnish, isKept, refresh } from "./state.js";
import * as sync from "./sync.js";

furnish({ wifi: { only: false, network: "unknown" } }, () => ({ wifi: { only: data.wifi_only, network: networkOf(navigator.connection) } }));

export const sparing = {
  async choose(only) {
    if (!(await isKept(db.setFact("wifi_only", only)))) return;
    await refresh(["facts"]);
    sync.kick();
  },
  sendPhotos: () => sync.sendPhotosNow(),
};
