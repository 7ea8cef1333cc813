"""An official paper as plain words, ready to be laid out: the same for a Word template as for the PDF.

Only lists, dictionaries and strings, so that a template can do nothing but print it. Papers are in Vietnamese.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fieldapp.domain.figure import Share, written_change, written_figure
from fieldapp.domain.paper_form import (
    ByUnit,
    FigureLine,
    Form,
    PaperCell,
    PaperColumn,
    PaperKind,
    PaperTable,
    ReportPaper,
    Signer,
    TablePaper,
)
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.i18n import text

Sheet = dict[str, Any]
COLUMNS = ("number", "name", "unit", "plan", "done", "reached", "year", "change", "note")
TASK_COLUMNS = ("number", "task", "state", "note")
MOST_FIGURES = 10
"""Columns of figures that a page on its side has room for, beside the name of a unit and its state."""

WIDTH_ON_SIDE, NUMBER_WIDTH = 25.7, 1.0
"""In centimetres: between the margins of a page on its side, and of the column that numbers its rows."""


def words(key: str, **params: Any) -> str:
    return text(f"official.{key}", **params)


def report_sheet(paper: ReportPaper) -> Sheet:
    issuer, annexes = paper.issuer, by_unit_tables(paper.by_unit) if paper.by_unit else []
    village = paper.kind is PaperKind.VILLAGE_REPORT
    about = _lowered(paper.subject)
    sheet = _head_sheet(paper) | {
        "title": words(f"title_{paper.kind}"),
        "subject": paper.subject,
        "period": words(
            "period", period=paper.period, first=written_day(paper.days.first), last=written_day(paper.days.last)
        ),
        "as_of": words("as_of", at=_long(paper.as_of)),
        "version": words("version", n=paper.version) if paper.version > 1 else "",
        "missing": _missing(paper),
        "counted": words("counted"),
        "opening": "" if village else words("opening", name=issuer.name, about=about),
        "closing": "" if village else words("closing", about=about),
        "figures_title": words("part", n=1, title=words("part_figures")),
        "heads": [words(f"col_{name}") for name in COLUMNS],
        "sections": [
            {"number": section.number, "title": section.title, "lines": [_line(line) for line in section.lines]}
            for section in paper.sections
        ],
        "task_heads": [words(f"col_{name}") for name in TASK_COLUMNS],
        "tasks": [
            {"number": str(number), "name": task.name, "state": task.state, "note": task.note}
            for number, task in enumerate(paper.tasks, 1)
        ],
        "annexes": [
            table_sheet(table)
            | {"title": words("annex", n=_annex_number(n, len(annexes))), "subject": paper.by_unit.title}
            for n, table in enumerate(annexes, 1)
            if paper.by_unit
        ],
        "annex_with": words("annex_with", symbol=issuer.symbol, name=issuer.name),
    }
    _number_parts(sheet, paper)
    return _clean(sheet)


def list_sheet(paper: TablePaper) -> Sheet:
    sheet = _head_sheet(paper)
    sheet |= {
        "title": paper.title,
        "subject": paper.subject,
        "as_of": words("as_of", at=_long(paper.as_of)),
        "table": table_sheet(paper.table),
        "notes": list(paper.notes),
    }
    return _clean(sheet)


def table_sheet(table: PaperTable) -> Sheet:
    """Rows with their numbers, the sums below; `left` says which columns are words and stand at the left."""
    return {
        "heads": [words("col_number"), *(column.head for column in table.columns)],
        "widths": widths(table.columns),
        "left": [False, *(column.form is Form.WORDS for column in table.columns)],
        "rows": [
            {"cells": [str(number), *(written_cell(cell) for cell in row)]} for number, row in enumerate(table.rows, 1)
        ],
        "sums": _sum_cells(table) if table.has_sums else [],
    }


def by_unit_tables(by_unit: ByUnit) -> list[PaperTable]:
    """The annex in as many parts as it needs for its columns to be read, each with the units beside it."""
    count = len(by_unit.lines)
    if not count or not by_unit.rows:
        return []
    parts = -(-count // MOST_FIGURES)
    size = -(-count // parts)
    return [_part(by_unit, start, start + size) for start in range(0, count, size)]


def by_unit_columns(by_unit: ByUnit) -> list[PaperColumn]:
    """Every column of the annex, as one table without end has them."""
    named = [PaperColumn(by_unit.unit_head, width=46), PaperColumn(words("col_standing"), width=24)]
    return [*named, *(_figure_column(line) for line in by_unit.lines)]


def _part(by_unit: ByUnit, start: int, end: int) -> PaperTable:
    every = by_unit_columns(by_unit)
    rows = [(row.name, row.state, *row.figures[start:end]) for row in by_unit.rows]
    return PaperTable([*every[:2], *every[2:][start:end]], rows)


def _figure_column(line: FigureLine) -> PaperColumn:
    form = Form.NUMBER if line.over is None else Form.SHARE
    return PaperColumn(f"{line.code}. {line.short or line.name} ({line.unit})", form, 18, summed=True)


def widths(columns: Sequence[PaperColumn]) -> list[float]:
    """In centimetres, the column of numbers first; together as wide as the page between its margins."""
    whole = sum(column.width for column in columns)
    return [NUMBER_WIDTH, *(round((WIDTH_ON_SIDE - NUMBER_WIDTH) * column.width / whole, 2) for column in columns)]


def written_cell(cell: PaperCell) -> str:
    if isinstance(cell, str):
        return cell
    return written_day(cell) if isinstance(cell, date) else written_figure(cell)


def _sum_cells(table: PaperTable) -> list[str]:
    cells = ["", *(written_figure(total) for total in table.sums)]
    cells[1] = cells[1] or words("sum")
    return cells


def note_of(line: FigureLine, with_waiting: bool = True) -> str:
    """What stands beside a number: that nobody entered it, how many wait, and what was written."""
    said = [] if line.value is not None else [words("not_entered")]
    if line.waiting and with_waiting:
        said.append(words("waiting", n=written_figure(line.waiting), unit=line.unit))
    return "; ".join([*said, *([line.note] if line.note else [])])


def _line(line: FigureLine) -> Sheet:
    return {
        "number": line.code,
        "name": line.name,
        "unit": line.unit,
        "plan": written_figure(line.plan),
        "done": written_figure(line.done),
        "reached": written_figure(line.reached),
        "year": written_figure(line.this_year),
        "change": written_change(line.change, isinstance(line.done, Share)),
        "note": note_of(line),
    }


def _head_sheet(paper: ReportPaper | TablePaper) -> Sheet:
    issuer, signers, receivers = paper.issuer, paper.signers, paper.receivers
    preparer, signer = (signers[0], signers[-1]) if len(signers) > 1 else (Signer(()), (*signers, Signer(()))[0])
    return {
        "superior": list(issuer.superior),
        "body": list(issuer.body),
        "number": words("number", symbol=issuer.symbol) if issuer.symbol else "",
        "state": text("draft.state"),
        "motto": text("draft.motto"),
        "day": text("draft.day", place=issuer.place, year=paper.made_at.astimezone(VIETNAM).year),
        "mark": text("export.mark", name=paper.exporter, at=written_instant(paper.made_at)),
        "sample": text("export.sample") if paper.sample else "",
        "receivers_title": text("draft.receivers") if receivers else "",
        "receivers": [f"- {name}{'.' if n == len(receivers) else ';'}" for n, name in enumerate(receivers, 1)],
        "preparer": list(preparer.lines),
        "signer": list(signer.lines),
    }


def _number_parts(sheet: Sheet, paper: ReportPaper) -> None:
    """Gives each part that has something in it its number."""
    number = 1
    if paper.tasks:
        number += 1
        sheet["tasks_title"] = words("part", n=number, title=words("part_tasks"))
    else:
        sheet["tasks_title"] = ""
    sheet["parts"] = []
    for name in ("difficulties", "proposals", "practice", "plan"):
        if paragraphs := [part for part in getattr(paper.telling, name) if part.strip()]:
            number += 1
            title = words("part", n=number, title=words(f"part_{name}"))
            sheet["parts"].append({"title": title, "paragraphs": paragraphs})


def _missing(paper: ReportPaper) -> str:
    if not paper.missing:
        return ""
    return words("missing", n=len(paper.missing), unit=paper.missing_unit, names=", ".join(paper.missing))


def _annex_number(number: int, of: int) -> str:
    return f" {number}" if of > 1 else ""


def _lowered(subject: str) -> str:
    return subject[:1].lower() + subject[1:]


def _long(at: datetime) -> str:
    """An instant as papers say it, in Việt Nam; a day below ten and the first two months have a zero before them."""
    local = at.astimezone(VIETNAM)
    month = f"{local.month:02}" if local.month < 3 else str(local.month)
    return words("instant", hour=local.hour, minute=f"{local:%M}", day=f"{local:%d}", month=month, year=local.year)


def _clean(value: Any) -> Any:
    """Without signs that cannot stand in a file of words: what is unseen, and halves of letters. A new line, where
    words go on in the same cell or paragraph, is a blank.
    """
    if isinstance(value, str):
        value = re.sub(r"[\t\r\n]+", " ", value)
        return "".join(sign for sign in value if unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co"))
    if isinstance(value, list):
        return [_clean(part) for part in value]
    return {key: _clean(part) for key, part in value.items()} if isinstance(value, dict) else value


@dataclass(frozen=True)
class TableShape:
    """How a table of these heads is to be measured where it was made with as many columns as there are."""

    heads: Sequence[str]
    widths: Sequence[float]
    left: Sequence[bool]


def shapes_of(sheet: Sheet) -> list[TableShape]:
    tables = [*sheet.get("annexes", []), *([sheet["table"]] if "table" in sheet else [])]
    return [TableShape(table["heads"], table["widths"], table["left"]) for table in tables]
