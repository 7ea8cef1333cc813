// The words of the PIN: set, given, forgotten.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/pin.json";

export const pinWords = teach(vi, () => import("$/public/i18n/en/pin.json"));
