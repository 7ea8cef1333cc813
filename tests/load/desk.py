"""Every desk page on the M sample, for an officer of a commune and one of the province; and the search.

DESK_PICTURES=folder keeps a picture of every page in every look beside the figures.
"""

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Page, Playwright, WebSocket, expect

from fieldapp.cli.sample.accounts import PROVINCE_OFFICER
from fieldapp.cli.seed import seed
from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.reports.search import search
from fieldapp.services.accounts import get_by_username
from fieldapp.services.reference import old_commune_names
from models.account import Role
from models.base import utc_now
from models.unit import Unit
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_overview import MOST_BYTES as MOST_WEIGHT
from tests.e2e.test_overview import weigh
from tests.e2e.test_screens import LOOKS, faults, sign_in
from tests.load.figures import Figure, p95, print_figures, print_table

COMMUNE_OFFICER = "xa.21484"
ROUNDS = 3
QUIET_MS = 300
MOST_ROWS, MOST_BYTES = 50, 200_000
LONGEST_TABLE = "Math.max(0, ...[...document.querySelectorAll('.desk-main tbody')].map((body) => body.rows.length))"
"""A page may hold several tables, as the overview does."""

ASKED = (
    "ba to", "Ba Tơ", "nguyen van", "Nguyễn Văn", "thon 1", "hoa", "a", "dinh thi", "21484", "to cong nghe so", "tra",
    "sơn tây", "pham", "ho so 12", "tinh", "le thi hoa", "duc pho", "quang", "kon", "zzzz",
)  # fmt: skip


@dataclass
class Opening:
    """`usable` is in milliseconds: when the title stood and the last word of the server had come."""

    usable: float
    received: int
    rows: int


class Ear:
    """Hears what the server sends over the page's socket: when, and how many characters."""

    def __init__(self, page: Page) -> None:
        self.heard: list[tuple[float, int]] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        def frame(payload: str | bytes) -> None:
            if len(payload) > 3:  # What is shorter only says that both are there.
                self.heard.append((time.perf_counter(), len(payload.encode() if isinstance(payload, str) else payload)))

        socket.on("framereceived", frame)


def measure(playwright: Playwright, server: Server) -> list[Figure]:
    server.do(lambda _: seed("m", progress=False))
    browser = launch(playwright)
    figures: list[Figure] = []
    for username in (COMMUNE_OFFICER, PROVINCE_OFFICER):
        desk = Person.arrive(browser, server.origin, DESK)
        ear = Ear(desk.page)
        sign_in(desk, username)
        opened = {path: _open(desk, ear, path) for path in _ways(desk)}
        rows = [
            (path, f"{median(o.usable for o in times):.0f}", f"{max(o.usable for o in times):.0f}",
             f"{max(o.received for o in times):,}", str(max(o.rows for o in times)))
            for path, times in opened.items()
        ]  # fmt: skip
        print_table(f"Desk pages, {username}", ("page", "ms", "longest", "bytes", "rows"), rows)
        every = [one for times in opened.values() for one in times]
        figures += [
            Figure(
                f"slowest desk page, {username}", max(median(o.usable for o in t) for t in opened.values()), "ms", 1000
            ),
            Figure(f"most rows on a desk page, {username}", max(o.rows for o in every), "", MOST_ROWS),
            Figure(f"most that a desk page is sent, {username}", max(o.received for o in every), "bytes", MOST_BYTES),
        ]
        for look in ("table", "map") if username == PROVINCE_OFFICER else ("table",):
            weight = weigh(browser, desk, f"?look={look}")
            figures.append(Figure(f"first load of the overview as a {look}, {username}", weight, "bytes", MOST_WEIGHT))
        if folder := os.environ.get("DESK_PICTURES"):
            _look(desk, Path(folder), "desk" if username == COMMUNE_OFFICER else "desk-province", list(opened))
        desk.context.close()
    browser.close()
    figures += server.do(_search)
    print_figures("The desk on the M sample", figures)
    return figures


def _ways(desk: Person) -> list[str]:
    links = desk.page.locator(".desk-nav a[href^='/desk']").all()
    return [urlsplit(link.get_attribute("href") or "").path for link in links]


def _open(desk: Person, ear: Ear, path: str) -> list[Opening]:
    """Opened as officers do it, by the menu, from the page that was open before."""
    page, found = desk.page, []
    for _ in range(ROUNDS):
        page.locator(".desk-nav a[href='/desk/account/'], .desk-nav a[href='/desk/account']").first.click()
        _quiet(page, ear)
        before = len(ear.heard)
        link = page.locator(f".desk-nav a[href='{path}']").first
        start = time.perf_counter()
        link.click()
        expect(page.locator(".desk-main h1")).to_be_visible()
        shown = time.perf_counter()
        _quiet(page, ear)
        heard = ear.heard[before:]
        usable = max([shown, *(at for at, _ in heard)]) - start
        rows = page.evaluate(LONGEST_TABLE)
        found.append(Opening(usable * 1000, sum(size for _, size in heard), rows))
    return found


def _quiet(page: Page, ear: Ear) -> None:
    """Until the server has said nothing for a while."""
    since = time.perf_counter()
    while time.perf_counter() - max([since, *(at for at, _ in ear.heard[-1:])]) < QUIET_MS / 1000:
        page.wait_for_timeout(10)


def _look(desk: Person, folder: Path, whose: str, paths: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        desk.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        desk.open(path)
        expect(desk.page.locator(".desk-main h1")).to_be_visible()
        desk.page.wait_for_load_state("networkidle")
        for theme, size in LOOKS:
            desk.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            desk.page.set_viewport_size(size)  # type: ignore[arg-type]
            name = f"{whose}-{path.strip('/').partition('/')[2] or 'overview'}-{theme}-{size['width']}"
            desk.page.screenshot(path=folder / f"{name}.png")
            wide = desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            for fault in [*faults(desk.page, False), *([f"{wide} px too wide"] if wide > 0 else [])]:
                print(f"{name}: {fault}")


async def _search(db: Database) -> list[Figure]:
    waits = []
    today = vn_day(utc_now())
    async with db.read() as session:
        for username in (COMMUNE_OFFICER, PROVINCE_OFFICER):
            account = await get_by_username(session, username)
            unit = await session.get_one(Unit, account.unit_id)
            place = {"commune_id": unit.id} if account.role == Role.COMMUNE_OFFICER else {}
            who = Principal(account.role, "", account_id=account.id, **place)
            for query in ASKED * ROUNDS:
                start = time.perf_counter()
                await search(session, who, query, today, old_commune_names())
                waits.append((time.perf_counter() - start) * 1000)
                await asyncio.sleep(0)
    return [
        Figure("a search over everything, p95", p95(waits), "ms", 150),
        Figure("a search over everything, longest", max(waits), "ms"),
    ]
