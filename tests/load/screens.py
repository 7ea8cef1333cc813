"""What a phone screen costs to open: the bytes of the first load, and the time until an offline reload is of use."""

from statistics import median

from playwright.sync_api import Browser, Playwright, expect

from fieldapp.db import Database
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_first_load import BUDGET, Wire
from tests.load import field
from tests.load.figures import Figure, print_figures

SLOWER = 4
RELOADS = 5
VISITS = 60
MARKED = """
    const drawn = () => {
        if (!document.querySelector("main .hero") || !document.querySelector("main ul.list li")) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => performance.mark("usable")));
    };
    const watch = new MutationObserver(drawn);
    watch.observe(document, { childList: true, subtree: true });
"""
"""Marks the moment after the first frame that shows the day's list, which the device store alone can fill."""

USABLE = """new Promise((resolve) => {
    const look = (seen) => seen.getEntriesByName("usable").forEach((mark) => resolve(mark.startTime));
    new PerformanceObserver(look).observe({ type: "mark", buffered: true });
})"""


def measure(playwright: Playwright, server: Server) -> list[Figure]:
    """Bytes and requests of the first load of Hôm nay; milliseconds of a reload with neither server nor network.

    The phone holds 100 households with their cards, and 60 visits of its member, 20 of them of today.
    """
    member = server.do(_village_with_visits)
    browser = launch(playwright)
    phone = Person.arrive(browser, server.origin)
    phone.join(invitation(server, member))
    expect(phone.page.locator("main ul.list li")).to_have_count(20)
    wire = _first_load(browser, phone, server.origin)
    server.kill()
    phone.lose_network()
    waits = _reloads(phone)
    browser.close()
    name = f"offline reload to usable, CPU {SLOWER} times slower"
    figures = [
        Figure("first load of Hôm nay, on the wire", wire.bytes, "bytes", BUDGET),
        Figure("first load of Hôm nay, requests", wire.requests),
        Figure(f"{name}, median of {RELOADS}", median(waits), "ms", 1_000),
        Figure(f"{name}, longest", max(waits), "ms"),
    ]
    print_figures("Opening", figures)
    return figures


async def _village_with_visits(db: Database) -> int:
    phone = (await field.settle(db)).together[0]
    records = [phone.record(number) for number in range(VISITS - field.VISITS_A_DAY)]
    await build.send(db, phone.member, *records)
    today = [build.visit(phone.member, home) for home, _ in phone.homes[: field.VISITS_A_DAY]]
    await build.send(db, phone.member, *today)
    assert phone.member.id is not None
    return phone.member.id


def _first_load(browser: Browser, joined: Person, origin: str) -> Wire:
    """Of a phone that has the session and nothing else: the network is asked for every file."""
    newcomer = Person.arrive(browser, origin, storage_state=joined.context.storage_state())
    wire = Wire(newcomer.context.new_cdp_session(newcomer.page))
    newcomer.page.goto(f"{origin}/m/", wait_until="networkidle")
    expect(newcomer.page.get_by_role("heading", name="Hôm nay", exact=True)).to_be_visible()
    newcomer.context.close()
    return wire


def _reloads(phone: Person) -> list[float]:
    """The first reload, which nobody counts, makes the browser's own copies of the scripts."""
    phone.page.add_init_script(MARKED)
    phone.context.new_cdp_session(phone.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    waits = []
    for _ in range(RELOADS + 1):
        phone.page.reload(wait_until="commit")
        waits.append(phone.page.evaluate(USABLE))
    return waits[1:]
