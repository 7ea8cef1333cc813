"""A list in a file, read line by line: where its heads stand, and what is in the cells below each of them.

What a file may be is in `xlsx_file.py` and `csv_file.py`. Nothing here trusts it: it ends at the first line too many.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from fieldapp.domain.csv_file import readings_of_csv
from fieldapp.domain.search_key import fold, nfc
from fieldapp.domain.sheet_cell import Cell, Numbered, Odd
from fieldapp.domain.xlsx_file import is_xlsx, sheets_of_xlsx
from fieldapp.problems import Problem

MAX_FILE_BYTES = 5_000_000
MAX_FORM_BYTES = MAX_FILE_BYTES + 16_000
MAX_LINES = 5_000
MAX_CELL = 300
HEADS_WITHIN = 20
BLANKS = 1_000
"""So many empty lines in a row end a list: below it there is formatting and nothing else."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NOT_A_WORD = re.compile(r"\(.*?\)|[^a-z0-9]+")


@dataclass(frozen=True)
class Line:
    """`number` is the line as the file's own program shows it; `cells` by the names of columns."""

    number: int
    cells: Mapping[str, Cell]


def read_lines(content: bytes, heads: Mapping[str, Iterable[str]], needed: Iterable[str]) -> list[Line]:
    """The lines below the heads, which may stand in any order; `heads` are folded spellings by column.

    Raises `sheet_foreign`, `sheet_encrypted`, `sheet_macro`, `sheet_broken`, `sheet_too_large`, `sheet_merged`,
    `sheet_encoding`, `sheet_heads_missing`, `sheet_heads_twice`, `sheet_too_long`, `sheet_empty`.
    """
    known = {spelling: name for name, spellings in heads.items() for spelling in spellings}
    for rows in _readings(content):
        columns = _find_heads(rows, known, frozenset(needed))
        if columns is not None:
            lines = _below(rows, columns)
            if not lines:
                raise Problem("sheet_empty")
            return lines
    raise Problem("sheet_heads_missing")


def _readings(content: bytes) -> Iterator[Iterator[Numbered]]:
    """Each sheet of a workbook, or each way to read a text; the first that has the heads counts."""
    if content.startswith(_OLD_OFFICE):
        raise Problem("sheet_encrypted" if _ENCRYPTED in content else "sheet_foreign")
    return sheets_of_xlsx(content) if is_xlsx(content) else readings_of_csv(content)


def _find_heads(rows: Iterator[Numbered], known: Mapping[str, str], needed: frozenset[str]) -> dict[int, str] | None:
    for _, cells in islice(rows, HEADS_WITHIN):
        named = [(place, known.get(_spelling(cell))) for place, cell in enumerate(cells) if isinstance(cell, str)]
        found = [(place, name) for place, name in named if name is not None]
        names = [name for _, name in found]
        if needed <= set(names):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise Problem("sheet_heads_twice", twice)
            return dict(found)
    return None


def _spelling(head: str) -> str:
    return " ".join(_NOT_A_WORD.sub(" ", fold(head)).split())


def _below(rows: Iterator[Numbered], columns: Mapping[int, str]) -> list[Line]:
    lines: list[Line] = []
    blanks = 0
    for number, cells in rows:
        there = {name: _tidy(cells[place]) for place, name in columns.items() if place < len(cells)}
        if not any(there.values()):
            blanks += 1
            if blanks == BLANKS:
                break
            continue
        blanks = 0
        if len(lines) == MAX_LINES:
            raise Problem("sheet_too_long", most=MAX_LINES)
        lines.append(Line(number, there))
    return lines


def _tidy(cell: Cell) -> Cell:
    if isinstance(cell, Odd):
        return cell
    text = nfc(cell[: MAX_CELL + 1])
    if text.startswith("="):
        return Odd.FORMULA
    if len(cell) > MAX_CELL:
        return Odd.TOO_LONG
    return text if text.isprintable() else Odd.UNREADABLE
