// The words of villages in time and of the desk's search.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/units.json";

export const unitWords = teach(vi, () => import("$/public/i18n/en/units.json"));
