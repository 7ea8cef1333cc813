"""A paper as a workbook: real numbers, heads that stay, sums as formulas that bring their value along.

A percentage is kept as the fraction that it is; what nobody said is an empty cell.
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from fieldapp.domain.figure import Share, Value
from fieldapp.domain.paper_form import FigureLine, Form, PaperCell, PaperTable, ReportPaper, TablePaper
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.i18n import text
from fieldapp.reports.paper_sheet import COLUMNS, Sheet, by_unit_columns, list_sheet, note_of, report_sheet, words

FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
FORMATS: dict[str, dict[str, Any]] = {
    "said": {},
    "signer": {"bold": True},
    "title": {"bold": True, "align": "center", "text_wrap": True},
    "about": {"italic": True, "align": "center"},
    "head": {"bold": True, "border": 1, "align": "center", "text_wrap": True},
    "words": {"border": 1, "text_wrap": True},
    "middle": {"border": 1, "align": "center"},
    "section": {"border": 1, "bold": True},
    "number": {"border": 1, "num_format": "#,##0"},
    "share": {"border": 1, "num_format": "0.0%"},
    "planned_share": {"border": 1, "num_format": "0%"},
    "planned_number": {"border": 1, "num_format": "#,##0"},
    "change": {"border": 1, "num_format": "+#,##0;-#,##0;0"},
    "points": {"border": 1, "num_format": "+0.0;-0.0;0.0"},
    "day": {"border": 1, "num_format": "dd/mm/yyyy", "align": "center"},
    "sum_words": {"border": 1, "bold": True},
    "sum_number": {"border": 1, "bold": True, "num_format": "#,##0"},
    "sum_share": {"border": 1, "bold": True, "num_format": "0.0%"},
}
FIGURES = (*COLUMNS[:-1], "waiting", "note")
"""The heads of the table of indicators: here what waits has a column of its own."""

FIGURE_WIDTHS = (6, 44, 10, 12, 12, 10, 12, 12, 11, 28)
TASK_WIDTHS = (6, 60, 22, 30)
PLAN, DONE, REACHED, YEAR, CHANGE, WAITING, NOTE = range(3, 10)
A4 = 9
MOST_NAME = 31
"""Signs that the name of a sheet may have."""

MOST_COLUMNS = 14
"""On a printed page; what is wider goes on beside it, with the units repeated."""

LINE_HEIGHT, ROOM_TO_SIGN = 15, 6


def paper_xlsx(paper: ReportPaper | TablePaper) -> bytes:
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_urls": False})
    sheet = report_sheet(paper) if isinstance(paper, ReportPaper) else list_sheet(paper)
    at = paper.made_at.astimezone(VIETNAM).replace(tzinfo=None)
    about = f"{text('draft.made_by')}. {sheet['mark']}"
    title = f"{sheet['title']} {sheet['subject']}"[:250]
    book.set_properties({"title": title, "author": text("app.name"), "comments": about, "created": at})
    formats = {name: book.add_format(FONT | said) for name, said in FORMATS.items()}
    _Book(book, formats, sheet).write(paper)
    book.close()
    return file.getvalue()


class _Book:
    def __init__(self, book: Workbook, formats: dict[str, Any], sheet: Sheet) -> None:
        self.book, self.formats, self.sheet = book, formats, sheet

    def write(self, paper: ReportPaper | TablePaper) -> None:
        if isinstance(paper, TablePaper):
            self._table_page("sheet_list", paper.table, self.sheet["notes"])
            return
        self._figures(paper)
        if paper.by_unit:
            rows = [(row.name, row.state, *row.figures) for row in paper.by_unit.rows]
            self._table_page("sheet_units", PaperTable(by_unit_columns(paper.by_unit), rows), [])
        if paper.tasks:
            self._tasks()
        self._words()

    def _page(self, name: str, widths: Sequence[float], on_its_side: bool) -> tuple[Worksheet, int]:
        """A sheet with what stands above its table, and the line on which that begins."""
        page = self.book.add_worksheet(words(name)[:MOST_NAME])
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        page.set_paper(A4)
        page.set_landscape() if on_its_side else page.set_portrait()
        page.fit_to_pages(-(-len(widths) // MOST_COLUMNS), 0)
        page.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
        page.set_footer("&C&P/&N")
        last = min(len(widths), MOST_COLUMNS) - 1
        line = self._issuer(page, last)
        above = [self.sheet[name] for name in ("title", "subject")]
        below = [self.sheet.get(name, "") for name in ("period", "as_of", "version", "missing", "sample", "mark")]
        for said, style in [*((said, "title") for said in above), *((said, "about") for said in below if said)]:
            page.merge_range(line, 0, line, last, "", self.formats[style])
            page.write_string(line, 0, said, self.formats[style])
            line += 1
        return page, line + 1

    def _issuer(self, page: Worksheet, last: int) -> int:
        """Who issues it at the left, the state and its motto at the right; the line below both."""
        left, right = [*self.sheet["superior"], *self.sheet["body"]], [self.sheet["state"], self.sheet["motto"]]
        for line, said in enumerate(left):
            page.write_string(line, 0, said, self.formats["signer"])
        for line, said in enumerate(right if last > 1 else ()):
            page.merge_range(line, min(2, last - 1), line, last, "", self.formats["title"])
            page.write_string(line, min(2, last - 1), said, self.formats["title"])
        return max(len(left), len(right)) + 1

    def _heads(self, page: Worksheet, line: int, heads: Sequence[str], widths: Sequence[float]) -> int:
        for place, head in enumerate(heads):
            page.write_string(line, place, head, self.formats["head"])
        deepest = max(-(-len(head) // max(1, int(width) - 3)) for head, width in zip(heads, widths, strict=True))
        page.set_row(line, LINE_HEIGHT * max(1, deepest))
        page.freeze_panes(line + 1, 2)
        page.repeat_rows(line)
        if len(heads) > MOST_COLUMNS:
            page.repeat_columns(0, 1)
        return line + 1

    def _figures(self, paper: ReportPaper) -> None:
        page, line = self._page("sheet_figures", FIGURE_WIDTHS, on_its_side=True)
        line = self._heads(page, line, [words(f"col_{name}") for name in FIGURES], FIGURE_WIDTHS)
        for section in paper.sections:
            page.write_string(line, 0, section.number, self.formats["section"])
            page.merge_range(line, 1, line, len(FIGURES) - 1, "", self.formats["section"])
            page.write_string(line, 1, section.title, self.formats["section"])
            line += 1
            for figure_line in section.lines:
                self._line(page, line, figure_line)
                line += 1
        self._signers(page, line + 1)

    def _line(self, page: Any, at: int, line: FigureLine) -> None:
        for place, said in ((0, line.code), (1, line.name), (2, line.unit)):
            page.write_string(at, place, said, self.formats["words" if place == 1 else "middle"])
        self._figure(page, at, PLAN, line.planned, "planned_")
        self._figure(page, at, DONE, line.done)
        self._figure(page, at, YEAR, line.this_year)
        reached = line.reached
        if reached is not None and reached.over > 0:
            formula = f"={xl_col_to_name(DONE)}{at + 1}/{xl_col_to_name(PLAN)}{at + 1}"
            page.write_formula(at, REACHED, formula, self.formats["share"], reached.value / reached.over)
        else:
            page.write_blank(at, REACHED, None, self.formats["share"])
        if line.change is None:
            page.write_blank(at, CHANGE, None, self.formats["change"])
        elif isinstance(line.done, Share):
            page.write_number(at, CHANGE, line.change / 10, self.formats["points"])
        else:
            page.write_number(at, CHANGE, line.change, self.formats["change"])
        page.write_number(at, WAITING, line.waiting, self.formats["number"])
        page.write_string(at, NOTE, note_of(line, with_waiting=False), self.formats["words"])

    def _figure(self, page: Worksheet, at: int, place: int, done: Value, style: str = "") -> None:
        if isinstance(done, Share) and done.over > 0:
            page.write_number(at, place, done.value / done.over, self.formats[f"{style}share"])
        elif isinstance(done, int):
            page.write_number(at, place, done, self.formats[f"{style}number"])
        else:
            page.write_blank(at, place, None, self.formats[f"{style}number"])

    def _table_page(self, name: str, table: PaperTable, notes: Sequence[str]) -> None:
        widths = [6, *(max(9, column.width * 0.75) for column in table.columns)]
        page, line = self._page(name, widths, on_its_side=True)
        heads = [words("col_number"), *(column.head for column in table.columns)]
        first = self._heads(page, line, heads, widths)
        for number, row in enumerate(table.rows, 1):
            page.write_number(first + number - 1, 0, number, self.formats["middle"])
            for place, cell in enumerate(row, 1):
                self._cell(page, first + number - 1, place, cell)
        line = first + len(table.rows)
        if table.has_sums:
            self._sums(page, line, first, table)
            line += 1
        for note in notes:
            page.write_string(line, 0, note, self.formats["said"])
            line += 1
        self._signers(page, line + 1)

    def _cell(self, page: Any, at: int, place: int, cell: PaperCell) -> None:
        if isinstance(cell, str):
            page.write_string(at, place, cell, self.formats["words"])
        elif isinstance(cell, date):
            page.write_datetime(at, place, cell, self.formats["day"])
        else:
            self._figure(page, at, place, cell)

    def _sums(self, page: Worksheet, at: int, first: int, table: PaperTable) -> None:
        page.write_blank(at, 0, None, self.formats["sum_words"])
        for place, (column, total) in enumerate(zip(table.columns, table.sums, strict=True), 1):
            if isinstance(total, int) and column.form is Form.NUMBER:
                name = xl_col_to_name(place)
                formula = f"=SUM({name}{first + 1}:{name}{at})"
                page.write_formula(at, place, formula, self.formats["sum_number"], total)
            elif place == 1 and total is None:
                page.write_string(at, place, words("sum"), self.formats["sum_words"])
            else:
                self._figure(page, at, place, total, "sum_")

    def _tasks(self) -> None:
        page, line = self._page("sheet_tasks", TASK_WIDTHS, on_its_side=False)
        line = self._heads(page, line, self.sheet["task_heads"], TASK_WIDTHS)
        for task in self.sheet["tasks"]:
            page.write_number(line, 0, int(task["number"]), self.formats["middle"])
            for place, name in enumerate(("name", "state", "note"), 1):
                page.write_string(line, place, task[name], self.formats["words"])
            line += 1

    def _words(self) -> None:
        if not self.sheet["parts"]:
            return
        page, line = self._page("sheet_words", (6, 112), on_its_side=False)
        for part in self.sheet["parts"]:
            page.merge_range(line, 0, line, 1, "", self.formats["section"])
            page.write_string(line, 0, part["title"], self.formats["section"])
            for number, said in enumerate(part["paragraphs"], 1):
                page.write_number(line + number, 0, number, self.formats["middle"])
                page.write_string(line + number, 1, said, self.formats["words"])
            line += len(part["paragraphs"]) + 2

    def _signers(self, page: Worksheet, line: int) -> None:
        """Who prepares it and who signs; below them who receives it."""
        for place, said in ((1, self.sheet["preparer"]), (DONE, self.sheet["signer"])):
            for number, part in enumerate(said):
                page.write_string(line + number, place, part, self.formats["signer"])
        if self.sheet["receivers"]:
            line += ROOM_TO_SIGN if self.sheet["preparer"] else 0
            for number, part in enumerate([self.sheet["receivers_title"], *self.sheet["receivers"]]):
                page.write_string(line + number, 1, part, self.formats["said"])
