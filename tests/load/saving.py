"""From the tap on "Quét thẻ" to "Đã lưu trên máy", by a script at the pace of a person, without server and network."""

import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Playwright, expect

from tests import build
from tests.e2e.film import card_on, film_of, page_image
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation, officer
from tests.load.figures import Figure, print_figures

PACE, FINGER = 1.35, 0.25
"""Seconds before a tap: for somebody who knows the screen to look and decide (Card, Moran and Newell's M), and for a
finger that knows the way."""

SLOWER = 4
ROUNDS = 3
SECONDS, FIRST_SYNC_SECONDS = 8, 2
TAPS = (("button", "VNEID"), ("button", "Tự sử dụng được"), ("button", "Lưu"))


def measure(playwright: Playwright, server: Server, folder: Path) -> list[Figure]:
    """One platform, no photo; the card stands before the fake camera, tilted and a little blurred, from the start."""
    world = server.do(build.world)
    desk = officer(server, world.commune_officer.username, build.PASSWORD)
    sheet = desk.post("/api/v1/cards/sheets", json={"village": world.village.id, "kind": "known"})
    folder.mkdir()
    film = film_of(card_on(page_image(sheet.content), column=0, row=1), folder / "card.mjpeg")
    browser = launch(playwright, film)
    member = Person.arrive(browser, server.origin, permissions=["camera"])
    member.join(invitation(server, world.member.id))
    server.kill()
    member.lose_network()
    member.close_and_reopen("/m/")
    member.context.new_cdp_session(member.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    waits = [_save(member, PACE) for _ in range(ROUNDS + 1)][1:]
    quick = [_save(member, FINGER) for _ in range(ROUNDS)]
    browser.close()
    name = f"scan to saved at human pace, CPU {SLOWER} times slower"
    swift = f"scan to saved at {FINGER * 1000:.0f} ms a tap, CPU {SLOWER} times slower"
    figures = [
        Figure(f"{name}, median of {ROUNDS}", median(waits), "s", SECONDS),
        Figure("of it, the person's looking and deciding", PACE * len(TAPS), "s"),
        Figure(f"{swift}, median of {ROUNDS}", median(quick), "s", SECONDS),
    ]
    print_figures("Recording", figures)
    return figures


def _save(member: Person, pace: float) -> float:
    member.page.goto(f"{member.origin}/m/")
    scan = member.page.get_by_role("link", name="Quét thẻ", exact=True)
    expect(scan).to_be_visible()
    started = time.perf_counter()
    scan.click()
    expect(member.page.get_by_text("Đã quét thẻ")).to_be_visible()
    for role, name in TAPS:
        time.sleep(pace)
        member.page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]
    expect(member.page.get_by_text("Đã lưu trên máy")).to_be_visible()
    return time.perf_counter() - started
