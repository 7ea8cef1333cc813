"""A paper as CSV, for another program: its tables one below the other, numbers bare, what nobody said empty."""

from collections.abc import Iterator, Sequence
from datetime import date

from fieldapp.domain.figure import Share, Value, written_change, written_figure
from fieldapp.domain.paper_form import FigureLine, PaperCell, PaperTable, ReportPaper, TablePaper
from fieldapp.domain.written_time import written_day
from fieldapp.reports.paper_sheet import COLUMNS, by_unit_columns, list_sheet, note_of, report_sheet, words
from fieldapp.reports.spreadsheet import BYTE_ORDER_MARK, Cell, csv_bytes

ABOVE = ("title", "subject", "period", "as_of", "version", "missing", "counted", "sample", "mark")
FIGURES = (*COLUMNS[:-1], "waiting", "note")


def paper_csv(paper: ReportPaper | TablePaper) -> bytes:
    sheet = report_sheet(paper) if isinstance(paper, ReportPaper) else list_sheet(paper)
    above = [*sheet["superior"], *sheet["body"], *(sheet.get(name, "") for name in ABOVE)]
    rows: list[Sequence[Cell]] = [*([said] for said in above if said), []]
    rows += _figures(paper) if isinstance(paper, ReportPaper) else _table(paper.table)
    if isinstance(paper, ReportPaper) and paper.by_unit:
        units = [(row.name, row.state, *row.figures) for row in paper.by_unit.rows]
        rows += [[], [paper.by_unit.title], *_table(PaperTable(by_unit_columns(paper.by_unit), units))]
    return BYTE_ORDER_MARK + csv_bytes(rows)


def _figures(paper: ReportPaper) -> Iterator[Sequence[Cell]]:
    yield [words(f"col_{name}") for name in FIGURES]
    for section in paper.sections:
        yield [section.number, section.title]
        yield from map(_line, section.lines)


def _line(line: FigureLine) -> Sequence[Cell]:
    change = written_change(line.change, True) if isinstance(line.done, Share) else line.change
    figures = [line.plan, _figure(line.done), _figure(line.reached), _figure(line.this_year), change, line.waiting]
    return [line.code, line.name, line.unit, *figures, note_of(line, with_waiting=False)]


def _table(table: PaperTable) -> Iterator[Sequence[Cell]]:
    yield [words("col_number"), *(column.head for column in table.columns)]
    for number, row in enumerate(table.rows, 1):
        yield [number, *map(_cell, row)]
    if table.has_sums:
        sums = [_figure(total) for total in table.sums]
        yield ["", words("sum") if sums[0] is None else sums[0], *sums[1:]]


def _cell(cell: PaperCell) -> Cell:
    if isinstance(cell, str):
        return cell
    return written_day(cell) if isinstance(cell, date) else _figure(cell)


def _figure(done: Value) -> Cell:
    """A share as papers write it, in percent with a comma."""
    return written_figure(done) if isinstance(done, Share) else done
