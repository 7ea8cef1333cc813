// The words of official papers, at the desk.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/papers.json";

export const paperWords = teach(vi, () => import("$/public/i18n/en/papers.json"));
