// The words of announcements, on the phone and at the desk.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/announcement.json";

export const announcementWords = teach(vi, () => import("$/public/i18n/en/announcement.json"));
