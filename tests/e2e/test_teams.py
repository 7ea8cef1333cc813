"""Scenarios 17 and 18: a Decision over teams that lack something, and a commune with one teacher of informatics."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from fieldapp.db import Database
from models.account import Role
from models.team import SeatKind, SeatRole
from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_screens import LOOKS, look_at
from tests.papers_pdf import pdf

LETTER = (
    (SeatRole.LEADER, SeatKind.VILLAGE_HEAD, "Đinh Văn Rôn"),
    (SeatRole.DEPUTY, SeatKind.YOUTH_SECRETARY, "Phạm Thị Lía"),
    (SeatRole.MEMBER, SeatKind.POLICE, "Đinh Văn Xia"),
    (SeatRole.MEMBER, SeatKind.WOMENS_UNION, "Đinh Thị Nem"),
    (SeatRole.MEMBER, SeatKind.FARMERS_UNION, "Phạm Văn Tới"),
    (SeatRole.MEMBER, SeatKind.YOUTH_MEMBER, "Đinh Thị Mơ"),
    (SeatRole.MEMBER, SeatKind.TEACHER, "Phạm Thị Gia"),
)


async def stage(db: Database) -> None:
    """A commune of sixteen villages: the first team has no deputy and few people, the fifteen others are full."""
    top = await build.province(db)
    commune = await build.commune(db, top, code="21484", name="Xã Ba Tơ")
    for number in range(1, 17):
        village = await build.village(db, commune, code=f"21484{number:03d}", name=f"Thôn {number:02d}")
        team = await build.team(db, commune, village)
        for role, kind, name in LETTER if number > 1 else LETTER[:1] + LETTER[2:5]:
            await build.member(db, team, name, role, kind=kind)
    own = await build.team(db, commune)
    for role, kind, name in (
        (SeatRole.LEADER, SeatKind.COMMUNE_OFFICE, "Phạm Văn Ôn"),
        (SeatRole.MEMBER, SeatKind.YOUTH_MEMBER, "Đinh Thị Hiên"),
        (SeatRole.MEMBER, SeatKind.POLICE, "Đinh Văn Trô"),
        (SeatRole.MEMBER, SeatKind.CULTURE_OFFICE, "Phạm Thị Vân"),
        (SeatRole.MEMBER, SeatKind.IT_TEACHER, "Phạm Văn Thương"),
    ):
        await build.member(db, own, name, role, kind=kind)
    await build.account(db, commune, Role.COMMUNE_OFFICER, username="xa")
    await build.account(db, top, Role.PROVINCE_OFFICER, username="tinh")


def sign_in(desk: Person, username: str) -> Page:
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".desk-main h1")).to_be_visible()
    return desk.page


def looked(page: Page, name: str) -> None:
    assert [fault for look in LOOKS for fault in look_at(page, name, *look)] == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


@pytest.fixture
def officer(server: Server, playwright: Playwright):
    server.do(stage)
    browser = launch(playwright)
    desk = Person.arrive(browser, server.origin, DESK)
    sign_in(desk, "xa")
    yield desk
    assert (desk.errors, desk.foreign) == ([], [])
    browser.close()


def test_a_decision_is_saved_over_warnings_with_a_reason(officer: Person, tmp_path: Path) -> None:
    page = officer.page
    page.get_by_role("link", name="Quyết định").click()
    expect(page.get_by_text("17 tổ chưa có Quyết định.")).to_be_visible()
    officer.button("Thêm Quyết định").click()
    form = page.locator(".side-panel")
    form.get_by_label("Số, ký hiệu").fill("45/QĐ-UBND")
    form.get_by_label("Ngày ban hành").fill("2026-08-05")
    form.get_by_label("Có hiệu lực từ ngày").fill("2026-08-05")
    form.get_by_label("Người ký").fill("Phạm Văn Thành")
    form.get_by_label("Trích yếu").fill("Về việc thành lập Tổ công nghệ số cộng đồng thôn trên địa bàn xã Ba Tơ")
    form.get_by_role("button", name="Chọn cả 17 tổ chưa có Quyết định").click()
    first = form.locator("label.option", has_text="Thôn 01")
    expect(first.get_by_role("checkbox")).to_be_checked()
    expect(first).to_contain_text("Cảnh báo: Thiếu Tổ phó")
    expect(first).to_contain_text("Cảnh báo: Thiếu nhân sự khác (2 người)")
    expect(form.locator("label.option", has_text="Thôn 02")).not_to_contain_text("Cảnh báo")
    form.locator("label.option", has_text="Xã Ba Tơ").get_by_role("checkbox").uncheck()
    (tmp_path / "fake.pdf").write_bytes(b"<html>")
    form.get_by_label("Chọn tệp PDF").set_input_files(tmp_path / "fake.pdf")
    form.get_by_label(re.compile("^Lý do")).fill("Thôn chưa có chi đoàn, sẽ kiện toàn sau Đại hội")
    looked(page, "desk-decision-form")
    form.get_by_role("button", name="Lưu Quyết định").click()
    expect(form.get_by_role("alert")).to_contain_text("không phải là PDF")
    (tmp_path / "45.pdf").write_bytes(pdf())
    form.get_by_label("Chọn tệp PDF").set_input_files(tmp_path / "45.pdf")
    form.get_by_role("button", name="Lưu Quyết định").click()
    said = "Đã lưu Quyết định 45/QĐ-UBND cho 16 tổ. Đã ghi lý do cho 2 cảnh báo."
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    expect(page.get_by_text("1 tổ chưa có Quyết định.")).to_be_visible()
    looked(page, "desk-decision-kept")
    with page.expect_download() as paper:
        page.get_by_role("link", name="Tải tệp 45/QĐ-UBND").click()
    assert paper.value.path().read_bytes() == pdf()
    with page.expect_download() as draft:
        page.get_by_role("link", name="Tải dự thảo: Tổ cấp xã").click()
    assert draft.value.path().read_bytes()[:2] == b"PK"

    page.get_by_role("link", name="Tổ và thành viên").click()
    team = page.locator("details.team", has_text="Thôn 01")
    expect(team.locator("summary").first).to_contain_text("Quyết định 45/QĐ-UBND")
    expect(team.locator("summary").first).not_to_contain_text("Thiếu Tổ phó")
    team.locator("summary").first.click()
    expect(team.get_by_text("Thôn chưa có chi đoàn")).to_have_count(2)
    expect(team.get_by_text(re.compile("Phạm Văn Thành ghi ngày"))).to_have_count(2)
    team.get_by_role("button", name="Bỏ lý do, cảnh báo lại").first.click()
    expect(team.locator("summary").first).to_contain_text("Thiếu Tổ phó")


def test_a_commune_with_one_teacher_of_informatics_is_told_and_so_is_the_province(
    officer: Person, server: Server
) -> None:
    page = officer.page
    page.get_by_role("link", name="Tổ và thành viên").click()
    officer.button("Có cảnh báo (2 tổ)").click()
    team = page.locator("details.team", has_text="Xã Ba Tơ")
    expect(team.locator("summary").first).to_contain_text("Cần ít nhất 02 giáo viên Tin học")
    team.locator("summary").first.click()
    looked(page, "desk-team-warnings")

    # With keys alone: somebody new sits down as the second teacher.
    team.get_by_role("button", name="Thêm người vào tổ").focus()
    page.keyboard.press("Enter")
    form = page.locator(".side-panel")
    form.get_by_label("Họ và tên").focus()
    page.keyboard.type("Y Hoa")
    page.keyboard.press("Tab")
    page.keyboard.type("0000 123 45")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    expect(form.get_by_label("Thành phần")).to_have_value("it_teacher")
    looked(page, "desk-team-place")
    form.get_by_label("Số điện thoại").press("Enter")
    expect(form.get_by_text("Số điện thoại cần đủ 10 chữ số")).to_be_visible()
    form.get_by_label("Số điện thoại").fill("0000 123 456")
    form.get_by_label("Số điện thoại").press("Enter")
    expect(page.get_by_text("Đã thêm vào tổ: Y Hoa")).to_be_visible()
    expect(page.get_by_role("button", name="Có cảnh báo (1 tổ)")).to_be_visible()

    # One of them leaves again; the commune hands its list in, and the province sees what is missing.
    officer.button(re.compile("Tất cả")).click()
    team = page.locator("details.team", has_text="Xã Ba Tơ")
    if team.get_attribute("open") is None:
        team.locator("summary").first.click()
    team.get_by_role("button", name="Sửa Y Hoa").click()
    form.get_by_label("Thành phần").select_option("teacher")
    form.get_by_role("button", name="Lưu").click()
    expect(team.locator("summary").first).to_contain_text("Cần ít nhất 02 giáo viên Tin học")
    page.get_by_role("link", name="Danh sách báo Sở").click()
    officer.button("Xác nhận đã báo Sở").click()
    expect(page.get_by_text("Đã ghi: xã xác nhận đã báo Sở.")).to_be_visible()
    looked(page, "desk-register-reported")
    officer.context.clear_cookies()
    page = sign_in(officer, "tinh")
    page.get_by_role("link", name="Danh sách báo Sở").click()
    row = page.get_by_role("row", name=re.compile("Xã Ba Tơ"))
    expect(row).to_contain_text("Cần ít nhất 02 giáo viên Tin học")
    expect(page.get_by_role("button", name="Thiếu giáo viên Tin học (1 xã)")).to_be_visible()
    row.get_by_role("button", name="Xã Ba Tơ").click()
    expect(page.get_by_role("heading", name="Danh sách thành viên: Xã Ba Tơ")).to_be_visible()
    page.get_by_text("Cột của biểu mẫu").click()
    looked(page, "desk-register-province")
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Tải Excel").click()
    assert sheet.value.path().read_bytes()[:2] == b"PK"
