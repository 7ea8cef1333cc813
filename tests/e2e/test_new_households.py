"""A village that begins without a roster: joined by a typed code, met at the door, confirmed offline by the leader."""

import re

from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.household import Household
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation


def households(server: Server) -> list[tuple[str, str, bool]]:
    """(number, state, merged) of every household, oldest first."""

    async def read(db: Database) -> list[tuple[str, str, bool]]:
        async with db.read() as session:
            rows = (await session.execute(select(Household).order_by("created_at"))).scalars()
            return [(h.number, str(h.state), h.merged_into_id is not None) for h in rows]

    return server.do(read)


def meet(member: Person, number: str, head: str) -> None:
    member.open("/m/households/")
    member.button("Thêm hộ chưa có trong danh sách").click()
    dialog = member.page.get_by_role("dialog")
    dialog.get_by_label("Số nhà").fill(number)
    dialog.get_by_label("Tên chủ hộ").fill(head)
    dialog.get_by_role("button", name="Ghi nhận cho hộ này").click()
    member.button("VNEID").click()
    member.button("Đã cài đặt").click()
    member.button("Lưu").click()
    expect(member.page).to_have_url(re.compile(r"/m/$"))


def test_households_made_at_the_door_are_confirmed_and_merged_offline(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    leader = Person.arrive(browser, server.origin)
    leader.join(invitation(server, world.leader.id))
    leader.open("/m/members/")
    leader.page.locator("li", has_text=world.member.full_name).get_by_role("button", name="Mời").click()
    code = leader.page.locator(".short-code").inner_text()

    member = Person.arrive(browser, server.origin)
    member.open("/m/")
    member.page.get_by_role("link", name="Tham gia").click()
    member.page.get_by_label("Hoặc nhập mã 8 ký tự").fill("K7M2-9QXX")
    member.button("Dùng mã này").click()
    expect(member.page.get_by_role("alert")).to_be_visible()
    member.page.get_by_label("Hoặc nhập mã 8 ký tự").fill(code.lower())
    member.button("Dùng mã này").click()
    expect(member.page.get_by_role("heading", name=world.member.full_name)).to_be_visible()
    member.button("Tham gia").click()
    expect(member.pill).to_have_text("Đã gửi hết")

    meet(member, "13", "Hồ Thị Sen")
    meet(member, "14", "Nguyễn Văn 5")
    expect(member.pill).to_have_text("Đã gửi hết", timeout=30_000)

    leader.open("/m/review/")
    expect(leader.page.get_by_text("2 hộ", exact=True)).to_be_visible(timeout=30_000)
    leader.lose_network()
    leader.close_and_reopen("/m/review/")
    doubtful = leader.page.locator("article", has_text="Nguyễn Văn 5").first
    doubtful.get_by_role("button", name="Trùng với hộ 5").click()
    expect(leader.page.get_by_text("Đã gộp vào hộ 5")).to_be_visible()
    leader.button("Sửa số, tên").click()
    leader.page.get_by_role("dialog").get_by_label("Số nhà").fill("13b")
    leader.page.get_by_role("dialog").get_by_role("button", name="Đúng, là hộ mới").click()
    expect(leader.page.get_by_text("Đã xác nhận hộ 13b")).to_be_visible()
    expect(leader.page.get_by_text("Hộ mới chờ xác nhận")).to_have_count(0)
    expect(leader.pill).to_have_text("Ngoại tuyến · 2 chờ gửi")
    leader.find_network()
    expect(leader.pill).to_have_text("Đã gửi hết", timeout=60_000)
    assert households(server)[12:] == [("13b", "confirmed", False), ("14", "provisional", True)]

    member.open("/m/households/")
    expect(member.page.get_by_text("13 trên 13 hộ")).to_be_visible(timeout=30_000)
    for phone in (leader, member):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()
