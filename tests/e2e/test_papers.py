"""An officer takes a list as a Word file, replaces its template by keys alone, and gets the next one in it."""

import re
from pathlib import Path

from docx import Document
from playwright.sync_api import Playwright, expect

from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.e2e.test_announcements import seen
from tests.e2e.test_guides import sign_in
from tests.paper_reader import docx_words


def press(desk: Person, name: str) -> None:
    desk.button(name).focus()
    desk.page.keyboard.press("Enter")


def taken(desk: Person, name: str, folder: Path) -> Path:
    with desk.page.expect_download() as waiting:
        desk.page.get_by_role("link", name=name, exact=True).focus()
        desk.page.keyboard.press("Enter")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_commune_replaces_a_template_and_prints_in_it(server: Server, playwright: Playwright, tmp_path: Path) -> None:
    world = server.do(build.world)
    desk = Person.arrive(launch(playwright), server.origin, DESK)
    sign_in(server, desk, world.commune_officer.username)
    desk.open("/desk/papers/")
    expect(desk.page.get_by_role("heading", name="Mẫu văn bản Word")).to_be_visible()
    faults = seen(desk, "desk-papers", DESK)

    paper = taken(desk, "Word B7. Độ phủ nhóm Zalo", tmp_path)
    assert "BẢNG TỔNG HỢP" in docx_words(paper.read_bytes())
    press(desk, "Thay mẫu B7. Độ phủ nhóm Zalo")
    panel = desk.page.locator(".side-panel")
    expect(panel).to_contain_text("{{ subject }}")
    faults += seen(desk, "desk-papers-panel", DESK)

    template = taken(desk, "Tải mẫu mặc định", tmp_path)
    document = Document(str(template))
    title = next(paragraph for paragraph in document.paragraphs if "{{ title }}" in paragraph.text)
    title.runs[0].text = "BẢNG THEO MẪU CỦA XÃ {{ nhầm }}"
    document.save(str(template))
    panel.get_by_label("Chọn tệp Word (.docx)").set_input_files(template)
    press(desk, "Dùng mẫu này")
    expect(panel.get_by_text(re.compile("Chữ trong ngoặc nhọn không đúng.*nhầm"))).to_be_visible(timeout=60_000)

    title.runs[0].text = "BẢNG THEO MẪU CỦA XÃ"
    document.save(str(template))
    panel.get_by_label("Chọn tệp Word (.docx)").set_input_files(template)
    press(desk, "Dùng mẫu này")
    expect(desk.page.get_by_text("Đã thay mẫu")).to_be_visible(timeout=60_000)
    assert "BẢNG THEO MẪU CỦA XÃ" in docx_words(taken(desk, "Word B7. Độ phủ nhóm Zalo", tmp_path).read_bytes())

    press(desk, "Thay mẫu B7. Độ phủ nhóm Zalo")
    panel.get_by_text("Về mẫu mặc định").first.click()
    panel.get_by_role("button", name="Về mẫu mặc định").click()
    expect(desk.page.get_by_text("Đã về mẫu mặc định")).to_be_visible()
    assert faults == []
