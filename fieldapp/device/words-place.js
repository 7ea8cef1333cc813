// The words of where a visit was made.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/place.json";

export const placeWords = teach(vi, () => import("$/public/i18n/en/place.json"));
