"""A phone that has been carried for a year: how it starts, how its roster is searched, how a day is approved on it."""

import re
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import perf_counter

from playwright.sync_api import Playwright, expect

from fieldapp.db import Database
from fieldapp.domain.vn_time import VIETNAM, vn_day
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation
from tests.load.figures import Figure, print_figures
from tests.load.screens import MARKED, SLOWER, USABLE

HOUSEHOLDS, VISITS, PHOTOS, ROUNDS = 1_600, 5_000, 300, 5
CLEAN, TAPS = 30, 3

FILL = """async ([households, visits, photos]) => {
    const db = await new Promise((done) => { indexedDB.open("toso").onsuccess = (e) => done(e.target.result); });
    const get = (store) => new Promise((done) => {
        db.transaction(store).objectStore(store).getAll().onsuccess = (e) => done(e.target.result);
    });
    const [[home], [visit]] = [await get("households"), await get("visits")];
    const stores = ["households", "cards", "visits", "photos", "photo_bytes"];
    const transaction = db.transaction(stores, "readwrite");
    const put = (store, ...given) => transaction.objectStore(store).put(...given);
    for (let n = 0; n < households; n++) {
        const id = `home-${n}`;
        put("households", { ...home, id, number: `${n + 100}`, head: `Đinh Thị Mỹ Duyên ${n}` });
        put("cards", { id: n + 100000, household: id, village: home.village, state: "bound", hash: id, short: id });
    }
    for (let n = 0; n < visits; n++) {
        const made_at = visit.made_at - (n % 180) * 86400000;
        const day = new Date(made_at + 25200000).toISOString().slice(0, 10);
        const named = n % 3 ? [] : [{ sha256: `photo-${n}`, bytes: 150000, type: "image/jpeg", state: "ready" }];
        const more = { household: `home-${n % households}`, photos: named, made_at, day };
        put("visits", { ...visit, id: `visit-${n}`, ...more, state: n % 50 ? "approved" : "waiting" });
    }
    for (let n = 0; n < photos; n++) {
        const sent = [`visit-${n}`];
        put("photos", { sha256: `photo-${n}`, type: "image/jpeg", bytes: 150000, visits: sent, done: sent });
        put("photo_bytes", new ArrayBuffer(150000), `photo-${n}`);
    }
    await new Promise((done) => { transaction.oncomplete = done; });
    db.close();
}"""

SEARCH = """async (typed) => {
    const input = document.querySelector("input[type=search]");
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    const began = performance.now();
    setter.call(input, typed);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - began;
}"""


def measure(playwright: Playwright, server: Server) -> list[Figure]:
    world = server.do(build.world)
    server.do(lambda db: build.send(db, world.member, build.visit(world.member, world.households[0])))
    server.do(lambda db: _clean_day(db, world))
    browser = launch(playwright)
    phone, leader = (Person.arrive(browser, server.origin) for _ in range(2))
    phone.join(invitation(server, world.member.id or 0))
    leader.join(invitation(server, world.leader.id or 0))
    phone.page.evaluate(FILL, [HOUSEHOLDS, VISITS, PHOTOS])
    server.kill()
    starts = _starts(phone)
    searches = _searches(phone)
    taps, wait = _approve(leader)
    browser.close()
    slower = f"CPU {SLOWER} times slower"
    figures = [
        Figure(f"start with {VISITS:,} visits, {slower}, median of {ROUNDS}", median(starts), "ms", 1_500),
        Figure(f"start with {VISITS:,} visits, longest", max(starts), "ms"),
        Figure(f"a letter of a search in {HOUSEHOLDS:,} households, {slower}, median", median(searches), "ms", 100),
        Figure(f"a letter of a search, longest of {len(searches)}", max(searches), "ms", 100),
        Figure(f"approving {CLEAN} clean visits, from Hôm nay", taps, "taps", TAPS),
        Figure("approving them, from the first tap to the word that it is done", wait, "ms"),
    ]
    print_figures("A full phone", figures)
    return figures


def _slow(phone: Person) -> None:
    phone.lose_network()
    phone.context.new_cdp_session(phone.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _starts(phone: Person) -> list[float]:
    """The first start, which nobody counts, makes the browser's own copies of the scripts."""
    phone.page.add_init_script(MARKED)
    _slow(phone)
    starts = []
    for _ in range(ROUNDS + 1):
        phone.page.reload(wait_until="commit")
        starts.append(phone.page.evaluate(USABLE))
    return starts[1:]


def _searches(phone: Person) -> list[float]:
    """From a letter to the frame after the list that it leaves."""
    phone.open("/m/households/")
    expect(phone.page.locator("main ul.list li").first).to_be_visible()
    return [phone.page.evaluate(SEARCH, typed) for typed in ("d", "du", "duy", "duyen 15", "", "1599", "dinh", "my")]


async def _clean_day(db: Database, world: build.World) -> None:
    """Visits of yesterday, a quarter of an hour apart, each with the card of its household."""
    morning = datetime.combine(vn_day(datetime.now(UTC)) - timedelta(days=1), time(8), VIETNAM)
    visits = []
    for n in range(CLEAN):
        home = await build.household(db, world.village, str(100 + n))
        card = await build.card(db, world.village, home)
        made_at = build.millis(morning + timedelta(minutes=15 * n))
        scanned = {"identified_by": "scan", "card": card.address, "made_at": made_at}
        visits.append(build.visit(world.second_member, home, **scanned))
    await build.send(db, world.second_member, *visits)


def _approve(leader: Person) -> tuple[int, float]:
    """How many taps it takes, and how many milliseconds of waiting for the phone they hold."""
    leader.close_and_reopen("/m/")
    expect(leader.pill).to_be_visible()
    _slow(leader)
    taps = [
        leader.page.get_by_role("link", name=re.compile("^Duyệt")),
        leader.button(f"Duyệt {CLEAN} phiếu sạch"),
    ]
    began = perf_counter()
    for tap in taps:
        tap.click()
    expect(leader.page.get_by_text(f"Đã duyệt {CLEAN} phiếu")).to_be_visible()
    return len(taps), (perf_counter() - began) * 1000
