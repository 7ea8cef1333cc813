"""Scenario 23: the province searches without diacritics, by old names too; each row leads to its page."""

from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.services.reference import load_units
from models.account import Role
from models.unit import Unit, UnitKind
from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server

UNITS = Unit.__table__


async def province(db: Database) -> str:
    """The real communes, with a household of which the province may know nothing."""
    async with db.write() as session:
        await load_units(session)
        top = (await session.execute(select(Unit).where(UNITS.c.kind == UnitKind.PROVINCE))).scalar_one()
        middle = (await session.execute(select(Unit).where(UNITS.c.code == "21289"))).scalar_one()
    village = await build.village(db, middle, code="21289-01", name="Thôn Sơn Hà Đông")
    await build.team(db, middle, village)
    await build.household(db, village, "5", head_name="Sơn Hà Giả")
    return (await build.account(db, top, Role.PROVINCE_OFFICER)).username


def test_the_province_finds_units_by_all_their_names(server: Server, playwright: Playwright) -> None:
    username = server.do(province)
    browser = launch(playwright)
    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    desk.page.get_by_role("link", name="Tìm", exact=True).click()
    field = desk.page.get_by_role("searchbox")
    expect(field).to_be_focused()
    desk.page.keyboard.type("son ha")
    communes = desk.page.locator("section", has=desk.page.get_by_role("heading", name="Xã, phường, đặc khu"))
    expect(communes.get_by_text("Xã Sơn Hà", exact=True)).to_be_visible()
    expect(communes.get_by_text("Xã Sơn Hạ", exact=True)).to_be_visible()
    expect(desk.page.get_by_text("Thôn Sơn Hà Đông", exact=True)).to_be_visible()
    expect(desk.page.get_by_text("Sơn Hà Giả")).to_have_count(0)
    desk.picture("scenario-23")
    field.fill("dang thuy")
    desk.page.keyboard.press("Enter")
    expect(communes.get_by_text("Xã Đặng Thùy Trâm")).to_be_visible()
    field.fill("Tịnh Ấn Đông")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("Tên cũ: Xã Tịnh Ấn Đông")).to_be_visible()
    desk.page.get_by_role("link", name="Phường Trương Quang Trọng").click()
    expect(desk.page.get_by_role("heading", level=1, name="Phường Trương Quang Trọng")).to_be_visible()
    desk.page.go_back()
    expect(desk.page.get_by_text("Tên cũ: Xã Tịnh Ấn Đông")).to_be_visible()
    assert desk.errors == []
    browser.close()
