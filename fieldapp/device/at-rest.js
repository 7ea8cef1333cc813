// What of a person's storage is closed while a PIN guards it: all that was pulled, what records say, pictures, open forms.
// Keys of rows stay as they are, and of records what the sender orders them by. `pin-key.js` has the cipher.
const ROWS = ["households", "cards", "visits", "activities", "difficulties", "groups", "comments"];
const SPARED = new Set([...ROWS, "photo_bytes"]);
const FACTS = new Set(["me", "draft", "forms", "report_words", "targets", "tasks", "reports", "announcements", "contacts", "commune_group", "materials"]);

// Somebody wants to store what a PIN closes, and this page does not hold its key (any more).
export class Locked extends Error {
  kind = "locked";
}

const json = (value) => new TextEncoder().encode(JSON.stringify(value));
const parsed = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const filled = (detail) => Object.keys(detail ?? {}).length > 0;
const told = ({ visit, household }, kind) => (kind === "household.add" ? { household } : visit ? { visit } : {});

const row = {
  isSecret: () => true,
  close: (value, key) => ({ id: value.id, box: key.close(json(value), String(value.id)) }),
  open: ({ id, box }, key) => parsed(key.open(box, String(id))),
};
const WAYS = {
  ...Object.fromEntries(ROWS.map((name) => [name, row])),
  records: {
    isSecret: () => true,
    close: ({ payload, ...rest }, key) => ({ ...rest, payload: told(payload, rest.kind), box: key.close(json(payload), rest.id), ...(filled(rest.detail) && { detail: {}, answer: key.close(json(rest.detail), rest.id) }) }),
    open: ({ box, answer, ...rest }, key) => ({ ...rest, payload: parsed(key.open(box, rest.id)), ...(answer && !filled(rest.detail) && { detail: parsed(key.open(answer, rest.id)) }) }),
  },
  photo_bytes: {
    isSecret: () => true,
    close: (bytes, key, name) => ({ box: key.close(new Uint8Array(bytes), name) }),
    open: ({ box }, key, name) => key.open(box, name).buffer,
  },
  facts: {
    isSecret: (value, name) => FACTS.has(name) && value !== null,
    close: (value, key, name) => ({ box: key.close(json(value), name) }),
    open: ({ box }, key, name) => parsed(key.open(box, name)),
  },
};
export const CLOSED_STORES = Object.keys(WAYS);
export const isClosed = (value) => value?.box !== undefined;

// Whether a row lies otherwise than the lock asks.
export const isAmiss = (name, value, at, lock) => value !== undefined && (lock.off ? isClosed(value) : !isClosed(value) && WAYS[name].isSecret(value, at));

// A store as its users know it: what goes in is closed where `lock` stands, what comes out is opened where this page holds
// the `key`; without one it comes as it lies there, and may be put back so.
export function face(name, store, lock, key) {
  const way = WAYS[name];
  if (!way || !(lock || key)) return store;
  const open = (value, at) => {
    if (!key || !isClosed(value)) return value;
    try {
      return way.open(value, key, at);
    } catch (error) {
      // The phone's own storage has spoilt it. What can be pulled again, or is given up so without a PIN too, is not there.
      if (!SPARED.has(name)) throw error;
      return undefined;
    }
  };
  const close = (value, at) => {
    if (!lock || lock.off || isClosed(value) || !way.isSecret(value, at)) return value;
    if (key?.id !== lock.id) throw new Locked("locked");
    return way.close(value, key, at);
  };
  const all = async (found) => (await found).map((value) => open(value)).filter((value) => value !== undefined);
  return {
    raw: store,
    get: async (at) => open(await store.get(at), at),
    getAll: (...range) => all(store.getAll(...range)),
    getKey: (at) => store.getKey(at),
    getAllKeys: (...range) => store.getAllKeys(...range),
    put: (value, ...at) => store.put(close(value, ...at), ...at),
    add: (value, ...at) => store.add(close(value, ...at), ...at),
    delete: (at) => store.delete(at),
    clear: () => store.clear(),
    index: (by) => ({ getAll: (...range) => all(store.index(by).getAll(...range)) }),
  };
}
