"""What a team says to its commune and its village, made on the phone without network: report, group texts, guides."""

import base64
import io
import re
from datetime import UTC, date, datetime

import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation, wait_until

SHARE_SHEET = """() => {
  window.shared = [];
  const letters = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const bytes = async (file) => btoa(letters(new Uint8Array(await file.arrayBuffer())));
  navigator.canShare = ({ files }) => files.every((file) => file.type === "image/png");
  navigator.share = async ({ text, files = [] }) => {
    if (!navigator.userActivation.isActive) throw new DOMException("no tap", "NotAllowedError");
    window.shared.push({ text, files: await Promise.all(files.map(async (file) => [file.name, await bytes(file)])) });
  };
}"""
NO_SHARE_SHEET = "() => { delete Navigator.prototype.share; delete Navigator.prototype.canShare; }"


@pytest.fixture
def world(server: Server) -> build.World:
    """Four supports approved in two households, three more wait in one of these and in a third."""

    async def work(db: Database) -> build.World:
        world = await build.world(db)
        homes = world.households
        first = [
            build.visit(world.member, homes[0], "VNEID", "DVC"),
            build.visit(world.second_member, homes[1], "VNEID", "SSK"),
        ]
        later = [
            build.visit(world.member, homes[0], "VNEID"),
            build.visit(world.second_member, homes[2], "VNEID", "DVC"),
        ]
        for author, record in zip((world.member, world.second_member) * 2, first + later, strict=True):
            await build.send(db, author, record)
        await build.send(db, world.leader, build.decision(world.leader, *[record["id"] for record in first]))
        return world

    return server.do(work)


def phone(browser: Browser, server: Server, member_id: int, world_is: str, **options) -> Person:
    """Somebody who has joined and then lost the network, on a phone that shares or does not."""
    person = Person.arrive(browser, server.origin, **options)
    person.context.add_init_script(f"({world_is})()")
    person.join(invitation(server, member_id))
    person.lose_network()
    person.close_and_reopen("/m/")
    return person


def what_was_shared(person: Person) -> dict:
    wait_until(lambda: person.page.evaluate("window.shared.length") == 1)
    return person.page.evaluate("window.shared[0]")


def written(day: date) -> str:
    return f"{day:%d}/{day.month}"


