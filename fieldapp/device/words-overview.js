// The words of the overview's map, charts, targets and ranking.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/overview.json";

export const overviewWords = teach(vi, () => import("$/public/i18n/en/overview.json"));
