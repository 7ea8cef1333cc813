"""Official papers: in three kinds of file the same numbers, the same bytes, laid out as Nghị định 30 asks."""

import csv
import ctypes
import io
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from openpyxl import load_workbook
from PIL import ImageFont

from fieldapp.config import ROOT
from fieldapp.domain.figure import Share, written_change, written_figure, written_number
from fieldapp.domain.paper_form import (
    FigureLine,
    FigureSection,
    PaperKind,
    PaperTable,
    ReportPaper,
    TablePaper,
    TaskLine,
    UnitRow,
)
from fieldapp.reports.papers import FileKind, render
from tests import official_papers
from tests.paper_reader import docx_tables, docx_words, numbers, pdf_pages, xlsx_rows
from tests.papers import Rectangle, SeenPage, read_pdf

B1, B2, B3 = PaperKind.VILLAGE_REPORT, PaperKind.COMMUNE_REPORT, PaperKind.PROVINCE_REPORT
DOCX, PDF, XLSX = FileKind.DOCX, FileKind.PDF, FileKind.XLSX
PAPERS = [
    official_papers.report(B1, 1),
    official_papers.report(B2, 47),
    official_papers.report(B3, 96, missing=()),
    official_papers.groups(),
]


def page_rows(paper: ReportPaper) -> list[list[str]]:
    """The table of indicators as the file for Word has it, without the titles of its sections."""
    return [row for row in docx_tables(render(paper, DOCX))[0] if len(row) == 9]


def test_no_section_title_stands_alone_at_the_foot_of_a_page():
    titles = {f"{section.number} {section.title}" for section in official_papers.sections(47)}
    for count in range(8, 14):
        missing = [f"Thôn số {n} có tên dài đến hết cả dòng" for n in range(count)]
        first = pdf_pages(render(official_papers.report(B2, 47, missing=missing), PDF))[0]
        assert titles & set(first.splitlines())
        assert first.strip().splitlines()[-1] not in titles, count


@pytest.mark.parametrize("paper", PAPERS[:3], ids=lambda paper: paper.kind)
def test_a_workbook_has_the_numbers_of_the_page(paper: ReportPaper):
    workbook = render(paper, XLSX)
    sheet = xlsx_rows(workbook, 0, "TT")
    of_sheet = [row[:8] for row in sheet if row[0].isdigit()]
    assert of_sheet == [row[:8] for row in page_rows(paper)[1:]]
    assert len(of_sheet) == 30
    if paper.by_unit:
        annexes = docx_tables(render(paper, DOCX))[2:]
        count = len(paper.by_unit.rows)
        by_unit = xlsx_rows(workbook, 1, "TT")[: count + 2]
        beside = [sum((annex[n][3:] for annex in annexes), annexes[0][n][:3]) for n in range(count + 2)]
        assert by_unit == beside


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.kind)
def test_print_has_the_numbers_of_the_page(paper: ReportPaper | TablePaper):
    """Each as often; beyond that print has the numbers of pages, and the heads of tables again on each of them."""
    bare = replace(paper, by_unit=None) if isinstance(paper, ReportPaper) else paper
    pages = pdf_pages(render(bare, PDF))
    of_pages = numbers(str(n) for n in range(2, len(pages) + 1))
    marks = numbers(paper.made_at.strftime("17:05 31/08/2026")) if isinstance(paper, TablePaper) else numbers("")
    printed = numbers([page.split("Xuất bởi")[0] for page in pages])
    assert printed - of_pages - marks == numbers(docx_words(render(bare, DOCX))) - marks
    if isinstance(paper, ReportPaper) and paper.by_unit:
        cells = [cell for annex in docx_tables(render(paper, DOCX))[2:] for row in annex[1:] for cell in row[2:]]
        assert numbers(cells) - numbers(pdf_pages(render(paper, PDF))) == numbers("")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.kind)
@pytest.mark.parametrize("kind", FileKind)
def test_the_same_paper_is_the_same_bytes(paper: ReportPaper | TablePaper, kind: FileKind):
    assert render(paper, kind) == render(paper, kind)
    assert render(paper, kind) != render(replace(paper, exporter="Ai khác"), kind)


def test_a_list_is_the_same_on_the_page_and_in_the_workbook_and_its_sums_are_formulas():
    paper = official_papers.groups(units=47)
    workbook = render(paper, XLSX)
    rows = docx_tables(render(paper, DOCX))[0]
    assert xlsx_rows(workbook, 0, "TT")[: len(rows)] == rows
    assert rows[-1][1:5] == ["Tổng cộng", "", "56.638", "45.778"]
    lines = list(csv.reader(io.StringIO(render(paper, FileKind.CSV).decode("utf-8-sig"))))
    of_csv = lines[lines.index(rows[0]) + 1 :]
    written = [[written_number(int(cell)) if cell.isdigit() else cell for cell in line] for line in of_csv]
    assert [[cell.removeprefix("'") for cell in line] for line in written] == rows[1:]
    page = load_workbook(io.BytesIO(workbook)).worksheets[0]
    head = next(row[0].row for row in page.iter_rows() if row[0].value == "TT")
    last = head + len(rows) - 1
    assert page.cell(last, 4).value == f"=SUM(D{head + 1}:D{last - 1})"
    assert page.cell(last - 1, 7).value == "=1+1"
    assert page.cell(last - 1, 7).data_type == "s"
    assert (page.freeze_panes, page.print_title_rows) == (f"C{head + 1}", f"${head}:${head}")
    setup = page.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, "landscape", 0)


