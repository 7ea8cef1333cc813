// Codes of household cards, as fieldapp/domain/card_code.py says; tests/contract/card_codes.json drives both.
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOOKALIKE = { O: "0", I: "1", L: "1" };

export function checkCharacter(body) {
  let carry = 36;
  for (const character of body) {
    carry = (carry + ALPHABET.indexOf(character)) % 36 || 36;
    carry = (carry * 2) % 37;
  }
  return ALPHABET[(37 - carry) % 36];
}

const isValid = (code) => checkCharacter(code.slice(0, -1)) === code.at(-1);

// The code in what a camera read, or null if it is no card of ours. The host does not matter.
export function parseScanned(raw) {
  const match = /^(?:[A-Z][A-Z0-9+.-]*:\/\/)?[^/\s]+\/H\/([0-9A-Z]+)\/?$/.exec(raw.trim().toUpperCase());
  return match && match[1].length === 17 && isValid(match[1]) ? match[1] : null;
}

const asDigits = (text) => text.replace(/[OIL]/g, (c) => LOOKALIKE[c]);

// The short code in what a person typed, or null. A check character may itself be O, I or L, so that in its place
// 0 and O, and 1, I and L, are as good as each other.
export function parseTyped(raw) {
  const text = raw.replace(/[\s-]/g, "").toUpperCase();
  const body = asDigits(text.slice(0, -1));
  if (!/^[0-9A-HJKMNP-TV-Z]{7}$/.test(body)) return null;
  const right = checkCharacter(body);
  return asDigits(text.at(-1)) === asDigits(right) ? body + right : null;
}

export async function codeHash(code) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
