"""Scenarios 12 to 15: a period is over; the report is filled in and submitted without network, sent back, submitted
again, and shared; what comes late goes beside it and never into it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.target import Length, period
from fieldapp.services import targets
from fieldapp.services.indicators import load_indicators
from models.period import Period
from models.period_report import PeriodReport
from models.target import Measure
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_quick_report import NO_SHARE_SHEET, SHARE_SHEET, what_was_shared
from tests.e2e.test_screens import LOOKS, look_at
from tests.services.test_period_reports import YESTERDAY, decide, did, opened

REASON = "số hộ vượt tổng số hộ"
LEVEL_2 = [{"platform": "VNEID", "result": "installed", "steps": ["level2"]}]


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


async def month(db: Database) -> tuple[build.World, Period]:
    """A month that ended yesterday, with plans: three visits approved, another that waits."""
    world = await build.world(db)
    async with db.write() as session:
        await load_indicators(session)
    reported = await opened(db, world)
    await did(db, world, "DVC", people=2)
    await did(db, world, house=1, outcomes=LEVEL_2)
    await did(db, world, "DVC", "SSK", house=2)
    await build.send(db, world.member, build.visit(world.member, world.households[3], made_at=_ago(4)))
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        for measure, code, amount in ((Measure.PERSON, "VNEID", 40), (Measure.SUPPORT, "DVC", 25)):
            frame = targets.Frame(world.commune.id, period(Length.MONTH, YESTERDAY), measure)
            await targets.allot(session, officer, frame, [targets.Cell(world.team.id or 0, code, None, amount)])
    return world, reported


def _ago(days: int) -> int:
    return build.millis(datetime.now(UTC) - timedelta(days=days))


async def _versions(db: Database) -> list[PeriodReport]:
    async with db.read() as session:
        return list((await session.execute(select(PeriodReport).order_by(PeriodReport.__table__.c.number))).scalars())


def look(person: Person, name: str) -> None:
    """A screen in every look, small and wide, light and dark."""
    assert [fault for seen in LOOKS for fault in look_at(person.page, name, *seen)] == []
    person.page.emulate_media(color_scheme="light")
    person.page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]


def open_report(person: Person, reopen: bool = False) -> Page:
    page = person.close_and_reopen("/m/period/") if reopen else person.open("/m/period/")
    page.locator("main .list a").click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    return page


def test_a_report_is_filled_in_submitted_sent_back_and_submitted_again(server: Server, browser: Browser) -> None:
    world, _ = server.do(month)
    leader = Person.arrive(browser, server.origin)
    leader.join(invitation(server, world.leader.id))
    leader.lose_network()

    # Scenario 12: without network; filled from visits, each number opens them, and empty is not zero.
    page = leader.close_and_reopen("/m/")
    page.get_by_role("link", name=re.compile("^Báo cáo kỳ")).click()
    expect(page.locator("main .list")).to_contain_text("còn 3 ngày")
    look(leader, "phone-periods")
    page.locator("main .list a").click()
    expect(page.get_by_text("Chưa nhập").first).to_be_visible()
    look(leader, "phone-period-fill")
    leader.button("Nộp báo cáo").click()
    expect(page.locator(".toast")).to_have_text("Còn 1 mục chưa xong")
    expect(page.get_by_label("Số buổi họp tổ", exact=True)).to_be_focused()
    page.get_by_text("VI. Kết quả chung").click()
    total = page.get_by_role("button", name=re.compile("Tổng số lượt hỗ trợ"))
    expect(total).to_contain_text("4 lượt")
    expect(total).to_contain_text("+1 chờ duyệt")
    total.click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("3 phiếu đã duyệt · 1 phiếu chờ duyệt")
    expect(sheet.locator("li")).to_have_count(4)
    look(leader, "phone-period-visits")
    sheet.get_by_role("button", name="Đóng").click()
    leader.button("Xác nhận bằng 0").click()
    expect(page.get_by_text("Đã xác nhận bằng 0")).to_be_visible()
    leader.write("Kế hoạch kỳ tới", "hẹn lại 12 hộ chưa có VNeID")

    # Scenario 13: submitted, also by an app that was killed in between; locked when it comes in.
    page = open_report(leader, reopen=True)
    expect(page.get_by_label("Kế hoạch kỳ tới")).to_have_value("hẹn lại 12 hộ chưa có VNeID")
    leader.button("Xóa phần đã ghi").click()
    sheet = page.get_by_role("dialog", name="Xóa phần đã ghi?")
    expect(sheet).to_contain_text("Số liệu từ phiếu vẫn còn")
    look(leader, "phone-period-drop")
    sheet.get_by_role("button", name="Xem lại").click()
    leader.button("Nộp báo cáo").click()
    sheet = page.get_by_role("dialog", name="Nộp báo cáo?")
    expect(sheet).to_contain_text("4 lượt")
    look(leader, "phone-period-sure")
    sheet.get_by_role("button", name="Nộp báo cáo").press("Enter")
    expect(page.locator("main")).to_contain_text("Đã nộp trên máy, chờ gửi")
    page = open_report(leader, reopen=True)
    expect(page.locator("main")).to_contain_text("Đã nộp trên máy, chờ gửi")
    expect(leader.button("Nộp báo cáo")).to_have_count(0)
    leader.find_network()
    page = open_report(leader)
    for words in ("Chờ xã duyệt", "Phiên bản 1", "Nhận lúc", "Trần Văn Bình"):
        expect(page.locator("main")).to_contain_text(words)
    [first] = server.do(_versions)
    assert (first.number, first.state, first.warnings) == (1, "waiting", [])
    server.do(lambda db: did(db, world, house=4))
    page = open_report(leader)
    beside = page.locator("section", has_text="Bổ sung sau chốt")
    expect(beside).to_contain_text("+1 lượt")
    look(leader, "phone-period-locked")
    page.get_by_text("VI. Kết quả chung").click()
    expect(page.locator("li", has_text="Tổng số lượt hỗ trợ").last).to_contain_text("4 lượt")

    # Scenario 14: sent back with a reason, corrected, submitted again; both versions and the reason stay.
    server.do(lambda db: decide(db, world.commune_officer, [first.id], approve=False, reason=REASON))
    page = open_report(leader)
    expect(page.locator("main")).to_contain_text(f"Bị trả lại: {REASON}")
    leader.lose_network()
    leader.button("Thêm 1: Số buổi họp tổ").click()
    expect(page.get_by_label("Số buổi họp tổ", exact=True)).to_have_value("1")
    look(leader, "phone-period-returned")
    leader.button("Nộp lại").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp báo cáo").click()
    expect(page.locator("main")).to_contain_text("Đã nộp trên máy, chờ gửi")
    leader.find_network()
    expect(open_report(leader).locator("main")).to_contain_text("Phiên bản 2")
    versions: list[Any] = server.do(_versions)
    assert [(v.number, v.state, v.reason) for v in versions] == [(1, "returned", REASON), (2, "waiting", "")]
    assert {f["code"]: f["value"] for f in versions[1].figures if f["code"] in ("03", "25")} == {"03": 1, "25": 5}
    server.do(lambda db: decide(db, world.commune_officer, [versions[1].id]))
    page = open_report(leader)
    expect(page.locator("main")).to_contain_text("Xã đã duyệt")
    expect(page.locator(".save-bar")).to_have_count(0)
    assert (leader.errors, leader.foreign, leader.sockets) == ([], [], [])


def test_scenario_15_a_report_is_shared_to_zalo_or_copied(server: Server, browser: Browser) -> None:
    world, _ = server.do(month)
    may = ["clipboard-read", "clipboard-write"]
    leader = Person.arrive(browser, server.origin, permissions=may)
    leader.context.add_init_script(f"({NO_SHARE_SHEET})()")
    leader.join(invitation(server, world.leader.id))
    leader.lose_network()
    page = open_report(leader, reopen=True)
    page.get_by_label("Kế hoạch kỳ tới").fill("hẹn lại 12 hộ chưa có VNeID")
    first = YESTERDAY - timedelta(days=29)
    days = f"{first:%d}/{first.month}–{YESTERDAY:%d}/{YESTERDAY.month}"
    if first.month == YESTERDAY.month:
        days = f"{first:%d}–{YESTERDAY:%d}/{YESTERDAY.month}"
    numbers = (
        f"BÁO CÁO NHANH – Tổ CNSCĐ Thôn Đông Hòa, Sơn Tịnh ({days}): 4 lượt; 3 hộ; "
        "DVC 2; VNEID 1/40; SSK 1. Kỳ tới: hẹn lại 12 hộ chưa có VNeID."
    )
    text = page.locator(".message")
    expect(text).to_contain_text(numbers)
    leader.button("Sao chép").click()
    expect(page.locator(".toast")).to_have_text("Đã sao chép")
    assert page.evaluate("navigator.clipboard.readText()") == text.inner_text()

    leader.context.add_init_script(f"({SHARE_SHEET})()")
    page = open_report(leader, reopen=True)
    leader.button("Chia sẻ vào Zalo").click()
    shared = what_was_shared(leader)
    assert shared["text"].startswith(numbers)
    assert shared["files"] == []
    assert (leader.errors, leader.foreign, leader.sockets) == ([], [], [])
