"""What stands in the head of every page: no socket on phone screens, the worker's registration, the phone's text
size (before anything is drawn), colours, icons.

A browser that lacks what a phone screen needs is sent to the plain page, which runs without modules and new syntax. So
is an app's own browser, which the server turns away as well, where the page came out of a copy that it had kept. An
offer to install comes before the modules have loaded, and is kept for whoever asks for it.
"""

import json

import reflex as rx

from fieldapp.domain.browser import IN_APP

_FIT = f"""
if (/^[/]m([/]|$)/.test(location.pathname) && (new RegExp({json.dumps(IN_APP.pattern)}).test(navigator.userAgent) ||
    !(window.isSecureContext && window.indexedDB && navigator.serviceWorker && window.CSS && CSS.supports &&
    CSS.supports("color", "color-mix(in srgb, red, red)")))) {{
  location.replace("/browser/" + location.hash);
}}
"""
_SCRIPT = """
if (location.pathname.startsWith("/m")) {
  const { dataset } = document.documentElement;
  const write = () => { try { dataset.text = localStorage.getItem("toso-text") ?? ""; } catch {} };
  write();
  addEventListener("storage", write);
  document.cookie = "backend-enabled=false;path=/m;max-age=31536000;samesite=lax";
  const register = () => navigator.serviceWorker.register("/sw.js", { scope: "/m" });
  if ("serviceWorker" in navigator) addEventListener("load", register);
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    window.installOffer = event;
    dispatchEvent(new Event("install-offer"));
  });
}
"""


def head() -> list[rx.Component]:
    """The path-scoped cookie must be set before the modules load, since the socket would open there."""
    return [
        rx.el.script(_FIT),
        rx.el.script(_SCRIPT),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.link(rel="icon", href="/icons/favicon-48.png", type="image/png"),
        rx.el.link(rel="apple-touch-icon", href="/icons/app-192.png"),
        rx.el.meta(name="theme-color", content="#0b5d50"),
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
    ]