def png(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    assert picture.format == "PNG"
    return picture


def test_scenario_15_the_leader_shares_the_quick_report_to_zalo(
    server: Server, world: build.World, playwright: Playwright
) -> None:
    browser = launch(playwright)
    leader = phone(browser, server, world.leader.id, SHARE_SHEET)
    leader.page.get_by_role("link", name="Báo cáo nhanh").click()
    today = written(vn_day(datetime.now(UTC)))
    numbers = (
        f"BÁO CÁO NHANH – Tổ CNSCĐ Thôn Đông Hòa, Sơn Tịnh ({today}): "
        "7 lượt (4 đã duyệt, 3 chờ duyệt); 3 hộ (2 đã duyệt); VNEID 4; DVC 2; SSK 1."
    )
    expect(leader.page.locator(".message")).to_contain_text(numbers)
    leader.page.get_by_label("Khó khăn").fill("sóng yếu, gọi 0905 123 456")
    expect(leader.page.get_by_role("alert")).to_have_text("Không ghi số định danh, số điện thoại")
    expect(leader.button("Chia sẻ vào Zalo")).to_be_disabled()
    leader.write("Khó khăn", "sóng yếu ở xóm 3")
    leader.write("Kỳ tới", "hẹn lại 12 hộ chưa có VNeID")
    leader.close_and_reopen("/m/report/")
    expect(leader.page.get_by_label("Kỳ tới")).to_have_value("hẹn lại 12 hộ chưa có VNeID")
    expect(leader.page.get_by_role("img", name=re.compile("Ảnh báo cáo nhanh"))).to_be_visible()

    leader.picture("scenario-15")
    leader.button("Chia sẻ vào Zalo").click()
    shared = what_was_shared(leader)
    said = re.fullmatch(
        re.escape(numbers)
        + r" Khó khăn: sóng yếu ở xóm 3\. Kỳ tới: hẹn lại 12 hộ chưa có VNeID\. Số liệu lúc \d\d:\d\d, "
        + re.escape(today)
        + r"\.",
        shared["text"],
    )
    assert said, shared["text"]
    assert len(shared["text"]) <= 700
    [(name, content)] = shared["files"]
    picture = png(base64.b64decode(content))
    assert (name, picture.width) == ("bao-cao-nhanh.png", 1080)
    assert len(picture.getcolors(1 << 24) or []) > 50

    # The other days: nothing was said to them yet, and their numbers are the same.
    expect(leader.button("Hôm nay")).to_have_attribute("aria-pressed", "true")
    leader.button("Tháng này").click()
    expect(leader.button("Tháng này")).to_have_attribute("aria-pressed", "true")
    expect(leader.page.locator(".message")).to_contain_text("7 lượt (4 đã duyệt, 3 chờ duyệt); 3 hộ (2 đã duyệt)")
    expect(leader.page.get_by_label("Khó khăn")).to_have_value("")

    # The same numbers as Kết quả.
    leader.open("/m/team/")
    expect(leader.button("Hôm nay")).to_have_attribute("aria-pressed", "true")
    expect(leader.page.locator(".figure.done")).to_contain_text("4")
    expect(leader.page.locator(".figure.wait")).to_contain_text("3")
    assert (leader.errors, leader.foreign, leader.sockets) == ([], [], [])
    browser.close()


def test_scenario_15_without_a_share_sheet_the_text_is_copied_and_the_picture_saved(
    server: Server, world: build.World, playwright: Playwright
) -> None:
    """A member reports what they did themselves."""
    browser = launch(playwright)
    may = ["clipboard-read", "clipboard-write"]
    member = phone(browser, server, world.member.id, NO_SHARE_SHEET, permissions=may)
    member.page.get_by_role("link", name="Báo cáo nhanh").click()
    text = member.page.locator(".message")
    expect(text).to_contain_text("Thành viên Tổ CNSCĐ Thôn Đông Hòa")
    expect(text).to_contain_text("3 lượt (2 đã duyệt, 1 chờ duyệt); 1 hộ; VNEID 2; DVC 1.")
    expect(member.button("Chia sẻ vào Zalo")).to_have_count(0)
    member.button("Sao chép").click()
    expect(member.page.locator(".toast")).to_have_text("Đã sao chép")
    assert member.page.evaluate("navigator.clipboard.readText()") == text.inner_text()
    with member.page.expect_download() as saved:
        member.button("Lưu ảnh").click()
    assert saved.value.suggested_filename == "bao-cao-nhanh.png"
    assert png(saved.value.path().read_bytes()).width == 1080
    assert (member.errors, member.foreign, member.sockets) == ([], [], [])
    browser.close()


def test_texts_for_the_group_and_guides_are_there_without_network(
    server: Server, world: build.World, playwright: Playwright
) -> None:
    browser = launch(playwright)
    leader = phone(browser, server, world.leader.id, SHARE_SHEET)
    leader.page.get_by_role("link", name="Tin nhóm Zalo").click()
    leader.button("Mời dự buổi tuyên truyền").click()
    dialog = leader.page.get_by_role("dialog", name="Mời dự buổi tuyên truyền")
    dialog.get_by_role("button", name="Chia sẻ vào Zalo").click()
    expect(dialog.get_by_role("alert")).to_have_text("Cần ghi đủ ngày giờ và nơi")
    dialog.get_by_label("Ngày, giờ").fill("19 giờ thứ Bảy, 28/11")
    dialog.get_by_label("Nơi").fill("Nhà văn hóa thôn")
    dialog.get_by_role("button", name="Chia sẻ vào Zalo").click()
    shared = what_was_shared(leader)
    assert "Thời gian: 19 giờ thứ Bảy, 28/11\nĐịa điểm: Nhà văn hóa thôn\n" in shared["text"]
    assert shared["text"].endswith("\nTổ CNSCĐ Thôn Đông Hòa, Sơn Tịnh")
    assert shared["files"] == []

    leader.close_and_reopen("/m/")
    leader.page.get_by_role("link", name="Cẩm nang").click()
    expect(leader.page.get_by_text("Không đưa mã OTP, mật khẩu cho bất kỳ ai.")).to_be_visible()
    expect(leader.page.locator("main .line")).to_have_count(3)
    leader.page.get_by_role("searchbox").fill("the bao hiem")
    leader.page.get_by_role("link", name="SSK").click()
    expect(leader.page.get_by_role("heading", name="SSK")).to_be_visible()
    expect(leader.page.locator(".steps li")).to_have_count(5)
    expect(leader.page.get_by_text("0255 000 000")).to_be_visible()
    expect(leader.page.get_by_role("link", name="Gọi xã, phường")).to_have_attribute("href", "tel:0255000000")
    leader.page.get_by_role("link", name="Quay lại").click()
    expect(leader.page.get_by_role("searchbox")).to_have_value("the bao hiem")
    leader.close_and_reopen("/m/guides/#DVC")
    expect(leader.page.get_by_role("heading", name="DVC")).to_be_visible()
    assert (leader.errors, leader.foreign, leader.sockets) == ([], [], [])
    browser.close()