def test_what_nobody_said_is_empty_and_zero_is_zero():
    lines = [
        FigureLine("01", "Chưa ai nhập", "buổi", None, plan=5, previous=3),
        FigureLine("02", "Không có", "buổi", 0, plan=5, waiting=2, year=0, previous=0),
        FigureLine("03", "Chưa có hộ nào", "%", 0, plan=100, over=0),
    ]
    paper = official_papers.report(B2, by_unit=None, sections=[FigureSection("I", "Thử", lines)], tasks=(), missing=())
    assert page_rows(paper)[1:] == [
        ["01", "Chưa ai nhập", "buổi", "5", "", "", "", "", "Chưa nhập"],
        ["02", "Không có", "buổi", "5", "0", "0,0", "0", "0", "2 buổi chờ duyệt"],
        ["03", "Chưa có hộ nào", "%", "100", "", "", "", "", ""],
    ]
    sheet = load_workbook(io.BytesIO(render(paper, XLSX)), data_only=True).worksheets[0]
    cells = {row[0].value: [cell.value for cell in row[3:9]] for row in sheet.iter_rows()}
    assert cells["01"] == [5, None, None, None, None, 0]
    assert cells["02"] == [5, 0, 0, 0, 0, 2]
    assert cells["03"][:3] == [1, None, None]
    assert PaperTable(official_papers.COLUMNS, [("Một", None, None, None, None, "")]).sums == [None] * 6


@pytest.mark.parametrize(
    ("done", "written"),
    [
        (1234567, "1.234.567"),
        (0, "0"),
        (None, ""),
        (Share(1, 3), "33,3"),
        (Share(2, 3), "66,7"),
        (Share(1, 2000), "0,1"),
        (Share(1, 2001), "0,0"),
        (Share(5, 0), ""),
        (Share(99999, 100), "99.999,0"),
    ],
)
def test_figures_are_written_with_a_dot_and_a_comma(done: int | Share | None, written: str):
    assert written_figure(done) == written


def test_a_change_says_its_sign():
    assert [written_change(n, False) for n in (1200, 0, -3, None)] == ["+1.200", "0", "-3", ""]
    assert [written_change(n, True) for n in (161, 0, -5)] == ["+16,1", "0,0", "-0,5"]


def test_word_is_laid_out_as_the_decree_asks():
    document = Document(io.BytesIO(render(official_papers.report(B2), DOCX)))
    upright, on_side = document.sections
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert [round(length.cm, 2) for length in (upright.page_width, upright.left_margin, upright.top_margin)] == [
        21,
        3,
        2,
    ]
    assert (on_side.orientation, round(on_side.page_width.cm, 2)) == (WD_ORIENT.LANDSCAPE, 29.7)
    assert upright.different_first_page_header_footer
    assert not on_side.different_first_page_header_footer
    words = docx_words(render(official_papers.report(B2), DOCX)).splitlines()
    for line in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "XÃ BA TƠ",
        "Số:          /BC-UBND",
        "Ba Tơ, ngày       tháng       năm 2026",
        "Số liệu tính đến 17 giờ 05 phút, ngày 31/8/2026",
        "TM. ỦY BAN NHÂN DÂN",
        "- Sở Khoa học và Công nghệ;",
        "- Lưu: VT, VHXH.",
    ):
        assert line in words
    assert not [line for line in words if "{" in line or "hệ thống tạo" in line]
    assert "Bản dự thảo do hệ thống tạo" in document.core_properties.comments
    for table in docx_tables(render(official_papers.report(B2), DOCX)):
        assert len(table) > 1


def test_a_village_has_no_number_and_signs_twice():
    words = docx_words(render(official_papers.report(B1, 1), DOCX)).splitlines()
    assert words[:2] == ["UBND XÃ BA TƠ", "TỔ CNSCĐ THÔN NƯỚC ĐANG"]
    assert {"PHIẾU BÁO CÁO", "NGƯỜI LẬP BIỂU", "TỔ TRƯỞNG"} <= set(words)
    assert not [line for line in words if line.startswith(("Số:", "Nơi nhận", "Trên đây"))]
    assert len(Document(io.BytesIO(render(official_papers.report(B1, 1), DOCX))).sections) == 1


