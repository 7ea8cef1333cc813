"""A province at a glance: the map by keys, mouse and finger; a view that is sent; the same on paper."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from fieldapp.cli.seed import seed
from fieldapp.db import Database
from tests.e2e.people import DESK, PHONE, PICTURES, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_first_load import Wire
from tests.e2e.test_screens import LOOKS, look_at, sign_in

PAPER = {"width": 720, "height": 1000}
MOST_BYTES = 350_000
"""Of the page with its charts, as it comes over the network for the first time."""


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


@pytest.fixture
def origin(server: Server) -> str:
    async def fill(_: Database) -> None:
        await seed("xs", progress=False)

    server.do(fill)
    return server.origin


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def said(page: Page) -> Locator:
    return page.locator(".map-said [role='status']")


def middle(mark: Locator) -> tuple[float, float]:
    mark.scroll_into_view_if_needed()
    box = mark.locator("circle").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def look(desk: Person, name: str) -> list[str]:
    return [fault for seen in LOOKS for fault in look_at(desk.page, name, *seen)]


def weigh(browser: Browser, desk: Person, query: str = "") -> int:
    """Bytes of the first load for who is signed in at `desk`, in a browser that holds the session and nothing else."""
    newcomer = Person.arrive(browser, desk.origin, DESK, storage_state=desk.context.storage_state())
    wire = Wire(newcomer.context.new_cdp_session(newcomer.page))
    newcomer.page.goto(f"{desk.origin}/desk/{query}", wait_until="networkidle")
    expect(newcomer.page.locator(".figure").first).to_be_visible()
    newcomer.context.close()
    return wire.bytes


def test_a_province_is_seen_on_a_map_sent_as_an_address_and_printed(browser: Browser, origin: str) -> None:
    desk = Person.arrive(browser, origin, DESK, permissions=["clipboard-read", "clipboard-write"])
    sign_in(desk, "tinh")
    page = desk.page
    page.get_by_role("link", name="Bản đồ").press("Enter")
    expect(page.locator(".mark")).to_have_count(96)
    assert 0 < weigh(browser, desk, "?look=map") <= MOST_BYTES
    found = look(desk, "desk-province-map")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]

    # By keys: one stop of the way through the page, arrows within, Enter opens, the browser's way back.
    expect(page.locator(".mark[tabindex='0']")).to_have_count(1)
    page.get_by_role("button", name="Lọc").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".mark:focus")).to_have_count(1)
    page.keyboard.press("End")
    page.keyboard.press("Home")
    here = page.locator(".mark:focus").get_attribute("aria-label") or ""
    assert re.search(r": [\d.]+ lượt đã duyệt · đã hỗ trợ [\d,]+ trên 100 hộ · \d+/\d+ thôn đã gửi hôm nay", here)
    expect(said(page)).to_have_text(here)
    page.keyboard.press("ArrowLeft")
    expect(said(page)).not_to_have_text(here)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text(here.split(":")[0])
    page.go_back()
    expect(page.locator(".mark")).to_have_count(96)

    # By mouse a circle says what it is before it is opened.
    island = page.get_by_role("link", name=re.compile("Lý Sơn"))
    page.mouse.move(*middle(island))
    expect(said(page)).to_contain_text("Đặc khu Lý Sơn")
    page.get_by_role("link", name="Phía đông").click()
    expect(page.locator(".mark")).to_have_count(56)

    page.get_by_role("button", name="Sao chép liên kết").click()
    expect(page.get_by_text("Đã sao chép liên kết")).to_be_visible()
    link = str(page.evaluate("navigator.clipboard.readText()"))
    found += on_paper(page, link)
    assert not found, "\n".join(found)
    assert desk.errors == []
    theirs_alone(browser, origin, link)
    with_a_finger(browser, origin, link)


def on_paper(page: Page, link: str) -> list[str]:
    """White ground also for who reads in the dark, no ways to elsewhere, when and where it was."""
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    for part in (".desk-nav", ".filters", ".overview-finds", ".map-said"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.get_by_text(link)).to_be_visible()
    expect(page.get_by_text(re.compile(r"tính đến \d\d:\d\d"))).to_be_visible()
    expect(page.locator(".unit-map")).to_be_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if os.environ.get("SCREENS"):
        page.screenshot(path=PICTURES / "desk-province-map-print.png", full_page=True)
    page.emulate_media(media="screen", color_scheme="light")
    return [] if ground == "rgb(255, 255, 255)" else [f"paper is {ground}"]


def theirs_alone(browser: Browser, origin: str, link: str) -> None:
    """Somebody of a commune opens what the province sent: refused by name, nothing shown."""
    commune = Person.arrive(browser, origin, DESK)
    sign_in(commune, "xa.21484")
    commune.page.goto(link)
    expect(commune.page.get_by_role("alert")).to_be_visible()
    expect(title(commune.page)).to_have_text("Tổng quan")
    expect(commune.page.locator(".figure")).to_have_count(0)


def with_a_finger(browser: Browser, origin: str, link: str) -> None:
    phone = Person.arrive(browser, origin, PHONE, has_touch=True)
    sign_in(phone, "tinh")
    page = phone.page
    page.goto(link)
    expect(page.get_by_role("link", name="Phía đông")).to_have_attribute("aria-current", "true")
    expect(page.locator(".mark")).to_have_count(56)
    page.touchscreen.tap(*middle(page.get_by_role("link", name=re.compile("Lý Sơn"))))
    expect(said(page)).to_contain_text("Đặc khu Lý Sơn")
    page.wait_for_load_state("networkidle")
    expect(title(page)).to_have_text("Tỉnh Quảng Ngãi")
    assert page.url == link, "the first tap chooses and does not open"
    page.get_by_role("button", name="Mở", exact=True).tap()
    expect(title(page)).to_have_text("Đặc khu Lý Sơn")

    # Days of one's own are folded away, and stay open where they are what is shown.
    expect(page.get_by_label("Từ ngày")).to_be_hidden()
    page.get_by_text("Chọn ngày khác").tap()
    page.get_by_label("Từ ngày").fill("2026-03-02")
    page.get_by_label("Đến ngày").fill("2026-03-05")
    page.get_by_role("button", name="Xem", exact=True).tap()
    expect(page.get_by_text("02/03/2026 – 05/03/2026", exact=True)).to_be_visible()
    expect(page.get_by_label("Từ ngày")).to_be_visible()
    assert phone.errors == []
