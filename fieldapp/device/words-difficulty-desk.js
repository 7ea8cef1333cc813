// The words of the desk's board of difficulties and of its calendar.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/difficulty_desk.json";

export const difficultyDeskWords = teach(vi, () => import("$/public/i18n/en/difficulty_desk.json"));
