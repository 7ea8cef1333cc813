// The words of hints: the home screen, notices.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/hints.json";

export const hintWords = teach(vi, () => import("$/public/i18n/en/hints.json"));
