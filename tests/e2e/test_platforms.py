"""The province adds a platform with keys alone; a phone records it, without network also after it was stopped."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Playwright, expect

from fieldapp.cli.sample.accounts import SAMPLE_PASSWORD
from tests import build
from tests.e2e.people import PHONE, Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_desk_difficulties import sit_down
from tests.e2e.test_scenarios import record
from tests.e2e.test_screens import LOOKS, look_at, sample

__all__ = ["sample"]


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def press(person: Person, where: Locator, key: str = "Enter") -> None:
    where.focus()
    person.page.keyboard.press(key)


def write(person: Person, label: str, words: str) -> None:
    person.page.get_by_label(label).first.focus()
    person.page.keyboard.type(words)


def test_a_platform_of_the_province_reaches_phones_and_loses_nothing_when_it_is_stopped(
    server: Server, browser: Browser
) -> None:
    world = server.do(build.world)
    member = Person.arrive(browser, server.origin, PHONE)
    member.join(invitation(server, world.member.id))
    above = sit_down(browser, server, world.province_officer.username)
    above.open("/desk/platforms/")
    press(above, above.button("Thêm nền tảng"))
    write(above, "Tên ngắn trên máy", "Du lịch số")
    write(above, "Tên đầy đủ", "Du lịch số, đặt phòng")
    above.page.get_by_label("Trụ cột").select_option("economy")
    press(above, above.page.get_by_role("radio", name="Bản đồ"), "Space")
    press(above, above.page.locator(".side-panel").get_by_role("button", name="Lưu"))
    expect(above.page.get_by_text("Đã thêm nền tảng Du lịch số")).to_be_visible()

    press(above, above.button("Sửa Du lịch số"))
    press(above, above.page.locator("summary", has_text="Thêm bước"))
    write(above, "Tên bước", "Đặt phòng")
    above.page.keyboard.press("Enter")
    expect(above.page.locator(".side-panel ol")).to_contain_text("1. Đặt phòng")

    member.open("/m/outbox/")
    expect(member.pill).to_have_text("Đã gửi hết")
    record(member, "Nguyễn Văn 3", "Du lịch số")
    member.lose_network()
    record(member, "Nguyễn Văn 4", "Du lịch số")

    press(above, above.page.locator("summary", has_text="Ngừng dùng nền tảng"))
    press(above, above.page.locator(".side-panel").get_by_role("button", name="Ngừng dùng nền tảng"))
    expect(above.page.get_by_text("Đã ngừng dùng Du lịch số")).to_be_visible()
    member.find_network()
    member.open("/m/outbox/")
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    member.open("/m/")
    expect(member.page.locator("li", has_text="Nguyễn Văn 4")).to_contain_text("Du lịch số")
    member.open("/m/households/")
    member.page.get_by_role("searchbox").fill("Nguyễn Văn 5")
    member.page.locator("li button", has_text="Nguyễn Văn 5").first.click()
    member.button("Ghi nhận hỗ trợ").click()
    expect(member.page.locator(".tile", has_text="VNEID")).to_be_visible()
    expect(member.page.locator(".tile", has_text="Du lịch số")).to_have_count(0)
    assert (member.errors, above.errors) == ([], [])


def test_the_platforms_in_every_look(server: Server, browser: Browser, sample: int) -> None:
    found = []
    for username, name in (("xa.21484", "desk"), ("tinh", "desk-province")):
        desk = sit_down(browser, server, username, SAMPLE_PASSWORD)
        desk.open("/desk/platforms/")
        expect(desk.page.locator(".panels .panel").first).to_be_visible(timeout=30_000)
        found += [fault for look in LOOKS for fault in look_at(desk.page, f"{name}-platforms", *look)]
    desk.button("Sửa Gian hàng số").click()
    expect(desk.page.locator(".side-panel")).to_be_visible()
    desk.page.get_by_role("radio", name="Một số xã").check()
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-platform-panel", *look)]
    desk.page.locator(".side-panel").get_by_role("button", name="Đóng", exact=True).click()
    desk.button(re.compile("Đã ngừng dùng")).click()
    expect(desk.page.get_by_text("PC-Covid").first).to_be_visible()
    assert not found, "\n".join(found)
    assert desk.errors == []
