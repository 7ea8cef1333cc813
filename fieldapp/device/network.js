// What the browser tells of the network, for those who send photos on Wi-Fi only. Pure, no storage, no words.

const FREE = new Set(["wifi", "ethernet"]);
const PAID = new Set(["cellular", "wimax", "bluetooth"]);

// free, paid, or unknown: many browsers never say.
export function networkOf(connection) {
  if (connection?.saveData || PAID.has(connection?.type)) return "paid";
  return FREE.has(connection?.type) ? "free" : "unknown";
}

// Whether photos wait. Where nobody knows the network, whoever chose Wi-Fi only says themselves when they are on it.
export const holdsPhotos = (wifiOnly, connection) => !!wifiOnly && networkOf(connection) !== "free";
