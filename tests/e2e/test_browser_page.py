"""The plain page in a real browser: an invitation opened inside another app, and a browser that lacks a feature."""

from playwright.sync_api import Playwright, expect

from tests.e2e.people import Person, launch
from tests.e2e.stage import Server

ZALO = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/140.0.0.0 Mobile Safari/537.36 Zalo android/12100756"
)
SECRET = "a" * 43


def test_an_invitation_opened_in_another_app_is_taken_along(server: Server, playwright: Playwright) -> None:
    browser = launch(playwright)
    clipboard = ["clipboard-read", "clipboard-write"]
    person = Person.arrive(browser, server.origin, user_agent=ZALO, permissions=clipboard)
    page = person.open(f"/m/join/#{SECRET}")
    link = f"{server.origin}/m/join/#{SECRET}"
    expect(page.get_by_role("heading", name="Mở bằng trình duyệt để dùng ngoại tuyến")).to_be_visible()
    expect(page.get_by_label("Liên kết của bạn")).to_have_value(link)
    chrome = page.get_by_role("link", name="Mở bằng Chrome").get_attribute("href")
    assert chrome == f"intent{link[4:]}#Intent;scheme=https;package=com.android.chrome;end"
    person.button("Sao chép liên kết").click()
    expect(person.button("Đã sao chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert (person.errors, person.sockets, person.foreign) == ([], [], [])

    unread = Person.arrive(browser, server.origin, user_agent=ZALO, java_script_enabled=False)
    unread.open(f"/m/join/#{SECRET}")
    expect(unread.page.get_by_text("Chọn «Mở bằng trình duyệt»")).to_be_visible()
    browser.close()


def test_a_browser_without_storage_ends_at_the_plain_page_with_its_invitation(
    server: Server, playwright: Playwright
) -> None:
    browser = launch(playwright)
    person = Person.arrive(browser, server.origin)
    person.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page = person.open(f"/m/join/#{SECRET}")
    expect(page.get_by_role("heading", name="Trình duyệt này quá cũ")).to_be_visible()
    expect(page.get_by_label("Liên kết của bạn")).to_have_value(f"{server.origin}/m/join/#{SECRET}")
    browser.close()
