// Cẩm nang: the guides that lie on the phone; the address says which one is open.
import { guides, NOTHING } from "./guides.js";
import { data, derive, furnish } from "./state.js";
import vi from "$/public/guides/vi.json";

const texts = { vi, en: null };
let query = "";

furnish({ guide: NOTHING }, (_, speech) => {
  if (speech === "en" && !texts.en) readEnglish();
  const code = location.pathname.startsWith("/m/guides") ? location.hash.slice(1) : "";
  return { guide: guides(texts[speech] ?? vi, data.platforms, query, code, speech) };
});

async function readEnglish() {
  texts.en = vi;
  texts.en = (await import("$/public/guides/en.json")).default;
  derive();
}

export const guiding = {
  find(typed) {
    query = typed;
    derive();
  },
};
