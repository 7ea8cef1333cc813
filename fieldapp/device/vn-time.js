// Days and hours as people in Việt Nam count them, whatever time zone the phone is set to.
const OFFSET = 7 * 3600000;

const shifted = (ms) => new Date(ms + OFFSET);
const two = (n) => String(n).padStart(2, "0");

// YYYY-MM-DD of an instant in milliseconds.
export const vnDay = (ms) => shifted(ms).toISOString().slice(0, 10);
// HH:MM of an instant.
export const vnTime = (ms) => `${two(shifted(ms).getUTCHours())}:${two(shifted(ms).getUTCMinutes())}`;
// DD/MM of a YYYY-MM-DD day.
export const dayMonth = (day) => `${day.slice(8, 10)}/${day.slice(5, 7)}`;
// 0 (Sunday) to 6 of a day.
export const weekday = (day) => new Date(`${day}T00:00:00Z`).getUTCDay();
export const addDays = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
