// The words of what was done by whom.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/audit.json";

export const auditWords = teach(vi, () => import("$/public/i18n/en/audit.json"));
