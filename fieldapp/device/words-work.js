// The words that only the screens of what a team does besides visits speak.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/work.json";

export const workWords = teach(vi, () => import("$/public/i18n/en/work.json"));
