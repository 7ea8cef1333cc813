"""A commune's start: people and households come as files, faults are mended, lists are brought in and undone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.db import Database
from models.account import Role
from tests import build
from tests.e2e.people import DESK, PHONE, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_screens import LOOKS, faults, look_at
from tests.sheets import HOUSEHOLD_HEADS, MEMBER_HEADS, workbook

FAMILIES = ("Đinh", "Phạm", "Hồ", "Nguyễn", "Trần", "A", "Y", "Lê", "Bùi", "Võ")
NAMES = ("Thút", "Hoa", "Ké", "Bình", "Lan", "Đức")


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def people() -> list[list[str]]:
    return [
        [f"{family} {name}", f"0000{n:06d}", ("Thôn Đông Hòa", "tay hoa")[n % 2], "Tổ phó" if n < 2 else "", ""]
        for n, (family, name) in enumerate((f, name) for f in FAMILIES for name in NAMES)
    ]


def households() -> list[list[str]]:
    return [
        [("Thôn Đông Hòa", "21172002")[n % 2], str(n // 2 + 1), f"{FAMILIES[n % 10]} {NAMES[n % 6]}"]
        for n in range(900)
    ]


async def settle(db: Database) -> None:
    """A commune of two villages with teams and nobody in them."""
    top = await build.province(db)
    middle = await build.commune(db, top)
    first = await build.village(db, middle)
    second = await build.village(db, middle, code="21172002", name="Thôn Tây Hòa")
    await build.team(db, middle, first)
    await build.team(db, middle, second)
    await build.account(db, middle, Role.COMMUNE_OFFICER, username="xa")


def sign_in(desk: Person) -> None:
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill("xa")
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".desk-nav")).to_be_visible()


def bring(desk: Person, folder: Path, kind: str, heads: tuple[str, ...], rows: list[list[str]]) -> None:
    """Chooses kind and file with keys alone where a browser lets one, and sends it."""
    file = folder / "danh sách.xlsx"
    file.write_bytes(workbook(heads, *rows))
    desk.page.get_by_role("radio", name=re.compile(kind)).press("Space")
    desk.page.locator('input[type="file"]').set_input_files(file)
    desk.button("Xem trước").press("Enter")


def figure(desk: Person, name: str):
    return desk.page.locator(".desk-main .figure", has_text=name).locator("b")


def look(desk: Person, name: str) -> list[str]:
    """The page in every look, and back to a desk."""
    found = [fault for theme, size in LOOKS for fault in look_at(desk.page, name, theme, size)]
    desk.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def test_a_commune_starts_from_two_files(server: Server, browser: Browser, tmp_path: Path) -> None:
    server.do(settle)
    desk = Person.arrive(browser, server.origin, DESK)
    sign_in(desk)
    desk.page.get_by_role("link", name="Nhập danh sách").press("Enter")
    expect(desk.page.get_by_role("heading", name="Nhập danh sách")).to_be_visible()

    wrong = people()
    wrong[3][1], wrong[10][2] = "12345", "Thôn Không Có"
    bring(desk, tmp_path, "Thành viên tổ", MEMBER_HEADS, wrong)
    expect(figure(desk, "dòng có lỗi")).to_have_text("2")
    expect(desk.page.get_by_text("Dòng 5, cột Số điện thoại: không phải số di động Việt Nam 10 chữ số")).to_be_visible()
    expect(desk.page.get_by_text("Dòng 12, cột Thôn, tổ dân phố: không có tổ nào của thôn này")).to_be_visible()
    expect(desk.button("Nhập danh sách này")).to_have_count(0)
    found = look(desk, "desk-import-faults")
    bring(desk, tmp_path, "Thành viên tổ", MEMBER_HEADS, people())
    expect(figure(desk, "dòng mới")).to_have_text("60")
    desk.button("Nhập danh sách này").press("Enter")
    expect(desk.page.get_by_text("Đã nhập: thêm 60, cập nhật 0, bỏ qua 0 dòng.")).to_be_visible()

    bring(desk, tmp_path, "Hộ gia đình", HOUSEHOLD_HEADS, households())
    expect(figure(desk, "dòng mới")).to_have_text("900")
    desk.page.reload()
    expect(figure(desk, "dòng mới")).to_have_text("900")
    found += look(desk, "desk-import-preview")
    desk.button("Nhập danh sách này").press("Enter")
    expect(desk.page.get_by_text("Đã nhập: thêm 900, cập nhật 0, bỏ qua 0 dòng.")).to_be_visible()
    desk.page.locator("summary", has_text="Hoàn tác lần nhập này").press("Enter")
    desk.button("Hoàn tác lần nhập này").press("Enter")
    expect(desk.page.get_by_text("Đã hoàn tác 900 dòng; 0 dòng giữ lại.")).to_be_visible()
    bring(desk, tmp_path, "Hộ gia đình", HOUSEHOLD_HEADS, households())
    desk.button("Nhập danh sách này").press("Enter")
    expect(desk.page.get_by_text("Đã nhập: thêm 900, cập nhật 0, bỏ qua 0 dòng.")).to_be_visible()

    found += keep_households(desk)
    assert not found, "\n".join(found)
    assert desk.errors == []


def keep_households(desk: Person) -> list[str]:
    """Finds a household, mends its head's name, records that it moved away and came back: with keys alone."""
    page = desk.page
    page.get_by_role("link", name="Hộ gia đình", exact=True).press("Enter")
    expect(page.get_by_text("Trang 1/18 · 900 hộ")).to_be_visible()
    desk.button("Trang sau").press("Enter")
    expect(page.get_by_text("Trang 2/18 · 900 hộ")).to_be_visible()
    found = look(desk, "desk-households-many")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("449 le")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    page.keyboard.type("450")
    expect(page.locator("tbody tr")).to_have_count(2)
    desk.button("Hộ số 450").first.press("Enter")
    panel = page.locator(".side-panel")
    expect(panel.get_by_role("heading", name="Hộ số 450")).to_be_visible()
    expect(panel.get_by_text("Nhập từ danh sách")).to_be_visible()
    panel.locator("summary", has_text="Sửa số hộ, chủ hộ").press("Enter")
    found += look(desk, "desk-household-panel")
    panel.get_by_label("Chủ hộ").fill("Y Hoa")
    panel.get_by_label("Chủ hộ").press("Enter")
    expect(page.get_by_text("Đã lưu thay đổi.")).to_be_visible()
    expect(panel.get_by_text("Y Hoa")).to_be_visible()
    panel.locator("summary", has_text="Hộ đã chuyển đi").press("Enter")
    panel.get_by_role("button", name="Ghi đã chuyển đi").press("Enter")
    expect(panel.get_by_text("Đã chuyển đi", exact=False).first).to_be_visible()
    panel.get_by_role("button", name="Hộ đã về lại").press("Enter")
    expect(page.get_by_text("Hộ đã trở lại danh sách.")).to_be_visible()
    with page.expect_download() as paper:
        panel.get_by_role("button", name="In thẻ mới cho hộ này").press("Enter")
    assert paper.value.suggested_filename.endswith(".pdf")
    expect(panel.get_by_text("Đang dùng", exact=True)).to_be_visible()
    panel.locator("summary", has_text="Thu hồi thẻ").press("Enter")
    panel.get_by_role("button", name="Thu hồi thẻ").press("Enter")
    expect(panel.get_by_text("Hết hiệu lực", exact=True)).to_be_visible()
    panel.get_by_role("button", name="Đóng").press("Enter")
    expect(panel).to_have_count(0)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return found + faults(page, False)
