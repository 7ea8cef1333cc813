// The guides as the screen shows them: pure, what they say is given. A guide is known by the code of its platform.
import { fold, matches } from "./names.js";

export const NOTHING = { ready: false, query: "", code: "", found: false, name: "", icon: "", about: "", steps: [], troubles: [], safe: "", lines: [], call: "", back: "/m/" };
const UNWRITTEN = { about: "", steps: [], troubles: [], safe: "" };

// The list by what was typed, what most households still lack first (`lacking`: how many, by platform), and of one guide
// all that it says. A platform that is no longer used, or of which nothing is written and nothing was recorded (`heard`),
// has no line.
export function guides(texts, platforms, query, code, locale, { lacking = {}, heard = new Set() } = {}) {
  const words = fold(query).split(" ").filter(Boolean);
  const textOf = (platform) => (Object.hasOwn(texts, platform) ? texts[platform] : heard.has(platform) ? UNWRITTEN : null);
  const known = platforms.filter((p) => !p.gone && textOf(p.code)).map((p) => ({ code: p.code, name: p[locale], icon: p.icon, about: textOf(p.code).about, lacking: lacking[p.code] ?? 0, heard: heard.has(p.code) }));
  const lines = known.filter((line) => matches(fold(`${line.name} ${said(textOf(line.code))}`), words)).sort((a, b) => b.lacking - a.lacking);
  const opened = platforms.find((p) => p.code === code && textOf(code));
  return { ...NOTHING, ready: true, query, code, lines, ...(opened ? { ...textOf(code), found: true, name: opened[locale], icon: opened.icon } : {}) };
}

const said = ({ about, steps, troubles, safe }) => [about, ...steps, ...troubles.flatMap(({ when, then }) => [when, then]), safe].join(" ");

const PHONE = /\+?\d[\d .-]{6,14}\d/;

// The telephone number in a contact as the commune wrote it, to be called: the first one, or nothing.
export const numberIn = (contact) => (PHONE.exec(contact)?.[0] ?? "").replace(/[ .-]/g, "");
