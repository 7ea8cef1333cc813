// The words of contacts and of the commune's common group, on the phone and at the desk.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/contact.json";

export const contactWords = teach(vi, () => import("$/public/i18n/en/contact.json"));
