// The quick report as a text for Zalo: pure, its words given, never longer than a message that is read.
export const MOST = 700;
export const MOST_WORDS = 140;
const [MOST_TEAM, MOST_COMMUNE] = [110, 60];

// `report` holds the numbers of `summary` with team, commune, days, own, fresh, difficulty and next; `t` gives words.
// Where it would be too long, platforms are left out from the smallest up, and the list says so.
export function reportText(report, t) {
  const head = headWords(report, t);
  const counts = [supportWords(report, t), householdWords(report, t)];
  const platforms = report.platforms.map(({ name, support }) => `${name} ${support}`);
  const rest = restWords(report, t);
  const text = (n) => `${head}: ${[...counts, ...platforms.slice(0, n), ...(n < platforms.length ? ["…"] : [])].join("; ")}. ${rest}`.trim();
  let n = platforms.length;
  while (n > 0 && text(n).length > MOST) n -= 1;
  return text(n);
}

export function placeWords({ team, commune }, t) {
  const divisions = t("report.divisions").split(", ");
  const within = divisions.some((d) => commune.startsWith(`${d} `)) ? commune[0].toLowerCase() + commune.slice(1) : commune;
  const short = team.replace(t("report.team_long"), t("report.team_short"));
  return [clip(short, MOST_TEAM), clip(within, MOST_COMMUNE)].filter(Boolean);
}

// 23/8; 01–14/8; 27/8–02/9.
export function daysWords(first, last) {
  const month = (day) => Number(day.slice(5, 7));
  const end = `${last.slice(8)}/${month(last)}`;
  if (first === last) return end;
  return month(first) === month(last) ? `${first.slice(8)}–${end}` : `${first.slice(8)}/${month(first)}–${end}`;
}

export const supports = ({ approved, waiting }) => approved + waiting;

function headWords(report, t) {
  return t(report.own ? "report.head_own" : "report.head", { place: placeWords(report, t).join(", "), days: report.days });
}

function supportWords(report, t) {
  return t(report.waiting ? "report.supports_waiting" : "report.supports", { n: supports(report), approved: report.approved, waiting: report.waiting });
}

function householdWords({ households_standing: n, households_approved: approved }, t) {
  return t(n === approved ? "report.households" : "report.households_waiting", { n, approved });
}

function restWords({ difficulty, next, fresh }, t) {
  const said = [["report.said_difficulty", difficulty], ["report.said_next", next]].map(([key, words]) => [key, written(words)]);
  const parts = said.filter(([, words]) => words).map(([key, words]) => t(key, { words: ended(words) }));
  return [...parts, ...(fresh ? [t("report.said_fresh", { at: fresh })] : [])].join(" ");
}

const written = (words) => clip(words.normalize("NFC").replace(/\s+/g, " ").trim(), MOST_WORDS);
const ended = (words) => (/[.!?…]$/.test(words) ? words : `${words}.`);
const clip = (words, most) => (words.length <= most ? words : `${words.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "").trimEnd()}…`);
