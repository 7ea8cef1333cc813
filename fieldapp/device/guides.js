// The guides as the screen shows them: pure, what they say is given. A guide is known by the code of its platform.
import { fold, matches } from "./names.js";

export const NOTHING = { ready: false, query: "", code: "", found: false, name: "", icon: "", about: "", steps: [], troubles: [], safe: "", lines: [] };

// The list by what was typed, and of one guide all that it says. A platform that is no longer used, or of which there is
// no guide, has no line.
export function guides(texts, platforms, query, code, locale) {
  const words = fold(query).split(" ").filter(Boolean);
  const known = platforms.filter((p) => !p.gone && texts[p.code]).map((p) => ({ code: p.code, name: p[locale], icon: p.icon, about: texts[p.code].about }));
  const lines = known.filter((line) => matches(fold(`${line.name} ${said(texts[line.code])}`), words));
  const opened = platforms.find((p) => p.code === code && texts[code]);
  return { ...NOTHING, ready: true, query, code, lines, ...(opened ? { ...texts[code], found: true, name: opened[locale], icon: opened.icon } : {}) };
}

const said = ({ about, steps, troubles, safe }) => [about, ...steps, ...troubles.flatMap(({ when, then }) => [when, then]), safe].join(" ");