def test_the_name_of_the_state_is_one_line():
    """As long as with Tinos, whose letters are as wide as those of Times New Roman."""
    head = Document(io.BytesIO(render(official_papers.report(B2), DOCX))).tables[0]
    words = head.cell(0, 1).paragraphs[0]
    letters = ImageFont.truetype(ROOT / "fieldapp" / "reports" / "fonts" / "Tinos-Bold.ttf", 1000)
    needed = letters.getlength(words.text) / 1000 * words.runs[0].font.size.pt
    margins = head._tbl.tblPr.find(qn("w:tblCellMar"))
    sides = sum(int(margins.find(qn(f"w:{side}")).get(qn("w:w"))) / 20 for side in ("left", "right"))
    assert needed + sides + 4 < head.columns[1].width.pt


@pytest.mark.parametrize("paper", PAPERS[:3], ids=lambda paper: str(paper.kind))
def test_signatures_do_not_stand_on_a_page_alone(paper: ReportPaper):
    body = Document(io.BytesIO(render(paper, DOCX)))
    signs = [table for table in body.tables if not table.style or table.style.name != "Table Grid"][-1]
    space = signs._tbl.getprevious()
    assert [p.pPr.keepNext is not None for p in (space, space.getprevious())] == [True, True]
    assert "".join(space.getprevious().itertext())
    pages = pdf_pages(render(paper, PDF))
    signed = next(page for page in pages if "TỔ TRƯỞNG" in page or "TM. ỦY BAN" in page or "GIÁM ĐỐC" in page)
    assert "Tiếp tục hướng dẫn tại nhà." in signed or "Trên đây là báo cáo" in signed


def test_a_paper_without_an_annex_has_no_page_for_one():
    document = Document(io.BytesIO(render(official_papers.report(B2, by_unit=None), DOCX)))
    assert [section.orientation for section in document.sections] == [WD_ORIENT.PORTRAIT]


def test_missing_reports_the_version_and_sample_data_are_said():
    paper = official_papers.report(B2, by_unit=None, version=2, sample=True)
    for words in (docx_words(render(paper, DOCX)), " ".join("".join(pdf_pages(render(paper, PDF))).split())):
        assert "thiếu 2 thôn" in words
        assert "Báo cáo lần thứ 2" in words
        assert "DỮ LIỆU MẪU" in words


@pytest.mark.parametrize("paper", [official_papers.report(B2, 47), official_papers.groups(47)], ids=["b2", "b7"])
def test_print_embeds_its_fonts_keeps_its_margins_and_repeats_its_heads(paper: ReportPaper | TablePaper):
    content = render(paper, PDF)
    assert _fonts(content) == {"Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    pages = read_pdf(content, dpi=36)
    for number, (page, words) in enumerate(zip(pages, pdf_pages(content), strict=True), 1):
        width, height = (297, 210) if isinstance(paper, TablePaper) or number > 3 else (210, 297)
        assert _outside(page, Rectangle(19, 8, width - 14, height - 5)) == []
        assert (words.strip().split("\r\n")[0] == str(number)) is (number > 1)
        assert "TT" in words or "Thôn Gò Ghềm" not in words


def test_nothing_at_all_and_far_too_much_stay_on_the_page():
    wide, long = "W" * 90, "Ngưỡng Thuỷ Nghiêng Hữu Nguyệt Ẵng Cẫm " * 6
    empty = official_papers.report(
        B2,
        sections=(),
        tasks=(),
        by_unit=replace(official_papers.by_unit(1), rows=()),
        missing=(),
        receivers=(),
        signers=(),
    )
    line = replace(official_papers.line(1, f"{wide}|người", 1), note=f"{wide} {long}")
    rows = [UnitRow(wide + long, wide, row.figures) for row in official_papers.by_unit(3).rows]
    full = official_papers.report(
        B2, subject=long, missing=[wide, long], tasks=[TaskLine(wide, wide)], receivers=[wide],
        sections=[FigureSection("I", wide, [line])], by_unit=replace(official_papers.by_unit(3), rows=rows),
    )  # fmt: skip
    bare = official_papers.groups(table=PaperTable(official_papers.COLUMNS, ()))
    for paper in (empty, full, bare):
        assert render(paper, XLSX)
        assert docx_words(render(paper, DOCX))
        for page in read_pdf(render(paper, PDF), dpi=36):
            wide_page = max(place.right for _, place in page.letters) > 200
            assert _outside(page, Rectangle(19, 8, 278 if wide_page else 196, 292)) == []


def _fonts(content: bytes) -> set[str]:
    """The names of the fonts that lie in the file."""
    found = set()
    for page in pypdfium2.PdfDocument(content):
        for part in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            font = pypdfium2.raw.FPDFTextObj_GetFont(part.raw)
            assert pypdfium2.raw.FPDFFont_GetIsEmbedded(font) == 1
            name = ctypes.create_string_buffer(99)
            pypdfium2.raw.FPDFFont_GetBaseFontName(font, name, 99)
            found.add(name.value.decode().split("+")[-1])
    return found


def _outside(page: SeenPage, frame: Rectangle) -> Sequence[str]:
    return [letter for letter, place in page.letters if not frame.holds(place)]
