"""Words of papers as a careful clerk writes them, and numbers that nobody knows."""

import io
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

from fieldapp.domain.paper_form import PaperKind, TaskLine
from fieldapp.domain.paper_issuer import small
from fieldapp.domain.report_figure import Figure, without_halves
from fieldapp.reports.decision_draft import decision_draft
from fieldapp.reports.decision_list import Draft
from fieldapp.reports.paper_csv import paper_csv
from fieldapp.reports.papers import FileKind, render
from fieldapp.reports.spreadsheet import csv_bytes
from models.team import TeamLevel
from models.unit import Division
from tests import official_papers
from tests.paper_reader import docx_words, pdf_pages


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Xã Ba Tơ", "xã Ba Tơ"), ("Đặc khu Lý Sơn", "đặc khu Lý Sơn"), ("Ý kiến người dân", "ý kiến người dân"),
        ("VNeID cao điểm", "VNeID cao điểm"), ("6 tháng đầu năm 2026", "6 tháng đầu năm 2026"), ("", ""),
    ],
)  # fmt: skip
def test_a_name_inside_a_sentence(name: str, inside: str):
    assert small(name) == inside


@pytest.mark.parametrize("commune", ["Đặc khu Lý Sơn", "Phường Trương Quang Trọng"])
def test_a_decision_is_of_the_place_without_its_kind(commune: str):
    draft = Draft(commune, Division.DAC_KHU, TeamLevel.COMMUNE, date(2026, 8, 31), ())
    place = commune.removeprefix("Đặc khu ").removeprefix("Phường ")
    words = " ".join(cell.text for table in Document(io.BytesIO(decision_draft(draft))).tables for cell in table._cells)
    assert f"{place}, ngày" in words
    assert f"khu {place}, ngày" not in words


def test_words_of_two_lines_stay_apart():
    task = TaskLine("Rà soát hộ\nchưa có VNeID", "Đã xong", "Sóng yếu\r\n\tKhông có điện")
    paper = official_papers.report(PaperKind.COMMUNE_REPORT, by_unit=None, tasks=(task,))
    page = " ".join(" ".join(pdf_pages(render(paper, FileKind.PDF))).split())
    for words in (docx_words(render(paper, FileKind.DOCX)), page):
        assert "Rà soát hộ chưa có VNeID" in words
        assert "Sóng yếu Không có điện" in words


def test_a_part_of_an_unknown_whole_is_nobodys_number():
    told = without_halves(Figure("07", 12, waiting=1, year=12, year_over=40, previous=9))
    assert told == Figure("07", None, waiting=1, year=12, year_over=40)


def test_csv_lets_changes_be_numbers_and_formulas_be_words():
    rows = csv_bytes([["+1,5", "-12,0", "+84,9+1", "-1+cmd|x", "=1", "+84905000000"]]).decode().strip()
    assert rows == '"+1,5","-12,0","\'+84,9+1",\'-1+cmd|x,\'=1,\'+84905000000'
    paper = official_papers.report(PaperKind.COMMUNE_REPORT, by_unit=None)
    assert "'+" not in paper_csv(replace(paper, tasks=())).decode()
