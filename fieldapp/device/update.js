// A new version of the app: noticed, offered, taken only when the person says so. Records are safe either way. When one
// tab has taken it, the others come along as soon as nobody is in the middle of something.

const worker = globalThis.navigator?.serviceWorker;
let due = false;
let busy = () => false;
let stored = async () => {};

// Calls `found` when a new version is stored and waits. `isBusy` says whether a reload would disturb, `settled` waits
// until all that was touched is stored.
export async function watch(found, isBusy, settled) {
  if (!worker) return;
  [busy, stored] = [isBusy, settled];
  // The first worker of all takes a page that has none: nothing is new then.
  let controlled = !!worker.controller;
  worker.addEventListener("controllerchange", () => {
    due ||= controlled;
    controlled = true;
    settle();
  });
  worker.addEventListener("message", ({ data, ports }) => data === "taken-over" && ports[0]?.postMessage("heard"));
  worker.startMessages?.();
  document.addEventListener("visibilitychange", settle);
  const registration = await worker.ready;
  if (registration.waiting) found();
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => fresh.state === "installed" && worker.controller && found());
  });
}

// Loads the new version if it was taken and nothing is in the way; called again at each way to another screen.
export async function settle() {
  if (!due || busy()) return;
  await stored();
  location.reload();
}

// Taken here and now, at the person's word.
export async function takeOver() {
  const registration = await worker.ready;
  busy = () => false;
  if (registration.waiting) registration.waiting.postMessage("take-over");
  else location.reload();
}
