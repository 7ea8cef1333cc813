"""The people of an end-to-end test: phones in real Chromium, each with its own storage, watched for what they ask."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, WebSocket, expect

from fieldapp.config import ROOT
from tests.e2e.browser import find_or_install

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
PICTURES = ROOT / "docs" / "screens"


def launch(playwright: Playwright, clip: Path | None = None) -> Browser:
    """A browser; with a clip, its camera shows that film."""
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    if clip is not None:
        camera.append(f"--use-file-for-fake-video-capture={clip.resolve()}")
    return playwright.chromium.launch(executable_path=str(find_or_install()), args=[*FLAGS, *camera])


IN_CHARGE = """() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller
    ?? new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done))).then(() => true)"""
"""Until the service worker serves the page. Asked for as a whole: to poll, Playwright would need `eval` in the page."""

IN_STORE = """(words) => new Promise((done) => {
    indexedDB.open("toso").onsuccess = ({ target: { result: db } }) => {
        const look = () => {
            const reading = db.transaction("facts").objectStore("facts").getAll();
            const found = () => JSON.stringify(reading.result).includes(words);
            reading.onsuccess = () => (found() ? (db.close(), done(true)) : look());
        };
        look();
    };
})"""
"""Until the facts of the phone's store hold these words: a thumb is slower than a script that closes the app."""


@dataclass
class Person:
    """Somebody with a phone (or at a desk): a browser context and the page that is open in it."""

    context: BrowserContext
    origin: str
    page: Page
    sockets: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def arrive(cls, browser: Browser, origin: str, viewport: dict[str, int] = PHONE, **options) -> "Person":
        usual = {"viewport": viewport, "locale": "vi-VN", "timezone_id": "Europe/Lisbon"}
        context = browser.new_context(**usual | options)
        person = cls(context, origin, context.new_page())
        context.on("request", person._asked)
        person._watch(person.page)
        return person

    def _watch(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(self.origin):
            self.foreign.append(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket.url)

    def open(self, path: str) -> Page:
        self.page.goto(self.origin + path)
        return self.page

    def close_and_reopen(self, path: str) -> Page:
        """Closes the page as a person closes an app, and opens it anew in the same storage."""
        self.page.close()
        self.page = self.context.new_page()
        self._watch(self.page)
        return self.open(path)

    def write(self, label: str, words: str) -> None:
        """Fills in a field of a form, until the phone's store has it."""
        self.page.get_by_label(label).fill(words)
        self.page.evaluate(IN_STORE, words)

    def join(self, link: str) -> None:
        self.page.goto(link)
        self.page.get_by_role("button", name="Tham gia").click()
        expect(self.page).to_have_url(re.compile(r"/m/$"))
        expect(self.pill).to_have_text("Đã gửi hết")
        self.page.evaluate(IN_CHARGE)

    def picture(self, name: str) -> None:
        """Keeps a picture of the screen where pictures are asked for (SCREENS=1)."""
        if os.environ.get("SCREENS"):
            self.page.screenshot(path=PICTURES / f"{name}.png")

    def lose_network(self) -> None:
        self.context.set_offline(True)

    def find_network(self) -> None:
        self.context.set_offline(False)

    @property
    def pill(self):
        """The sync pill: what the phone still holds."""
        return self.page.locator(".sync-pill")

    def button(self, name: str | re.Pattern[str]):
        return self.page.get_by_role("button", name=name)
