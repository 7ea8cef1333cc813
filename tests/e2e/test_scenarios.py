"""What the province accepts the product by, as a person meets it: each test is named after its scenario."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.services import visit_places
from fieldapp.services.reference import platform_catalogue
from models.account import Role
from models.base import utc_now
from models.platform import PlatformStep
from models.visit import Outcome, Visit
from models.visit_place import VisitPlace
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation


@dataclass
class Scene:
    server: Server
    world: build.World
    member: Person

    def outcomes(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(platform, result, detail) of every visit in the database, in the order that they were begun in."""

        async def read(db: Database) -> list[tuple[str, str, dict[str, Any]]]:
            query = select(Outcome).join(Visit, Visit.id == Outcome.visit_id).order_by(Visit.id, Outcome.id)  # type: ignore[arg-type]
            async with db.read() as session:
                return [(o.platform_code, str(o.result), o.detail) for o in (await session.execute(query)).scalars()]

        return self.server.do(read)

    def begin(self, head: str) -> None:
        """Opens the form for a household, found by its head's name."""
        self.member.open("/m/households/")
        self.member.page.get_by_role("searchbox").fill(head)
        self.member.page.locator("li button", has_text=head).first.click()
        self.member.button("Ghi nhận hỗ trợ").click()

    def save(self) -> None:
        self.member.button("Lưu").click()
        expect(self.member.page.get_by_text("Đã lưu trên máy")).to_be_visible()


def record(phone: Person, head: str, platform: str) -> None:
    phone.open("/m/households/")
    phone.page.get_by_role("searchbox").fill(head)
    phone.page.locator("li button", has_text=head).first.click()
    phone.button("Ghi nhận hỗ trợ").click()
    phone.page.locator(".tile", has_text=platform).click()
    phone.button("Đã cài đặt").click()
    phone.button("Lưu").click()
    expect(phone.page.get_by_text("Đã lưu trên máy")).to_be_visible()


SON_TINH = {"latitude": 15.18765, "longitude": 108.75432}


@pytest.fixture
def scene(server: Server, playwright: Playwright) -> Iterator[Scene]:
    world = server.do(build.world)
    browser = launch(playwright)
    member = Person.arrive(browser, server.origin, geolocation=SON_TINH, permissions=["geolocation"])
    member.join(invitation(server, world.member.id))
    yield Scene(server, world, member)
    assert (member.errors, member.foreign, member.sockets) == ([], [], [])
    browser.close()


def test_1_a_visit_is_saved_offline_and_stands_in_today(scene: Scene) -> None:
    member = scene.member
    member.lose_network()
    scene.begin("Nguyễn Văn 7")
    member.button("VNEID").click()
    member.button("Tự sử dụng được").click()
    scene.save()
    expect(member.pill).to_have_text("Ngoại tuyến · 1 chờ gửi")
    expect(member.page.locator("li", has_text="Nguyễn Văn 7").get_by_text("Chờ gửi")).to_be_visible()
    member.picture("scenario-1")


def test_2_four_waiting_slips_arrive_once_though_the_first_answer_was_lost(scene: Scene) -> None:
    member = scene.member
    member.lose_network()
    for number in (3, 4, 5, 6):
        scene.begin(f"Nguyễn Văn {number}")
        # Each after the first is three taps: as last time, save, and the way to the household.
        again = member.page.get_by_role("button", name="Như lần trước")
        if number == 3:
            member.button("VNEID").click()
            member.button("Đã cài đặt").click()
        else:
            again.click()
        scene.save()
    expect(member.pill).to_have_text("Ngoại tuyến · 4 chờ gửi")

    lost = []

    def lose_first_answer(route: Any) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    member.context.route("**/api/v1/sync/push", lose_first_answer, times=1)
    member.find_network()
    member.open("/m/outbox/")
    member.button("Gửi ngay").click()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    assert len(lost) == 1
    assert scene.outcomes() == [("VNEID", "installed", {})] * 4
    member.picture("scenario-2")


def test_4_a_household_that_waits_stands_in_today_and_is_taught_again(scene: Scene) -> None:
    member, day = scene.member, vn_day(utc_now())
    member.lose_network()
    scene.begin("Nguyễn Văn 7")
    member.button("DVC").click()
    member.button("Hẹn quay lại").click()
    member.page.get_by_label("Hẹn ngày quay lại").fill((day + timedelta(days=1)).isoformat())
    scene.save()
    expect(member.page.get_by_text("Hẹn quay lại hôm nay")).to_have_count(0)

    scene.begin("Nguyễn Văn 8")
    member.button("VNEID").click()
    member.button("Hẹn quay lại").click()
    member.page.get_by_label("Hẹn ngày quay lại").fill(day.isoformat())
    scene.save()
    member.close_and_reopen("/m/")
    waiting = member.page.get_by_role("button", name="Nguyễn Văn 8").filter(has_text="Hẹn hôm nay")
    expect(waiting).to_be_visible()
    expect(member.page.get_by_text("Hẹn hôm nay")).to_have_count(1)
    member.picture("scenario-4-waits")

    waiting.click()
    # By its class: until the form is drawn, the lines of Hôm nay name the platform too.
    expect(member.page.locator(".tile", has_text="VNEID")).to_have_attribute("aria-pressed", "true")
    expect(member.page.get_by_text("Hướng dẫn lại")).to_be_visible()
    member.button("Tự sử dụng được").click()
    scene.save()
    expect(member.page.get_by_text("Hẹn hôm nay")).to_have_count(0)
    expect(member.page.locator("li", has_text="Nguyễn Văn 8").get_by_text("Hướng dẫn lại")).to_have_count(1)
    member.picture("scenario-4-taught-again")
    member.find_network()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    assert scene.outcomes()[-1] == ("VNEID", "independent", {"again": True})


