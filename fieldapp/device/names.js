// The folded form of a name, as fieldapp/domain/search_key.py says; and search that needs no diacritics.
export const fold = (text) =>
  text
    .toLowerCase()
    .replace(/đ/g, "d")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .trim()
    .replace(/\s+/g, " ");

// Whether every word that was typed begins some word of the key; a number must begin with what was typed.
export function matches(key, words) {
  return words.every((word) => key.startsWith(word) || key.includes(" " + word));
}
