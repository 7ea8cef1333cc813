// The words that only the page of connections speaks.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/connect.json";

export const connectWords = teach(vi, () => import("$/public/i18n/en/connect.json"));
