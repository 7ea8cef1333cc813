"""The province takes all papers of a period away in one file, and a commune puts its deadlines into a calendar."""

from collections.abc import Iterator
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Browser, Playwright, expect
from sqlalchemy import select

from fieldapp.cli.seed import seed
from fieldapp.db import Database
from models.bundle import Bundle, BundleFile, BundleState
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, wait_until
from tests.e2e.test_accounts import look
from tests.e2e.test_screens import sign_in


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


BUNDLES = Bundle.__table__
LOOK_AGAIN = "[...document.querySelectorAll('main button')].find((b) => b.textContent.includes('Xem tiến độ'))?.click()"


async def _is_made(db: Database) -> bool:
    async with db.read() as session:
        made = select(BUNDLES.c.id).where(BUNDLES.c.state == BundleState.READY, BUNDLES.c.file == BundleFile.DOCX)
        return (await session.execute(made)).first() is not None


def test_all_papers_of_a_period_come_as_one_file_and_deadlines_as_a_calendar(server: Server, browser: Browser) -> None:
    async def fill(_: Database) -> None:
        await seed("xs", progress=False)

    server.do(fill)
    desk = Person.arrive(browser, server.origin, DESK)
    page = desk.page
    sign_in(desk, "tinh")
    desk.open("/desk/reports/")
    period = page.locator("select[name=period]")
    expect(period).to_be_visible()
    due = page.get_by_text("Tỉnh tổng hợp chậm nhất")
    before = due.inner_text()
    period.select_option(index=2)
    expect(due).not_to_have_text(before)
    desk.button("Tạo tệp nén Word").press("Enter")
    expect(page.get_by_text("Máy chủ đang tạo tệp nén")).to_be_visible()

    wait_until(lambda: server.do(_is_made))
    # It may be on the page by itself, as soon as it is there.
    page.evaluate(LOOK_AGAIN)
    expect(page.get_by_text("Tải về").first).to_be_visible()
    found = look(desk, "desk-reports")
    with page.expect_download() as taken:
        page.get_by_text("Tải về").first.press("Enter")
    names = ZipFile(taken.value.path()).namelist()
    assert {name.split("/")[1].split("-")[0] for name in names} == {"b2", "b3"}
    assert all(name.endswith(".docx") for name in names)
    sign_in(desk, "xa.21484")
    desk.open("/desk/periods/")
    desk.button("Tạo địa chỉ lịch").press("Enter")
    link = page.get_by_label("Địa chỉ lịch của tôi").last.input_value()
    assert httpx.get(link).text.startswith("BEGIN:VCALENDAR\r\n")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Đang dùng một địa chỉ")).to_be_visible()
    found += look(desk, "desk-periods")
    desk.button("Thu hồi địa chỉ").press("Enter")
    expect(page.get_by_text("Đã thu hồi địa chỉ lịch")).to_be_visible()
    assert httpx.get(link).status_code == 404
    assert not found, "\n".join(found)
    assert desk.errors == []
