// A phone: one storage, one set of cookies, one clock, and the pages open on it. A page runs the real modules of
// fieldapp/device, each page its own copy of them, and can be killed where storage, network or a lock is waited for.
import { IDBFactory } from "fake-indexeddb";
import { registerHooks } from "node:module";
import { pullAway, storageFor } from "./storage.js";

const DEVICE = new URL("../../../fieldapp/device/", import.meta.url).href;
const GLOBALS = ["fetch", "indexedDB", "navigator", "Date", "setTimeout", "clearTimeout", "BroadcastChannel", "addEventListener", "document", "location", "console"];
const MODULES = ["db", "outbox", "sync", "photos", "draft", "views", "waiting"];
const PAGE = /[?&]page=(\d+)/;
const pages = new Map();
const PATIENCE = 120000;
let opened = 0;

// Every module that a page imports is loaded anew for it, with that page's own world in the place of the globals.
globalThis.worldOfPage = (number) => pages.get(number).world;
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const mine = PAGE.exec(context.parentURL ?? "");
    return mine && found.url.startsWith("file:") && !PAGE.test(found.url) ? { ...found, url: `${found.url}?page=${mine[1]}` } : found;
  },
  load(url, context, next) {
    const mine = PAGE.exec(url);
    const loaded = next(url, context);
    return mine ? { ...loaded, source: `const { ${GLOBALS} } = globalThis.worldOfPage(${mine[1]});${loaded.source}` } : loaded;
  },
});

const never = () => new Promise(() => {});
const rest = () => new Promise((done) => setTimeout(done, 1));
const turn = () => new Promise((done) => setImmediate(done));

export class Browser {
  constructor(name, road, cookie) {
    Object.assign(this, { name, road, cookie, factory: new IDBFactory(), skew: 0, tabs: new Map(), locks: new Map() });
  }

  async open(name) {
    const old = this.tabs.get(name);
    if (old && !old.dead) return old;
    const tab = new Tab(this, ++opened);
    this.tabs.set(name, tab);
    await tab.start();
    return tab;
  }

  now() {
    return Date.now() + this.skew;
  }

  // Web Locks: one holder a name over all pages; a page that dies lets go.
  lock(tab, name, work) {
    if (tab.dead) return never();
    return new Promise((resolve, reject) => {
      const queue = this.locks.get(name) ?? [];
      this.locks.set(name, queue);
      queue.push({ tab, run: () => Promise.resolve().then(work).then(resolve, reject) });
      tab.busy += 1;
      if (queue.length === 1) this.#next(name);
    });
  }

  async waiting() {
    return { pending: [...this.locks].flatMap(([name, queue]) => queue.slice(1).map(() => ({ name }))) };
  }

  #next(name) {
    const [first] = this.locks.get(name);
    first?.run().finally(() => this.#drop(name, first));
  }

  #drop(name, entry) {
    const queue = this.locks.get(name);
    const place = queue.indexOf(entry);
    if (place < 0) return;
    queue.splice(place, 1);
    entry.tab.busy -= 1;
    if (place === 0) this.#next(name);
  }

  forget(tab) {
    for (const [name, queue] of this.locks) for (const entry of queue.filter((one) => one.tab === tab)) this.#drop(name, entry);
  }
}

export class Tab {
  constructor(browser, number) {
    Object.assign(this, { browser, number, dead: false, places: 0, killAt: 0, busy: 0, asked: 0, place: "" });
    Object.assign(this, { transactions: new Set(), connections: new Set(), channels: new Set(), status: null });
    this.died = new Promise((done) => (this.announceDeath = done));
    this.world = this.#world();
    pages.set(number, this);
  }

  async start() {
    for (const name of MODULES) this[name] = await import(`${DEVICE}${name}.js?page=${this.number}`);
  }

  // Says whether the page is dead from here on: each thing that it waits for is a place to die.
  reached(place) {
    if (this.dead) return true;
    this.places += 1;
    if (this.places !== this.killAt) return false;
    this.place = place;
    this.kill();
    return true;
  }

  kill() {
    if (this.dead) return;
    this.dead = true;
    pullAway(this);
    this.browser.forget(this);
    pages.delete(this.number);
    this.announceDeath();
  }

  // Until nothing that was begun goes on, the page hangs on the network, or it is dead.
  async quiet() {
    const until = Date.now() + PATIENCE;
    for (let still = 0; still < 6 && !this.dead; ) {
      await (this.asked ? rest() : turn());
      const hanging = this.browser.road.hanging > 0;
      still = (hanging || (!this.busy && !this.asked)) && !this.transactions.size ? still + 1 : 0;
      if (Date.now() > until) throw new Error(`${this.browser.name} does not come to rest: ${this.busy} ${this.asked} ${this.transactions.size}`);
    }
  }

  #world() {
    const tab = this;
    const { browser } = this;
    class PageDate extends Date {
      constructor(...given) {
        super(...(given.length ? given : [browser.now()]));
      }
      static now() {
        return browser.now();
      }
    }
    class Channel {
      constructor(name) {
        this.name = name;
        tab.channels.add(this);
      }
      postMessage(data) {
        if (tab.dead) return;
        for (const other of browser.tabs.values()) {
          if (other === tab || other.dead) continue;
          for (const channel of other.channels) if (channel.name === this.name) setImmediate(() => other.dead || channel.onmessage?.({ data: structuredClone(data) }));
        }
      }
      close() {
        tab.channels.delete(this);
      }
    }
    return {
      fetch: (url, given) => tab.#fetch(url, given),
      indexedDB: storageFor(tab, browser.factory),
      navigator: { onLine: true, userAgent: "phone", locks: { request: (name, ...rest) => browser.lock(tab, name, rest.at(-1)), query: () => browser.waiting() } },
      Date: PageDate,
      // What a page puts off does not come by itself: histories say when it sends.
      setTimeout: () => 0,
      clearTimeout: () => {},
      BroadcastChannel: Channel,
      addEventListener: () => {},
      document: { visibilityState: "visible", addEventListener: () => {} },
      location: { pathname: "/m/", href: `${browser.road.origin}/m/`, origin: browser.road.origin, assign: () => {} },
      console: { ...console, error: () => {}, warn: () => {} },
    };
  }

  async #fetch(url, { method = "GET", body, headers = {} } = {}) {
    if (this.dead || this.reached(`${method} asked`)) return never();
    const { browser } = this;
    const content = body === undefined ? undefined : Buffer.from(body);
    const more = { Origin: browser.road.origin, Cookie: browser.cookie };
    if (content) more["Content-Length"] = String(content.length);
    this.asked += 1;
    try {
      const answer = await browser.road.carry({ method, path: String(url), headers: { ...headers, ...more }, body: content });
      return this.dead || this.reached(`${method} answered`) ? never() : answer;
    } catch (error) {
      return this.dead || this.reached(`${method} failed`) ? never() : Promise.reject(error);
    } finally {
      this.asked -= 1;
    }
  }
}
