// The words of Báo cáo kỳ on phones.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/period.json";

export const periodWords = teach(vi, () => import("$/public/i18n/en/period.json"));