def test_5_a_note_that_holds_an_identity_number_is_not_saved(scene: Scene) -> None:
    member = scene.member
    scene.begin("Nguyễn Văn 7")
    member.button("VNEID").click()
    member.button("Đã cài đặt").click()
    note = member.page.get_by_label("Ghi chú")
    note.fill("số 051090001234")
    member.button("Lưu").click()
    expect(member.page.get_by_role("alert")).to_have_text("Không ghi số định danh, số điện thoại của người dân")
    expect(member.page).to_have_url(f"{scene.server.origin}/m/record/")
    member.picture("scenario-5")
    note.fill("đã hẹn tuần sau")
    scene.save()


def test_a_place_is_asked_for_only_where_the_commune_wants_it_and_is_coarse(scene: Scene) -> None:
    member = scene.member
    scene.begin("Nguyễn Văn 7")
    expect(member.page.get_by_label("Ghi chú")).to_be_visible()
    expect(member.button("Ghi vị trí gần đúng")).to_have_count(0)
    scene.server.do(lambda db: ask_places(db, scene.world))
    member.open("/m/outbox/")
    member.button("Gửi ngay").click()
    member.open("/m/record/")
    member.button("Ghi vị trí gần đúng").click(timeout=60_000)
    expect(member.page.get_by_text("Đã ghi vị trí, sai khoảng 1 km")).to_be_visible()
    member.picture("place")
    member.button("VNEID").click()
    member.button("Đã cài đặt").click()
    scene.save()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    assert scene.server.do(places) == [(15.19, 108.75)]


def test_8_two_visits_for_the_same_on_one_day_are_doubtful_and_one_household(
    scene: Scene, playwright: Playwright
) -> None:
    browser = launch(playwright)
    other, leader = Person.arrive(browser, scene.server.origin), Person.arrive(browser, scene.server.origin)
    other.join(invitation(scene.server, scene.world.second_member.id))
    leader.join(invitation(scene.server, scene.world.leader.id))
    for phone in (scene.member, other):
        phone.lose_network()
        record(phone, "Nguyễn Văn 12", "DVC")
    for phone in (scene.member, other):
        phone.find_network()
        expect(phone.pill).to_have_text("Đã gửi hết", timeout=60_000)
    leader.open("/m/review/")
    doubtful = leader.page.locator("article", has_text="Nguyễn Văn 12")
    expect(doubtful).to_have_count(2, timeout=30_000)
    expect(doubtful.get_by_text("Có thể trùng")).to_have_count(2)
    leader.picture("scenario-8")
    leader.open("/m/team/")
    expect(leader.page.get_by_text("1 hộ nếu tính cả phiếu chờ duyệt")).to_be_visible()
    expect(leader.page.locator(".figure", has_text="lượt chờ duyệt").locator("b")).to_have_text("2")
    browser.close()


async def ask_places(db: Database, world: build.World) -> None:
    account = world.commune_officer
    who = Principal(Role.COMMUNE_OFFICER, "", account_id=account.id, commune_id=account.unit_id)
    async with db.write() as session:
        await visit_places.ask(session, who, account.unit_id, True)


async def places(db: Database) -> list[tuple[float, float]]:
    async with db.read() as session:
        return [(p.latitude, p.longitude) for p in (await session.execute(select(VisitPlace))).scalars()]


def test_10_a_shop_counts_only_after_its_commitment_to_quality(scene: Scene) -> None:
    member = scene.member
    scene.server.do(open_shops)
    member.open("/m/gaps/")
    expect(member.page.get_by_text("Gian hàng số")).to_be_visible(timeout=30_000)
    first = ("Đăng ký gian hàng", "Đăng ảnh sản phẩm", "Nhận đơn", "Đóng gói")
    for steps, shops in ((first, 0), (("Đã cam kết chất lượng sản phẩm",), 1)):
        member.lose_network()
        scene.begin("Nguyễn Văn 7")
        member.page.get_by_role("button", name="Gian hàng số", exact=True).click()
        member.button("Tự sử dụng được").click()
        expect(member.page.get_by_text("Gian hàng chỉ được tính")).to_be_visible()
        for step in steps:
            member.page.get_by_role("button", name=step).click()
        scene.save()
        member.find_network()
        expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
        member.open("/m/team/")
        expect(member.page.get_by_text("gian hàng đã cam kết chất lượng sản phẩm")).to_have_count(shops)
    member.picture("scenario-10")


async def open_shops(db: Database) -> None:
    """The digital shop of the catalogue, with its steps."""
    shop = next(p for p in platform_catalogue() if p["code"] == "GHS")
    named = {name: shop[name] for name in ("name_vi", "name_en", "short_vi", "short_en", "icon")}
    await build.platform(db, "GHS", 4, **named)
    async with db.write() as session:
        session.add_all(
            PlatformStep(platform_code="GHS", position=n, **step) for n, step in enumerate(shop["steps"], 1)
        )
