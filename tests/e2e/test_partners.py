"""A company comes into the directory by keys alone; its people find percentages behind the sign-in, no more."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.cli.sample.accounts import PARTNER, PROVINCE_OFFICER, SAMPLE_PASSWORD
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_screens import LOOKS, look_at, sample

__all__ = ["sample"]


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def sit_down(browser: Browser, server: Server, username: str) -> Person:
    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(username)
    desk.page.get_by_label("Mật khẩu").fill(SAMPLE_PASSWORD)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".desk-main h1")).to_be_visible(timeout=30_000)
    return desk


def look(desk: Person, name: str) -> list[str]:
    desk.page.wait_for_load_state("networkidle")
    return [fault for theme, size in LOOKS for fault in look_at(desk.page, name, theme, size)]


def test_a_company_is_kept_by_keys_alone(server: Server, browser: Browser, sample: int) -> None:
    desk = sit_down(browser, server, PROVINCE_OFFICER)
    desk.open("/desk/partners/")
    page = desk.page
    expect(page.locator("tbody tr")).to_have_count(4, timeout=30_000)
    found = look(desk, "desk-partners")
    desk.button("Thêm doanh nghiệp").press("Enter")
    panel = page.locator(".side-panel")
    panel.get_by_label("Tên doanh nghiệp").press_sequentially("Hợp tác xã số (mẫu)")
    page.keyboard.press("Tab")
    page.keyboard.type("K")
    panel.get_by_role("button", name="Lưu doanh nghiệp").press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("Chọn ít nhất một nền tảng")
    panel.get_by_label("VNeID").press("Space")
    panel.get_by_label("Ba Tơ").press("Space")
    found += look(desk, "desk-partners-panel")
    panel.get_by_role("button", name="Lưu doanh nghiệp").press("Enter")
    expect(page.get_by_role("status").get_by_text("Đã thêm doanh nghiệp.")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("Hợp tác xã số"))
    expect(row).to_contain_text(re.compile("VNeID.*Ba Tơ.*Đang phối hợp", re.DOTALL))
    desk.open("/desk/accounts/")
    page.get_by_text("Thêm tài khoản").click()
    fields = page.locator(".narrow-form")
    fields.get_by_label("Họ và tên").fill("Hợp tác xã số")
    fields.get_by_label("Tên đăng nhập").fill("htx.so")
    expect(fields.locator("[name=partner]")).to_be_hidden()
    fields.locator("[name=role]").select_option("partner")
    expect(fields.locator("[name=commune]")).to_be_hidden()
    fields.locator("[name=partner]").select_option(label="Hợp tác xã số (mẫu)")
    found += look(desk, "desk-accounts-partner")
    fields.get_by_role("button", name="Tạo tài khoản").press("Enter")
    expect(page.locator(".side-panel")).to_contain_text("Hợp tác xã số (mẫu)")
    assert not found, "\n".join(found)
    assert desk.errors == []


def test_a_partner_has_one_page_of_percentages(server: Server, browser: Browser, sample: int) -> None:
    partner = sit_down(browser, server, PARTNER)
    page = partner.page
    expect(page).to_have_url(re.compile("/desk/percentages/$"), timeout=30_000)
    expect(page.locator("tbody tr").first).to_contain_text("%")
    found = look(partner, "desk-percentages")
    ways = page.locator(".desk-ways a")
    expect(ways).to_have_text(["Kết quả theo tỷ lệ", "Tài khoản của tôi", "Phiên đăng nhập"])
    page.get_by_role("group", name="Nền tảng số").get_by_role("button").nth(1).press("Enter")
    expect(page.get_by_role("group", name="Nền tảng số").get_by_role("button").nth(1)).to_have_attribute(
        "aria-pressed", "true"
    )
    for path in ("visits", "households", "teams", "search", "register"):
        partner.open(f"/desk/{path}/")
        expect(page.get_by_role("alert")).to_contain_text("Không có quyền")
        expect(page.locator(".desk-main table, .desk-main .panel")).to_have_count(0)
    partner.open("/desk/")
    expect(page).to_have_url(re.compile("/desk/percentages/$"))
    assert not found, "\n".join(found)
    assert partner.errors == []
