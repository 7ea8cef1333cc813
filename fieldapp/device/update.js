// A new version of the app: noticed, offered, taken only when the person says so. Records are safe either way.

const worker = globalThis.navigator?.serviceWorker;

// Calls `found` when a new version is stored and waits.
export async function watch(found) {
  if (!worker) return;
  const registration = await worker.ready;
  if (registration.waiting) found();
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => fresh.state === "installed" && worker.controller && found());
  });
}

export async function takeOver() {
  const registration = await worker.ready;
  worker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting?.postMessage("take-over");
}
