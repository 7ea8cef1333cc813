// The catalogue on screen: a reactive lookup, Vietnamese first, switchable without network.
import { useSyncExternalStore } from "react";
import vi from "$/public/i18n/vi.json";

const KEY = "toso-locale";
const listeners = new Set();
const VIETNAMESE = lookup("vi", vi);
let current = VIETNAMESE;

// An unknown key shows itself, so that a missing word is seen and reported.
function lookup(locale, catalogue) {
  const t = (key, params) => {
    const words = catalogue[key] ?? vi[key] ?? key;
    return params ? words.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "") : words;
  };
  return { locale, t };
}

export async function setLocale(locale) {
  const catalogue = locale === "en" ? (await import("$/public/i18n/en.json")).default : vi;
  current = lookup(locale, catalogue);
  document.documentElement.lang = locale;
  remember(locale);
  listeners.forEach((listener) => listener());
}

function remember(locale) {
  try {
    localStorage.setItem(KEY, locale);
  } catch {
    // A browser that keeps nothing still speaks.
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let asked = false;

export function useWords() {
  const words = useSyncExternalStore(subscribe, () => current, () => VIETNAMESE);
  if (!asked && typeof window !== "undefined") {
    asked = true;
    if (remembered() === "en") queueMicrotask(() => setLocale("en"));
  }
  return words;
}

export const locale = () => current.locale;
export const onLocale = subscribe;
