// The words of Còn thiếu.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/gaps.json";

export const gapWords = teach(vi, () => import("$/public/i18n/en/gaps.json"));
