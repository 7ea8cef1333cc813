// The words of lists that come as files, and of the households that the commune keeps.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/roster.json";

export const rosterWords = teach(vi, () => import("$/public/i18n/en/roster.json"));
