"""The Word templates of official papers, as they are until a commune brings its own; made here, to be read as code.

What stands between braces is filled by `paper_docx.py` with what `paper_sheet.py` gives.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Cm, Pt

from fieldapp.domain.paper_form import REPORTS, PaperKind
from fieldapp.reports import official
from fieldapp.reports.official import body, line, rule
from fieldapp.reports.paper_sheet import COLUMNS, NUMBER_WIDTH, TASK_COLUMNS, WIDTH_ON_SIDE, words

MADE = datetime(2026, 1, 1, tzinfo=UTC)
FIGURE_WIDTHS = tuple(Cm(width) for width in (0.9, 4.7, 1.3, 1.6, 1.6, 1.4, 1.6, 1.6, 1.8))
TASK_WIDTHS = (Cm(0.9), Cm(8.6), Cm(3.5), Cm(3.5))
THREE_SIGN = (Cm(8.5), Cm(8.2), Cm(9))
HEAD_ON_SIDE = (Cm(10), Cm(15.7))
ANNEX_SIZE, LIST_SIZE = Pt(9), Pt(10)


@cache
def default_template(kind: PaperKind) -> bytes:
    document = official.begun(on_its_side=kind not in REPORTS)
    official.tell(document, kind.upper(), words("template_about"), MADE)
    if kind in REPORTS:
        _report(document, kind)
    else:
        _list(document)
    return official.bytes_of(document)


def _report(document: Any, kind: PaperKind) -> None:
    _head(document, official.HEAD_WIDTHS)
    _title(document)
    village = kind is PaperKind.VILLAGE_REPORT
    line(document, "{{ period }}", size=official.SMALL, italic=True, before=6)
    line(document, "{{ as_of }}", size=official.SMALL, italic=True)
    _where(document, "version", lambda: line(document, "{{ version }}", size=official.SMALL, italic=True))
    if not village:
        body(document, "{{ opening }}")
    _where(document, "missing", lambda: body(document, "{{ missing }}"))
    _heading(document, "{{ figures_title }}")
    body(document, "{{ counted }}").paragraph_format.space_after = Pt(6)
    _figures(document)
    _where(document, "tasks", lambda: _tasks(document))
    _each(document, "part", "parts", lambda: _part(document))
    if not village:
        body(document, "{{ closing }}")
        _signature(document, official.SIGN_WIDTHS, ("receivers", "signer"))
        _annexes(document)
    else:
        _signature(document, official.SIGN_WIDTHS, ("preparer", "signer"))


def _list(document: Any) -> None:
    _head(document, HEAD_ON_SIDE)
    _title(document)
    line(document, "{{ as_of }}", size=official.SMALL, italic=True, before=4).paragraph_format.space_after = Pt(6)
    _free_table(document, "table", LIST_SIZE)
    _each(document, "note", "notes", lambda: _left(line(document, "{{ note }}", size=official.LIST)))
    _signature(document, THREE_SIGN, ("receivers", "preparer", "signer"))
    for footer in (document.sections[0].footer, document.sections[0].first_page_footer):
        told = footer.paragraphs[0].add_run("{{ mark }}")
        told.font.size, told.italic = Pt(9), True


def _head(document: Any, widths: Sequence[Any]) -> None:
    left, right = official.columns(document, widths)
    half = Cm((widths[0].cm - 2.2) / 2)
    _each(left, "line", "superior", lambda: line(left, "{{ line }}", size=official.SMALL))
    _each(left, "line", "body", lambda: line(left, "{{ line }}", size=official.SMALL, bold=True))
    rule(left.paragraphs[-1], half)
    _where(left, "number", lambda: line(left, "{{ number }}", size=official.SMALL, before=6))
    official.state_and_motto(right, Cm((widths[1].cm - 6.8) / 2))
    line(right, "{{ day }}", italic=True, before=6)


def _title(document: Any) -> None:
    _where(document, "sample", lambda: line(document, "{{ sample }}", size=official.SMALL, bold=True, before=6))
    line(document, "{{ title }}", bold=True, before=12)
    page = document.sections[0]
    across = (page.page_width - page.left_margin - page.right_margin) / 36000 / 10
    rule(line(document, "{{ subject }}", bold=True), Cm((across - 5) / 2))


def _heading(document: Any, name: str) -> None:
    body(document, name, bold=True).paragraph_format.keep_with_next = True


def _figures(document: Any) -> None:
    table = official.grid(document, [words(f"col_{name}") for name in COLUMNS], FIGURE_WIDTHS)
    _row(table, FIGURE_WIDTHS, "{%tr for section in sections %}")
    _section_row(table.add_row())
    _row(table, FIGURE_WIDTHS, "{%tr for line in section.lines %}")
    cells = [f"{{{{ line.{name} }}}}" for name in COLUMNS]
    official.fill(table.add_row(), cells, FIGURE_WIDTHS, official.LIST, left=(1, 8))
    _row(table, FIGURE_WIDTHS, "{%tr endfor %}")
    _row(table, FIGURE_WIDTHS, "{%tr endfor %}")


def _section_row(row: Any) -> None:
    """Its title across all columns but the first, on the page of what follows."""
    row.cells[1].merge(row.cells[-1])
    official.say(row, "w:cantSplit")
    for cell, said in ((row.cells[0], "{{ section.number }}"), (row.cells[1], "{{ section.title }}")):
        paragraph = line(cell, said, size=official.LIST, bold=True)
        paragraph.paragraph_format.keep_with_next = True
    row.cells[1].paragraphs[0].alignment = ALIGN.LEFT


def _tasks(document: Any) -> None:
    _heading(document, "{{ tasks_title }}")
    table = official.grid(document, [words(f"col_{name}") for name in TASK_COLUMNS], TASK_WIDTHS)
    _row(table, TASK_WIDTHS, "{%tr for task in tasks %}")
    cells = [f"{{{{ task.{name} }}}}" for name in ("number", "name", "state", "note")]
    official.fill(table.add_row(), cells, TASK_WIDTHS, official.LIST, left=(1, 2, 3))
    _row(table, TASK_WIDTHS, "{%tr endfor %}")


def _part(document: Any) -> None:
    _heading(document, "{{ part.title }}")
    _each(document, "words", "part.paragraphs", lambda: body(document, "{{ words }}"))


def _signature(document: Any, widths: Sequence[Any], kinds: Sequence[str]) -> None:
    for cell, kind in zip(official.columns(document, widths, before=6), kinds, strict=True):
        if kind == "receivers":
            title = line(cell, "{{ receivers_title }}", size=Pt(12), bold=True, italic=True)
            title.alignment = ALIGN.LEFT
            _each(cell, "line", kind, lambda cell=cell: _left(line(cell, "{{ line }}", size=official.LIST)))
        else:
            _each(cell, "line", kind, lambda cell=cell: line(cell, "{{ line }}", bold=True))


def _left(paragraph: Any) -> None:
    paragraph.alignment = ALIGN.LEFT


def _annexes(document: Any) -> None:
    """On pages that lie on their side; without annexes these fall away."""
    official.turn(document.add_section(WD_SECTION.NEW_PAGE), on_its_side=True)
    document.sections[-1].different_first_page_header_footer = False
    _each(document, "annex", "annexes", lambda: _annex(document))


def _annex(document: Any) -> None:
    line(document, "{{ annex.title }}", bold=True).paragraph_format.page_break_before = True
    line(document, "{{ annex.subject }}", size=official.SMALL, bold=True)
    line(document, "{{ annex_with }}", size=official.SMALL, italic=True).paragraph_format.space_after = Pt(6)
    _free_table(document, "annex", ANNEX_SIZE)


def _free_table(document: Any, name: str, size: Any) -> None:
    """A table with as many columns as there are; how wide each is comes when it is filled."""
    each = [Cm(NUMBER_WIDTH), Cm((WIDTH_ON_SIDE - NUMBER_WIDTH) / 2), Cm((WIDTH_ON_SIDE - NUMBER_WIDTH) / 2)]
    table = official.grid(document, _cells(f"{name}.heads"), each, size)
    _row(table, each, f"{{%tr for row in {name}.rows %}}")
    official.fill(table.add_row(), _cells("row.cells"), each, size)
    _row(table, each, "{%tr endfor %}")
    _row(table, each, f"{{%tr if {name}.sums %}}")
    official.fill(table.add_row(), _cells(f"{name}.sums"), each, size, bold=True)
    _row(table, each, "{%tr endif %}")


def _cells(many: str) -> list[str]:
    return [f"{{%tc for cell in {many} %}}", "{{ cell }}", "{%tc endfor %}"]


def _row(table: Any, widths: Sequence[Any], said: str) -> None:
    official.fill(table.add_row(), [said, *[""] * (len(widths) - 1)], widths, official.LIST)


def _each(within: Any, name: str, many: str, make: Any) -> None:
    _say(within, f"{{%p for {name} in {many} %}}")
    make()
    _say(within, "{%p endfor %}")


def _where(within: Any, what: str, make: Any) -> None:
    _say(within, f"{{%p if {what} %}}")
    make()
    _say(within, "{%p endif %}")


def _say(within: Any, said: str) -> None:
    line(within, said, size=official.LIST)
