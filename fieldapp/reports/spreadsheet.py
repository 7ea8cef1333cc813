"""Writes rows as CSV (UTF-8 with a mark, so that Excel knows it) and as XLSX, both without holding them in memory.

No text that somebody typed becomes a formula: in CSV it gets an apostrophe before it, in XLSX it is stored as text.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from fieldapp.domain.vn_time import VIETNAM

Cell = str | int | float | datetime | None
Row = Sequence[Cell]
BYTE_ORDER_MARK = "\ufeff".encode()
CHANGE = re.compile(r"[+-][\d.]+,\d")
"""What has come to a share, or gone from it, as papers write it: +1,5."""

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
PIECE = 65536
WIDTH = 22


@dataclass(frozen=True)
class Sheet:
    """One table: what stands above it, its heads, and rows of cells; instants are aware.

    In a sheet to be filled in, cells `as_text` keep what is typed: no number loses its first zero, none becomes a day.
    """

    name: str
    above: Sequence[str]
    heads: Sequence[str]
    rows: Iterable[Row] = ()
    as_text: bool = False


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """Rows as lines of CSV, without the mark that begins a file."""
    text = io.StringIO()
    csv.writer(text).writerows([[cell if cell.__class__ is int else _csv_cell(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def csv_pieces(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Whole tables one below the other, with an empty line between them."""
    yield BYTE_ORDER_MARK
    for sheet in sheets:
        yield csv_head(sheet)
        yield csv_bytes(sheet.rows)
        yield csv_bytes([[]])


def csv_head(sheet: Sheet) -> bytes:
    return csv_bytes([[line] for line in (*sheet.above, sheet.name)] + [sheet.heads])


def _csv_cell(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):
        return "'" + cell if cell[:1] in FORMULA_STARTS and not CHANGE.fullmatch(cell) else cell
    if isinstance(cell, datetime):
        return cell.astimezone(VIETNAM).isoformat(" ", "minutes")[:16]
    return cell


MADE = datetime(2025, 7, 1)  # noqa: DTZ001 a file's property has no zone
"""What every file says of itself, so that the same rows are the same bytes; when it was made stands in its head."""


class Book:
    """An XLSX in a file that has no name, so that nothing is left of it; slow, so for a thread.

    Rows go out in order: a sheet that was begun ends with the next one.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 it lives until it is sent
        self._book = Workbook(self._file, {"constant_memory": True, "strings_to_urls": False})
        self._book.set_properties({"created": MADE})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._count = self._book.add_format({"num_format": "#,##0"})
        self._share = self._book.add_format({"num_format": "#,##0.0"})
        self._text = self._book.add_format({"num_format": "@"})
        self._instant = self._book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        self._sheet: Worksheet | None = None
        self._line = 0

    def begin(self, sheet: Sheet) -> None:
        self._sheet = self._book.add_worksheet(sheet.name[:31])
        self._sheet.set_column(0, len(sheet.heads) - 1, WIDTH, self._text if sheet.as_text else None)
        self._sheet.freeze_panes(len(sheet.above) + 2, 0)
        self._line = 0
        for line in (*sheet.above, ""):
            self._sheet.write_string(self._line, 0, line)
            self._line += 1
        for column, head in enumerate(sheet.heads):
            self._sheet.write_string(self._line, column, head, self._head)
        self._line += 1
        self.add(sheet.rows)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._line += 1

    def _write(self, column: int, cell: Cell) -> None:
        assert self._sheet is not None
        if isinstance(cell, datetime):
            local = cell.astimezone(VIETNAM).replace(tzinfo=None)
            self._sheet.write_datetime(self._line, column, local, self._instant)
        elif isinstance(cell, int):
            self._sheet.write_number(self._line, column, cell, self._count)
        elif isinstance(cell, float):
            self._sheet.write_number(self._line, column, cell, self._share)
        elif cell:
            self._sheet.write_string(self._line, column, cell)

    def finish(self) -> Iterator[bytes]:
        """The file, piece by piece; nothing can be added any more."""
        self._book.close()
        self._file.seek(0)
        return self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        with self._file as file:
            while piece := file.read(PIECE):
                yield piece


def book_of(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Whole tables as the sheets of one XLSX."""
    book = Book()
    for sheet in sheets:
        book.begin(sheet)
    return book.finish()
