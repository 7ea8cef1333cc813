"""Lists and their lines as the page shows them: texts of cells in the order of the columns, faults by column."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.roster import COLUMNS
from fieldapp.domain.written_time import written_instant
from fieldapp.reports.import_list import ImportRow
from models.roster_import import ImportKind, ImportState, RosterImport


@dataclass
class FaultView:
    column: str = ""
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class LineView:
    """A line of the file with what became of it: faults while it is looked at, later `deed` and why it stays."""

    line: int = 0
    cells: list[str] = field(default_factory=list)
    faults: list[FaultView] = field(default_factory=list)
    is_twin: bool = False
    deed: str = ""
    reason: str = ""


@dataclass
class ListView:
    """The list that is open, or one of those of before; an empty `id` means that none is open."""

    id: str = ""
    kind: str = ""
    state: str = ""
    file: str = ""
    by: str = ""
    at: str = ""
    lines: int = 0
    faulty: int = 0
    twins: int = 0
    new: int = 0
    added: int = 0
    updated: int = 0
    skipped: int = 0
    undone: int = 0
    stay: int = 0


def show_list(row: Any, by: str = "") -> ListView:
    """A list of the record, as a row or as its instance."""
    undone = row.state == ImportState.UNDONE
    return ListView(
        id=str(row.id),
        kind=str(row.kind),
        state=str(row.state),
        file=row.file_name,
        by=by,
        at=written_instant(row.brought_at),
        lines=row.line_count,
        faulty=row.faulty_count,
        twins=row.twin_count,
        new=row.line_count - row.faulty_count - row.twin_count,
        added=row.added_count,
        updated=row.updated_count,
        skipped=row.line_count - row.added_count - row.updated_count,
        undone=row.undone_count,
        stay=row.added_count + row.updated_count - row.undone_count if undone else 0,
    )


def show_past(found: ImportRow) -> ListView:
    return show_list(found.row, found.by)


def show_line(kind: ImportKind, line: Mapping[str, Any]) -> LineView:
    return LineView(
        line=line["line"],
        cells=[line["given"].get(column.name, "") for column in COLUMNS[kind]],
        faults=[FaultView(fault["column"], fault["code"], fault["params"]) for fault in line["faults"]],
        is_twin=line["is_twin"],
        deed=line["deed"] or "",
        reason=line["reason"] or "",
    )


def is_staged(row: RosterImport) -> bool:
    return row.state == ImportState.STAGED
