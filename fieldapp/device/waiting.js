// What this phone still holds, for the pill and the outbox: pure, no storage, no network, no words.
import { householdLine, visitLine, VISIT_KINDS } from "./views.js";
import { dayMonth, vnDay, vnTime } from "./vn-time.js";

const isHeld = (record) => record.state === "sent" && record.result === "held";

const owing = (photos, counts) => photos.filter((p) => p.visits.some((v) => !p.done.includes(v) && counts(v)));

// Photos that are still to be sent: those of a visit that was refused or is held go nowhere.
export function photosWaiting({ photos, records }) {
  const stopped = new Set(records.filter((r) => r.state === "parked" || isHeld(r)).map((r) => r.id));
  return owing(photos, (visit) => !stopped.has(visit));
}

// Photos that stay here until the commune has sorted their visit.
function photosHeld({ photos, records }, waiting) {
  const held = new Set(records.filter(isHeld).map((r) => r.id));
  return owing(photos, (visit) => held.has(visit)).filter((photo) => !waiting.includes(photo));
}

// The words of the server that a record came after: of a decision one for each visit on which it took no effect.
function cameBefore({ state, result, detail, payload }) {
  if (state !== "sent") return [];
  const visits = Object.entries(detail?.visits ?? {}).filter(([, word]) => word.result === "superseded");
  if (visits.length) return visits.map(([visit, word]) => ({ ...word, visit }));
  return result === "superseded" ? [{ ...detail, visit: payload.visit }] : [];
}

// Where what was refused is mended, for kinds that have a screen of their own.
const MENDED_AT = { "activity.create": "/m/activities/", "difficulty.create": "/m/difficulties/", "group.update": "/m/group/", "log.comment": "/m/logs/", "log.answer": "/m/logs/", "target.split": "/m/targets/", "task.mark": "/m/targets/", "practice.submit": "/m/materials/", "report.submit": "/m/period/" };

const dayAndTime = (at) => `${vnTime(at)} ${dayMonth(vnDay(at))}`;

// What a record without a visit says in its author's words.
const saidOf = ({ title, description, name, note, text }) => title ?? description ?? name ?? note ?? text ?? "";

// The outbox: what waits, what the server would not take, what came too late, what is on its way with photos, and whether
// those wait for Wi-Fi.
export function outbox(data, visits, status, online, locale, wifi = false) {
  const ready = data.records.filter((r) => r.state === "ready");
  const parked = data.records.filter((r) => r.state === "parked" && !r.dismissed);
  const photos = photosWaiting(data);
  const held = photosHeld(data, photos);
  const late = data.records.filter((r) => !r.dismissed && cameBefore(r).length);
  const byId = new Map(visits.map((v) => [v.id, v]));
  const line = (r) => ({
    id: r.id, kind: r.kind, code: r.code ?? "", time: vnTime(r.made_at), day: dayMonth(vnDay(r.made_at)),
    title: byId.has(r.id) ? visitLine(byId.get(r.id), data, locale).title : saidOf(r.payload),
    mend_at: MENDED_AT[r.kind] ?? "",
    household: householdLine(data.households.get(r.payload.household ?? byId.get(r.payload.visit)?.household)),
    mendable: VISIT_KINDS.has(r.kind),
    reason: r.code === "held_refused" ? (r.detail?.reason ?? "") : "",
  });
  const superseded = (r) => {
    const [{ visit, state, by, at }, ...more] = cameBefore(r);
    const about = byId.get(visit) ?? data.visits.get(visit);
    return {
      ...line(r), n: more.length + 1, state: visit ? state : "", by: by ?? "", at: at ? dayAndTime(Date.parse(at)) : "",
      household: householdLine(data.households.get(r.payload.household ?? about?.household)),
    };
  };
  const look = parked.length + late.length;
  return {
    ready: true,
    count: ready.length,
    look_count: look,
    photos: photos.length,
    photos_held: held.length,
    photos_wifi: wifi && photos.length > 0,
    all_sent: !(ready.length || look || photos.length || held.length),
    phase: status.phase,
    online,
    pill: pillOf(look, ready.length, photos.length, held.length, online && status.phase !== "waiting", wifi),
    lines: ready.map(line),
    parked: parked.map(line),
    superseded: late.map(superseded),
    pulled_at: data.pulled_at ? dayAndTime(data.pulled_at + data.offset) : "",
  };
}

// What the pill says: what needs a person first, then what waits, then that all is sent.
function pillOf(look, ready, photos, held, reached, wifi) {
  if (look) return "look";
  if (!reached) return ready ? "offline_some" : "offline_none";
  if (ready) return "some";
  if (photos) return wifi ? "photos_wifi" : "photos";
  return held ? "held" : "none";
}
