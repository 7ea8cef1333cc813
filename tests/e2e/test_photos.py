"""Photos with care: a clear face is agreed to, blurred or dropped; photos wait for Wi-Fi and outlive a killed app."""

from pathlib import Path
from typing import Any

import pytest
from PIL import ImageChops, ImageStat
from playwright.sync_api import Page, Playwright, Route, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.visit import Photo, PhotoState, Visit
from models.work_photo import WorkPhoto
from tests import build, pictures
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, invitation, wait_until
from tests.e2e.test_screens import LOOKS, look_at

PHOTOS, WORK_PHOTOS, VISITS = Photo.__table__, WorkPhoto.__table__, Visit.__table__
UPLOADS = "**/api/v1/visits/**"
NETWORK = """() => {
  const told = new EventTarget();
  Object.defineProperty(told, "type", { get: () => localStorage.getItem("network") ?? undefined });
  Object.defineProperty(navigator, "connection", { value: told });
}"""
"""A browser that tells of its network, as those of phones do."""

BYTES_HERE = """() => new Promise((done) => {
  const opening = indexedDB.open("toso");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("photo_bytes").objectStore("photo_bytes").getAllKeys();
    asked.onsuccess = () => (opening.result.close(), done(asked.result));
  };
})"""


@pytest.fixture
def world(server: Server) -> build.World:
    return server.do(build.world)


def rows_of(server: Server, table: Any = PHOTOS) -> list[Any]:
    """Photos, those of visits unless others are asked for, as the server holds them."""

    async def read(db: Database) -> list[Any]:
        async with db.read() as session:
            return list(await session.execute(select(table).order_by(table.c.id)))

    return server.do(read)


def count_visits(server: Server) -> int:
    async def read(db: Database) -> int:
        async with db.read() as session:
            return len((await session.execute(select(VISITS.c.id))).all())

    return server.do(read)


def from_a_phone(folder: Path, name: str) -> Path:
    """A picture as a phone's own camera leaves it, with where and with what it was taken."""
    path = folder / f"{name}.jpg"
    path.write_bytes(pictures.jpeg(1600, 1200, exif=pictures.exif()))
    return path


def choose(page: Page, picture: Path) -> None:
    page.get_by_role("button", name="Chụp ảnh").click()
    page.get_by_role("dialog", name="Chụp ảnh").locator("input[name=picture]").set_input_files(picture)
    expect(page.get_by_role("dialog", name="Ảnh vừa chụp")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Có người nhìn rõ mặt")).not_to_be_checked()


def begin_visit(person: Person) -> None:
    person.page.get_by_role("link", name="Chọn hộ").click()
    person.page.get_by_role("searchbox").fill("nguyen van 3")
    person.page.get_by_role("button", name="Nguyễn Văn 3").click()
    person.button("Ghi nhận hỗ trợ").click()
    person.button("VNEID").click()
    person.button("Đã cài đặt").click()


def blur_by_finger(page: Page) -> None:
    """Two strokes, of which the second is taken back."""
    page.get_by_role("button", name="Làm mờ", exact=True).click()
    tool = page.get_by_role("dialog", name="Làm mờ")
    expect(tool.get_by_role("button", name="Làm mờ cả ảnh")).to_be_enabled()
    expect(tool.get_by_role("button", name="Xong")).to_be_disabled()
    box = tool.get_by_role("img").bounding_box()
    assert box is not None
    for height in (0.3, 0.7):
        y = box["y"] + box["height"] * height
        page.mouse.move(box["x"] + 4, y)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 4, y, steps=8)
        page.mouse.up()
    tool.get_by_role("button", name="Hoàn tác").click()
    tool.get_by_role("button", name="Xong").click()
    expect(page.get_by_text("Đã làm mờ")).to_be_visible()


def detail(content: bytes, height: float) -> float:
    """How much neighbouring pixels differ in the rows at this height."""
    image = pictures.opened(content).convert("L")
    top = int(image.height * height) - 4
    band = image.crop((40, top, image.width - 40, top + 8))
    return ImageStat.Stat(ImageChops.difference(band, ImageChops.offset(band, 1, 0))).mean[0]


def stored(server: Server) -> list[bytes]:
    return [path.read_bytes() for path in (server.folder / "photos").rglob("*") if path.is_file()]


