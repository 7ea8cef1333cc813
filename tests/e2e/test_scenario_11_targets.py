"""Scenario 11: VNeID 120 for a quarter is given at the desk, taken on without network, seen, and shared out."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_screens import LOOKS, look_at

TODAY = vn_day(datetime.now(UTC))
QUARTER = (period(Length.QUARTER, TODAY).first.month + 2) // 3


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def look(person: Person, name: str) -> None:
    """A screen in every look, small and wide, light and dark."""
    width = person.page.viewport_size
    assert [fault for seen in LOOKS for fault in look_at(person.page, name, *seen)] == []
    person.page.emulate_media(color_scheme="light")
    person.page.set_viewport_size(width)  # type: ignore[arg-type]


def sign_in(browser: Browser, server: Server, username: str) -> Person:
    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".figure").first).to_be_visible()
    return desk


def give(page: Page) -> None:
    """By keyboard: a column, a number, saved by Enter from the last field."""
    page.get_by_label("Thêm nền tảng").select_option(label="VNEID")
    page.get_by_role("button", name="Thêm cột").press("Enter")
    fields = page.locator("input.grid-field")
    expect(fields).to_have_count(2)
    fields.first.focus()
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    expect(fields.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(fields.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu 1 ô chỉ tiêu")).to_be_visible()
    expect(page.locator("td").get_by_text("Đã giao, chưa nhận")).to_have_count(1)


def test_a_target_is_given_taken_on_without_network_and_shared_out(server: Server, browser: Browser) -> None:
    world: build.World = server.do(build.world)
    done = [build.visit(world.member, home, "VNEID") for home in world.households[:3]]
    server.do(lambda db: build.send(db, world.member, *done))
    leader = Person.arrive(browser, server.origin)
    leader.join(invitation(server, world.leader.id))

    desk = sign_in(browser, server, world.commune_officer.username)
    desk.page.get_by_role("link", name="Chỉ tiêu").click()
    expect(desk.page.get_by_role("heading", name=f"Quý {QUARTER} năm {TODAY.year}")).to_be_visible()
    give(desk.page)

    page = leader.open("/m/targets/")
    card = page.locator("section.card", has_text="VNEID")
    expect(card).to_contain_text("3 / 120 hộ")
    expect(card).to_contain_text("Cần thêm 117 hộ")
    leader.lose_network()
    page = leader.close_and_reopen("/m/targets/")
    card = page.locator("section.card", has_text="VNEID")
    card.get_by_role("button", name="Nhận chỉ tiêu").click()
    expect(card).to_contain_text("Đã nhận")
    expect(card).to_contain_text("Chờ gửi")
    card.get_by_role("button", name="Chia cho thành viên").click()
    page.get_by_label(world.member.full_name).fill("70")
    page.get_by_label(world.second_member.full_name).fill("40")
    expect(page.get_by_role("dialog")).to_contain_text("Đã chia 110 / 120 hộ")
    expect(page.get_by_role("dialog")).to_contain_text("còn 10 hộ")
    look(leader, "phone-target-split")

    # Killed before it is saved, the app opens where it was left.
    page = leader.close_and_reopen("/m/targets/")
    expect(page.get_by_label(world.member.full_name)).to_have_value("70")
    page.get_by_role("dialog").get_by_role("button", name="Lưu").click()
    card = page.locator("section.card", has_text="VNEID")
    expect(card).to_contain_text("Đã chia 110 / 120 hộ")
    look(leader, "phone-targets")
    leader.find_network()
    leader.open("/m/outbox/")
    leader.button("Gửi ngay").click()
    expect(leader.pill).to_have_text("Đã gửi hết", timeout=60_000)

    desk.page.reload()
    expect(desk.page.get_by_text(f"Đã nhận {written_day(TODAY)}")).to_be_visible()
    expect(desk.page.get_by_text("Đã nhận 1/1 chỉ tiêu giao xuống")).to_be_visible()
    look(desk, "desk-targets-grid")
    desk.page.get_by_role("button", name=world.team.name).click()
    panel = desk.page.locator(".side-panel")
    expect(panel).to_contain_text(world.leader.full_name)
    expect(panel).to_contain_text("chia cho thành viên")
    look(desk, "desk-targets-history")

    member = Person.arrive(browser, server.origin)
    member.join(invitation(server, world.member.id))
    member.page.get_by_role("navigation", name="Các màn hình chính").get_by_role("link", name="Chỉ tiêu").click()
    card = member.page.locator("section.card", has_text="VNEID")
    expect(card).to_contain_text("Phần của tôi: 70 hộ")
    card.get_by_role("link", name=re.compile("Xem 9 hộ chưa có")).click()
    expect(member.page.get_by_role("heading", name="Còn 9 hộ chưa có VNEID")).to_be_visible()
    assert (leader.errors, member.errors, desk.errors) == ([], [], [])


def test_a_task_goes_down_and_its_mark_comes_back(server: Server, browser: Browser) -> None:
    world: build.World = server.do(build.world)
    leader = Person.arrive(browser, server.origin)
    leader.join(invitation(server, world.leader.id))
    desk = sign_in(browser, server, world.commune_officer.username)
    page = desk.open("/desk/tasks/")
    page.get_by_label("Việc cần làm").fill("Vận động các hộ vào nhóm Zalo thôn")
    page.get_by_label("Hạn làm xong").fill((TODAY + timedelta(days=7)).isoformat())
    page.get_by_label("Giao cho").select_option(label=world.team.name)
    desk.button("Giao nhiệm vụ").click()
    expect(page.get_by_text("Đã giao nhiệm vụ")).to_be_visible()
    expect(page.locator("li.seat")).to_have_count(1)
    look(desk, "desk-tasks-given")

    page = leader.open("/m/targets/")
    card = page.locator("section.card", has_text="nhóm Zalo thôn")
    expect(card).to_contain_text("Chưa làm")
    leader.lose_network()
    card.get_by_role("button", name="Báo tiến độ").click()
    page.get_by_role("dialog").get_by_role("button", name="Đã xong").click()
    page.get_by_label("Ghi chú").fill("Đã vào đủ các hộ có điện thoại.")
    look(leader, "phone-task-mark")
    page.get_by_role("dialog").get_by_role("button", name="Lưu").click()
    expect(card).to_contain_text("Chờ gửi")
    leader.find_network()
    leader.open("/m/outbox/")
    leader.button("Gửi ngay").click()
    expect(leader.pill).to_have_text("Đã gửi hết", timeout=60_000)

    desk.page.reload()
    line = desk.page.locator("li.seat")
    expect(line).to_contain_text("Đã xong")
    expect(line).to_contain_text("Đã vào đủ các hộ có điện thoại.")
    assert (leader.errors, desk.errors) == ([], [])
