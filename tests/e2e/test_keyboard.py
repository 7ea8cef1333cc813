"""Keys alone: every control is reached in the order of the screen, a visit is recorded, a sheet holds the focus."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation

HERE = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return "";
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return `${e.getAttribute("aria-label") ?? e.textContent}${seen ? "" : " (unseen)"}`;
}"""
CONTROLS = """() => [...document.querySelectorAll("a[href], button:not(:disabled), input, select, textarea")]
    .filter((e) => e.checkVisibility()).map((e) => e.getAttribute("aria-label") ?? e.textContent)"""

LATER = {"/m/me/": ("Khóa bằng mã PIN", "Cài Tổ Số ra màn hình chính")}
"""What comes to a screen as a piece of its own."""


@pytest.fixture
def phone(server: Server, playwright: Playwright) -> Iterator[Person]:
    world = server.do(build.world)
    browser = launch(playwright)
    person = Person.arrive(browser, server.origin)
    person.join(invitation(server, world.member.id or 0))
    person.close_and_reopen("/m/")
    expect(person.pill).to_have_text("Đã gửi hết")
    yield person
    assert person.errors == []
    browser.close()


def go_to(phone: Person, name: str) -> None:
    """Presses Tab until the control of this name has the focus; it must be seen that it has it."""
    for _ in range(80):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate(HERE) == name:
            return
    raise AssertionError(f"no way to {name}")


@pytest.mark.parametrize("path", ["/m/", "/m/households/", "/m/me/", "/m/texts/", "/m/team/"])
def test_keys_reach_every_control_in_the_order_of_the_screen(phone: Person, path: str) -> None:
    page = phone.open(path)
    expect(phone.page.locator(".sync-pill")).to_be_visible()
    for name in LATER.get(path, ()):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => true)")
    controls = page.evaluate(CONTROLS)
    reached = []
    for _ in controls:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(HERE))
    assert reached == controls


def test_a_visit_is_recorded_by_keys_alone(phone: Person) -> None:
    page = phone.page
    go_to(phone, "Chọn hộ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hộ gia đình", exact=True)).to_be_focused()
    expect(page).to_have_title("Hộ gia đình · Tổ Số")
    first = page.locator("main ul.list button").first
    go_to(phone, first.evaluate("(e) => e.textContent"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    go_to(phone, "Ghi nhận hỗ trợ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ghi nhận hỗ trợ")).to_be_focused()
    for name in ("VNEID", "Tự sử dụng được"):
        go_to(phone, name)
        page.keyboard.press("Space")
        expect(phone.button(name)).to_have_attribute("aria-pressed", "true")
    go_to(phone, "Lưu")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu trên máy")).to_be_visible()
    expect(page.get_by_role("heading", name="Hôm nay", exact=True)).to_be_focused()


def test_a_sheet_takes_the_focus_holds_it_and_gives_it_back(phone: Person) -> None:
    page = phone.open("/m/households/")
    opener = phone.button("Thêm hộ chưa có trong danh sách")
    opener.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_focused()
    for key, times in (("Tab", 9), ("Shift+Tab", 9)):
        for _ in range(times):
            page.keyboard.press(key)
            assert sheet.evaluate("(e) => e.contains(document.activeElement) && e !== document.activeElement")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(opener).to_be_focused()
