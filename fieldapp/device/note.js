// What a note may not hold, as fieldapp/domain/note.py says: nine or more digits in a row, unless they read as dates
// with times, as an amount of money, or as neighbouring numbers.
const IDENTITY_DIGITS = 9;
const RUN = /\p{Nd}(?:[ .\-]?\p{Nd})*/gu;
const DATE = /^(?:(?:0?[1-9]|[12][0-9]|3[01])([.\-])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])$/;
const SHORT_DATE = /^(?:0?[1-9]|[12][0-9]|3[01])([.\-])(?:0?[1-9]|1[0-2])\1[0-9]{2}$/;
const CLOCK = /^(?:[01]?[0-9]|2[0-3])(?:\.[0-5][0-9])?$/;
const AMOUNT = /^(?:[1-9][0-9]{0,2}(?:([ .])[0-9]{3})(?:\1[0-9]{3})*|[1-9][0-9]*)$/;
const CURRENCY = /^\s?(?:[đĐ]ồng(?!\s+(?:ý|chí|bào|hồ|đội|nghiệp|thời))|vn[dđ]|[đĐ]|₫)(?![\p{L}\p{N}_/])/iu;
const PHONE_ABROAD = /^84[0-9]{9}$/;
const LISTED = /^[1-9][0-9]{0,3}(?:([ .\-])[1-9][0-9]{0,3})(?:\1[1-9][0-9]{0,3})*$/;
const STEP = 20;

const count = (text) => text.replace(/[ .\-]/g, "").length;
const isAmount = (text) => AMOUNT.test(text) && !PHONE_ABROAD.test(text.replace(/\D/g, ""));

export function holdsIdentity(note) {
  return [...note.matchAll(RUN)].some((run) => isIdentity(note, run));
}

function isIdentity(note, { 0: digits, index }) {
  if ([...digits].filter((c) => !" .-".includes(c)).length < IDENTITY_DIGITS) return false;
  if (!/^[0-9 .\-]+$/.test(digits)) return true;
  const words = digits.split(" ");
  const rest = words.filter((word) => !DATE.test(word)).join(" ");
  if (count(rest) < IDENTITY_DIGITS || areTimes(words) || areNeighbours(rest)) return false;
  return note[index - 1] === "+" || !(isAmount(rest) && CURRENCY.test(note.slice(index + digits.length)));
}

function areTimes(words) {
  const dates = words.filter((word) => DATE.test(word) || SHORT_DATE.test(word));
  const clocks = words.filter((word) => CLOCK.test(word));
  return dates.length + clocks.length === words.length && clocks.length <= 2 * dates.length;
}

function areNeighbours(text) {
  const match = LISTED.exec(text);
  if (!match) return false;
  const numbers = text.split(match[1]).map(Number);
  return numbers.every((number, i) => i === 0 || (number > numbers[i - 1] && number - numbers[i - 1] <= STEP));
}
