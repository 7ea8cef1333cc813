// The service worker: serves the shell of the phone screens from its own copy and touches nothing but GET.
// A new version waits until the page asks for it, so that no form is ever interrupted.
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

precacheAndRoute(self.__WB_MANIFEST, {
  cleanURLs: false,
  directoryIndex: "index.html",
  ignoreURLParametersMatching: [/^id$/, /^utm_/, /^zarsrc$/, /^v$/],
});
cleanupOutdatedCaches();

const shell = async ({ url }) =>
  (await matchPrecache(`${url.pathname.replace(/\/?$/, "/")}index.html`)) ?? (await matchPrecache("/m/index.html"));

registerRoute(new NavigationRoute(shell, { allowlist: [/^\/m(\/|$)/] }));

let taken = false;
addEventListener("message", (event) => {
  if (event.data !== "take-over") return;
  taken = true;
  self.skipWaiting();
});
addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
  if (taken) lead();
});

// Pages of a version that does not know how to follow are loaded anew; the others choose their moment themselves.
async function lead() {
  for (const client of await self.clients.matchAll({ type: "window" })) {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((done) => {
      port1.onmessage = () => done(true);
      setTimeout(done, 5000, false);
    });
    client.postMessage("taken-over", [port2]);
    answer.then((heard) => heard || client.navigate(client.url).catch(() => {}));
  }
}

// A notice comes with its words. Browsers want one shown for each, whatever came.
addEventListener("push", (event) => event.waitUntil(show(event.data)));

function show(content) {
  let said = {};
  try {
    said = content?.json() ?? {};
  } catch {
    // Not ours to read: the name alone is shown.
  }
  const { title = "Tổ Số", body = "", tag = "", to = "/m/" } = said;
  return self.registration.showNotification(title, { body, tag, data: { to }, lang: "vi", icon: "/icons/app-192.png", badge: "/icons/app-192.png" });
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(goTo(event.notification.data?.to ?? "/m/"));
});

// An open window comes to the front, and goes there unless a visit is being recorded in it.
async function goTo(path) {
  const to = new URL(path.startsWith("/m/") ? path : "/m/", self.location.origin);
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) return self.clients.openWindow(to);
  const shown = await open.focus().catch(() => open);
  const { pathname } = new URL(shown.url);
  return pathname === to.pathname || pathname.startsWith("/m/record") ? shown : shown.navigate(to).catch(() => {});
}
