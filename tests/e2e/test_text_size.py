"""The size of the phone's text: chosen on Tôi, kept by the phone, and there before any module has run."""

from playwright.sync_api import Page, Playwright, expect

from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation


def pixels(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).fontSize")


def test_a_size_is_kept_and_stands_before_anything_is_drawn(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    phone = Person.arrive(browser, server.origin)
    phone.join(invitation(server, world.member.id))
    phone.open("/m/me/")
    expect(phone.button("Vừa")).to_have_attribute("aria-pressed", "true")
    assert pixels(phone.page) == "17px"
    for name, size in (("Lớn", "20px"), ("Rất lớn", "23px")):
        phone.page.get_by_role("button", name=name, exact=True).click()
        expect(phone.page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
        assert pixels(phone.page) == size
    phone.lose_network()
    phone.close_and_reopen("/m/")
    expect(phone.page.get_by_role("heading", name="Hôm nay", exact=True)).to_be_visible()
    assert pixels(phone.page) == "23px"

    # The same storage on a page whose modules never come: what is painted first is as large.
    stopped = Person.arrive(
        browser, server.origin, storage_state=phone.context.storage_state(), service_workers="block"
    )
    stopped.context.route("**/*.js*", lambda route: route.abort())
    stopped.open("/m/households/")
    assert pixels(stopped.page) == "23px"
    assert phone.errors == []
    browser.close()
