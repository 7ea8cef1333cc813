"""What is announced at the desk is read on a phone without network, and the desk sees who has not read it yet."""

import re
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests import build
from tests.e2e.people import DESK, PHONE, Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_desk_difficulties import sit_down
from tests.e2e.test_guides import sign_in
from tests.e2e.test_screens import LOOKS, look_at
from tests.papers_pdf import pdf


def seen(person: Person, name: str, size: dict[str, int]) -> list[str]:
    """What is wrong with a screen in every look; it stands in its own size again."""
    found = [fault for look in LOOKS for fault in look_at(person.page, name, *look)]
    person.page.set_viewport_size(size)  # type: ignore[arg-type]
    return found


def tab_to(person: Person, control: str) -> None:
    """Goes there by the Tab key alone."""
    for _ in range(90):
        if person.page.evaluate("(name) => document.activeElement?.name === name", control):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {control}")


def test_what_is_announced_is_read_offline_and_the_desk_sees_who_has_not(
    server: Server, playwright: Playwright, tmp_path: Path
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    member, desk = Person.arrive(browser, server.origin), Person.arrive(browser, server.origin, DESK)
    member.join(invitation(server, world.member.id))
    faults: list[str] = []

    # The officer writes by keys alone.
    sign_in(server, desk, world.commune_officer.username)
    desk.open("/desk/announcements/")
    expect(desk.page.get_by_text("Chưa có thông báo nào ở đây")).to_be_visible()
    tab_to(desk, "title")
    desk.page.keyboard.type("Họp tổ tối thứ Bảy")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type("Ở nhà văn hóa thôn, 19 giờ. Mang theo thẻ hộ chưa phát.")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Tab")
    desk.button("Gửi thông báo").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("Đã gửi tới 5 thành viên")).to_be_visible()
    expect(desk.page.get_by_text("Đã đọc 0/5 thành viên")).to_be_visible()

    # It stands on Hôm nay, and is read where there is no network.
    member.open("/m/")
    expect(member.page.get_by_text("1 thông báo mới")).to_be_visible(timeout=60_000)
    faults += seen(member, "phone-today-announcement", PHONE)
    member.lose_network()
    page = member.close_and_reopen("/m/")
    page.get_by_role("link", name="Xem").click()
    faults += seen(member, "phone-announcements", PHONE)
    page.locator("li", has_text="Họp tổ tối thứ Bảy").get_by_role("link").click()
    expect(page.get_by_text("Mang theo thẻ hộ chưa phát")).to_be_visible()
    expect(member.pill).to_contain_text("1")
    faults += seen(member, "phone-announcement", PHONE)
    page.get_by_role("link", name="Quay lại").click()
    expect(page.locator("li", has_text="Họp tổ tối thứ Bảy").get_by_text("Mới", exact=True)).to_have_count(0)
    member.find_network()
    page = member.open("/m/")
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    expect(page.get_by_text("1 thông báo mới")).to_have_count(0)

    # The desk sees who has not.
    desk.open("/desk/announcements/")
    expect(desk.page.get_by_text("Đã đọc 1/5 thành viên")).to_be_visible()
    desk.button(re.compile("Ai chưa đọc")).click()
    panel = desk.page.locator(".side-panel")
    team = panel.locator("li", has_text=world.team.name)
    expect(team).to_contain_text("1/4 thành viên")
    team.get_by_text("Chưa đọc: 3 người").click()
    expect(team).to_contain_text(world.leader.full_name)
    expect(team).not_to_contain_text(world.member.full_name)
    faults += seen(desk, "desk-announcements-panel", DESK)

    # Taken back, it is gone from the phone.
    panel.get_by_text("Thu hồi").first.click()
    panel.get_by_role("button", name="Thu hồi").click()
    expect(desk.page.get_by_text("Đã thu hồi thông báo")).to_be_visible()
    page = member.open("/m/announcements/")
    expect(page.get_by_text("Chưa có thông báo nào")).to_be_visible(timeout=60_000)

    # A paper and a contact: read and called without network.
    desk.open("/desk/materials/")
    desk.button("Thêm văn bản").click()
    desk.page.get_by_label("Trích yếu").fill("Hướng dẫn hoạt động của tổ")
    desk.page.get_by_label("Số, ký hiệu").fill("12/UBND-VHXH")
    desk.page.get_by_label("Nội dung chính").fill("Mỗi tuần một buổi ở nhà văn hóa.")
    (tmp_path / "paper.pdf").write_bytes(pdf())
    desk.page.get_by_label("Chọn tệp PDF").set_input_files(tmp_path / "paper.pdf")
    desk.button("Lưu").click()
    expect(desk.page.get_by_text("Đã lưu, máy của thành viên")).to_be_visible()
    desk.button(re.compile("Đọc")).click()
    faults += seen(desk, "desk-materials-panel", DESK)
    desk.open("/desk/contacts/")
    desk.page.get_by_label("Tên người hoặc cơ quan").fill("Phòng Văn hóa - Xã hội")
    desk.page.get_by_label("Số điện thoại").fill("0000 123 456")
    desk.button("Lưu đầu mối").click()
    expect(desk.page.get_by_text("Đã lưu đầu mối")).to_be_visible()
    desk.page.get_by_text("Ghi nhóm chung").click()
    desk.page.get_by_label("Tên nhóm").fill("Chuyển đổi số xã Sơn Tịnh")
    for label, n in (("Lãnh đạo xã", "3"), ("Tổ trong nhóm", "14"), ("Doanh nghiệp trong nhóm", "2")):
        desk.page.get_by_label(label).fill(n)
    desk.page.get_by_label("Ngày đếm").fill("2026-01-02")
    desk.button("Lưu nhóm chung").click()
    expect(desk.page.get_by_text("3 lãnh đạo · 14 tổ · 2 doanh nghiệp")).to_be_visible()
    faults += seen(desk, "desk-contacts-group", DESK)
    page = member.open("/m/materials/")
    expect(page.get_by_text("Hướng dẫn hoạt động của tổ")).to_be_visible(timeout=60_000)
    member.lose_network()
    page = member.close_and_reopen("/m/materials/")
    page.locator("li", has_text="Hướng dẫn hoạt động của tổ").get_by_role("link").click()
    expect(page.get_by_text("Mỗi tuần một buổi ở nhà văn hóa.")).to_be_visible()
    faults += seen(member, "phone-material", PHONE)
    page = member.open("/m/contacts/")
    expect(page.get_by_role("link", name=re.compile("Gọi"))).to_have_attribute("href", "tel:0000123456")
    expect(page.get_by_text("3 lãnh đạo · 14 tổ · 2 doanh nghiệp")).to_be_visible()
    faults += seen(member, "phone-contacts", PHONE)

    assert faults == []
    assert (member.errors, member.foreign, member.sockets, desk.errors) == ([], [], [], [])
    browser.close()


