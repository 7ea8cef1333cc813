"""An administrator makes an officer, who sets a password, turns the second step on and comes in by a code; and all of
it stands in the audit."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect
from pyotp.totp import TOTP

from fieldapp.cli.seed import SAMPLE_PASSWORD, seed
from fieldapp.db import Database
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_screens import LOOKS, look_at

PASSWORD = "mot cau that de nho"


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def enter(desk: Person, username: str, password: str) -> None:
    """By keys alone."""
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").press_sequentially(username)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type(password)
    desk.page.keyboard.press("Enter")


def test_what_is_typed_before_the_page_is_awake_stays_where_it_is(server: Server, browser: Browser) -> None:
    """As on a slow line: the page is there, its script is not."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.origin}/")
    page.get_by_label("Tên đăng nhập").fill("canbo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Đăng nhập").click()
    assert page.url == f"{server.origin}/"
    expect(page.get_by_label("Mật khẩu")).to_have_value(PASSWORD)


def look(desk: Person, name: str) -> list[str]:
    desk.page.wait_for_load_state("networkidle")
    return [fault for theme, size in LOOKS for fault in look_at(desk.page, name, theme, size)]


def code_of(secret: str, later: int = 0) -> str:
    return TOTP(secret).generate_otp(int(time.time()) // 30 + later)


def make_account(desk: Person) -> str:
    """Makes an officer of a commune and gives the link that is to be sent."""
    page = desk.page
    page.get_by_text("Thêm tài khoản").click()
    form = page.locator(".narrow-form")
    form.get_by_label("Họ và tên").fill("Đinh Văn Mẫu")
    page.keyboard.press("Tab")
    page.keyboard.type("xa.moi")
    form.get_by_label("Vai trò").select_option("commune_officer")
    form.get_by_label("Xã, phường, đặc khu").select_option(index=1)
    form.get_by_role("button", name="Tạo tài khoản").press("Enter")
    expect(page.get_by_text("Đã tạo tài khoản.")).to_be_visible()
    desk.button("Tạo liên kết đặt mật khẩu").press("Enter")
    link = page.get_by_label("Liên kết đặt mật khẩu", exact=True).input_value()
    page.keyboard.press("Escape")
    return link


def test_an_officer_comes_in_by_link_password_and_code_and_the_audit_has_all_of_it(
    server: Server, browser: Browser
) -> None:
    async def fill(_: Database) -> None:
        await seed("xs", progress=False)

    server.do(fill)
    admin, officer = (Person.arrive(browser, server.origin, DESK) for _ in range(2))
    found = []

    enter(admin, "quantri", SAMPLE_PASSWORD)
    expect(admin.page.locator(".figure").first).to_be_visible(timeout=30_000)
    admin.open("/desk/accounts/")
    expect(admin.page.get_by_role("row")).not_to_have_count(0)
    found += look(admin, "desk-accounts")
    link = make_account(admin)
    found += look(admin, "desk-accounts-panel")

    page = officer.page
    page.goto(link)
    expect(page.get_by_text("Chào Đinh Văn Mẫu.")).to_be_visible()
    assert "#" not in page.url
    found += look(officer, "desk-set-password")
    page.get_by_label("Mật khẩu mới").first.press_sequentially(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đăng nhập bằng tên: xa.moi")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("Liên kết đã dùng, đã hết hạn hoặc không đúng.")).to_be_visible()

    enter(officer, "xa.moi", PASSWORD)
    expect(page.locator(".figure").first).to_be_visible(timeout=30_000)
    officer.open("/desk/account/")
    page.get_by_label("Mật khẩu của bạn").press_sequentially(PASSWORD)
    page.keyboard.press("Enter")
    secret = page.locator(".secret-text").inner_text().replace(" ", "")
    found += look(officer, "desk-second-step")
    used = code_of(secret, -1)
    page.get_by_label("2. Nhập mã 6 số mà ứng dụng đang hiện").press_sequentially(used)
    page.keyboard.press("Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    found += look(officer, "desk-recovery-codes")
    recovery = page.locator(".recovery-codes li").first.inner_text()
    officer.button("Tôi đã cất các mã").press("Enter")
    expect(page.get_by_text("Còn 10 mã dự phòng chưa dùng")).to_be_visible()

    officer.button("Đăng xuất").press("Enter")
    expect(page).to_have_url(re.compile(r"://[^/]+/$"))
    enter(officer, "xa.moi", PASSWORD)
    code = page.get_by_label("Mã xác nhận")
    expect(code).to_be_focused()
    found += look(officer, "desk-sign-in-code")
    page.keyboard.type(used)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile("Mã chưa đúng hoặc đã dùng"))
    code.fill(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.locator(".figure").first).to_be_visible(timeout=30_000)
    officer.button("Đăng xuất").press("Enter")
    expect(page).to_have_url(re.compile(r"://[^/]+/$"))
    enter(officer, "xa.moi", PASSWORD)
    page.get_by_label("Mã xác nhận").fill(recovery)
    page.keyboard.press("Enter")
    expect(page.locator(".figure").first).to_be_visible(timeout=30_000)

    admin.open("/desk/audit/")
    expect(admin.page.get_by_role("row")).not_to_have_count(0)
    found += look(admin, "desk-audit")
    deeds = admin.page.locator("tbody tr:visible")
    for words in (
        "Tạo tài khoản", "Tạo liên kết đặt mật khẩu", "Đặt mật khẩu", "Bật xác nhận hai bước",
        "Kết thúc phiên đăng nhập", "Đăng nhập bằng mã dự phòng", "Đăng nhập",
    ):  # fmt: skip
        mine = deeds.filter(has_text="Đinh Văn Mẫu").filter(has=admin.page.get_by_text(words, exact=True))
        expect(mine.first).to_be_visible()
    expect(deeds.filter(has_text="Đinh Văn Mẫu").filter(has_text="127.0.0.0/24").first).to_be_visible()
    admin.open("/desk/devices/")
    expect(admin.page.get_by_role("row")).not_to_have_count(0)
    found += look(admin, "desk-devices-province")
    enter(admin, "xa.21484", SAMPLE_PASSWORD)
    expect(admin.page.locator(".figure").first).to_be_visible(timeout=30_000)
    admin.open("/desk/devices/")
    expect(admin.page.get_by_role("row")).not_to_have_count(0)
    found += look(admin, "desk-devices")
    officer.open("/desk/audit/")
    expect(page.locator("tbody tr").filter(has_text="Tạo tài khoản").first).to_be_visible()

    assert not found, "\n".join(found)
    assert admin.errors + officer.errors == []
    assert admin.foreign + officer.foreign == []
