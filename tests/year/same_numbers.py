"""One report on the screen and in every kind of file, read back: the same numbers everywhere."""

import csv
import io
from uuid import UUID

from fieldapp.db import Database
from fieldapp.domain.figure import written_number
from fieldapp.pages.desk.report_view import ReportView, report_view
from fieldapp.permissions import Principal
from fieldapp.reports.papers import FileKind, render
from fieldapp.services.report_detail import get_detail
from fieldapp.services.report_papers import report_paper
from models.base import utc_now
from tests.paper_reader import docx_tables, numbers, pdf_pages, xlsx_rows

PLAN, DONE, YEAR = 3, 4, 6
Numbers = dict[str, tuple[str, str, str]]


async def are_the_same(db: Database, who: Principal, report: UUID) -> int:
    """Plan, value and year of every indicator, and each unit's; gives how many numbers were compared."""
    async with db.read() as session:
        view = await report_view(session, who, report, utc_now())
        paper = await report_paper(session, who, await get_detail(session, who, report), utc_now())
    screen = on_screen(view)
    files = {kind: render(paper, kind) for kind in FileKind}
    tables = docx_tables(files[FileKind.DOCX])
    page = {row[0]: (row[PLAN], row[DONE], row[YEAR]) for row in tables[0] if len(row) == 9 and row[0] in screen}
    assert page == screen
    sheet = xlsx_rows(files[FileKind.XLSX], 0, "TT")
    assert {row[0]: (row[PLAN], row[DONE], row[YEAR]) for row in sheet if row[0] in screen} == screen
    lines = list(csv.reader(io.StringIO(files[FileKind.CSV].decode("utf-8-sig"))))
    of_csv = [row for row in lines if len(row) == 10 and row[0] in screen]
    assert {row[0]: (_dotted(row[PLAN]), _dotted(row[DONE]), _dotted(row[YEAR])) for row in of_csv} == screen
    printed = numbers([text.split("Xuất bởi")[0] for text in pdf_pages(files[FileKind.PDF])])
    cells = [cell for row in tables[0] for cell in row[PLAN:8]]
    if paper.by_unit:
        cells += [cell for annex in tables if annex is not tables[0] for row in annex[1:] for cell in row[3:]]
        count = len(paper.by_unit.rows)
        units = xlsx_rows(files[FileKind.XLSX], 1, "TT")[1 : count + 2]
        start = lines.index([paper.by_unit.title]) + 2
        assert [[_dotted(cell) for cell in row[3:]] for row in lines[start : start + count + 1]] == [
            row[3:] for row in units
        ]
        sums = units[-1][3:]
        assert sums == [line.value.rstrip("%") for line in view.lines], "the annex adds up to the report"
    assert not numbers(cells) - printed
    return len(cells)


def on_screen(view: ReportView) -> Numbers:
    return {line.code: (line.plan, line.value.rstrip("%"), line.year.rstrip("%")) for line in view.lines}


def _dotted(cell: str) -> str:
    return written_number(int(cell)) if cell.isdigit() else cell
