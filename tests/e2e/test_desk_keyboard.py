"""An officer without a mouse: the main task of each page of the desk, by Tab, arrows, Enter, Space and typing alone."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from fieldapp.db import Database
from tests import build
from tests.build import World
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.papers_pdf import pdf
from tests.services.test_village_work import trouble
from tests.sheets import HOUSEHOLD_HEADS, workbook

HERE = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return ["", true];
    const label = e.labels?.[0];
    const said = label ? (label.querySelector(".strong") ?? label.querySelector("span") ?? label) : e;
    const words = e.getAttribute("aria-label") ?? said.textContent;
    const ringed = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
    return [words.replace(/\\s+/g, " ").trim(), [e, label].some((x) => x && ringed(x))];
}"""  # noqa: E501
MOST_STOPS = 120
NEW_TEAM = "Tổ công nghệ số cộng đồng thôn Mới"


@dataclass
class Keys:
    """A keyboard at a desk; `unseen` are stops at which nobody saw where the focus was."""

    desk: Person
    unseen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # The browser asks for a file from now on: to begin with that only when a key is pressed may be too late.
        self.page.on("filechooser", lambda _: None)

    @property
    def page(self) -> Page:
        return self.desk.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def to(self, name: str, way: str = "Tab") -> None:
        """Goes on to the control whose name begins so."""
        passed = []
        for _ in range(MOST_STOPS):
            self.press(way)
            words, seen = self.page.evaluate(HERE)
            passed.append(words[:40])
            if words and not seen:
                self.unseen.add(f"{self.page.url}: {words[:60]}")
            if words.startswith(name):
                return
        raise AssertionError(f"no key leads to {name!r}, only to {passed[:60]}")

    def enter(self, name: str) -> None:
        self.to(name)
        self.press("Enter")

    def write(self, name: str, words: str) -> None:
        self.to(name)
        self.press("Control+A")
        self.type(words)

    def choose(self, name: str, steps: int = 1) -> None:
        """Another line of a choice."""
        self.to(name)
        self.press(*["ArrowDown"] * steps)

    def open(self, path: str) -> None:
        """Types the address, and leaves the list of pages out."""
        self.desk.open(path)
        expect(self.page.locator(".desk-nav a").first).to_be_visible()
        self.press("Tab")
        assert self.page.evaluate(HERE)[0] == "Đến nội dung chính"
        self.press("Enter")
        expect(self.page.locator("main")).to_be_focused()

    def in_panel(self) -> None:
        """What was opened has the focus."""
        expect(self.page.locator(".side-panel h2")).to_be_focused()

    def give(self, name: str, file: Path) -> None:
        self.to(name)
        with self.page.expect_file_chooser() as chooser:
            self.press("Space")
        chooser.value.set_files(file)

    def heard(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()

    def sign_in(self, username: str) -> None:
        self.desk.open("/")
        self.write("Tên đăng nhập", username)
        self.write("Mật khẩu", build.PASSWORD)
        self.press("Enter")
        expect(self.page.locator(".desk-main .figure").first).to_be_visible()

    def sign_out(self) -> None:
        self.press("Tab")
        self.enter("Đăng xuất")
        expect(self.page.get_by_label("Tên đăng nhập")).to_be_visible()


def overview(keys: Keys, world: World) -> None:
    keys.open("/desk/")
    expect(keys.page.get_by_role("link", name=world.village.name).first).to_be_visible()
    keys.enter(world.village.name)
    expect(keys.page.get_by_role("link", name=world.commune.name).first).to_be_visible()


def reopen(keys: Keys) -> None:
    keys.open("/desk/visits/")
    opener = keys.page.locator("tbody .link").first
    keys.enter(opener.inner_text())
    keys.in_panel()
    keys.enter("Mở lại")
    keys.write("Vì sao mở lại?", "Hỏi lại số người")
    keys.press("Enter")
    expect(keys.page.locator(".side-panel")).to_contain_text("Xã mở lại")
    keys.press("Escape")
    expect(keys.page.locator(".side-panel")).to_have_count(0)
    expect(opener).to_be_focused()


def team_and_seat(keys: Keys, world: World) -> None:
    keys.open("/desk/teams/")
    expect(keys.page.locator("details.team").first).to_be_visible()
    keys.enter("Thành lập tổ")
    keys.in_panel()
    keys.write("Tên tổ", NEW_TEAM)
    keys.to(world.next_village.name)
    keys.press("Space")
    keys.enter("Thành lập tổ")
    keys.heard(f"Đã thành lập: {NEW_TEAM}")
    keys.enter(NEW_TEAM)
    keys.enter("Thêm người vào tổ")
    keys.in_panel()
    keys.write("Họ và tên", "Đinh Văn Mới")
    keys.choose("Thành phần")
    keys.enter("Thêm người vào tổ")
    keys.heard("Đã thêm vào tổ: Đinh Văn Mới")


def decision(keys: Keys, folder: Path) -> None:
    (folder / "45.pdf").write_bytes(pdf())
    keys.open("/desk/decisions/")
    expect(keys.desk.button("Thêm Quyết định")).to_be_visible()
    keys.enter("Thêm Quyết định")
    keys.in_panel()
    keys.write("Số, ký hiệu", "45/QĐ-UBND")
    for name in ("Ngày ban hành", "Có hiệu lực từ ngày"):
        keys.to(name)
        keys.type("05082026")
    keys.write("Người ký", "Phạm Văn Thành")
    keys.write("Trích yếu", "Về việc thành lập Tổ công nghệ số cộng đồng")
    keys.to(NEW_TEAM)
    keys.press("Space")
    keys.write("Lý do", "Sẽ bổ sung người")
    keys.give("Chọn tệp PDF", folder / "45.pdf")
    keys.enter("Lưu Quyết định")
    keys.heard("Đã lưu Quyết định 45/QĐ-UBND cho 1 tổ.")


def bring_list(keys: Keys, world: World, folder: Path) -> None:
    (folder / "ho.xlsx").write_bytes(workbook(HOUSEHOLD_HEADS, [world.next_village.name, "1", "Hồ Văn Ké"]))
    keys.open("/desk/import/")
    expect(keys.page.get_by_role("radio").first).to_be_visible()
    keys.to("Hộ gia đình")
    for key, name in (("ArrowDown", "Thành viên tổ"), ("ArrowUp", "Hộ gia đình")):
        keys.press(key)
        assert keys.page.evaluate(HERE)[0] == name
    keys.give("Chọn tệp", folder / "ho.xlsx")
    keys.enter("Xem trước")
    expect(keys.desk.button("Nhập danh sách này")).to_be_visible()
    keys.enter("Nhập danh sách này")
    expect(keys.page.get_by_text("Đã nhập: thêm 1, cập nhật 0, bỏ qua 0 dòng.")).to_be_visible()


def household(keys: Keys) -> None:
    keys.open("/desk/households/")
    keys.enter(keys.page.locator("tbody .link").first.inner_text())
    keys.in_panel()
    keys.enter("Sửa số hộ, chủ hộ")
    keys.write("Chủ hộ", "Nguyễn Thị Sửa")
    keys.press("Enter")
    keys.heard("Đã lưu thay đổi.")


def cards(keys: Keys) -> None:
    keys.open("/desk/cards/")
    expect(keys.page.locator("tbody tr").first).to_be_visible()
    keys.choose("Thôn, tổ dân phố")
    keys.to("Thẻ cho từng hộ")
    keys.press("ArrowDown")
    keys.write("Số thẻ", "5")
    keys.to("Tải thẻ (PDF)")
    with keys.page.expect_download() as paper:
        keys.press("Enter")
    assert paper.value.path().read_bytes()[:4] == b"%PDF"


def targets(keys: Keys, world: World) -> None:
    keys.open("/desk/targets/")
    expect(keys.page.get_by_label("Thêm nền tảng")).to_be_visible()
    keys.choose("Thêm nền tảng")
    keys.enter("Thêm cột")
    expect(keys.page.locator("input.grid-field").first).to_be_visible()
    keys.to(f"{world.team.name}, ")
    keys.type("40")
    keys.press("Enter")
    keys.type("30")
    keys.choose("Theo văn bản")
    keys.enter("Lưu và giao")
    keys.heard("Đã lưu 2 ô chỉ tiêu")
    expect(keys.page.get_by_text("Theo Hướng dẫn hoạt động của tổ")).to_have_count(2)


def task(keys: Keys) -> None:
    keys.open("/desk/tasks/")
    expect(keys.page.get_by_label("Việc cần làm")).to_be_visible()
    keys.write("Việc cần làm", "Vận động các hộ vào nhóm Zalo thôn")
    keys.to("Hạn làm xong")
    keys.type("12122027")
    keys.enter("Giao nhiệm vụ")
    keys.heard("Đã giao nhiệm vụ")


def difficulty(keys: Keys) -> None:
    keys.open("/desk/difficulties/")
    expect(keys.desk.button("Sóng, mạng")).to_be_visible()
    keys.enter("Sóng, mạng")
    keys.in_panel()
    keys.enter("Trả lời tổ")
    deeds = keys.page.get_by_role("group", name="Việc tiếp theo")
    expect(deeds.get_by_role("button", name="Trả lời tổ")).to_have_attribute("aria-pressed", "true")
    keys.write("Nội dung", "Đã báo nhà mạng")
    keys.press("Tab", "Enter")
    keys.heard("Đã trả lời")


def announcement(keys: Keys) -> None:
    keys.open("/desk/announcements/")
    expect(keys.page.get_by_label("Tiêu đề")).to_be_visible()
    keys.write("Tiêu đề", "Họp tổ tối thứ Bảy")
    keys.write("Nội dung", "Ở nhà văn hóa thôn, 19 giờ.")
    keys.enter("Gửi thông báo")
    keys.heard("Đã gửi tới")


def material(keys: Keys) -> None:
    keys.open("/desk/materials/")
    expect(keys.desk.button("Thêm văn bản")).to_be_visible()
    keys.enter("Thêm văn bản")
    keys.in_panel()
    keys.write("Trích yếu", "Hướng dẫn hoạt động của tổ")
    keys.write("Nội dung chính", "Mỗi tuần một buổi ở nhà văn hóa.")
    keys.enter("Lưu")
    keys.heard("Đã lưu, máy của thành viên")


def training_class(keys: Keys) -> None:
    keys.open("/desk/classes/")
    expect(keys.desk.button("Thêm lớp")).to_be_visible()
    keys.enter("Thêm lớp")
    keys.in_panel()
    keys.write("Nội dung lớp", "Nộp hồ sơ trực tuyến")
    keys.enter("Lưu lớp")
    keys.heard("Đã lưu lớp Nộp hồ sơ trực tuyến")
    keys.enter("Điểm danh Nộp hồ sơ")
    keys.in_panel()
    keys.to("Trần Văn Bình")
    keys.press("Space")
    keys.enter("Lưu điểm danh")
    keys.heard("Đã lưu điểm danh, đổi 1 người")


def data_request(keys: Keys) -> None:
    keys.open("/desk/rights/")
    expect(keys.page.locator("summary", has_text="Ghi yêu cầu mới")).to_be_visible()
    keys.enter("Ghi yêu cầu mới")
    keys.choose("Loại yêu cầu")
    keys.write("Nội dung yêu cầu", "Xin xem dữ liệu của nhà")
    keys.enter("Ghi vào sổ")
    keys.heard("Đã ghi yêu cầu vào sổ")


def search(keys: Keys, world: World) -> None:
    keys.desk.open("/desk/search/")
    expect(keys.page.get_by_role("searchbox")).to_be_focused()
    keys.type("dinh thi lan")
    expect(keys.page.get_by_role("link", name=world.member.full_name)).to_be_visible()
    keys.enter(world.member.full_name)
    expect(keys.page).to_have_url(re.compile("/desk/teams/"))


def platform(keys: Keys) -> None:
    keys.open("/desk/platforms/")
    expect(keys.desk.button("Thêm nền tảng")).to_be_visible()
    keys.enter("Thêm nền tảng")
    keys.in_panel()
    keys.write("Tên ngắn trên máy", "Du lịch số")
    keys.write("Tên đầy đủ", "Du lịch số, đặt phòng")
    keys.choose("Trụ cột", 2)
    keys.press("Tab", "Space")
    keys.enter("Lưu")
    keys.heard("Đã thêm nền tảng Du lịch số")


def account(keys: Keys) -> None:
    keys.open("/desk/accounts/")
    expect(keys.page.locator("summary", has_text="Thêm tài khoản")).to_be_visible()
    keys.enter("Thêm tài khoản")
    keys.write("Họ và tên", "Đinh Văn Mẫu")
    keys.write("Tên đăng nhập", "xa.moi")
    keys.choose("Vai trò")
    expect(keys.page.locator(".narrow-form").get_by_label("Xã, phường, đặc khu")).to_be_visible()
    keys.choose("Xã, phường, đặc khu")
    keys.enter("Tạo tài khoản")
    keys.heard("Đã tạo tài khoản.")
    keys.enter("Tạo liên kết đặt mật khẩu")
    expect(keys.page.get_by_label("Liên kết đặt mật khẩu", exact=True)).to_be_visible()
    keys.press("Escape")


async def leave_work(db: Database, world: World) -> None:
    """A visit that was approved, and a difficulty that nobody has answered."""
    visit = build.visit(world.member, world.households[0], "VNEID")
    await build.send(db, world.member, visit, trouble(world.member, world.village))
    await build.send(db, world.leader, build.decision(world.leader, visit["id"]))


@pytest.fixture
def world(server: Server) -> World:
    world = server.do(build.world)
    server.do(lambda db: leave_work(db, world))
    return world


def test_each_task_of_the_desk_is_done_by_keys_alone(
    server: Server, world: World, playwright: Playwright, tmp_path: Path
) -> None:
    browser = launch(playwright)
    keys = Keys(Person.arrive(browser, server.origin, DESK))
    keys.sign_in(world.commune_officer.username)
    overview(keys, world)
    reopen(keys)
    team_and_seat(keys, world)
    decision(keys, tmp_path)
    bring_list(keys, world, tmp_path)
    household(keys)
    cards(keys)
    material(keys)
    targets(keys, world)
    task(keys)
    difficulty(keys)
    announcement(keys)
    training_class(keys)
    data_request(keys)
    search(keys, world)
    keys.sign_out()
    keys.sign_in(world.province_officer.username)
    platform(keys)
    account(keys)
    assert (keys.unseen, keys.desk.errors, keys.desk.foreign) == (set(), [], [])
    browser.close()
