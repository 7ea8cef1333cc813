"""Nhận xét ngày: a leader writes on a member's day without network, the member reads and answers without network."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.log_comment import LogComment
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation, wait_until
from tests.e2e.test_screens import LOOKS, look_at


@dataclass
class Team:
    server: Server
    world: build.World
    leader: Person
    member: Person

    def said(self) -> list[tuple[Any, ...]]:
        async def read(db: Database) -> list[tuple[Any, ...]]:
            async with db.read() as session:
                rows = (await session.execute(select(LogComment))).scalars()
                return [(row.member_id, row.text, row.answer, row.withdrawn_at is not None) for row in rows]

        return self.server.do(read)


def look(person: Person, name: str) -> None:
    """A screen in every look, small and wide, light and dark."""
    assert [fault for seen in LOOKS for fault in look_at(person.page, f"phone-{name}", *seen)] == []
    person.page.emulate_media(color_scheme="light")
    person.page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]


@pytest.fixture
def team(server: Server, playwright: Playwright) -> Iterator[Team]:
    world = server.do(build.world)
    visits = [build.visit(world.member, home, "VNEID") for home in world.households[:3]]
    server.do(lambda db: build.send(db, world.member, *visits))
    browser = launch(playwright)
    leader, member = (Person.arrive(browser, server.origin) for _ in range(2))
    leader.join(invitation(server, world.leader.id))
    member.join(invitation(server, world.member.id))
    yield Team(server, world, leader, member)
    for phone in (leader, member):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()


def test_a_leaders_word_on_a_day_and_the_answer_are_made_without_network(team: Team) -> None:
    leader, member = team.leader, team.member
    name = team.world.member.full_name
    leader.lose_network()
    page = leader.open("/m/review/")
    leader.button(f"Nhận xét ngày của {name}").click()
    page.get_by_label("Lời nhận xét").fill("Gọi 0905 123 456")
    expect(page.get_by_role("alert")).to_have_text("Không ghi số định danh, số điện thoại của người dân")
    leader.write("Lời nhận xét", "Ba phiếu tốt. Lần sau ghi thêm ai đã tự mở được VNeID.")
    look(leader, "comment-form")

    # Killed before it is saved, the app opens where it was left.
    page = leader.close_and_reopen("/m/review/")
    expect(page.get_by_label("Lời nhận xét")).to_have_value("Ba phiếu tốt. Lần sau ghi thêm ai đã tự mở được VNeID.")
    leader.button("Lưu").click()
    expect(page.get_by_text("Đã lưu trên máy")).to_be_visible()
    page.get_by_role("link", name="Xem nhật ký các ngày").click()
    expect(page.locator("article.note")).to_contain_text("Chờ gửi")
    expect(leader.pill).to_have_accessible_name("Ngoại tuyến · 1 chờ gửi")
    leader.find_network()
    leader.open("/m/outbox/")
    leader.button("Gửi ngay").click()
    wait_until(lambda: bool(team.said()))

    # It reaches the member's phone, which then loses its network.
    page = member.open("/m/")
    card = page.locator("section.card", has_text="1 nhận xét mới")
    expect(card).to_contain_text("Ba phiếu tốt", timeout=60_000)
    member.lose_network()
    page = member.close_and_reopen("/m/")
    card = page.locator("section.card", has_text="1 nhận xét mới")
    expect(card).to_contain_text(team.world.leader.full_name)
    look(member, "today-comment")
    card.get_by_role("link", name="Xem").click()
    log = page.locator("section.card", has_text="Ba phiếu tốt")
    log.get_by_role("button", name="Xem 3 phiếu").click()
    expect(log.locator(".list li")).to_have_count(3)
    look(member, "logs")
    log.get_by_role("button", name="Trả lời").click()
    page.get_by_label("Trả lời bằng một dòng").fill("Vâng, mai tôi ghi thêm.")
    member.button("Lưu").click()
    expect(log).to_contain_text("Vâng, mai tôi ghi thêm.")
    expect(log).to_contain_text("Chờ gửi")
    page.get_by_role("link", name="Quay lại").click()
    expect(page.get_by_role("heading", name="Hôm nay", exact=True)).to_be_visible()
    expect(card).to_have_count(0)

    member.find_network()
    member.open("/m/outbox/")
    member.button("Gửi ngay").click()
    said = "Ba phiếu tốt. Lần sau ghi thêm ai đã tự mở được VNeID."
    member_id = team.world.member.id
    wait_until(lambda: team.said() == [(member_id, said, "Vâng, mai tôi ghi thêm.", False)])

    # The leader is told of the answer once, and takes the comment away.
    page = leader.open("/m/")
    expect(page.get_by_text("1 trả lời mới")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Xem", exact=True).click()
    expect(page.locator("article.note")).to_contain_text("Vâng, mai tôi ghi thêm.")
    look(leader, "logs-leader")
    leader.button("Sửa nhận xét").click()
    leader.button("Rút nhận xét").click()
    expect(page.locator("article.note")).to_have_count(0)
    wait_until(lambda: team.said()[0][3])
    member.open("/m/logs/")
    expect(member.page.get_by_text("3 phiếu", exact=True)).to_be_visible()
    expect(member.page.locator("article.note")).to_have_count(0, timeout=60_000)
