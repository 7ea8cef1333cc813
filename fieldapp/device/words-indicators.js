// The words of the desk's page of report indicators.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/indicators.json";

export const indicatorWords = teach(vi, () => import("$/public/i18n/en/indicators.json"));
