// The catalogue on screen: a reactive lookup, Vietnamese first, switchable without network.
import { useSyncExternalStore } from "react";
import vi from "$/public/i18n/vi/phone.json";
import { fill } from "./places.js";

const KEY = "toso-locale";
const listeners = new Set();
const spoken = { vi: {}, en: {} };
let english = [];
let current = null;

// A part of the catalogue: what every page knows, or what a page brings along. Its English is fetched when it is wanted.
export function teach(words, fetchEnglish) {
  Object.assign(spoken.vi, words);
  english.push(fetchEnglish);
  if (current?.locale === "en") setLocale("en");
  return words;
}

// An unknown key shows itself, so that a missing word is seen and reported.
function lookup(locale) {
  const catalogue = spoken[locale];
  const t = (key, params) => {
    const words = catalogue[key] ?? spoken.vi[key] ?? key;
    return params ? fill(words, params) : words;
  };
  return { locale, t };
}

teach(vi, () => import("$/public/i18n/en/phone.json"));
const VIETNAMESE = lookup("vi");
current = VIETNAMESE;

async function learnEnglish() {
  const wanted = english;
  for (const part of await Promise.all(wanted.map((fetchPart) => fetchPart()))) Object.assign(spoken.en, part.default);
  english = english.filter((fetchPart) => !wanted.includes(fetchPart));
}

export async function setLocale(locale) {
  if (locale === "en") await learnEnglish();
  current = lookup(locale);
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
export const say = (key, params) => current.t(key, params);
export const onLocale = subscribe;
