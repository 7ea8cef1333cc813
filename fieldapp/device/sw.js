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

addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
