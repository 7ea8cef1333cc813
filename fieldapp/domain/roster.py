"""Lists of members and of households: their columns, how heads are spelled, and what is wrong with a line.

A column more is a line of `COLUMNS` and a check in `_CHECKS`. Whether a village exists, and who is there already, only
the record knows (`services/roster_judging.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.note import holds_identity
from fieldapp.domain.person_name import read_name
from fieldapp.domain.phone_number import read_phone
from fieldapp.domain.search_key import fold, nfc
from fieldapp.domain.sheet import Line
from fieldapp.domain.sheet_cell import Cell, Odd
from models.roster_import import ImportKind
from models.team import SeatRole

MAX_NUMBER = 20


@dataclass(frozen=True)
class ListColumn:
    """`heads` are spellings without diacritics; the first is ours, in the template in full."""

    name: str
    needed: bool
    heads: tuple[str, ...]


_VILLAGE = (
    "thon to dan pho", "thon", "to", "thon to", "to dan pho", "ten thon", "ma thon", "thon ban", "thon lang", "dia ban",
    "khu pho", "to cong nghe so cong dong", "to cnscd", "ten to", "village", "village code", "team",
)  # fmt: skip
COLUMNS: dict[ImportKind, tuple[ListColumn, ...]] = {
    ImportKind.MEMBERS: (
        ListColumn("name", True, ("ho va ten", "ho ten", "ten", "ten thanh vien", "full name", "name")),
        ListColumn("phone", False, ("so dien thoai", "dien thoai", "sdt", "so dt", "di dong", "phone number", "phone")),
        ListColumn("village", True, _VILLAGE),
        ListColumn("role", False, ("vai tro", "vai tro trong to", "role")),
        ListColumn("position", False, ("chuc danh", "chuc vu", "position", "title")),
    ),
    ImportKind.HOUSEHOLDS: (
        ListColumn("village", True, _VILLAGE),
        ListColumn("number", True, ("so ho", "ma ho", "ho so", "so thu tu ho", "household number", "number")),
        ListColumn("head", False, ("chu ho", "ten chu ho", "ho ten chu ho", "ho va ten chu ho", "head of household")),
    ),
}  # fmt: skip
ROLES = {
    SeatRole.LEADER: ("to truong", "truong", "leader", "team leader"),
    SeatRole.DEPUTY: ("to pho", "pho", "deputy", "deputy leader"),
    SeatRole.MEMBER: ("thanh vien", "tv", "member", ""),
}
_ROLE_OF = {spelling: role for role, spellings in ROLES.items() for spelling in spellings}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: the column's name, a code (`roster.fault.<code>`), and what fills its words."""

    column: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column, "code": self.code, "params": self.params}


@dataclass
class Entry:
    """A line as it was understood: `given` as it stands in the file, `read` what it means."""

    line: int
    given: dict[str, str]
    read: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def heads_of(kind: ImportKind) -> dict[str, tuple[str, ...]]:
    return {column.name: column.heads for column in COLUMNS[kind]}


def needed_of(kind: ImportKind) -> list[str]:
    return [column.name for column in COLUMNS[kind] if column.needed]


def read_line(kind: ImportKind, line: Line) -> Entry:
    """What a line says, with every fault that it has by itself."""
    return read_given(kind, line.number, line.cells)


def read_given(kind: ImportKind, number: int, cells: Mapping[str, Cell]) -> Entry:
    entry = Entry(number, {name: "" if isinstance(cell, Odd) else cell for name, cell in cells.items()})
    for column in COLUMNS[kind]:
        cell = cells.get(column.name, "")
        value, code = _read(column, cell)
        if code:
            entry.faults.append(Fault(column.name, code))
        else:
            entry.read[column.name] = value
    return entry


def _read(column: ListColumn, cell: Cell) -> tuple[Any, str]:
    """The value and no code, or a code of what is wrong."""
    if isinstance(cell, Odd):
        return None, cell.value
    if not cell:
        return (_EMPTY.get(column.name), "missing" if column.needed else "")
    return _CHECKS[column.name](cell)


def _name(text: str) -> tuple[Any, str]:
    name = read_name(text)
    return name, "" if name else "name_wrong"


def _phone(text: str) -> tuple[Any, str]:
    phone = read_phone(text)
    return phone, "" if phone else "phone_wrong"


def _role(text: str) -> tuple[Any, str]:
    role = _ROLE_OF.get(fold(text))
    return role, "" if role else "role_wrong"


def _words(text: str) -> tuple[Any, str]:
    words = nfc(text)
    if holds_identity(words):
        return None, "identity"
    return (words, "") if len(words) <= 120 else (None, "too_long")


def _number(text: str) -> tuple[Any, str]:
    number = nfc(text)
    if holds_identity(number):
        return None, "identity"
    return (number, "") if len(number) <= MAX_NUMBER else (None, "number_long")


def _head(text: str) -> tuple[Any, str]:
    """As people write it on their lists, with a second name in brackets or a numeral behind it."""
    head, code = _words(text)
    return (head, code) if code or text[:1].isalpha() else (None, "name_wrong")


def _anything(text: str) -> tuple[Any, str]:
    return text, ""


_EMPTY = {"role": SeatRole.MEMBER}
_CHECKS: dict[str, Callable[[str], tuple[Any, str]]] = {
    "name": _name,
    "phone": _phone,
    "village": _anything,
    "role": _role,
    "position": _words,
    "number": _number,
    "head": _head,
}


def number_order(number: str) -> tuple[int, str]:
    """As numbers of households count: 2 before 10."""
    return len(number), number
