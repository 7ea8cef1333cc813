// Cẩm nang: the guides that lie on the phone; the address says which one is open, and which household it was opened from.
import { guides, NOTHING, numberIn } from "./guides.js";
import { AT_FIRST, gaps } from "./gaps.js";
import { guideInAddress } from "./listening.js";
import { data, derive, furnish } from "./state.js";
import vi from "$/public/guides/vi.json";

const texts = { vi, en: null };
let query = "";

furnish({ guide: NOTHING }, (visits, speech) => {
  if (speech === "en" && !texts.en) readEnglish();
  const code = guideInAddress();
  const call = numberIn(data.me?.commune?.contact ?? "");
  const shown = guides(texts[speech] ?? vi, data.platforms, query, code, speech, { lacking: lackingOf(visits, speech), heard: new Set(data.narrations.map((one) => one.platform)) });
  return { guide: { ...shown, call, back: backOf(code) } };
});

// How many households each platform has not reached; counted only while the list is looked at.
function lackingOf(visits, speech) {
  if (!location.pathname.startsWith("/m/guides") || location.hash) return {};
  return Object.fromEntries(gaps(data, visits, AT_FIRST, speech).platforms.map(({ code, missing }) => [code, missing]));
}

// A guide that was opened from a household leads back to it.
function backOf(code) {
  const home = new URLSearchParams(location.search).get("id");
  return home && data.households.get(home) ? `/m/household/?id=${home}` : code ? "/m/guides/" : "/m/";
}

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
