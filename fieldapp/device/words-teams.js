// What the pages of teams, decisions and the list for the province say.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/teams.json";

export const teamWords = teach(vi, () => import("$/public/i18n/en/teams.json"));
