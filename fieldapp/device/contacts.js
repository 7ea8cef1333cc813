// Danh bạ as the screen shows it: pure, no storage, no network, no words.
import { dayMonth } from "./vn-time.js";

const NO_GROUP = { name: "", link: "", leaders: 0, teams: 0, companies: 0, day: "" };
export const NOTHING = { ready: false, ours: [], provinces: [], group: NO_GROUP };
const MOBILE = /^0[35789]\d{8}$/;

// Only a mobile number leads to somebody on Zalo.
const line = ({ id, kind, name, about, phone, zalo }) => ({ id, kind, name, about, phone, zalo: zalo && MOBILE.test(phone) ? `https://zalo.me/${phone}` : "" });

export function contacts(data) {
  const rows = data.contacts ?? [];
  const { name = "", link = "", leaders = 0, teams = 0, companies = 0, day = "" } = data.commune_group ?? {};
  return {
    ready: true, ours: rows.filter((row) => row.ours).map(line), provinces: rows.filter((row) => !row.ours).map(line),
    group: { name, link, leaders, teams, companies, day: day && dayMonth(day) },
  };
}
