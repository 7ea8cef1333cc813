// The words of partner companies and of what they see.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/partner.json";

export const partnerWords = teach(vi, () => import("$/public/i18n/en/partner.json"));
