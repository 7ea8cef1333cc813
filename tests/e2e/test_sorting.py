"""The commune sorts what is held, decides what lies, and the member's phone learns of it: in real browsers."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Playwright, expect
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from models.team import Seat
from models.visit import Visit
from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, invitation

SEATS, VISITS = Seat.__table__, Visit.__table__


def record(member: Person, name: str) -> None:
    """A visit to a household that is picked from the list."""
    member.open("/m/")
    member.page.get_by_role("link", name="Chọn hộ").click()
    member.page.get_by_role("searchbox").fill(name)
    member.button(re.compile(name)).click()
    member.button("Ghi nhận hỗ trợ").click()
    member.button("VNEID").click()
    member.button("Đã cài đặt").click()
    member.button("Lưu").click()
    expect(member.page.get_by_text("Đã lưu trên máy")).to_be_visible()


def test_the_commune_sorts_and_the_phone_learns_of_it(server: Server, playwright: Playwright) -> None:
    world: build.World = server.do(build.world)
    browser = launch(playwright)
    member = Person.arrive(browser, server.origin)
    member.join(invitation(server, world.member.id))
    member.lose_network()
    for name in ("Nguyễn Văn 7", "Nguyễn Văn 8"):
        record(member, name)

    async def end_seat(db: Database) -> None:
        """Written down late: the seat had ended yesterday."""
        async with db.write() as session:
            yesterday = vn_day(datetime.now(UTC)) - timedelta(days=1)
            mine = SEATS.c.member_id == world.member.id
            await session.execute(update(SEATS).where(mine).values(valid_to=yesterday))

    server.do(end_seat)
    member.find_network()
    member.open("/m/outbox/")
    member.button("Gửi ngay").click()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=30_000)

    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(world.commune_officer.username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    desk.page.get_by_role("link", name="Việc cần xử lý").click()
    expect(desk.button("Chờ xác minh · 2")).to_be_visible()
    desk.page.locator("li.panel", has_text="Hộ số 7").get_by_role("button", name="Nhận phiếu").click()
    expect(desk.page.get_by_role("status").get_by_text("Đã nhận phiếu")).to_be_visible()
    refused = desk.page.locator("li.panel", has_text="Hộ số 8")
    refused.locator("summary").click()
    refused.get_by_label("Lý do").fill("Không có hộ này")
    refused.get_by_role("button", name="Không nhận").click()
    expect(desk.button("Chờ xác minh · 0")).to_be_visible()

    member.button("Gửi ngay").click()
    expect(member.page.get_by_text("Xã không nhận phiếu này: Không có hộ này")).to_be_visible(timeout=30_000)
    expect(member.button("Sửa")).to_be_visible()

    async def age(db: Database) -> None:
        async with db.write() as session:
            await session.execute(update(VISITS).values(received_at=datetime.now(UTC) - timedelta(days=8)))

    server.do(age)
    desk.button(re.compile("Chưa ai duyệt")).click()
    desk.page.get_by_label("Chọn phiếu hộ số 7").check()
    desk.page.get_by_role("radio", name="Trả lại").check()
    desk.page.get_by_label("Vì sao trả lại?").select_option("duplicate")
    desk.button("Ghi quyết định").click()
    expect(desk.page.get_by_text("Đã quyết định 1 phiếu")).to_be_visible()

    async def found(db: Database) -> list[tuple]:
        async with db.read() as session:
            columns = VISITS.c.state, VISITS.c.reason_code, VISITS.c.decided_by_account_id
            return [tuple(row) for row in await session.execute(select(*columns))]

    assert server.do(found) == [("returned", "duplicate", world.commune_officer.id)]
    assert member.errors == []
    assert desk.errors == []
    browser.close()
