// The words that only the desk and the sign-in speak.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/desk.json";

export const deskWords = teach(vi, () => import("$/public/i18n/en/desk.json"));
