// How large this phone writes. It is of the phone, not of a person: the head of every phone page (components/head.py) reads
// the same place before anything is drawn.
import { derive, furnish } from "./state.js";

const KEY = "toso-text";
furnish({ text: { size: "medium" } }, () => ({ text: { size: document.documentElement.dataset?.text || "medium" } }));

export const writing = {
  setTextSize(size) {
    document.documentElement.dataset.text = size;
    try {
      localStorage.setItem(KEY, size);
    } catch {
      // A browser that keeps nothing still writes so until it is closed.
    }
    derive();
  },
};
