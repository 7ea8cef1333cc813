// The words of the desk's pages of periodic reports.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/reports.json";

export const reportsWords = teach(vi, () => import("$/public/i18n/en/reports.json"));
