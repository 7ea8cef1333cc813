"""What the commune sorts, as its screen shows it: held records, visits to look at or to decide, and the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.domain.record import RecordKind
from fieldapp.domain.written_time import written_instant
from fieldapp.pages.desk.visits_view import OutcomeView, VisitLine
from fieldapp.reports.held_list import HeldRow, LogRow
from fieldapp.services.held import OFFICER_REFUSES, OFFICER_SORTS
from fieldapp.services.members import Posting
from fieldapp.states.option import Option


@dataclass
class HeldView:
    """`choices` are the teams that it may be credited to, where the seat is unclear.

    `open`: a person may accept it; `refusable`: or may at least give it back.
    """

    id: str = ""
    kind: str = ""
    reason: str = ""
    author: str = ""
    at: str = ""
    received_at: str = ""
    village: str = ""
    number: str = ""
    head: str = ""
    people: int = 0
    note: str = ""
    outcomes: list[OutcomeView] = field(default_factory=list)
    choices: list[Option] = field(default_factory=list)
    open: bool = False
    refusable: bool = False


@dataclass
class LeftView:
    """`overdue`: its leader let it lie; else nobody but its author leads there."""

    visit: VisitLine
    overdue: bool = False


@dataclass
class LogView:
    id: str = ""
    kind: str = ""
    author: str = ""
    at: str = ""
    result: str = ""
    by: str = ""
    reason: str = ""
    closing: bool = False


def show_held(row: HeldRow, choices: Mapping[tuple[int, int], Sequence[Posting]]) -> HeldView:
    postings = choices.get((row.author_id, row.village_id or 0), [])
    return HeldView(
        id=str(row.id),
        kind=_known(row.kind),
        reason=str(row.reason),
        author=row.author,
        at=written_instant(row.made_at),
        received_at=written_instant(row.received_at),
        village=row.village,
        number=row.household_number,
        head=row.head_name,
        people=row.people,
        note=row.note,
        outcomes=[OutcomeView(o.name_vi, o.name_en, "", o.result) for o in row.outcomes],
        choices=[Option(str(p.team_id), p.team_name) for p in postings],
        open=row.reason in OFFICER_SORTS,
        refusable=row.reason in OFFICER_REFUSES,
    )


def show_log(row: LogRow) -> LogView:
    return LogView(
        str(row.id),
        _known(row.kind),
        row.author,
        written_instant(row.at),
        str(row.result),
        row.by,
        row.reason,
        row.closing,
    )


def _known(kind: str) -> str:
    return kind if kind in set(RecordKind) else "unknown"
