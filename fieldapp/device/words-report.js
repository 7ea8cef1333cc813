// The words of the quick report and of the texts for the village's group.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/report.json";

export const reportWords = teach(vi, () => import("$/public/i18n/en/report.json"));
