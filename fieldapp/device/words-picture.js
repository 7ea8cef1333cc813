// The words about a picture and about the network that photos take.
import { teach } from "./words.js";
import vi from "$/public/i18n/vi/picture.json";

export const pictureWords = teach(vi, () => import("$/public/i18n/en/picture.json"));
