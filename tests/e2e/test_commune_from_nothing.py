"""A commune from nothing: one officer, a browser and two lists; at the end a phone scans a printed card."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, Playwright, expect

from fieldapp.db import Database
from models.account import Role
from tests import build
from tests.e2e.film import card_on, film_of, page_image
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_import import FAMILIES, NAMES, bring, figure
from tests.e2e.test_screens import LOOKS, look_at
from tests.papers import read_pdf
from tests.papers_pdf import pdf
from tests.sheets import HOUSEHOLD_HEADS, MEMBER_HEADS

VILLAGES = [
    f"Thôn {name}" for name in ("Gọi Lế", "Làng Teng", "Gò Rét", "Nước Lô", "Mang Đen", "Bàu Sen", "Hóc Kè", "Rộc Đa")
]
PEOPLE = [f"{family} {name}" for family in FAMILIES for name in NAMES]


def members() -> list[list[str]]:
    """Sixty people: the first eight lead a team each, the next eight are deputies."""
    role = ["Tổ trưởng"] * 8 + ["Tổ phó"] * 8 + [""] * 44
    return [[name, f"0000{n:06d}", VILLAGES[n % 8], role[n], ""] for n, name in enumerate(PEOPLE)]


def households() -> list[list[str]]:
    return [[VILLAGES[n % 8], str(n // 8 + 1), PEOPLE[n * 7 % 60]] for n in range(900)]


async def settle(db: Database) -> None:
    """What stands before a commune begins: platforms, the commune itself, and an officer's account."""
    for position, code in enumerate(("VNEID", "DVC", "SSK"), 1):
        await build.platform(db, code, position)
    commune = await build.commune(db, await build.province(db), code="21484", name="Xã Ba Tơ")
    await build.account(db, commune, Role.COMMUNE_OFFICER, username="xa")


@pytest.fixture
def desk(server: Server, playwright: Playwright) -> Iterator[Person]:
    server.do(settle)
    browser = launch(playwright)
    person = Person.arrive(browser, server.origin, DESK)
    person.open("/")
    person.page.get_by_label("Tên đăng nhập").fill("xa")
    person.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    person.button("Đăng nhập").click()
    expect(person.page.locator(".desk-nav")).to_be_visible()
    yield person
    assert (person.errors, person.foreign) == ([], [])
    browser.close()


