"""A random share of a clean day is not approved in one tap: it comes first, and waits for a look of its own."""

import os

import pytest
from playwright.sync_api import Playwright, expect

from fieldapp.config import ROOT
from fieldapp.db import Database
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation


@pytest.fixture
def given(given: dict[str, str]) -> dict[str, str]:
    return given | {"FIELDAPP_SPOT_CHECK_PERCENT": "5"}


def test_a_random_share_of_the_clean_visits_is_looked_at_one_by_one(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)

    async def a_clean_day(db: Database) -> None:
        records = []
        for home in world.households:
            card = await build.card(db, world.village, home)
            scanned = {"identified_by": "scan", "card": card.address, "mode": "community_house"}
            records.append(build.visit(world.member, home, **scanned))
        assert {answer["result"] for answer in await build.send(db, world.member, *records)} == {"created"}

    server.do(a_clean_day)
    browser = launch(playwright)
    leader = Person.arrive(browser, server.origin)
    leader.join(invitation(server, world.leader.id))
    leader.open("/m/review/")
    kept_back = leader.page.locator("article", has_text="Kiểm tra ngẫu nhiên")
    expect(kept_back.first).to_be_visible()
    singly = kept_back.count()
    if os.environ.get("SCREENS"):
        for theme in ("light", "dark"):
            leader.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            leader.page.screenshot(path=ROOT / "docs" / "screens" / f"phone-spot-check-{theme}-360.png")
    leader.button(f"Duyệt {len(world.households) - singly} phiếu sạch").click()
    expect(leader.pill).to_have_text("Đã gửi hết", timeout=60_000)
    expect(kept_back).to_have_count(singly)
    for left in range(singly, 0, -1):
        kept_back.first.get_by_role("button", name="Duyệt").click()
        expect(kept_back).to_have_count(left - 1)
    assert (leader.errors, leader.foreign, leader.sockets) == ([], [], [])
    browser.close()
