// The words with which the desk gives targets out.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/allot.json";

export const allotWords = teach(vi, () => import("$/public/i18n/en/allot.json"));
