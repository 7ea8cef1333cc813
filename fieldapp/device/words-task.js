// The words of tasks.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/task.json";

export const taskWords = teach(vi, () => import("$/public/i18n/en/task.json"));
