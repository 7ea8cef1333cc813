// What a person does on a phone, as the screens do it (fieldapp/device/recording.js, reviewing.js, joining.js).
import { Browser } from "./browser.js";
import { Road } from "./network.js";

let browsers = new Map();
let picture = Buffer.alloc(0);

// A page that is alive; the answer to a deed on which it dies is `dead`, and where.
async function on({ phone, tab = "a" }, work) {
  const page = await browsers.get(phone).open(tab);
  const gone = page.died.then(() => ({ dead: true }));
  const done = await Promise.race([work(page), gone]);
  page.killAt = 0;
  return page.dead ? { ...done, dead: true, place: page.place } : done;
}

// Bytes that a photo's number names; a real one is the world's picture with a tail that makes it another.
const bytesOf = (photo) => {
  if (photo.real) {
    const tail = new TextEncoder().encode(`#${photo.seed}`);
    return new Uint8Array(Buffer.concat([picture, tail])).buffer;
  }
  const bytes = new Uint8Array(photo.length);
  for (let i = 0, x = photo.seed + 1; i < bytes.length; i++) bytes[i] = (x = (x * 1103515245 + 12345) & 0x7fffffff) >> 16;
  return bytes.buffer;
};

async function taken(page, visit, photos) {
  const list = [];
  for (const photo of photos) {
    const bytes = bytesOf(photo);
    list.push({ sha256: await page.photos.sha256(bytes), bytes, type: "image/jpeg", visit });
  }
  return list;
}

// From here on the page may be killed: at the so-manieth thing that it waits for.
const arm = (page, { kill = 0 }) => (page.killAt = kill ? page.places + kill : 0);

// Puts records into the outbox. What is told to have been kept is what the screen calls saved.
async function save(page, given, records, more = {}) {
  page.tried = records;
  arm(page, given);
  await page.outbox.add(records, more);
  return { saved: records };
}

async function known(page) {
  const [households, cards, visits, records, photos] = await Promise.all(
    ["households", "cards", "visits", "records", "photos"].map((name) => page.db.getAll(name)),
  );
  const by = (rows) => new Map(rows.map((row) => [row.id, row]));
  const [me, offset] = [await page.db.getFact("me"), (await page.db.getFact("clock_offset")) ?? 0];
  return { me, offset, households: by(households), cards: by(cards), visits: by(visits), records, photos };
}

const pick = (list, index) => (list.length ? list[index % list.length] : null);

// With an age the deed was done so many milliseconds before now.
async function aged(page, age, work) {
  page.browser.skew -= age;
  try {
    return await Promise.race([work(), page.died]);
  } finally {
    page.browser.skew += age;
  }
}

// The tried records of a deed that was cut short: nobody was told that they are saved.
const orMaybe = (answer, page) => (answer.dead ? { ...answer, maybe: page?.tried ?? [], undoing: page?.undoing } : answer);

async function deed(given, work) {
  let page = null;
  const answer = await on(given, async (tab) => {
    page = tab;
    Object.assign(page, { tried: [], undoing: null });
    return work(tab);
  });
  return orMaybe(answer, page);
}

function filled(page, given, household, how, card, extra) {
  const begun = page.draft.begin(household, how, card, null);
  const outcomes = given.outcomes.map(([platform, result]) => ({ platform, result, steps: [], come_back_on: null }));
  return { ...begun, outcomes, people: given.people, note: given.note ?? "", ...extra };
}

