"""Two people share a phone: each sees their own, and whoever uses it, everybody's records are sent."""

import re

from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.visit import Visit
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation, wait_until

VISITS = Visit.__table__
PUSH = "**/api/v1/sync/push"


def _authors(server: Server) -> list[int]:
    async def read(db: Database) -> list[int]:
        async with db.read() as session:
            return list((await session.execute(select(VISITS.c.author_id))).scalars())

    return server.do(read)


def test_a_second_person_joins_and_the_first_one_s_visit_is_sent_all_the_same(
    server: Server, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    phone = Person.arrive(browser, server.origin)
    phone.join(invitation(server, world.member.id))
    phone.context.route(PUSH, lambda route: route.abort())
    phone.page.get_by_role("link", name="Chọn hộ").click()
    phone.button(re.compile("Nguyễn Văn 7")).first.click()
    phone.button("Ghi nhận hỗ trợ").click()
    phone.button("VNEID").click()
    phone.button("Đã cài đặt").click()
    phone.button("Lưu").click()
    expect(phone.page.get_by_text("Đã lưu trên máy")).to_be_visible()

    # Nobody signs out past an unsent record.
    phone.open("/m/me/")
    phone.button("Đăng xuất khỏi máy này").click()
    expect(phone.page.get_by_role("dialog").get_by_text("1 phiếu chưa gửi")).to_be_visible()
    phone.page.get_by_role("dialog").get_by_role("button").first.click()

    # Another tab is open meanwhile; it follows when the phone changes hands.
    other = phone.context.new_page()
    other.goto(f"{server.origin}/m/me/")
    expect(other.get_by_role("heading", name=world.member.full_name)).to_be_visible()

    phone.context.unroute(PUSH)
    phone.page.get_by_role("link", name="Thêm người dùng").click()
    expect(phone.page.get_by_role("heading", name="Thêm người vào máy này")).to_be_visible()
    phone.join(invitation(server, world.second_member.id))
    expect(phone.page.get_by_text("Hôm nay chưa ghi phiếu nào")).to_be_visible()
    wait_until(lambda: _authors(server) == [world.member.id])
    expect(other).to_have_url(re.compile(r"/m/$"))
    expect(other.get_by_text("Hôm nay chưa ghi phiếu nào")).to_be_visible()

    # Back to the first, and out: the second is left.
    phone.open("/m/me/")
    phone.page.locator("li", has_text=world.member.full_name).get_by_role("button", name="Đổi người dùng").click()
    expect(phone.page).to_have_url(re.compile(r"/m/$"))
    expect(phone.page.locator(".list li")).to_have_count(1)
    expect(phone.pill).to_have_text("Đã gửi hết", timeout=60_000)
    phone.open("/m/me/")
    phone.button("Đăng xuất khỏi máy này").click()
    expect(phone.page).to_have_url(re.compile(r"/m/$"), timeout=60_000)
    phone.open("/m/me/")
    expect(phone.page.get_by_role("heading", name=world.second_member.full_name)).to_be_visible()
    expect(phone.button("Đổi người dùng")).to_have_count(0)
    assert phone.errors == []
    browser.close()
