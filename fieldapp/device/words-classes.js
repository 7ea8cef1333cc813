// The words of the desk's page of training classes.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/classes.json";

export const classWords = teach(vi, () => import("$/public/i18n/en/classes.json"));