export const deeds = {
  async world({ origin, phones, picture: given = "" }) {
    picture = Buffer.from(given, "base64");
    for (const browser of browsers.values()) for (const tab of browser.tabs.values()) tab.kill();
    browsers = new Map(Object.entries(phones).map(([name, cookie]) => [name, new Browser(name, new Road(origin), cookie)]));
    return {};
  },

  cookie({ phone, cookie }) {
    browsers.get(phone).cookie = cookie;
    return {};
  },

  clock({ phone, by }) {
    browsers.get(phone).skew += by;
    return {};
  },

  // The first download, as joining does it; a page that opens again just opens.
  join: (given) =>
    on(given, async (page) => {
      if (await page.db.getFact("me")) return {};
      await page.db.setFact("cursor", "");
      return page.sync.pullChanges().then(() => ({}), (error) => ({ refused: error.kind ?? String(error.stack) }));
    }),

  kill({ phone, tab }) {
    browsers.get(phone).tabs.get(tab)?.kill();
    return {};
  },

  // A visit to a household of the roster, or to one met at the door; with or without a card bound by the way.
  record: (given) =>
    deed(given, async (page) => {
      const { me, households } = await known(page);
      if (!me) return {};
      const home = given.door ? null : pick([...households.values()], given.household);
      const village = pick(me.villages, given.household);
      if (!given.door && !home) return {};
      if (given.door && !village) return {};
      return aged(page, given.age ?? 0, async () => {
        const draft = filled(page, given, home?.id, given.card ? "scan" : "list", given.card ?? null, {});
        if (given.door) {
          const id = page.draft.begin("", "list", null, null).id;
          Object.assign(draft, { household: id, new_household: { household: id, village: village.id, number: given.number, head_name: null } });
        }
        if (given.bind && given.card) draft.bind = given.card;
        const photos = await taken(page, draft.id, given.photos ?? []);
        const hold = given.hold ? page.browser.now() + 5000 : 0;
        const records = page.draft.toRecords(draft, photos, me.id, page.browser.now()).map((record) => ({ ...record, hold_until: hold }));
        return save(page, given, records, { photos, fact: { key: "draft", value: null } });
      });
    }),

  // Mends one of my visits, wherever this phone knows it from.
  mend: (given) =>
    deed(given, async (page) => {
      const data = await known(page);
      if (!data.me) return {};
      const mine = page.views.allVisits(data, data.offset).filter((v) => v.author === data.me.id && v.state !== "approved" && v.state !== "held");
      const visit = pick(mine, given.visit);
      if (!visit) return {};
      const draft = { ...page.draft.mend(visit, data.records), people: given.people };
      const kept = [];
      for (const sha256 of draft.photos) {
        const bytes = await page.photos.bytesOf(sha256);
        if (bytes) kept.push({ sha256, bytes, type: "image/jpeg", visit: draft.id });
      }
      const records = page.draft.toRecords(draft, kept, data.me.id, page.browser.now());
      return save(page, given, records, { photos: kept, fact: { key: "draft", value: null }, mended: draft.mended });
    }),

  withdraw: (given) =>
    deed(given, async (page) => {
      const data = await known(page);
      if (!data.me) return {};
      const mine = page.views.allVisits(data, data.offset).filter((v) => v.author === data.me.id && v.state !== "approved");
      const visit = pick(mine, given.visit);
      if (!visit) return {};
      page.undoing = visit.id;
      arm(page, given);
      if (await page.outbox.undo(visit.id)) return { undone: [visit.id] };
      const { id } = page.draft.begin("", "list", null, null);
      return save(page, given, [{ id, kind: "visit.withdraw", schema: 1, author: data.me.id, made_at: page.browser.now(), payload: { visit: visit.id } }]);
    }),

  decide: (given) =>
    deed(given, async (page) => {
      const data = await known(page);
      const led = new Set((data.me?.villages ?? []).filter((v) => v.led).map((v) => v.id));
      const waiting = page.views.allVisits(data, data.offset).filter((v) => v.state === "waiting" && led.has(v.village) && v.author !== data.me.id && v.record?.state !== "ready");
      const chosen = given.visits === "all" ? waiting : [pick(waiting, given.visits)].filter(Boolean);
      if (!chosen.length) return {};
      const { id } = page.draft.begin("", "list", null, null);
      const made_at = page.browser.now();
      const payload = {
        visits: chosen.map((v) => ({ visit: v.id, flags: v.flags })), verdict: given.verdict,
        reason_code: given.verdict === "approve" ? null : "wrong_result", reason: "",
      };
      return save(page, given, [{ id, kind: "review.decide", schema: 1, author: data.me.id, made_at, hold_until: made_at + (given.hold ? 5000 : 0), payload }]);
    }),

  // A leader's word on a household met at the door: right as it is, or one that is known already.
  confirm: (given) =>
    deed(given, async (page) => {
      const data = await known(page);
      const led = new Set((data.me?.villages ?? []).filter((v) => v.led).map((v) => v.id));
      const homes = [...data.households.values()].filter((h) => led.has(h.village));
      const fresh = pick(homes.filter((h) => h.new), given.household);
      const into = pick(homes.filter((h) => !h.new && h.village === fresh?.village), given.household);
      if (!fresh || (given.merge && !into)) return {};
      const { id } = page.draft.begin("", "list", null, null);
      const word = given.merge ? { into: into.id } : { number: `${fresh.number}B`, head_name: null };
      const payload = { household: fresh.id, ...word };
      return save(page, given, [{ id, kind: "household.confirm", schema: 1, author: data.me.id, made_at: page.browser.now(), payload }]);
    }),

  // Takes back the newest thing that is still in its undo window, if it is not on its way.
  undo: (given) =>
    deed(given, async (page) => {
      const last = (await page.outbox.list()).filter((r) => r.hold_until > page.browser.now() && r.state === "ready").at(-1);
      if (!last) return {};
      page.undoing = last.id;
      arm(page, given);
      return (await page.outbox.undo(last.id)) ? { undone: [last.id] } : { late: last.id };
    }),

  // Lets pages sync at once, over roads with these faults; one whose answer hangs goes on when it is released.
  async send({ pages, faults = [], kill = 0 }) {
    const opened = [];
    for (const [phone, tab] of pages) {
      const browser = browsers.get(phone);
      const page = await browser.open(tab);
      opened.push(page);
      browser.road.plan = [...faults];
      arm(page, { kill: pages.length === 1 ? kill : 0 });
    }
    for (const page of opened) page.browser.road.counts = {};
    await Promise.all(opened.map((page) => (page.dead ? null : Promise.race([kicked(page), page.died]))));
    for (const page of opened) {
      page.killAt = 0;
      page.browser.road.plan = [];
    }
    return { written: opened.some(({ browser }) => browser.road.counts.POST || browser.road.counts.PATCH), dead: opened.map((p) => p.place).filter(Boolean) };
  },

  async release({ phone }) {
    const browser = browsers.get(phone);
    await browser.road.release();
    for (const tab of browser.tabs.values()) await tab.quiet();
    return {};
  },

  // All that a phone holds, as it stands.
  look: (given) =>
    on(given, async (page) => {
      const data = await known(page);
      const rows = (map) => [...map.values()];
      return {
        me: data.me ?? null, records: data.records, photos: data.photos, households: rows(data.households), cards: rows(data.cards),
        visits: rows(data.visits), epoch: await page.db.getFact("epoch"), cursor: await page.db.getFact("cursor"),
        phase: page.sync.current().phase, owing: page.waiting.photosWaiting(data).map((p) => p.sha256),
      };
    }),

  async pictures({ photos }) {
    const list = [];
    for (const photo of photos) {
      const digest = await crypto.subtle.digest("SHA-256", bytesOf(photo));
      list.push(Buffer.from(digest).toString("hex"));
    }
    return list;
  },
};

async function kicked(page) {
  page.sync.kick();
  await page.quiet();
}
