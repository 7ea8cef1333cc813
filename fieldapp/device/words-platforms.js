// The words of the desk's page of platforms.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/platforms.json";

export const platformWords = teach(vi, () => import("$/public/i18n/en/platforms.json"));
