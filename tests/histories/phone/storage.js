// Storage in memory that can be pulled away from under a page: every request and every end of a transaction is a
// place where the page may be killed, and then what it had not committed is gone and no line of it runs again.
import "fake-indexeddb/auto";

const owners = new WeakMap();
const wrapped = new WeakMap();
const { IDBDatabase, IDBIndex, IDBObjectStore, IDBRequest, IDBTransaction } = globalThis;
const Target = Object.getPrototypeOf(IDBRequest.prototype);
const REQUESTS = ["add", "put", "get", "getAll", "getAllKeys", "getKey", "count", "delete", "clear", "openCursor", "openKeyCursor"];

// Listeners of a page that is dead hear nothing; the end of a transaction is a place to die as well.
const { addEventListener, removeEventListener } = Target;
Target.addEventListener = function (type, callback, options) {
  const tab = owners.get(this);
  if (!tab || typeof callback !== "function") return addEventListener.call(this, type, callback, options);
  const heard = (event) => {
    if (tab.dead || (type === "complete" && tab.reached("committed"))) return;
    callback.call(this, event);
  };
  wrapped.set(callback, heard);
  return addEventListener.call(this, type, heard, options);
};
Target.removeEventListener = function (type, callback, options) {
  return removeEventListener.call(this, type, wrapped.get(callback) ?? callback, options);
};

for (const { prototype } of [IDBObjectStore, IDBIndex]) {
  for (const name of REQUESTS.filter((name) => name in prototype)) {
    const original = prototype[name];
    prototype[name] = function (...args) {
      const transaction = this.transaction ?? this.objectStore.transaction;
      const tab = owners.get(transaction.db);
      if (!tab) return original.apply(this, args);
      if (tab.dead || tab.reached(`${name} ${this.name}`)) return new IDBRequest();
      const request = original.apply(this, args);
      owners.set(request, tab);
      return request;
    };
  }
}

const { transaction: begin } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (...args) {
  const tab = owners.get(this);
  if (tab?.dead) throw new Error("the page is gone");
  const transaction = begin.apply(this, args);
  if (tab) {
    owners.set(transaction, tab);
    tab.transactions.add(transaction);
    for (const end of ["complete", "abort"]) addEventListener.call(transaction, end, () => tab.transactions.delete(transaction));
  }
  return transaction;
};

// The door to a phone's storage as one page sees it.
export function storageFor(tab, factory) {
  const adopt = (request) => {
    if (request.result && !owners.has(request.result)) {
      owners.set(request.result, tab);
      tab.connections.add(request.result);
    }
    if (request.transaction && !owners.has(request.transaction)) owners.set(request.transaction, tab);
  };
  const ask = (request) => {
    for (const type of ["upgradeneeded", "success"]) addEventListener.call(request, type, () => adopt(request));
    owners.set(request, tab);
    return request;
  };
  return {
    open: (...args) => (tab.dead ? new IDBRequest() : ask(factory.open(...args))),
    deleteDatabase: (...args) => (tab.dead ? new IDBRequest() : ask(factory.deleteDatabase(...args))),
    databases: () => factory.databases(),
    cmp: (...args) => factory.cmp(...args),
  };
}

// What a killed page leaves: its transactions undone, its connections closed.
export function pullAway(tab) {
  for (const transaction of tab.transactions) if (transaction._state !== "finished") IDBTransaction.prototype._abort.call(transaction, "AbortError");
  for (const connection of tab.connections) connection.close();
}
