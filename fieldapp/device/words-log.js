// The words that only the screens of day logs speak.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/log.json";

export const logWords = teach(vi, () => import("$/public/i18n/en/log.json"));
