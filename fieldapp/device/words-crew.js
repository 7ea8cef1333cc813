// The words about the people of a team and their phones.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/crew.json";

export const crewWords = teach(vi, () => import("$/public/i18n/en/crew.json"));
