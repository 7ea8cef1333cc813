// The words of Chỉ tiêu, on phones and at the desk.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/target.json";

export const targetWords = teach(vi, () => import("$/public/i18n/en/target.json"));
