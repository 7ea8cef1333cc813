// Phones that can be killed: a page runs its own copies of the real modules of fieldapp/device over a storage that
// outlives it. Every write to the storage, every end of a transaction that may write and both ends of every call to the
// server is a place to die: what was not committed is gone, and no further line of the page runs. A death between two of
// them leaves behind what the one before leaves, so reads are none of them; with KILLS=all they are, to see that it is so.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

const ROOT = new URL("../../", import.meta.url);
const DEVICE = new URL("fieldapp/device/", ROOT).href;
const MODULES = ["db", "outbox", "photos", "sync", "slots", "state", "recording", "joining", "draft", "leaving", "api", "reviewing", "picturing", "sparing", "store"];
const GLOBALS = ["fetch", "addEventListener", "indexedDB", "navigator", "location", "document", "setTimeout", "clearTimeout", "BroadcastChannel", "matchMedia", "localStorage", "createImageBitmap", "OffscreenCanvas", "console"];
const LIFE = /[?&]life=(\d+)/;
const REACT = "export const useSyncExternalStore = (_, get) => get(); export const useEffect = () => {}; export const useRef = (first) => ({ current: first }); export const useState = (first) => [first, () => {}]; export const Fragment = \"fragment\"; export const createElement = (type, props, ...children) => ({ type, props, children });";
const lives = new Map();
globalThis.worldOf = (number) => lives.get(number).world;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "react") return { url: "stub:react", format: "module", shortCircuit: true };
    if (specifier.startsWith("$/public/")) return { url: `stub:${specifier.slice(9)}`, format: "module", shortCircuit: true };
    const found = next(specifier, context);
    const life = LIFE.exec(context.parentURL ?? "");
    return life && found.url.startsWith("file:") && !LIFE.test(found.url) ? { ...found, url: `${found.url}?life=${life[1]}` } : found;
  },
  load(url, context, next) {
    if (url === "stub:react") return { format: "module", source: REACT, shortCircuit: true };
    if (url.startsWith("stub:")) return { format: "module", source: `export default ${readFileSync(new URL(`assets/${url.slice(5)}`, ROOT), "utf8")}`, shortCircuit: true };
    const loaded = next(url, context);
    const life = LIFE.exec(url);
    return life ? { ...loaded, source: `const { ${GLOBALS} } = globalThis.worldOf(${life[1]});${loaded.source}` } : loaded;
  },
});

const EVERYWHERE = process.env.KILLS === "all";
const READS = new Set(["get", "getAll", "getAllKeys", "getKey"]);
const never = () => new Promise(() => {});
const owners = new WeakMap();
const wrapped = new WeakMap();
const { IDBDatabase, IDBIndex, IDBObjectStore, IDBRequest, IDBTransaction } = globalThis;
const Target = Object.getPrototypeOf(IDBRequest.prototype);
const { addEventListener: listen, removeEventListener: unlisten } = Target;

Target.addEventListener = function (type, callback, options) {
  const page = owners.get(this);
  if (!page || typeof callback !== "function") return listen.call(this, type, callback, options);
  const heard = (event) => {
    if (!page.dead && !(type === "complete" && page.reach("the end of a transaction", this.mode === "readonly"))) callback.call(this, event);
  };
  wrapped.set(callback, heard);
  return listen.call(this, type, heard, options);
};
Target.removeEventListener = function (type, callback, options) {
  return unlisten.call(this, type, wrapped.get(callback) ?? callback, options);
};
for (const { prototype } of [IDBObjectStore, IDBIndex]) {
  for (const name of ["add", "put", "get", "getAll", "getAllKeys", "getKey", "delete", "clear"].filter((one) => one in prototype)) {
    const real = prototype[name];
    prototype[name] = function (...args) {
      const page = owners.get((this.transaction ?? this.objectStore.transaction).db);
      if (page && (page.dead || page.reach(`${name} ${this.name}`, READS.has(name)))) return new IDBRequest();
      const request = real.apply(this, args);
      if (page) owners.set(request, page);
      return request;
    };
  }
}
const { transaction: begin } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (...args) {
  const page = owners.get(this);
  if (page?.dead) return ghost(this);
  const transaction = begin.apply(this, args);
  if (page) {
    owners.set(transaction, page);
    page.transactions.add(transaction);
  }
  return transaction;
};

// The transaction of a page that is dead: it takes everything and never answers.
function ghost(db) {
  const transaction = Object.assign(Object.create(IDBTransaction.prototype), { db, listeners: [], objectStoreNames: [] });
  const store = Object.assign(Object.create(IDBObjectStore.prototype), { transaction });
  store.index = () => Object.assign(Object.create(IDBIndex.prototype), { objectStore: store });
  transaction.objectStore = () => store;
  return transaction;
}

export class Phone {
  constructor(server) {
    Object.assign(this, { server, factory: new IDBFactory(), locks: new Map(), channels: new Set(), cookies: {}, page: null, connection: undefined });
  }

  // Opens the app, as the shell does. The page before it is gone, however it ended.
  async open(killAt = 0) {
    this.page?.kill();
    this.page = new Page(this);
    this.page.killAt = killAt;
    await Promise.race([this.page.start(), this.page.died]);
    return this.page;
  }

  // Another tab beside the page, opened by the app's own start; `world` is what is different in it.
  async tab(world = {}) {
    const page = new Page(this);
    Object.assign(page.world, world);
    await page.load();
    page.starting = page.store.start((path) => page.went.push(path));
    await page.quiet();
    return page;
  }
}

