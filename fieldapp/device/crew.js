// The people of the team as this phone knows them: what each did today and this week, who has been quiet, and what
// their phones last said of themselves. Pure, no storage, no network, no words.
import { doerOf, HELPED } from "./outcomes.js";
import { addDays, dayMonth, vnDay, vnTime, weekday } from "./vn-time.js";

export const QUIET_DAYS = 7;
const DONE = new Set(["waiting", "approved", "unsent", "sent"]);
const ORDER = { leader: 0, deputy: 1, member: 2 };

export function crew(data, visits, now) {
  const today = vnDay(now);
  const since = { today, week: addDays(today, -((weekday(today) + 6) % 7)) };
  const deeds = new Map();
  for (const visit of visits) {
    for (const id of new Set([visit.author, doerOf(visit)])) remember(deeds, id, visit);
    if (DONE.has(visit.state)) count(deeds, visit, since);
  }
  const people = (data.me?.people ?? []).map((person) => ({ ...line(person, deeds.get(person.id), addDays(today, -QUIET_DAYS)), is_me: person.id === data.me.id }));
  people.sort((a, b) => ORDER[a.role] - ORDER[b.role] || byName(a.name, b.name));
  const delegates = people.some((person) => person.is_me && person.role === "leader");
  const leads = (data.me?.villages ?? []).some((village) => village.led);
  return { ready: true, leads, delegates, people, quiet: people.filter((person) => person.quiet && !person.is_me).length, fresh: data.pulled_at ? vnTime(data.pulled_at + data.offset) : "" };
}

// As names are sorted in Vietnamese: by the last word, which is the one that people are called by.
const called = (name) => name.split(" ").at(-1);
const byName = (a, b) => called(a).localeCompare(called(b), "vi") || a.localeCompare(b, "vi");

const nothing = () => ({ last: "", today: { support: 0, households: new Set() }, week: { support: 0, households: new Set() } });

function of(deeds, id) {
  if (!deeds.has(id)) deeds.set(id, nothing());
  return deeds.get(id);
}

// Whoever did a visit or entered it was at work that day.
function remember(deeds, id, { day }) {
  const mine = of(deeds, id);
  if (day > mine.last) mine.last = day;
}

// The work counts for whoever did it.
function count(deeds, visit, since) {
  const mine = of(deeds, doerOf(visit));
  for (const range of ["today", "week"]) {
    if (visit.day < since[range]) continue;
    mine[range].support += visit.outcomes.length;
    if (visit.outcomes.some((outcome) => HELPED.has(outcome.result))) mine[range].households.add(visit.household);
  }
}

function line({ id, name, role, since, devices, delegation }, deeds = nothing(), limit) {
  return {
    id, name, role,
    today_support: deeds.today.support, today_households: deeds.today.households.size,
    week_support: deeds.week.support, week_households: deeds.week.households.size,
    last: deeds.last && dayMonth(deeds.last),
    // Somebody new has had no time yet.
    quiet: deeds.last <= limit && (since ?? "") <= limit,
    delegation: delegation?.id ?? 0, first: delegation ? dayMonth(delegation.first) : "", last_day: delegation ? dayMonth(delegation.last) : "",
    below: !!devices, phones: (devices ?? []).map(phone),
  };
}

function phone({ id, label, heard, unsent, sends_until }) {
  return {
    id, label, unsent: unsent ?? 0, closing: !!sends_until, until: sends_until ? dayMonth(vnDay(sends_until)) : "",
    heard: heard ? `${vnTime(heard)} ${dayMonth(vnDay(heard))}` : "",
  };
}
