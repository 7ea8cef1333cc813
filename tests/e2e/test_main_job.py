"""The main job, end to end: recorded with no network and no server, approved offline, counted on the right day."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import func, select

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from models.visit import Photo, PhotoState, Visit
from tests import build
from tests.e2e.film import card_on, film_of, page_image
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, invitation, officer, wait_until


class Taps:
    """Counts what a thumb does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]
        self.count += 1


def stored_visits(server: Server) -> list[tuple[str, int]]:
    """(state, ready photos) of every visit in the database, in the order that they were begun in."""

    async def read(db: Database) -> list[tuple[str, int]]:
        ready = select(func.count()).where(Photo.visit_id == Visit.id, Photo.state == PhotoState.READY)
        async with db.read() as session:
            rows = await session.execute(select(Visit.state, ready.scalar_subquery()).order_by(Visit.id))
            return [(str(state), photos) for state, photos in rows]

    return server.do(read)


def qr_text(person: Person, folder: Path) -> str:
    """What another phone's camera reads off the invitation on this screen."""
    picture = folder / "invitation.png"
    person.page.locator(".invite-qr").screenshot(path=picture)
    return zxingcpp.read_barcodes(Image.open(picture))[0].text


@pytest.fixture
def film(server: Server, world: build.World, tmp_path: Path) -> Path:
    """The card of household 3, cut from the sheet that the product printed, before the fake camera."""
    desk = officer(server, world.commune_officer.username, build.PASSWORD)
    sheet = desk.post("/api/v1/cards/sheets", json={"village": world.village.id, "kind": "known"})
    assert sheet.status_code == 200, sheet.text
    return film_of(card_on(page_image(sheet.content), column=0, row=1), tmp_path / "card.mjpeg")


@pytest.fixture
def world(server: Server) -> build.World:
    return server.do(build.world)


