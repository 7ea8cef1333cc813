// The words of officers' accounts and of the second step of signing in.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/accounts.json";

export const accountWords = teach(vi, () => import("$/public/i18n/en/accounts.json"));
