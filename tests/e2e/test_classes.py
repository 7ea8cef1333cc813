"""A commune writes a class down, ticks a team with one press and by keys, and sees who is left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.cli.sample.accounts import SAMPLE_PASSWORD
from tests import build
from tests.e2e.people import launch
from tests.e2e.stage import Server
from tests.e2e.test_desk_difficulties import sit_down
from tests.e2e.test_platforms import press, write
from tests.e2e.test_screens import LOOKS, look_at, sample

__all__ = ["sample"]


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def test_a_team_is_ticked_and_the_rest_is_seen(server: Server, browser: Browser) -> None:
    world = server.do(build.world)
    desk = sit_down(browser, server, world.commune_officer.username)
    page = desk.page
    # Its button comes with what the page loads, so that no panel is opened before.
    desk.open("/desk/classes/")
    press(desk, desk.button("Thêm lớp"))
    write(desk, "Nội dung lớp", "Nộp hồ sơ trực tuyến")
    write(desk, "Nơi học", "Nhà văn hóa")
    press(desk, page.get_by_role("checkbox", name="DVC"), "Space")
    press(desk, desk.button("Lưu lớp"))
    expect(page.get_by_text("Đã lưu lớp Nộp hồ sơ trực tuyến")).to_be_visible()

    press(desk, desk.button("Điểm danh Nộp hồ sơ trực tuyến"))
    panel = page.locator(".side-panel")
    panel.get_by_role("combobox", name="Tổ", exact=True).select_option(world.team.name)
    press(desk, desk.button("Cả 4 người có mặt"))
    expect(panel.get_by_text("Đã lưu điểm danh, đổi 4 người")).to_be_visible()
    press(desk, panel.get_by_role("checkbox", name="Đinh Thị Lan"), "Space")
    press(desk, desk.button("Lưu điểm danh"))
    expect(panel.get_by_text("3 người đã dự")).to_be_visible()
    with page.expect_download() as sheet:
        panel.get_by_role("link", name="Tải Excel").click()
    assert sheet.value.path().read_bytes()[:2] == b"PK"

    press(desk, panel.get_by_role("button", name="Đóng", exact=True))
    press(desk, desk.button("Ai chưa dự lớp"))
    expect(page.get_by_text("2 người chưa dự lớp nào")).to_be_visible()
    assert desk.errors == []


def test_classes_in_every_look(server: Server, browser: Browser, sample: int) -> None:
    found = []
    desk = sit_down(browser, server, "xa.21484", SAMPLE_PASSWORD)
    desk.open("/desk/classes/")
    expect(desk.page.locator(".bars li").first).to_be_visible(timeout=30_000)
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-classes", *look)]
    desk.page.locator(".bars li", has_text="Xã Ba Tơ").get_by_role("button").first.click()
    expect(desk.page.locator(".side-panel .option").first).to_be_visible()
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-class-roster", *look)]
    desk.page.locator(".side-panel").get_by_role("button", name="Đóng", exact=True).click()
    desk.button("Ai chưa dự lớp").click()
    expect(desk.page.locator("tbody tr").first).to_be_visible()
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-classes-untaught", *look)]
    desk.open("/desk/teams/")
    desk.page.locator("details.team summary").first.click()
    desk.page.locator("details.team").first.get_by_role("button", name="Kỹ năng").first.click()
    expect(desk.page.locator(".side-panel .option").first).to_be_visible()
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-team-skills", *look)]
    assert not found, "\n".join(found)
    assert desk.errors == []
