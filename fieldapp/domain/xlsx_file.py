"""XLSX, read line by line after its zip was looked through: nobody unpacks more than the directory was allowed to say.

A few kilobytes can hold gigabytes, or one line of a million cells, so every part is walked through first in pieces.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from struct import error as StructError
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils import column_index_from_string

from fieldapp.domain.sheet_cell import Cell, Numbered, Odd
from fieldapp.problems import Problem

MAX_PARTS = 500
MAX_UNPACKED = 40_000_000
MAX_SHEET = 24_000_000
MAX_TEXTS = 8_000_000
MAX_OTHER = 2_000_000
MAX_SHEETS = 20
MAX_COLUMNS = 50
PIECE = 65_536
MAX_MERGED = 1_000
MAX_GAP = 1_000_000
"""Bytes without the beginning of a line or text: how much of a part is ever in memory as elements."""

_BEGINS = re.compile(rb"<(?:\w{1,20}:)?(?:row|si)[\s>/]")
_MERGED = re.compile(rb"<(?:\w{1,20}:)?mergeCell\s[^>]{0,80}?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_DECLARES = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
"""A document type, in one or two bytes a letter: no spreadsheet has one, and only there entities are made."""

_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, StructError, EOFError, OSError, RuntimeError, ValueError, KeyError)


class Area(NamedTuple):
    """Cells that were merged into their first one; lines from 1 on, columns from 0 on."""

    top: int
    left: int
    bottom: int
    right: int


def is_xlsx(content: bytes) -> bool:
    """Whether it is a zip, which a workbook must be."""
    return content.startswith(b"PK")


def sheets_of_xlsx(content: bytes) -> Iterator[Iterator[Numbered]]:
    """The lines of each sheet that can be seen, in their order.

    Raises `sheet_foreign`, `sheet_encrypted`, `sheet_macro`, `sheet_too_large`, `sheet_broken`, `sheet_merged`.
    """
    merged = _looked_through(content)
    with _as_broken():
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:MAX_SHEETS]
    for sheet in sheets:
        # Where the sheet's text lies in the zip is known to the library alone.
        yield _lines(sheet, merged.get(getattr(sheet, "_worksheet_path", ""), []))


@contextmanager
def _as_broken() -> Iterator[None]:
    """Whatever the library stumbles over in a file that somebody made by hand."""
    try:
        yield
    except Problem:
        raise
    except Exception:
        raise Problem("sheet_broken") from None


def _looked_through(content: bytes) -> dict[str, list[Area]]:
    """The merged cells of each part, from above."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _judge_directory(archive.infolist())
            walked = (info for info in archive.infolist() if info.filename.endswith((".xml", ".rels")))
            return {info.filename: _walk(archive, info) for info in walked}
    except _BROKEN_ZIP:
        raise Problem("sheet_broken") from None


def _judge_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Problem("sheet_encrypted")
    if any("vbaproject" in name.lower() for name in names):
        raise Problem("sheet_macro")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise Problem("sheet_foreign")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Problem("sheet_too_large")
    for part in parts:
        if part.file_size > _most(part.filename):
            raise Problem("sheet_too_large")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Problem("sheet_broken")


def _most(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return MAX_SHEET
    if name.endswith("sharedStrings.xml"):
        return MAX_TEXTS
    return MAX_OTHER if name.endswith((".xml", ".rels")) else MAX_UNPACKED


def _walk(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> list[Area]:
    """Unpacks a part piece by piece and keeps nothing of it; zipfile gives no byte more than the directory said."""
    merged: set[Area] = set()
    gap, tail = 0, b""
    with archive.open(info) as part:
        while piece := part.read(PIECE):
            seen = tail + piece
            if _DECLARES.search(seen):
                raise Problem("sheet_broken")
            begins = [match.start() for match in _BEGINS.finditer(seen)]
            gap = len(seen) - begins[-1] if begins else gap + len(piece)
            if gap > MAX_GAP:
                raise Problem("sheet_too_large")
            merged.update(_area(match) for match in _MERGED.finditer(seen))
            if len(merged) > MAX_MERGED:
                raise Problem("sheet_merged", most=MAX_MERGED)
            tail = seen[-160:]
    return sorted(merged)


def _area(match: re.Match[bytes]) -> Area:
    left, top, right, bottom = (group.decode() for group in match.groups())
    return Area(int(top), column_index_from_string(left) - 1, int(bottom), column_index_from_string(right) - 1)


def _lines(sheet, merged: list[Area]) -> Iterator[Numbered]:
    with _as_broken():
        # What a sheet says of its own size need not be so.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
            cells = [_cell(cell) for cell in row]
            for area in merged:
                if area.top <= number <= area.bottom:
                    _mark(cells, area, number)
            yield number, cells


def _mark(cells: list[Cell], area: Area, line: int) -> None:
    """Says of the cells that a merged one swallowed that they are no empty ones; its first has its text."""
    for place in range(area.left, min(area.right + 1, len(cells))):
        if (line, place) != (area.top, area.left):
            cells[place] = Odd.MERGED


def _cell(cell: ReadOnlyCell | EmptyCell) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Odd.FORMULA
    if cell.data_type == "e":
        return Odd.BROKEN
    if isinstance(value, date | datetime | time | timedelta):
        return Odd.DATE
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
