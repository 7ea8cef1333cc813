"""Scenario 16 to its end: what a phone reported is answered, passed up and solved, and the team reads it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.cli.sample.accounts import SAMPLE_PASSWORD
from tests import build
from tests.e2e.people import DESK, PHONE, Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_screens import LOOKS, look_at, sample
from tests.services.test_village_work import trouble

__all__ = ["sample"]


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def sit_down(browser: Browser, server: Server, username: str, password: str = build.PASSWORD) -> Person:
    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(username)
    desk.page.get_by_label("Mật khẩu").fill(password)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".desk-main .figure").first).to_be_visible(timeout=30_000)
    return desk


def do(desk: Person, deed: str, words: str, send: str) -> None:
    """Chooses a deed, writes and sends, with keys alone."""
    way = desk.page.get_by_role("group", name="Việc tiếp theo").get_by_role("button", name=deed)
    way.focus()
    desk.page.keyboard.press("Enter")
    expect(way).to_have_attribute("aria-pressed", "true")
    desk.page.get_by_label("Nội dung", exact=False).last.focus()
    desk.page.keyboard.type(words)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("status").get_by_text(send)).to_be_visible()


def test_16_what_a_team_reported_is_answered_passed_up_and_solved(server: Server, browser: Browser) -> None:
    world = server.do(build.world)
    member = Person.arrive(browser, server.origin, PHONE)
    member.join(invitation(server, world.member.id))
    server.do(lambda db: build.send(db, world.member, trouble(world.member, world.village)))

    desk = sit_down(browser, server, world.commune_officer.username)
    desk.page.get_by_role("link", name="Vướng mắc").click()
    desk.page.get_by_role("button", name="Sóng, mạng").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".side-panel")).to_contain_text("Mất sóng")
    do(desk, "Trả lời tổ", "Đã báo nhà mạng", "Đã trả lời")
    expect(desk.page.locator(".side-panel .bars li")).to_have_count(2)
    do(desk, "Ghi ý kiến", "Gọi lại nhà mạng sáng mai", "Đã ghi ý kiến")
    do(desk, "Chuyển cấp trên", "Xã không làm được", "Đã chuyển lên tỉnh")

    above = sit_down(browser, server, world.province_officer.username)
    above.page.get_by_role("link", name="Vướng mắc").click()
    above.page.get_by_role("button", name="Sóng, mạng").click()
    do(above, "Báo đã giải quyết", "Nhà mạng đã lắp thêm trạm", "Đã ghi là đã giải quyết")

    page = member.open("/m/difficulties/")
    card = page.locator("article", has_text="Sóng, mạng")
    expect(card).to_contain_text("Nhà mạng đã lắp thêm trạm", timeout=60_000)
    for words in ("Đã báo nhà mạng", "Chuyển cấp trên", "Xã không làm được", "Đã giải quyết"):
        expect(card).to_contain_text(words)
    expect(card).not_to_contain_text("sáng mai")
    member.picture("scenario-16-answered")
    assert (member.errors, desk.errors, above.errors) == ([], [], [])


def test_the_board_and_the_calendar_in_every_look(server: Server, browser: Browser, sample: int) -> None:
    found = []
    desk = sit_down(browser, server, "xa.21484", SAMPLE_PASSWORD)
    desk.open("/desk/difficulties/")
    expect(desk.page.locator("tbody tr").first).to_be_visible(timeout=30_000)
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-difficulties", *look)]
    # One that the commune itself handles: the first may be the province's by now.
    ours = desk.page.locator("tbody tr", has_text=re.compile("Đang xử lý|Mới báo"))
    ours.locator(".link").first.click()
    expect(desk.page.locator(".side-panel")).to_be_visible()
    desk.button(re.compile("Đổi hạn xử lý")).click()
    expect(desk.page.get_by_label("Hạn mới")).to_be_visible()
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-difficulties-panel", *look)]
    above = sit_down(browser, server, "tinh", SAMPLE_PASSWORD)
    for name, ready in (("difficulties", "tbody tr"), ("calendar", ".columns li")):
        above.open(f"/desk/{name}/")
        expect(above.page.locator(ready).first).to_be_visible(timeout=30_000)
        found += [fault for look in LOOKS for fault in look_at(above.page, f"desk-province-{name}", *look)]
    assert not found, "\n".join(found)
    assert (desk.errors, above.errors) == ([], [])
