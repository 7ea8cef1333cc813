"""What the team does besides visits, by the province's scenarios: activities counted, difficulties told, the group."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.services.scopes import raise_villages
from models.activity import Activity
from models.base import utc_now
from models.difficulty import Difficulty, DifficultyDeed, DifficultyState, DifficultyStep
from models.zalo_group import ZaloGroup
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation, wait_until
from tests.e2e.test_screens import LOOKS, look_at


@dataclass
class Village:
    server: Server
    world: build.World
    member: Person
    other: Person

    def rows(self, table: Any, *columns: str) -> list[tuple[Any, ...]]:
        async def read(db: Database) -> list[tuple[Any, ...]]:
            async with db.read() as session:
                found = (await session.execute(select(table).order_by(table.received_at))).scalars()
                return [tuple(getattr(row, name) for name in columns) for row in found]

        return self.server.do(read)

    def look(self, name: str) -> None:
        """A screen in every look, small and wide, light and dark."""
        assert [fault for look in LOOKS for fault in look_at(self.member.page, f"phone-{name}", *look)] == []
        self.member.page.emulate_media(color_scheme="light")
        self.member.page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]


@pytest.fixture
def village(server: Server, playwright: Playwright) -> Iterator[Village]:
    world = server.do(build.world)
    browser = launch(playwright)
    member, other = (Person.arrive(browser, server.origin) for _ in range(2))
    member.join(invitation(server, world.member.id))
    other.join(invitation(server, world.second_member.id))
    yield Village(server, world, member, other)
    for phone in (member, other):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()


def test_9_a_village_event_is_counted_offline_and_names_nobody(village: Village) -> None:
    member, page = village.member, village.member.page
    member.lose_network()
    page.get_by_role("link", name="Hoạt động", exact=True).click()
    member.button("Ghi hoạt động").click()
    member.button("Buổi tuyên truyền").click()
    for _ in range(4):
        member.button("Thêm 10").click()
    for _ in range(5):
        member.button("Thêm một").click()
    expect(page.get_by_label("Số lượt người")).to_have_value("45")
    member.button("VNEID").click()
    page.get_by_label("Ghi chú").fill("Gọi 0905 123 456")
    expect(page.get_by_role("alert")).to_have_text("Không ghi số định danh, số điện thoại của người dân")
    page.get_by_label("Ghi chú").fill("Họp thôn tối thứ Bảy")
    village.look("activity-form")

    # Killed before it is saved, the app opens where it was left.
    page = member.close_and_reopen("/m/activities/")
    expect(page.get_by_label("Số lượt người")).to_have_value("45")
    member.button("Lưu").click()
    expect(page.get_by_text("Đã lưu trên máy")).to_be_visible()
    mine = page.locator("li", has_text="Buổi tuyên truyền")
    expect(mine).to_contain_text("45 lượt người")
    expect(mine).to_contain_text("Chờ gửi")
    expect(member.pill).to_have_accessible_name("Ngoại tuyến · 1 chờ gửi")
    member.open("/m/outbox/")
    expect(page.locator("li", has_text="Hoạt động chung")).to_contain_text("Họp thôn tối thứ Bảy")

    member.find_network()
    member.button("Gửi ngay").click()
    wait_until(lambda: bool(village.rows(Activity, "kind")))
    assert village.rows(Activity, "kind", "people", "platforms", "note") == [
        ("talk", 45, ["VNEID"], "Họp thôn tối thứ Bảy")
    ]
    member.open("/m/activities/")
    expect(page.locator("li", has_text="45 lượt người")).to_contain_text("Đã gửi")
    village.look("activity-list")
    member.picture("scenario-9")
    theirs = village.other.open("/m/activities/").locator("li", has_text="45 lượt người")
    expect(theirs).to_contain_text(village.world.member.full_name, timeout=60_000)

    # One tap and it is taken back, everywhere.
    page.locator("li button", has_text="45 lượt người").click()
    member.button("Rút hoạt động").click()
    expect(page.locator("li", has_text="45 lượt người")).to_have_count(0)
    wait_until(lambda: village.rows(Activity, "withdrawn_at") != [(None,)])


def test_16_a_difficulty_recorded_offline_arrives_and_shows_its_state_and_day(village: Village) -> None:
    member, page = village.member, village.member.page
    member.lose_network()
    page.get_by_role("link", name="Vướng mắc", exact=True).click()
    member.button("Báo vướng mắc").click()
    member.button("Sóng, mạng").click()
    member.button("Cao").click()
    member.button("Lưu").click()
    expect(page.get_by_text("Nói rõ vướng mắc bằng vài chữ")).to_be_visible()
    page.get_by_label("Nói rõ vướng mắc").fill("Xóm trên mất sóng từ hôm qua, không mở được VNeID")
    village.look("difficulty-form")
    member.button("Lưu").click()
    card = page.locator("article", has_text="Sóng, mạng")
    expect(card).to_contain_text("Có hạn xử lý sau khi gửi")
    expect(card).to_contain_text("Chờ gửi")

    member.find_network()
    page = member.open("/m/difficulties/")
    due = WorkCalendar().after(vn_day(utc_now()), 3)
    left = (due - vn_day(utc_now())).days
    card = page.locator("article", has_text="Sóng, mạng")
    expect(card).to_contain_text(f"Hạn xử lý {due:%d/%m}, còn {left} ngày", timeout=60_000)
    expect(card).to_contain_text("Đã báo")
    assert village.rows(Difficulty, "kind", "severity", "state", "due_on") == [("signal", "high", "reported", due)]
    theirs = village.other.open("/m/difficulties/").locator("article", has_text="Xóm trên mất sóng")
    expect(theirs).to_contain_text("Mức cao", timeout=60_000)

    # The commune's step comes with the next pull, and so does a day that has gone by.
    village.server.do(lambda db: take_up(db, village.world))
    page = member.open("/m/difficulties/")
    expect(card.locator("li")).to_have_count(2, timeout=60_000)
    expect(card).to_contain_text("Đang xử lý")
    expect(card).to_contain_text("Đã báo nhà mạng")
    expect(card).to_contain_text("Quá hạn 2 ngày")
    village.look("difficulty-list")
    member.picture("scenario-16")


async def take_up(db: Database, world: build.World) -> None:
    """What an officer will do at the desk, and that it took too long."""
    async with db.write() as session:
        village_id = world.village.id or 0
        version = (await raise_villages(session, [village_id]))[village_id]
        [difficulty] = (await session.execute(select(Difficulty))).scalars()
        late = {"state": DifficultyState.HANDLING, "due_on": vn_day(utc_now()) - timedelta(days=2)}
        await session.execute(update(Difficulty).values(scope_version=version, **late))
        step = {
            "deed": DifficultyDeed.ANSWER,
            "state": DifficultyState.HANDLING,
            "note": "Đã báo nhà mạng",
            "by_account_id": world.commune_officer.id,
        }
        session.add(DifficultyStep(difficulty_id=difficulty.id, at=utc_now(), **step))


def test_the_coverage_of_the_group_is_known_offline_and_the_newest_word_stands(village: Village) -> None:
    member, page = village.member, village.member.page
    member.lose_network()
    page.get_by_role("link", name="Nhóm Zalo", exact=True).click()
    expect(page.get_by_text("Chưa ghi nhóm Zalo của thôn này.")).to_be_visible()
    member.button("Ghi nhóm Zalo").click()
    page.get_by_label("Tên nhóm").fill("Thôn Đông Hòa")
    page.get_by_label("Liên kết nhóm").fill("https://zalo.me/0905123456")
    expect(page.get_by_role("alert")).to_contain_text("không phải số điện thoại")
    page.get_by_label("Liên kết nhóm").fill("https://zalo.me/g/donghoa")
    page.get_by_label("Số hộ trong nhóm").fill("9")
    member.button("Tổ trưởng Tổ CNSCĐ").click()
    village.look("group-form")
    member.button("Lưu").click()
    expect(page.locator(".ring")).to_have_text("75%hộ")
    expect(page.get_by_text("9 trên 12 hộ trong nhóm")).to_be_visible()
    expect(page.get_by_text("Chờ gửi", exact=True)).to_be_visible()

    # Another member counts later and is heard first.
    theirs = village.other.open("/m/group/")
    village.other.button("Ghi nhóm Zalo").click()
    theirs.get_by_label("Tên nhóm").fill("Thôn Đông Hòa")
    theirs.get_by_label("Số hộ trong nhóm").fill("11")
    village.other.button("Thành viên Tổ CNSCĐ").click()
    village.other.button("Lưu").click()
    wait_until(lambda: village.rows(ZaloGroup, "households") == [(11,)])
    member.find_network()
    member.open("/m/group/")
    expect(page.get_by_text("11 trên 12 hộ trong nhóm")).to_be_visible(timeout=60_000)
    wait_until(lambda: len(village.rows(ZaloGroup, "households")) == 2)
    assert village.rows(ZaloGroup, "households", "stands") == [(11, True), (9, False)]
    village.look("group-coverage")
    expect(page.get_by_text(f"Đếm ngày {vn_day(utc_now()):%d/%m/%Y}")).to_be_visible()
