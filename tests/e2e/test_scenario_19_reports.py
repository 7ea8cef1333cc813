"""Scenarios 19, 20, 21 and 24: a period from late villages to the province's sum, at the desk of three people."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.cli.sample.accounts import SAMPLE_PASSWORD
from fieldapp.db import Database
from fieldapp.services.reference import load_reference
from models.account import Account, Role
from models.period import MonthStyle, Period, ReportKind
from models.team import SeatRole
from tests import build
from tests.build import World
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_desk_difficulties import sit_down
from tests.e2e.test_screens import LOOKS, look_at, sample
from tests.paper_reader import docx_tables, docx_words, xlsx_rows
from tests.services.test_period_reports import TODAY, YESTERDAY, report
from tests.services.test_targets import ago

__all__ = ["sample"]
VILLAGES, SUBMITTED = 16, 14
HEAD = "Nguyễn Văn 7"


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


async def lay(db: Database) -> tuple[World, Account]:
    """Sixteen villages of a commune among 96: fourteen have reported, one with a number that was not seen so."""
    world = await build.world(db)
    async with db.write() as session:
        await load_reference(session)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    period = Period(
        id=1, unit_id=world.province.id or 0, kind=ReportKind.MONTH, month_style=MonthStyle.CALENDAR,
        first_day=YESTERDAY - timedelta(days=29), last_day=YESTERDAY,
        **dict.fromkeys(("village_due_on", "commune_due_on", "province_due_on"), TODAY + timedelta(days=3)),
    )  # fmt: skip
    async with db.write() as session:
        session.add(period)
    visits = [
        build.visit(world.member, home, "VNEID", "DVC", made_at=ago(days=4), people=3) for home in world.households[:7]
    ]
    await build.send(db, world.member, *visits)
    await build.send(db, world.leader, build.decision(world.leader, *(visit["id"] for visit in visits)))
    sides = [(world.village, world.team, world.leader), (world.next_village, world.next_team, world.next_leader)]
    for number in range(3, VILLAGES + 1):
        village = await build.village(db, world.commune, code=f"21172{number:03}", name=f"Thôn {number}")
        team = await build.team(db, world.commune, village)
        sides.append((village, team, await build.member(db, team, f"Hồ Văn {number}", SeatRole.LEADER)))
    for place, (village, team, leader) in enumerate(sides[:SUBMITTED]):
        odd = {"seen": {"25": 99}} if place == 1 else {}
        said = {"manual": {"03": 1}, "texts": {"difficulties": "Sóng yếu ở cuối thôn"}} | odd
        [answer] = await build.send(db, leader, report(leader, team.id, village, period, **said))
        assert answer["result"] == "created", answer
    return world, head


def open_reports(desk: Person) -> Any:
    desk.open("/desk/reports/")
    expect(desk.page.locator(".columns .seat").first).to_be_visible(timeout=30_000)
    return desk.page


def test_a_period_goes_from_its_villages_to_the_province(server: Server, browser: Browser, tmp_path: Path) -> None:
    world, head = server.do(lay)
    desk = sit_down(browser, server, world.commune_officer.username)
    page = open_reports(desk)
    shown = page.locator(".columns .seat")
    expect(shown).to_have_count(VILLAGES)
    # 19: two are late; they are reminded, and the same goes to Zalo as text.
    page.get_by_text("Nhắc 2 đơn vị chưa nộp").click()
    expect(page.locator(".message")).to_contain_text("Thôn 15, Thôn 16")
    page.get_by_role("button", name="Nhắc nộp", exact=True).click()
    expect(page.get_by_role("status").get_by_text("Đã nhắc 2 đơn vị")).to_be_visible()
    expect(shown.filter(has_text="Thôn 16")).to_contain_text("Đã nhắc lúc")
    # 20: what gives no reason to look closer is approved at once, the rest stays.
    desk.button("Duyệt tất cả báo cáo hợp lệ (13 báo cáo)").click()
    expect(page.get_by_role("status").get_by_text("Đã duyệt 13 báo cáo")).to_be_visible()
    page.get_by_role("button", name=re.compile("Chờ duyệt · 1")).click()
    expect(shown).to_have_count(1)
    shown.get_by_role("button", name="Xem báo cáo").click()
    panel = page.locator(".side-panel")
    expect(panel).to_contain_text("1 số khác lúc bấm nộp")
    panel.get_by_role("button", name="Duyệt báo cáo").click()
    expect(page.get_by_role("status").get_by_text("Đã duyệt 1 báo cáo")).to_be_visible()
    # 19: the commune's report may be made although two are missing, who are named.
    page.get_by_text("Tổng hợp từ các báo cáo đã duyệt").click()
    page.get_by_label("Kế hoạch kỳ tới").fill("Ra quân thứ Bảy hằng tuần")
    desk.button("Tổng hợp báo cáo").click()
    expect(page.get_by_role("status").get_by_text("Đã tổng hợp báo cáo")).to_be_visible()
    own = page.locator("section", has=page.get_by_role("heading", name="Báo cáo của xã"))
    expect(own).to_contain_text("Thiếu 2 đơn vị: Thôn 15, Thôn 16")

    chief = sit_down(browser, server, head.username)
    page = open_reports(chief)
    own = page.locator("section", has=page.get_by_role("heading", name="Báo cáo của xã"))
    own.get_by_role("button", name="Xem báo cáo").click()
    panel = page.locator(".side-panel")
    expect(panel).to_contain_text("14 lượt")
    panel.get_by_role("button", name="Ký duyệt báo cáo của xã").click()
    expect(own).to_contain_text("Đã duyệt")

    # 21: the paper has the numbers of the screen.
    taken = {}
    for words, kind in (("Văn bản Word", "docx"), ("Bảng tính Excel", "xlsx"), ("Bản in PDF", "pdf")):
        with page.expect_download() as download:
            own.get_by_role("link", name=words).click()
        taken[kind] = Path(download.value.path()).read_bytes()
    words = docx_words(taken["docx"])
    for said in ("Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "Thôn 15, Thôn 16", "Ra quân thứ Bảy hằng tuần"):
        assert said in words
    by_number = {row[0]: row for row in docx_tables(taken["docx"])[0]}
    assert (by_number["25"][4], by_number["26"][4], by_number["28"][4]) == ("14", "7", "0,0")
    assert [row[:8] for row in xlsx_rows(taken["xlsx"], 0, "TT") if row[0] == "25"] == [by_number["25"][:8]]
    assert taken["pdf"].startswith(b"%PDF")

    # 24: the province sees 96 units by region and state, numbers and no resident.
    above = sit_down(browser, server, world.province_officer.username)
    page = open_reports(above)
    expect(page.get_by_text("96 đơn vị", exact=False).first).to_be_visible()
    page.get_by_role("button", name=re.compile("Đã duyệt · 1")).click()
    expect(page.locator(".columns .seat")).to_have_count(1)
    page.get_by_role("button", name="Phía tây").click()
    expect(page.get_by_text("Không có báo cáo nào ở tình trạng này")).to_be_visible()
    page.get_by_role("button", name="Phía tây").click()
    page.locator(".columns .seat").get_by_role("button", name="Xem báo cáo").click()
    panel = page.locator(".side-panel")
    expect(panel).to_contain_text("14 lượt")
    assert HEAD not in page.content()
    assert world.member.full_name not in page.content()
    page.keyboard.press("Escape")
    page.get_by_text("Tổng hợp từ các báo cáo đã duyệt").click()
    above.button("Tổng hợp báo cáo").click()
    expect(page.get_by_role("status").get_by_text("Đã tổng hợp báo cáo")).to_be_visible()
    own = page.locator("section", has=page.get_by_role("heading", name="Báo cáo của tỉnh"))
    with page.expect_download() as download:
        own.get_by_role("link", name="Bảng tính Excel").click()
    province = xlsx_rows(Path(download.value.path()).read_bytes(), 0, "TT")
    commune = xlsx_rows(taken["xlsx"], 0, "TT")
    assert {row[0]: row[4] for row in province if row[0]} == {row[0]: row[4] for row in commune if row[0]}
    assert (desk.errors, chief.errors, above.errors) == ([], [], [])


def test_what_the_server_refuses_stays_in_its_form(server: Server, browser: Browser) -> None:
    """A request for a report that is due before it ends; mended, it is taken, and the form is empty."""
    world, _ = server.do(lay)
    desk = sit_down(browser, server, world.commune_officer.username)
    page = desk.open("/desk/periods/")
    asked = page.locator("section", has=page.get_by_role("heading", name="Yêu cầu báo cáo đột xuất"))
    names = "Nội dung báo cáo", "Từ ngày", "Đến ngày", "Hạn nộp"
    title, first, last, due = (asked.get_by_label(name, exact=True) for name in names)
    title.fill("Kết quả tháng hành động")
    first.fill(TODAY.isoformat())
    last.fill((TODAY + timedelta(days=9)).isoformat())
    due.fill((TODAY + timedelta(days=5)).isoformat())
    desk.button("Gửi yêu cầu").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(title).to_have_value("Kết quả tháng hành động")
    due.fill((TODAY + timedelta(days=12)).isoformat())
    desk.button("Gửi yêu cầu").click()
    expect(page.get_by_role("status").get_by_text("Đã gửi yêu cầu báo cáo")).to_be_visible()
    expect(title).to_have_value("")
    expect(page.locator(".columns .seat").first).to_contain_text("Kết quả tháng hành động")


def test_reports_and_periods_in_every_look(server: Server, browser: Browser, sample: int) -> None:
    found = []
    for username, prefix in (("xa.21484", "desk"), ("tinh", "desk-province")):
        desk = sit_down(browser, server, username, SAMPLE_PASSWORD)
        page = open_reports(desk)
        found += [fault for look in LOOKS for fault in look_at(page, f"{prefix}-reports", *look)]
        page.get_by_role("button", name="Xem báo cáo").first.click()
        expect(page.locator(".side-panel")).to_be_visible()
        found += [fault for look in LOOKS for fault in look_at(page, f"{prefix}-report-panel", *look)]
        desk.open("/desk/periods/")
        expect(page.locator(".columns .seat").first).to_be_visible()
        found += [fault for look in LOOKS for fault in look_at(page, f"{prefix}-periods", *look)]
        desk.open("/desk/indicators/")
        expect(page.get_by_role("heading", name="VI. Chung")).to_be_visible()
        found += [fault for look in LOOKS for fault in look_at(page, f"{prefix}-indicators", *look)]
        assert desk.errors == []
    assert not found, "\n".join(found)