def go(desk: Person, name: str) -> Page:
    desk.page.get_by_role("link", name=name, exact=True).click()
    expect(desk.page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return desk.page


def open_villages(desk: Person) -> None:
    page = go(desk, "Địa bàn")
    for village in VILLAGES:
        opening = page.locator("details.panel", has_text="Mở thôn mới")
        if opening.get_attribute("open") is None:
            opening.locator("summary").click()
        opening.get_by_label("Tên đầy đủ").fill(village)
        opening.get_by_label("Tên đầy đủ").press("Enter")
        expect(page.get_by_role("status").get_by_text(f"Đã mở {village}.")).to_be_visible()


def found_teams(desk: Person) -> None:
    page = go(desk, "Tổ và thành viên")
    desk.button("Thành lập tổ").click()
    panel = page.locator(".side-panel")
    expect(panel).to_contain_text("8 thôn, tổ dân phố chưa có tổ")
    look(desk, "desk-teams-missing")
    panel.get_by_role("button", name="Thành lập 8 tổ, mỗi thôn một tổ").click()
    expect(page.get_by_text("Đã thành lập 8 tổ, mỗi thôn một tổ.")).to_be_visible()
    expect(page.locator("details.team", has_text="Tổ công nghệ số cộng đồng thôn Gọi Lế")).to_be_visible()


def decide(desk: Person, folder: Path) -> None:
    page = go(desk, "Quyết định")
    desk.button("Thêm Quyết định").click()
    form = page.locator(".side-panel")
    form.get_by_label("Số, ký hiệu").fill("45/QĐ-UBND")
    form.get_by_label("Ngày ban hành").fill("2026-08-05")
    form.get_by_label("Có hiệu lực từ ngày").fill("2026-08-05")
    form.get_by_label("Người ký").fill("Phạm Văn Thành")
    form.get_by_label("Trích yếu").fill("Về việc thành lập Tổ công nghệ số cộng đồng thôn trên địa bàn xã Ba Tơ")
    form.get_by_role("button", name="Chọn cả 8 tổ chưa có Quyết định").click()
    (folder / "45.pdf").write_bytes(pdf())
    form.get_by_label("Chọn tệp PDF").set_input_files(folder / "45.pdf")
    form.get_by_label(re.compile("^Lý do")).fill("Thành phần sẽ bổ sung khi lập danh sách")
    form.get_by_role("button", name="Lưu Quyết định").click()
    expect(page.get_by_role("status").filter(has_text="Đã lưu Quyết định 45/QĐ-UBND cho 8 tổ.")).to_be_visible()


def bring_lists(desk: Person, folder: Path) -> None:
    for kind, heads, rows in (
        ("Thành viên tổ", MEMBER_HEADS, members()),
        ("Hộ gia đình", HOUSEHOLD_HEADS, households()),
    ):
        go(desk, "Nhập danh sách")
        bring(desk, folder, kind, heads, rows)
        expect(figure(desk, "dòng mới")).to_have_text(str(len(rows)))
        desk.button("Nhập danh sách này").press("Enter")
        done = f"Đã nhập: thêm {len(rows)}, cập nhật 0, bỏ qua 0 dòng."
        expect(desk.page.get_by_text(done)).to_be_visible()


def print_cards(desk: Person) -> dict[str, Download]:
    """The cards of every village, each as one paper."""
    page = go(desk, "In thẻ hộ")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    papers = {}
    for village in VILLAGES:
        page.get_by_label("Thôn, tổ dân phố").select_option(label=village)
        with page.expect_download() as paper:
            desk.button("Tải thẻ (PDF)").click()
        papers[village] = paper.value
    page.reload()
    with_card = page.get_by_role("row", name=re.compile("^Thôn Gọi Lế")).first
    expect(with_card.locator("td").nth(2)).to_have_text("113")
    return papers


def allot(desk: Person) -> None:
    page = go(desk, "Chỉ tiêu")
    page.get_by_label("Thêm nền tảng").select_option(label="VNEID")
    page.get_by_role("button", name="Thêm cột").press("Enter")
    fields = page.locator("input.grid-field")
    expect(fields).to_have_count(8)
    fields.first.focus()
    for number in range(8):
        page.keyboard.type(str(50 + number))
        page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu 8 ô chỉ tiêu")).to_be_visible()


def invite(desk: Person) -> tuple[str, str]:
    """Sixty slips are printed; whom the first one names, and its link."""
    page = go(desk, "Tổ và thành viên")
    with page.expect_download() as paper:
        desk.button("In giấy mời cả xã").click()
    pages = read_pdf(paper.value.path().read_bytes(), 250)
    assert sum(len(sheet.addresses) for sheet in pages) == len(PEOPLE)
    leader = PEOPLE[VILLAGES.index("Thôn Bàu Sen")]
    assert leader in pages[0].words
    return leader, pages[0].addresses[0]


def look(desk: Person, name: str) -> None:
    assert [fault for seen in LOOKS for fault in look_at(desk.page, name, *seen)] == []
    desk.page.emulate_media(color_scheme="light")
    desk.page.set_viewport_size(DESK)  # type: ignore[arg-type]


def test_a_commune_begins_with_nothing_and_its_first_phone_works(
    server: Server, desk: Person, playwright: Playwright, tmp_path: Path
) -> None:
    open_villages(desk)
    found_teams(desk)
    decide(desk, tmp_path)
    bring_lists(desk, tmp_path)
    papers = print_cards(desk)
    allot(desk)
    leader, link = invite(desk)

    sheet = page_image(papers["Thôn Bàu Sen"].path().read_bytes())
    browser = launch(playwright, film_of(card_on(sheet, column=1, row=2), tmp_path / "card.mjpeg"))
    phone = Person.arrive(browser, server.origin, permissions=["camera"])
    phone.join(link)
    phone.open("/m/me/")
    expect(phone.page.get_by_text(leader).first).to_be_visible()
    phone.open("/m/")
    phone.lose_network()
    phone.page.get_by_role("link", name="Quét thẻ").click()
    expect(phone.page.get_by_text("Đã quét thẻ")).to_be_visible(timeout=30_000)
    phone.button("VNEID").click()
    phone.button("Tự sử dụng được").click()
    phone.button("Lưu").click()
    expect(phone.page.get_by_text("Đã lưu trên máy")).to_be_visible()
    phone.open("/m/targets/")
    expect(phone.page.locator("section.card", has_text="VNEID")).to_contain_text("hộ")
    phone.find_network()
    phone.open("/m/outbox/")
    expect(phone.pill).to_have_text("Đã gửi hết", timeout=60_000)

    page = go(desk, "Tổ và thành viên")
    team = page.locator("details.team", has_text="thôn Bàu Sen")
    expect(team.locator("summary").first).to_contain_text("1 máy")
    page.get_by_role("link", name="Tổng quan").click()
    expect(page.locator(".bars li", has_text=leader)).to_contain_text("1 chờ")
    assert (phone.errors, phone.foreign) == ([], [])
    browser.close()
