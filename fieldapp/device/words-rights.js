// The words of the desk's register of requests about personal data, and of its consent log.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/rights.json";

export const rightsWords = teach(vi, () => import("$/public/i18n/en/rights.json"));