def test_scenario_6_a_clear_face_is_agreed_to_blurred_or_dropped_and_no_file_tells_where(
    server: Server, world: build.World, playwright: Playwright, tmp_path: Path
) -> None:
    browser = launch(playwright)
    member = Person.arrive(browser, server.origin, permissions=["camera"])
    member.join(invitation(server, world.member.id))
    sent: list[bytes] = []
    member.context.on("request", lambda r: sent.append(r.post_data_buffer or b"") if r.method == "PATCH" else None)
    page = member.page
    server.kill()
    member.lose_network()
    begin_visit(member)

    # A face is clear, and nobody has said that they agree: the visit is not saved.
    choose(page, from_a_phone(tmp_path, "neighbours"))
    page.get_by_role("checkbox", name="Có người nhìn rõ mặt").click()
    agreed = page.get_by_role("checkbox", name="Người trong ảnh đã đồng ý")
    expect(agreed).not_to_be_checked()
    expect(member.button("Dùng ảnh này")).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="Đóng").click()
    member.button("Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("Có ảnh nhìn rõ mặt người")
    expect(page.get_by_text("Đã lưu trên máy")).to_have_count(0)

    # The app is killed and opened again: nothing was agreed to meanwhile.
    page = member.close_and_reopen("/m/record/")
    member.button("Ảnh này cần xử lý").click()
    agreed = page.get_by_role("checkbox", name="Người trong ảnh đã đồng ý")
    expect(agreed).not_to_be_checked()
    agreed.click()
    expect(member.button("Dùng ảnh này")).to_have_count(0)
    member.button("Lời nói").click()
    member.button("Dùng ảnh này").click()

    # Another is blurred, a third one dropped.
    choose(page, from_a_phone(tmp_path, "market"))
    page.get_by_role("checkbox", name="Có người nhìn rõ mặt").click()
    clear = set(page.evaluate(BYTES_HERE))
    blur_by_finger(page)
    assert len(clear & set(page.evaluate(BYTES_HERE))) == 1, "the clear picture is gone from the phone"
    member.button("Dùng ảnh này").click()
    choose(page, from_a_phone(tmp_path, "children"))
    page.get_by_role("checkbox", name="Có người nhìn rõ mặt").click()
    page.get_by_role("dialog").get_by_role("button", name="Bỏ ảnh").click()
    expect(page.locator(".thumb")).to_have_count(2)
    member.picture("scenario-6")
    assert len(page.evaluate(BYTES_HERE)) == 2
    member.button("Lưu").click()
    expect(page.get_by_text("Đã lưu trên máy")).to_be_visible()

    server.start()
    member.find_network()
    member.pill.click()
    member.button("Gửi ngay").click()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=30_000)
    wait_until(lambda: [row.state for row in rows_of(server)] == [PhotoState.READY] * 2)
    face, blurred = rows_of(server)
    assert (face.consent_way, face.consent_text) == ("oral", 1)
    assert face.consent_at is not None
    assert blurred.consent_way is None

    # Nothing of where and with what, neither on the way nor in the files; where the finger went is nothing to see.
    assert b"PhoneMaker" in from_a_phone(tmp_path, "neighbours").read_bytes()
    files = stored(server)
    assert len(sent) >= 2
    assert len(files) >= 2
    assert not [mark for mark in (b"Exif", b"PhoneMaker") for content in (*sent, *files) if mark in content]
    shown = [content for content in files if content.startswith(b"\xff\xd8")]
    assert all(not pictures.opened(content).getexif() for content in shown)
    assert any(detail(content, 0.3) < detail(content, 0.7) / 4 for content in shown)
    assert member.errors == []
    assert member.foreign == []

    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(world.commune_officer.username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    desk.page.get_by_role("link", name="Phiếu hỗ trợ").click()
    desk.button("Hộ số 3").click()
    expect(desk.page.get_by_text("Có đồng ý (lời nói)")).to_have_count(1)
    browser.close()


def tell_network(page: Page, network: str) -> None:
    page.evaluate("(network) => localStorage.setItem('network', network)", network)
    page.evaluate("() => navigator.connection.dispatchEvent(new Event('change'))")


class Cut:
    """Lets the first photo through and holds the second on its way."""

    def __init__(self) -> None:
        self.photos: set[str] = set()

    @property
    def holds(self) -> bool:
        return len(self.photos) == 2

    def __call__(self, route: Route) -> None:
        if route.request.method == "PATCH":
            self.photos.add(route.request.url)
        if not self.holds:
            route.continue_()


def test_scenario_3_killed_while_three_photos_are_sent_it_goes_on_and_nothing_is_lost_or_doubled(
    server: Server, world: build.World, playwright: Playwright, tmp_path: Path
) -> None:
    browser = launch(playwright)
    member = Person.arrive(browser, server.origin, permissions=["camera"])
    member.context.add_init_script(f"({NETWORK})()")
    member.join(invitation(server, world.member.id))
    tell_network(member.page, "wifi")
    member.page.get_by_role("link", name="Tôi", exact=True).click()
    expect(member.button("Mọi mạng")).to_have_attribute("aria-pressed", "true")
    member.button("Chỉ Wi-Fi").click()
    expect(member.page.get_by_text("Máy đang dùng Wi-Fi")).to_be_visible()

    # A visit with three photos, without network.
    member.lose_network()
    member.page.get_by_role("link", name="Hôm nay").click()
    begin_visit(member)
    for name in ("one", "two", "three"):
        choose(member.page, from_a_phone(tmp_path, name))
        member.button("Dùng ảnh này").click()
    member.button("Lưu").click()
    expect(member.pill).to_have_text("Ngoại tuyến · 1 chờ gửi")

    # The app is killed in the middle of the second photo.
    cut = Cut()
    member.context.route(UPLOADS, cut)
    member.find_network()
    member.pill.click()
    member.button("Gửi ngay").click()
    expect(member.pill).to_have_text("2 ảnh chờ gửi")
    wait_until(lambda: member.page.evaluate("() => true") and cut.holds)
    member.page.evaluate("() => localStorage.setItem('network', 'cellular')")
    member.page.close()
    member.context.unroute(UPLOADS)

    # Opened again on a mobile network: the visit is there, and two photos wait.
    member.page = member.context.new_page()
    member.open("/m/")
    expect(member.pill).to_have_text("Còn 2 ảnh chờ gửi (Wi-Fi)")
    assert count_visits(server) == 1
    member.pill.click()
    expect(member.button("Gửi ảnh ngay")).to_be_visible()
    expect(member.page.get_by_text("Máy đang dùng mạng di động")).to_be_visible()
    member.picture("scenario-3")

    tell_network(member.page, "wifi")
    expect(member.pill).to_have_text("Đã gửi hết", timeout=30_000)
    wait_until(lambda: [row.state for row in rows_of(server)] == [PhotoState.READY] * 3)
    assert len({row.sha256 for row in rows_of(server)}) == 3
    assert count_visits(server) == 1
    assert member.errors == []
    browser.close()


def test_an_activity_is_pictured_without_network_and_its_leader_sees_it(
    server: Server, world: build.World, playwright: Playwright, tmp_path: Path
) -> None:
    browser = launch(playwright)
    member, leader = (Person.arrive(browser, server.origin, permissions=["camera"]) for _ in range(2))
    member.join(invitation(server, world.member.id))
    leader.join(invitation(server, world.leader.id))
    page = member.page
    member.lose_network()
    page.get_by_role("link", name="Hoạt động", exact=True).click()
    member.button("Ghi hoạt động").click()
    member.button("Buổi tuyên truyền").click()
    member.button("Thêm 10").click()
    choose(page, from_a_phone(tmp_path, "hall"))
    page.get_by_role("checkbox", name="Có người nhìn rõ mặt").click()
    page.get_by_role("dialog").get_by_role("button", name="Đóng").click()
    member.button("Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("Có ảnh nhìn rõ mặt người")

    # Killed, the app asks again; blurred, it can be saved.
    page = member.close_and_reopen("/m/activities/")
    member.button("Ảnh này cần xử lý").click()
    clear = set(page.evaluate(BYTES_HERE))
    blur_by_finger(page)
    assert not clear & set(page.evaluate(BYTES_HERE)), "the clear picture is gone from the phone"
    assert [fault for look in LOOKS for fault in look_at(page, "phone-picture-activity", *look)] == []
    page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]
    member.button("Dùng ảnh này").click()
    member.button("Lưu").click()
    expect(page.get_by_text("Đã lưu trên máy")).to_be_visible()
    mine = page.locator("li", has_text="10 lượt người")
    expect(mine.get_by_role("img", name="Ảnh hoạt động")).to_be_visible()

    member.find_network()
    member.open("/m/outbox/")
    member.button("Gửi ngay").click()
    expect(member.pill).to_have_accessible_name("Đã gửi hết", timeout=30_000)
    wait_until(lambda: [row.state for row in rows_of(server, WORK_PHOTOS)] == [PhotoState.READY])
    theirs = leader.open("/m/activities/").locator("li", has_text="10 lượt người")
    expect(theirs.get_by_role("img", name="Ảnh hoạt động")).to_be_visible(timeout=60_000)
    assert [fault for look in LOOKS for fault in look_at(leader.page, "phone-activity-photo", *look)] == []
    assert all(not pictures.opened(content).getexif() for content in stored(server) if content.startswith(b"\xff\xd8"))
    for person in (member, leader):
        assert (person.errors, person.foreign, person.sockets) == ([], [], [])
    browser.close()
