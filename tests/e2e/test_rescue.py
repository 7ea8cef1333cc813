"""A phone that can no longer send: its file is brought by the leader's phone, and all arrives once."""

import re
from pathlib import Path

from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.sync import Record
from models.visit import Photo, PhotoState, Visit
from tests import build, pictures
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, invitation, wait_until

RECORDS, VISITS, PHOTOS = Record.__table__, Visit.__table__, Photo.__table__


def arrived(server: Server) -> list[tuple[int, int | None, str]]:
    """(author, importer, state) of every visit."""

    async def read(db: Database) -> list[tuple[int, int | None, str]]:
        async with db.read() as session:
            joined = select(VISITS.c.author_id, RECORDS.c.importer_id, VISITS.c.state).join(
                RECORDS, RECORDS.c.id == VISITS.c.id
            )
            return [tuple(row) for row in await session.execute(joined)]

    return server.do(read)


def photo_states(server: Server) -> list[str]:
    async def read(db: Database) -> list[str]:
        async with db.read() as session:
            return [str(state) for state in (await session.execute(select(PHOTOS.c.state))).scalars()]

    return server.do(read)


def record_offline(phone: Person, head: str, picture: Path | None = None, opened: bool = False) -> None:
    if not opened:
        phone.open("/m/households/")
    phone.button(re.compile(head)).first.click()
    phone.button("Ghi nhận hỗ trợ").click()
    phone.button("VNEID").click()
    phone.button("Đã cài đặt").click()
    if picture:
        phone.button("Chụp ảnh").click()
        phone.page.locator("input[type=file]").set_input_files(picture)
        phone.button("Dùng ảnh này").click()
        expect(phone.page.locator(".thumb img")).to_be_visible()
    phone.button("Lưu").click()
    expect(phone.page).to_have_url(re.compile(r"/m/$"))


def bring(leader: Person, file: Path) -> None:
    with leader.page.expect_file_chooser() as chooser:
        leader.button("Chọn tệp để nhập").click()
    chooser.value.set_files(file)


def test_a_rescue_file_arrives_once_though_the_first_phone_comes_back(
    server: Server, playwright: Playwright, tmp_path: Path
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    member = Person.arrive(browser, server.origin, permissions=["camera"])
    member.join(invitation(server, world.member.id))
    leader = Person.arrive(browser, server.origin)
    leader.join(invitation(server, world.leader.id))

    member.lose_network()
    (tmp_path / "picture.jpg").write_bytes(pictures.jpeg())
    record_offline(member, "Nguyễn Văn 7", tmp_path / "picture.jpg")
    record_offline(member, "Nguyễn Văn 8")
    member.open("/m/me/")
    expect(member.page.get_by_text("2 phiếu và 1 ảnh chưa gửi")).to_be_visible()
    with member.page.expect_download() as download:
        member.button("Xuất dữ liệu chưa gửi").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert re.fullmatch(r"phieu-chua-gui-\d{4}-\d\d-\d\d-\d{4}\.toso", file.name)
    assert b"visit.create" not in file.read_bytes()
    expect(member.page.get_by_text("Đã xuất lúc")).to_be_visible()

    leader.open("/m/me/")
    bring(leader, file)
    expect(leader.page.get_by_text("2 phiếu đã nhận")).to_be_visible(timeout=60_000)
    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(world.commune_officer.username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".figure").first).to_be_visible(timeout=30_000)
    desk.open("/desk/teams/")
    desk.page.get_by_label("Chọn tệp để nhập").set_input_files(file)
    expect(desk.page.get_by_text("2 phiếu đã có từ trước")).to_be_visible(timeout=60_000)
    brought = [(world.member.id, world.leader.id, "waiting")] * 2
    assert arrived(server) == brought
    wait_until(lambda: photo_states(server) == [PhotoState.READY])
    leader.open("/m/review/")
    expect(leader.page.get_by_text(re.compile("Nguyễn Văn 7")).first).to_be_visible(timeout=30_000)

    # A file that somebody altered is named for what it is.
    damaged = tmp_path / "damaged.toso"
    damaged.write_bytes(file.read_bytes()[:-1])
    leader.open("/m/me/")
    bring(leader, damaged)
    expect(leader.page.get_by_role("alert")).to_contain_text("Tệp bị hỏng")

    # The first phone comes back, and sends the same.
    member.find_network()
    member.open("/m/")
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    assert arrived(server) == brought
    assert photo_states(server) == [PhotoState.READY]
    for phone in (member, leader):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()


def test_whoever_has_it_in_a_file_may_sign_out_when_asked_once_more(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    phone = Person.arrive(browser, server.origin)
    phone.join(invitation(server, world.member.id))
    phone.context.route("**/api/v1/sync/push", lambda route: route.abort())
    record_offline(phone, "Nguyễn Văn 7")
    phone.open("/m/me/")
    phone.button("Đăng xuất khỏi máy này").click()
    dialog = phone.page.get_by_role("dialog")
    expect(dialog.get_by_text("1 phiếu chưa gửi")).to_be_visible()
    expect(dialog.get_by_role("button", name="Xóa khỏi máy và đăng xuất")).to_have_count(0)
    dialog.get_by_role("button").first.click()
    with phone.page.expect_download():
        phone.button("Xuất dữ liệu chưa gửi").click()
    expect(phone.page.get_by_text("Đã xuất lúc")).to_be_visible()
    phone.button("Đăng xuất khỏi máy này").click()
    expect(dialog.get_by_role("heading")).to_have_text("Xóa phiếu chưa gửi khỏi máy này?")
    expect(dialog.get_by_text("Mất tệp là mất hẳn")).to_be_visible()
    dialog.get_by_role("button", name="Xóa khỏi máy và đăng xuất").click()
    expect(phone.page).to_have_url(re.compile(r"/m/join/$"), timeout=60_000)
    assert phone.errors == []
    browser.close()
