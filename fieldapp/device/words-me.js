// The words that only Tôi speaks.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/me.json";

export const meWords = teach(vi, () => import("$/public/i18n/en/me.json"));