def test_a_visit_recorded_offline_arrives_once_and_is_counted(
    server: Server, world: build.World, film: Path, playwright: Playwright, tmp_path: Path
) -> None:
    members_browser, others = launch(playwright, film), launch(playwright)

    # The leader joins and invites; the member joins by the QR on the leader's screen.
    leader = Person.arrive(others, server.origin)
    leader.join(invitation(server, world.leader.id))
    leader.page.get_by_role("link", name="Tổ của tôi").click()
    leader.page.locator("li", has_text=world.member.full_name).get_by_role("button", name="Mời").click()
    expect(leader.page.locator(".invite-qr")).to_be_visible()
    member = Person.arrive(members_browser, server.origin, permissions=["camera"])
    member.join(qr_text(leader, tmp_path))

    # No server, no network.
    server.kill()
    member.lose_network()
    member.close_and_reopen("/m/")
    expect(member.pill).to_have_text("Ngoại tuyến")

    # Scan, one tile, one chip, save; the photo is three taps of its own, and a look at it.
    tap = Taps(member.page)
    tap("link", "Quét thẻ")
    expect(member.page.get_by_role("heading", name="Nguyễn Văn 3")).to_be_visible(timeout=30_000)
    expect(member.page.get_by_text("Đã quét thẻ")).to_be_visible()
    tap("button", "VNEID")
    tap("button", "Tự sử dụng được")
    for_the_visit = tap.count + 1
    tap("button", "Chụp ảnh")
    expect(member.page.get_by_role("button", name="Chụp", exact=True)).to_be_enabled()
    tap("button", "Chụp")
    tap("button", "Dùng ảnh này")
    expect(member.page.get_by_role("img", name="Ảnh của lần hỗ trợ")).to_be_visible()
    tap("button", "Lưu")
    assert for_the_visit <= 5
    expect(member.page.get_by_text("Đã lưu trên máy")).to_be_visible()

    # A second visit, picked from the list: the doubtful one.
    member.page.get_by_role("link", name="Chọn hộ").click()
    member.page.get_by_role("searchbox").fill("nguyen van 7")
    member.button(re.compile("Nguyễn Văn 7")).click()
    member.button("Ghi nhận hỗ trợ").click()
    member.button("DVC").click()
    member.button("Đã cài đặt").click()
    member.button("Lưu").click()
    expect(member.pill).to_have_text("Ngoại tuyến · 2 chờ gửi")

    # Closed and opened again, both wait.
    member.close_and_reopen("/m/")
    expect(member.pill).to_have_text("Ngoại tuyến · 2 chờ gửi")
    expect(member.page.get_by_text("Chờ gửi")).to_have_count(3)

    # The server is back: everything arrives, once.
    server.start()
    member.find_network()
    member.pill.click()
    member.button("Gửi ngay").click()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=30_000)
    arrived = [("waiting", 1), ("waiting", 0)]
    wait_until(lambda: stored_visits(server) == arrived)
    leader.open("/m/review/")
    expect(leader.button("Duyệt 1 phiếu sạch")).to_be_visible(timeout=30_000)
    expect(leader.page.get_by_text("Không quét thẻ")).to_be_visible()
    leader.button("Xem 1 phiếu sạch").click()
    expect(leader.page.get_by_role("img", name="Ảnh của lần hỗ trợ")).to_be_visible(timeout=30_000)
    assert stored_visits(server) == arrived

    # The leader, offline, approves the clean one and sends the other back.
    leader.lose_network()
    leader.close_and_reopen("/m/review/")
    leader.button("Duyệt 1 phiếu sạch").click()
    expect(leader.page.get_by_text("Đã duyệt 1 phiếu")).to_be_visible()
    leader.button("Trả lại").click()
    dialog = leader.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Sai kết quả").click()
    dialog.get_by_label("Nói rõ thêm").fill("Bác ấy mới xem qua thôi")
    dialog.get_by_role("button", name="Trả lại").click()
    expect(leader.pill).to_have_text("Ngoại tuyến · 2 chờ gửi")
    leader.find_network()
    expect(leader.pill).to_have_text("Đã gửi hết", timeout=60_000)
    assert stored_visits(server) == [("approved", 1), ("returned", 0)]

    # The member sees the reason and mends the visit.
    member.open("/m/")
    expect(member.page.get_by_text("Sai kết quả: Bác ấy mới xem qua thôi")).to_be_visible(timeout=30_000)
    member.button("Sửa và gửi lại").click()
    member.button("Đã giới thiệu").click()
    member.button("Lưu bản sửa").click()
    expect(member.page).to_have_url(re.compile(r"/m/$"))
    expect(member.pill).to_have_text("Đã gửi hết", timeout=30_000)
    assert stored_visits(server) == [("approved", 1), ("replaced", 0), ("waiting", 0)]

    # The team's numbers, on the Vietnamese day, though the phones stand in another time zone.
    day = vn_day(datetime.now(UTC)).strftime("%d/%m")
    leader.open("/m/team/")
    expect(leader.page.get_by_text(f" · {day} · ")).to_be_visible()
    expect(leader.page.locator(".figure.done")).to_contain_text("1")
    expect(leader.page.locator(".figure.wait")).to_contain_text("1", timeout=30_000)
    expect(leader.page.locator(".figure.need")).to_contain_text("0")
    expect(leader.page.get_by_text("1 trên 12 hộ đã được hỗ trợ")).to_be_visible()

    for phone in (leader, member):
        assert phone.sockets == []
        assert phone.foreign == []
        assert phone.errors == []

    # The same numbers at the commune and the province.
    for account in (world.commune_officer, world.province_officer):
        desk = Person.arrive(others, server.origin, DESK)
        desk.open("/")
        desk.page.get_by_label("Tên đăng nhập").fill(account.username)
        desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
        desk.button("Đăng nhập").click()
        expect(desk.page.locator(".figure.done b")).to_have_text("1", timeout=30_000)
        expect(desk.page.locator(".figure.wait b")).to_have_text("1")
        if account is world.commune_officer:
            desk.page.get_by_role("link", name="Hôm nay").click()
            whole_day = vn_day(datetime.now(UTC)).strftime("%d/%m/%Y")
            expect(desk.page.get_by_text(whole_day).first).to_be_visible()
            expect(desk.page.locator(".figure.done b")).to_have_text("1")
        assert desk.foreign == []
        assert desk.errors == []
    members_browser.close()
    others.close()
