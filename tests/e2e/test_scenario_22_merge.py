"""Scenario 22: a commune merges two villages while a phone of each has no signal; nothing is lost, all leads on."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.services.reconciliation import reconcile
from models.unit import Unit
from models.visit import Visit
from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_sorting import record

UNITS, VISITS = Unit.__table__, Visit.__table__


def merged_on() -> str:
    """Two days ago: decided, and only now written down."""
    return (vn_day(datetime.now(UTC)) - timedelta(days=2)).isoformat()


def test_two_villages_become_one_while_phones_are_away(server: Server, playwright: Playwright) -> None:
    world: build.World = server.do(build.world)
    server.do(lambda db: build.household(db, world.next_village, "3", head_name="Hồ Văn 3"))
    browser = launch(playwright)
    here, there = (Person.arrive(browser, server.origin) for _ in range(2))
    here.join(invitation(server, world.member.id))
    there.join(invitation(server, world.next_leader.id))
    for phone, name in ((here, "Nguyễn Văn 7"), (there, "Hồ Văn 3")):
        phone.lose_network()
        record(phone, name)

    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(world.commune_officer.username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    desk.page.get_by_role("link", name="Địa bàn").click()
    expect(desk.page.get_by_role("row")).to_have_count(3)
    merging = desk.page.locator("details.panel", has_text="Chọn các thôn nhập lại thành một")
    # The keyboard alone does it.
    merging.locator("summary").focus()
    desk.page.keyboard.press("Enter")
    for village in ("Thôn Đông Hòa", "Thôn Tây Hòa"):
        merging.get_by_role("checkbox", name=village).focus()
        desk.page.keyboard.press("Space")
    merging.get_by_label("Tên đầy đủ").fill("Thôn Hòa Hợp")
    merging.get_by_label("Từ ngày").fill(merged_on())
    merging.get_by_label("Theo văn bản").fill("Nghị quyết 07/NQ-HĐND")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", name="Sắp sáp nhập")).to_be_focused()
    expect(desk.page.get_by_text("13 hộ cùng thẻ hộ chuyển sang thôn mới.")).to_be_visible()
    desk.page.get_by_text("1 hộ trùng số").click()
    expect(desk.page.get_by_text("Thôn Tây Hòa: hộ số 3 thành 3B")).to_be_visible()
    assert desk.page.get_by_role("checkbox").count() == 2
    desk.picture("scenario-22")
    desk.button("Sáp nhập").click()
    expect(desk.page.get_by_role("status").get_by_text("Đã sáp nhập thành Thôn Hòa Hợp.")).to_be_visible()
    expect(desk.page.get_by_role("row")).to_have_count(2)
    expect(desk.page.get_by_text("Nghị quyết 07/NQ-HĐND")).to_be_visible()
    desk.button("Thôn Hòa Hợp").click()
    panel = desk.page.locator(".side-panel")
    expect(panel.get_by_text("Trước đây là")).to_be_visible()
    desk.picture("scenario-22-history")
    panel.get_by_role("button", name="Thôn Tây Hòa").click()
    expect(panel.get_by_text("Nay thuộc")).to_be_visible()

    for phone in (here, there):
        phone.find_network()
        phone.open("/m/outbox/")
        phone.button("Gửi ngay").click()
        expect(phone.pill).to_have_text("Đã gửi hết", timeout=30_000)
        phone.open("/m/households/")
        phone.page.get_by_role("searchbox").fill("3B")
        expect(phone.page.get_by_text("Hồ Văn 3")).to_be_visible()

    async def found(db: Database) -> tuple[list[str], bool]:
        query = select(UNITS.c.name).join(VISITS, VISITS.c.village_id == UNITS.c.id)
        async with db.write() as session:
            right = (await reconcile(session)).right
            return list((await session.execute(query)).scalars()), right

    assert server.do(found) == (["Thôn Hòa Hợp", "Thôn Hòa Hợp"], True)
    there.open("/m/review/")
    expect(there.page.get_by_text(re.compile("Hộ số 7|Nguyễn Văn 7")).first).to_be_visible()
    assert here.errors == []
    assert there.errors == []
    assert desk.errors == []
    browser.close()
