"""Scenario 7: a member opens the link inside Zalo; a banner says where to go, and nothing can be recorded there."""

import re

from playwright.sync_api import Page, Playwright, expect

from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_browser_page import ZALO

BANNER = "Mở bằng trình duyệt để dùng ngoại tuyến"
FACEBOOK = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21F90 "
    "[FBAN/FBIOS;FBAV/470.0.0.38.109;FBDV/iPhone13,2]"
)


def nothing_is_recorded_here(page: Page) -> None:
    expect(page.get_by_role("heading", name=BANNER)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Lưu|Tham gia|VNEID"))).to_have_count(0)
    expect(page.locator("form, textarea, input:not([readonly])")).to_have_count(0)
    assert page.evaluate("indexedDB.databases().then((found) => found.length)") == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_scenario_7_a_link_opened_inside_zalo_leads_to_a_browser(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    link = invitation(server, world.member.id)
    for agent in (ZALO, FACEBOOK):
        person = Person.arrive(browser, server.origin, user_agent=agent)
        person.page.goto(link)
        nothing_is_recorded_here(person.page)
        expect(person.page.get_by_label("Liên kết của bạn")).to_have_value(link)
        for path in ("/m/", "/m/record/", "/m/households/"):
            nothing_is_recorded_here(person.open(path))
        assert (person.errors, person.sockets, person.foreign) == ([], [], [])
        person.picture("scenario-7")
        person.context.close()

    # The same invitation, opened where it can work: looking at it inside Zalo has not used it up.
    person = Person.arrive(browser, server.origin)
    person.join(link)

    # A page that comes out of a copy which the browser kept never asks the server; it turns itself away.
    cdp = person.context.new_cdp_session(person.page)
    cdp.send("Network.setUserAgentOverride", {"userAgent": ZALO})
    kept: list[str] = []
    person.page.on("response", lambda answer: answer.from_service_worker and kept.append(answer.url))
    person.page.goto(f"{server.origin}/m/record/", wait_until="commit")
    person.page.wait_for_url(re.compile("/browser/"))
    assert f"{server.origin}/m/record/" in kept
    expect(person.page.get_by_role("heading", name=BANNER)).to_be_visible()
    browser.close()
