// The words of guiding papers and good practice, on the phone and at the desk.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/material.json";

export const materialWords = teach(vi, () => import("$/public/i18n/en/material.json"));