def kind(person: Person, name: str) -> None:
    """Which part of the library."""
    person.page.get_by_role("button", name=name, exact=True).click()


def test_a_good_practice_goes_from_a_phone_to_everybody_and_a_course_is_finished(
    server: Server, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    member, desk = Person.arrive(browser, server.origin), Person.arrive(browser, server.origin, DESK)
    member.join(invitation(server, world.member.id))
    faults: list[str] = []

    # It is written where there is no network, and waits like any record.
    page = member.open("/m/materials/")
    kind(member, "Cách làm hay")
    member.lose_network()
    member.button("Viết cách làm hay").click()
    page.get_by_label("Tên cách làm hay").fill("Góc số ở chợ phiên")
    page.get_by_label("Đã làm thế nào, kết quả ra sao").fill("Mỗi phiên một bàn. Sau ba phiên, nửa số quầy nhận mã QR.")
    faults += seen(member, "phone-practice-form", PHONE)
    member.button("Lưu").click()
    expect(page.locator("li", has_text="Góc số ở chợ phiên")).to_contain_text("Chờ gửi")
    member.find_network()
    member.open("/m/")
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)

    # The commune sends it back, its author says it anew, the commune passes it on, the province approves.
    sign_in(server, desk, world.commune_officer.username)
    desk.open("/desk/materials/")
    expect(desk.page.get_by_text("1 cách làm hay thành viên gửi lên đang chờ xã duyệt")).to_be_visible()
    kind(desk, "Cách làm hay")
    desk.button(re.compile("Đọc")).click()
    faults += seen(desk, "desk-practice-panel", DESK)
    desk.page.locator("summary", has_text="Trả lại người viết").click()
    desk.page.get_by_label("Lý do trả lại").fill("Ghi thêm tên chợ")
    desk.button("Trả lại người viết").click()
    expect(desk.page.get_by_role("status").get_by_text("Đã trả lại người viết")).to_be_visible()
    page = member.open("/m/materials/")
    kind(member, "Cách làm hay")
    expect(page.get_by_text("Lý do: Ghi thêm tên chợ")).to_be_visible(timeout=60_000)
    faults += seen(member, "phone-practice-mine", PHONE)
    member.button("Viết lại").click()
    page.get_by_label("Tên cách làm hay").fill("Góc số ở chợ phiên Sơn Tịnh")
    member.button("Lưu").click()
    expect(page.locator("li", has_text="Góc số ở chợ phiên Sơn Tịnh")).to_contain_text("Chờ xã xem")
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    desk.open("/desk/materials/")
    kind(desk, "Cách làm hay")
    desk.button(re.compile("Đọc")).click()
    desk.button("Chuyển tỉnh duyệt").click()
    expect(desk.page.get_by_text("Đã chuyển tỉnh duyệt")).to_be_visible()
    province = sit_down(browser, server, world.province_officer.username)
    province.open("/desk/materials/")
    kind(province, "Cách làm hay")
    province.button(re.compile("Đọc")).click()
    province.button("Duyệt, chia sẻ toàn tỉnh").click()
    expect(province.page.get_by_text("Đã duyệt, chia sẻ toàn tỉnh")).to_be_visible()

    # A course: kept by the province, opened by nobody but a person, finished by their own word.
    kind(province, "Khóa học")
    province.button("Thêm khóa học").click()
    province.page.get_by_label("Tên khóa học").fill("Kỹ năng số cơ bản")
    province.page.get_by_label("Địa chỉ khóa học").fill("https://khoa-hoc.example/ky-nang")
    province.page.get_by_label("Dành cho ai").fill("thành viên mới")
    province.button("Lưu").click()
    expect(province.button("Đọc Kỹ năng số cơ bản")).to_be_visible()
    page = member.open("/m/materials/")
    kind(member, "Cách làm hay")
    expect(page.get_by_text("Đã chia sẻ toàn tỉnh")).to_be_visible(timeout=60_000)
    kind(member, "Khóa học")
    page.locator("li", has_text="Kỹ năng số cơ bản").get_by_role("link").click()
    faults += seen(member, "phone-course", PHONE)
    member.button("Đã học xong").click()
    expect(member.button("Đã học xong")).to_have_count(0)
    expect(page.get_by_text("Đã học xong", exact=True)).to_be_visible()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    desk.open("/desk/materials/")
    kind(desk, "Khóa học")
    expect(desk.page.get_by_text("1 thành viên tự khai đã học xong")).to_be_visible()
    desk.button(re.compile("Đọc")).click()
    desk.button("Báo liên kết hỏng").click()
    expect(desk.page.get_by_text("Đã báo liên kết hỏng")).to_be_visible()
    desk.button(re.compile("Đọc")).click()
    expect(desk.page.get_by_text(re.compile(f"do {world.commune_officer.full_name}"))).to_be_visible()
    faults += seen(desk, "desk-course-panel", DESK)

    assert faults == []
    assert (member.errors, member.foreign, desk.errors, desk.foreign, province.errors) == ([], [], [], [], [])
    browser.close()
