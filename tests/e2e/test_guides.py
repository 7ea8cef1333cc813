"""A commune adds a spoken guide at its desk; a member comes to it from a household, and hears it without network."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Playwright, expect

from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server, invitation, wait_until
from tests.e2e.test_screens import LOOKS, look_at
from tests.recordings import id3, mp3


def sign_in(server: Server, desk: Person, username: str) -> None:
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    desk.page.get_by_role("link", name="Cẩm nang").click()


def bring(desk: Person, file: Path, title: str) -> None:
    desk.page.get_by_label("Nền tảng").select_option("VNEID")
    desk.page.get_by_label("Tên bản nghe").fill(title)
    desk.page.get_by_label("Chọn tệp âm thanh").set_input_files(file)
    desk.button("Thêm vào cẩm nang").click()


def plays(audio: Locator) -> bool:
    """Whether the time that was heard moves."""
    return audio.evaluate("async (it) => { await it.play(); return it.readyState >= 2 && it.currentTime > 0; }")


def test_an_officer_adds_a_guide_and_a_member_hears_it_without_network(
    server: Server, playwright: Playwright, tmp_path: Path
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    member, desk = Person.arrive(browser, server.origin), Person.arrive(browser, server.origin, DESK)
    member.join(invitation(server, world.member.id))
    fetched: list[str] = []
    member.context.on("request", lambda asked: fetched.append(asked.url) if "/narrations/" in asked.url else None)

    sign_in(server, desk, world.commune_officer.username)
    expect(desk.page.get_by_text("Xã chưa có bản nghe nào")).to_be_visible()
    (tmp_path / "fake.mp3").write_bytes(b"<html><script>alert(1)</script></html>" * 100)
    bring(desk, tmp_path / "fake.mp3", "Tiếng Hrê")
    expect(desk.page.get_by_role("alert")).to_contain_text("không phải là tệp âm thanh MP3")
    (tmp_path / "large.mp3").write_bytes(bytes(3_000_001))
    bring(desk, tmp_path / "large.mp3", "Tiếng Hrê")
    expect(desk.page.get_by_role("alert")).to_contain_text("lớn hơn 3 MB")
    (tmp_path / "hre.mp3").write_bytes(id3(b"where it was recorded") + mp3(65))
    bring(desk, tmp_path / "hre.mp3", "Tiếng Hrê")
    row = desk.page.locator("li", has_text="Tiếng Hrê")
    expect(row).to_contain_text("1:05 phút · 0,4 MB")
    expect(desk.page.get_by_text("Đã thêm: Tiếng Hrê")).to_be_visible()
    wait_until(lambda: plays(row.locator("audio")))
    assert [fault for look in LOOKS for fault in look_at(desk.page, "desk-guides-narration", *look)] == []

    # From what a household lacks to how to show it, and back.
    member.open(f"/m/household/?id={world.households[6].id}")
    lacks = member.page.locator("li", has=member.button("Ghi nhận VNEID"))
    assert [fault for look in LOOKS for fault in look_at(member.page, "phone-household-lacks", *look)] == []
    member.page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]
    lacks.get_by_role("link", name="Cách làm").click()
    expect(member.page.get_by_role("heading", name="VNEID")).to_be_visible()
    heard = member.page.locator("li", has_text="Tiếng Hrê")
    expect(heard).to_contain_text("1:05 phút · 0,4 MB", timeout=60_000)
    expect(heard.get_by_text("Đã tải về")).to_have_count(0)
    assert [fault for look in LOOKS for fault in look_at(member.page, "phone-guide-narration", *look)] == []
    member.page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]
    assert fetched == []

    # A tap fetches it, plays it, and keeps it.
    heard.get_by_role("button", name=re.compile("Nghe")).click()
    expect(heard.get_by_text("Đã tải về")).to_be_visible()
    wait_until(lambda: plays(heard.locator("audio")))
    assert len(fetched) == 2, "two pieces"
    assert [fault for look in LOOKS for fault in look_at(member.page, "phone-guide-narration-heard", *look)] == []
    member.page.set_viewport_size(LOOKS[0][1])  # type: ignore[arg-type]
    member.page.get_by_role("link", name="Quay lại").click()
    expect(member.page).to_have_url(re.compile(f"/m/household/.id={world.households[6].id}"))

    # Later, without network and with the app opened anew.
    member.lose_network()
    page = member.close_and_reopen("/m/guides/")
    line = page.locator("li", has=page.get_by_text("VNEID", exact=True))
    expect(line).to_contain_text("12 hộ còn thiếu")
    line.click()
    heard = page.locator("li", has_text="Tiếng Hrê")
    expect(heard.get_by_text("Đã tải về")).to_be_visible()
    heard.get_by_role("button", name=re.compile("Nghe")).click()
    wait_until(lambda: plays(heard.locator("audio")))

    # The commune takes it off: it is gone everywhere.
    row.get_by_text("Bỏ bản này").first.click()
    row.get_by_role("button", name="Bỏ bản này").click()
    expect(desk.page.get_by_text("Đã bỏ: Tiếng Hrê")).to_be_visible()
    member.find_network()
    page = member.open("/m/guides/#VNEID")
    expect(page.get_by_text("Tiếng Hrê")).to_have_count(0, timeout=60_000)
    assert (member.errors, member.foreign, member.sockets, desk.errors) == ([], [], [], [])
    browser.close()
