// The words around the guides; what the guides themselves say is in assets/guides.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/guide.json";

export const guideWords = teach(vi, () => import("$/public/i18n/en/guide.json"));