class Page {
  constructor(phone) {
    Object.assign(this, { phone, number: lives.size + 1, dead: false, points: 0, stirred: 0, killAt: 0, place: "", transactions: new Set(), connections: new Set(), went: [], faults: [], timers: [], heard: [] });
    this.world = this.#world();
    this.died = new Promise((done) => (this.announce = done));
    lives.set(this.number, this);
  }

  async load() {
    for (const name of MODULES) this[name] = await import(`${DEVICE}${name}.js?life=${this.number}`);
  }

  async start() {
    await this.load();
    this.api.speakFor(await this.slots.enter());
    await this.state.load([...this.state.MAPS, "records", "photos", "facts", "people"]);
    this.state.held.draft = (await this.db.getFact("draft")) ?? null;
    this.state.held.navigate = (path) => this.went.push(path);
    this.db.onChange((stores) => this.state.refresh(stores));
    this.state.derive();
  }

  // What a screen brings along: its own module of the phone's world.
  async bring(name) {
    this[name] = await import(`${DEVICE}${name}.js?life=${this.number}`);
    await this.quiet();
    return this[name];
  }

  get actions() {
    return { ...this.recording.recording, ...this.joining.joining, ...this.reviewing.reviewing, ...this.picturing.picturing, ...this.sparing.sparing };
  }

  reach(place, reads = false) {
    if (this.dead) return true;
    this.stirred += 1;
    if (reads && !EVERYWHERE) return false;
    this.points += 1;
    if (this.points !== this.killAt) return false;
    this.place = place;
    this.kill();
    return true;
  }

  kill() {
    if (this.dead) return;
    this.dead = true;
    for (const one of this.transactions) if (one._state !== "finished") IDBTransaction.prototype._abort.call(one, "AbortError");
    for (const one of this.connections) one.close();
    this.announce();
  }

  // Does `work` to its end or to the death of the page at its n-th point; with n 0 it lives. Gives the points passed.
  async run(work, n = 0) {
    [this.points, this.killAt] = [0, n];
    await Promise.race([Promise.resolve(work(this)), this.died]);
    await this.quiet();
    this.killAt = 0;
    return this.points;
  }

  // What the system tells the page: that it is looked at again.
  tell(type) {
    for (const [one, listener] of this.heard) if (one === type) listener();
    return this.quiet();
  }

  // Until nothing that was begun goes on: storage in memory answers within some turns of the event loop.
  async quiet() {
    for (let [still, before] = [0, -1]; still < 5; still = this.stirred === before ? still + 1 : 0) {
      before = this.stirred;
      await new Promise((done) => setImmediate(done));
    }
  }

  #world() {
    const page = this;
    const { phone } = this;
    const adopt = (request) => {
      for (const type of ["upgradeneeded", "success"]) {
        listen.call(request, type, () => {
          owners.set(request.result, page);
          page.connections.add(request.result);
          if (!request.transaction) return;
          owners.set(request.transaction, page);
          page.transactions.add(request.transaction);
          if (page.dead) IDBTransaction.prototype._abort.call(request.transaction, "AbortError");
        });
      }
      owners.set(request, page);
      return request;
    };
    const locks = {
      async request(name, work) {
        if (page.dead) return never();
        while (phone.locks.get(name) && !phone.locks.get(name).page.dead) await phone.locks.get(name).done;
        const done = Promise.resolve().then(work);
        phone.locks.set(name, { page, done: done.catch(() => {}) });
        return done.finally(() => phone.locks.delete(name));
      },
      query: async () => ({ pending: [] }),
    };
    return {
      indexedDB: { open: (...args) => (page.dead ? new IDBRequest() : adopt(phone.factory.open(...args))) },
      navigator: {
        onLine: true, locks, userAgent: "",
        get connection() {
          return phone.connection;
        },
      },
      location: { pathname: "/m/", assign: (path) => page.went.push(path), reload: () => page.went.push("reload") },
      document: { addEventListener: (type, listener) => page.heard.push([type, listener]), documentElement: {}, visibilityState: "visible" },
      matchMedia: () => ({ matches: false }),
      addEventListener() {},
      setTimeout: (...timer) => page.timers.push(timer),
      clearTimeout: (number) => delete page.timers[number - 1],
      BroadcastChannel: class {
        constructor() {
          this.page = page;
          phone.channels.add(this);
        }
        postMessage(message) {
          for (const other of phone.channels) if (other !== this && !other.page.dead) setImmediate(() => other.onmessage?.({ data: message }));
        }
      },
      localStorage: { getItem: () => null, setItem() {} },
      console: { ...console, error: (error) => page.faults.push(error) },
      createImageBitmap: async (source) => ({ source, width: 8, height: 8, close() {} }),
      OffscreenCanvas: class {
        getContext = () => ({ drawImage: ({ source }) => (this.source = source) });
        convertToBlob = async () => new Blob([await this.source]);
      },
      async fetch(url, options) {
        const place = `${options.method} ${url}`;
        if (page.dead || page.reach(`${place}, before it is sent`)) return never();
        const answer = await phone.server.answer(phone, options.method, url.replace("/api/v1/", ""), options);
        if (page.dead || page.reach(`${place}, before its answer`)) return never();
        return answer;
      },
    };
  }
}
