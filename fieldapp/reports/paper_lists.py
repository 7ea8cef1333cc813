"""B4 to B7: lists of the desk as official papers, of a commune or of the province, from what their pages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.figure import Share
from fieldapp.domain.paper_form import Form, PaperCell, PaperColumn, PaperKind, PaperTable, TablePaper
from fieldapp.domain.paper_issuer import issuer_of, receivers_of, signers_of, small
from fieldapp.domain.register import Col
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.i18n import text
from fieldapp.permissions import Action, Place, require
from fieldapp.problems import Problem
from fieldapp.reports.difficulty_list import DifficultyRow, list_every_difficulty, of_province
from fieldapp.reports.export_sheets import Mark
from fieldapp.reports.group_coverage import Coverage, list_coverage
from fieldapp.reports.register import headings, list_communes, list_people, read_columns
from fieldapp.reports.unit_tree import get_own_unit
from models.difficulty import DifficultyState
from models.platform import Platform
from models.target import Measure
from models.unit import Unit, UnitKind

PLATFORMS = Platform.__table__
NARROW, MIDDLE, WIDE = 16, 24, 40
WIDTHS = {
    Col.COMMUNE: 22, Col.TEAM: 32, Col.LEVEL: 14, Col.VILLAGES: 26, Col.NAME: 30, Col.ROLE: 15, Col.KIND: 22,
    Col.POSITION: 24, Col.PHONE: 23, Col.SINCE: 22, Col.DECISION: 22, Col.DECIDED_ON: 22,
}  # fmt: skip


@dataclass(frozen=True)
class TargetLine:
    """A unit's number for a platform, by its code; `amount` is None where none was given."""

    platform: str
    unit: str
    amount: int | None
    done: int
    accepted_on: date | None


@dataclass(frozen=True)
class PlatformLine:
    """What came from above for a platform, and how much of it was given on."""

    platform: str
    above: int | None
    given: int
    done: int


async def register_paper(session: AsyncSession, mark: Mark, commune_id: int | None) -> TablePaper:
    """B4: people with their telephone numbers, of a commune; for the province with none chosen, the communes' numbers.

    Raises `forbidden`, `not_found`.
    """
    unit = await _unit(session, mark, Action.READ_REGISTER, commune_id)
    if unit.kind == UnitKind.PROVINCE:
        communes = await list_communes(session, mark.who, vn_day(mark.at))
        heads = ("commune", "villages", "teams", "undecided", "people", "missing", "reported")
        columns = [PaperColumn(_words(f"of_{heads[0]}"), width=WIDE)]
        columns += [PaperColumn(_words(f"of_{name}"), Form.NUMBER, NARROW, summed=True) for name in heads[1:-1]]
        columns += [PaperColumn(_words("of_reported"), Form.DAY, MIDDLE)]
        rows: list[Sequence[PaperCell]] = [
            (
                c.name,
                c.villages,
                c.teams,
                c.undecided,
                c.people,
                c.missing,
                vn_day(c.reported_at) if c.reported_at else None,
            )
            for c in communes
        ]
        return _paper(PaperKind.REGISTER, unit, mark, "register_communes", PaperTable(columns, rows))
    # Whose people they are stands above them.
    shown = [column for column in await read_columns(session) if column.shown and column.code is not Col.COMMUNE]
    people, _ = await list_people(session, mark.who, vn_day(mark.at), unit.id)
    columns = [
        PaperColumn(heading, width=WIDTHS[column.code])
        for column, heading in zip(shown, headings(shown, mark.locale), strict=True)
    ]
    rows = [[person[column.code] for column in shown] for person in people]
    return _paper(PaperKind.REGISTER, unit, mark, "register", PaperTable(columns, rows))


async def target_paper(
    session: AsyncSession,
    mark: Mark,
    commune_id: int | None,
    days: DayRange,
    measure: Measure,
    lines: Sequence[TargetLine],
    above: Sequence[PlatformLine],
) -> TablePaper:
    """B5: what each unit was given and has done, by platform. What it says was read by `services/target_grid.py`.

    Its columns have no sum: what two teams of one village did is done once, and households of two platforms are the
    same ones. What was done of each platform in all stands below.
    """
    unit = await _unit(session, mark, Action.READ_TARGET, commune_id)
    told = text(f"target.measure.{measure}").lower()
    below = "commune" if unit.kind == UnitKind.PROVINCE else "team"
    names = {row.code: row.name_vi for row in await session.execute(select(PLATFORMS.c.code, PLATFORMS.c.name_vi))}
    columns = [
        PaperColumn(_words("of_platform"), width=WIDE),
        PaperColumn(_words(f"of_{below}"), width=WIDE),
        PaperColumn(_words("of_amount", unit=told), Form.NUMBER, NARROW),
        PaperColumn(_words("of_done", unit=told), Form.NUMBER, NARROW),
        PaperColumn(_words("of_reached"), Form.SHARE, NARROW),
        PaperColumn(_words("of_accepted"), Form.DAY, MIDDLE),
    ]
    rows = [
        (names[line.platform], line.unit, line.amount, line.done, _reached(line.done, line.amount), line.accepted_on)
        for line in lines
    ]
    notes = [text(f"target.counts.{measure}")]
    notes += [
        _words("note_above" if one.above is not None else "note_given", platform=names[one.platform], unit=told,
               **_told(above=one.above, given=one.given, done=one.done))
        for one in above
    ]  # fmt: skip
    return _paper(PaperKind.TARGETS, unit, mark, "targets", PaperTable(columns, rows), notes, **_ends(days))


async def difficulty_paper(session: AsyncSession, mark: Mark, days: DayRange) -> TablePaper:
    """B6: what was received in these days; for the province what was escalated to it. Raises `forbidden`."""
    unit, today = await _unit(session, mark, Action.READ_DIFFICULTY, None), vn_day(mark.at)
    wide = of_province(mark.who)
    names = ("place", "kind", "severity", "description", "received", "due", "state", "handler")
    widths = (30, 20, 14, 60, 18, 18, 22, 26)
    forms = [Form.DAY if name in ("received", "due") else Form.WORDS for name in names]
    columns = [
        PaperColumn(_words("of_commune" if wide and name == "place" else f"of_{name}"), form, width)
        for name, form, width in zip(names, forms, widths, strict=True)
    ]
    found = await list_every_difficulty(session, mark.who, days)
    rows = [_difficulty(row, wide) for row in found]
    late = [row for row in found if row.state != DifficultyState.SOLVED and row.due_on < today]
    solved = sum(row.state == DifficultyState.SOLVED for row in found)
    notes = [_words("note_difficulties", **_told(n=len(found), solved=solved, late=len(late)))]
    table = PaperTable(columns, rows)
    return _paper(PaperKind.DIFFICULTIES, unit, mark, "difficulties", table, notes, **_ends(days))


async def group_paper(session: AsyncSession, mark: Mark) -> TablePaper:
    """B7: how many households of each village are in its group; for the province by commune. Raises `forbidden`."""
    unit = await _unit(session, mark, Action.READ_PAPER, None)
    wide = unit.kind == UnitKind.PROVINCE
    found = await list_coverage(session, None if wide else unit.id, vn_day(mark.at))
    numbers = [
        PaperColumn(_words("of_households"), Form.NUMBER, NARROW, summed=True),
        PaperColumn(_words("of_in_group"), Form.NUMBER, NARROW, summed=True),
        PaperColumn(_words("of_coverage"), Form.SHARE, NARROW, summed=True),
    ]
    if wide:
        columns = [
            PaperColumn(_words("of_commune"), width=WIDE),
            PaperColumn(_words("of_villages"), Form.NUMBER, NARROW, summed=True),
            PaperColumn(_words("of_with_group"), Form.NUMBER, NARROW, summed=True),
            *numbers,
        ]
        return _paper(PaperKind.GROUPS, unit, mark, "groups", PaperTable(columns, _by_commune(found)), _unsaid(found))
    columns = [
        PaperColumn(_words("of_village"), width=WIDE),
        PaperColumn(_words("of_group"), width=WIDE),
        PaperColumn(_words("of_manager"), width=MIDDLE),
        PaperColumn(_words("of_counted"), Form.DAY, MIDDLE),
        *numbers,
        PaperColumn(_words("col_note"), width=MIDDLE),
    ]
    rows = [_coverage(one) for one in found]
    return _paper(PaperKind.GROUPS, unit, mark, "groups", PaperTable(columns, rows), _unsaid(found))


def _coverage(one: Coverage) -> Sequence[PaperCell]:
    manager = text(f"group.manager.{one.manager}") if one.manager else ""
    over = one.in_group is not None and one.households is not None and one.in_group > one.households
    note = _words("no_group") if one.in_group is None else _words("over") if over else ""
    return (one.village, one.group, manager, one.counted_on, one.households, one.in_group, _covered([one]), note)


def _by_commune(found: Sequence[Coverage]) -> list[Sequence[PaperCell]]:
    communes: dict[str, list[Coverage]] = {}
    for one in found:
        communes.setdefault(one.commune, []).append(one)
    return [
        (
            name,
            len(villages),
            sum(one.in_group is not None for one in villages),
            _all(one.households for one in villages),
            _all(one.in_group for one in villages),
            _covered(villages),
        )
        for name, villages in communes.items()
    ]


def _covered(villages: Sequence[Coverage]) -> Share | None:
    """Of the villages of which both numbers are known; what is more than a village has makes up for no other."""
    known = [one for one in villages if one.households and one.in_group is not None]
    return _share(known) if known else None


def _share(known: Sequence[Coverage]) -> Share:
    joined = (min(one.in_group or 0, one.households or 0) for one in known)
    return Share(sum(joined), sum(one.households or 0 for one in known))


def _unsaid(found: Sequence[Coverage]) -> Sequence[str]:
    """Where some villages have said nothing of a group: what the share of all is of."""
    lacking = sum(one.in_group is None or not one.households for one in found)
    return [_words("note_groups", **_told(n=lacking))] if lacking else []


def _all(numbers: Iterable[int | None]) -> int | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if known else None


def _difficulty(row: DifficultyRow, wide: bool) -> Sequence[PaperCell]:
    return (
        row.commune if wide else row.village,
        text(f"difficulty.kind.{row.kind}"),
        text(f"difficulty.severity.{row.severity}"),
        row.description,
        vn_day(row.received_at),
        row.due_on,
        text(f"difficulty.state.{row.state}"),
        row.handler,
    )


def _reached(done: int, amount: int | None) -> Share | None:
    return Share(done, amount) if amount else None


def _ends(days: DayRange) -> dict[str, str]:
    return {"first": written_day(days.first), "last": written_day(days.last)}


def _told(**numbers: int | None) -> dict[str, Any]:
    return {name: f"{n or 0:,}".replace(",", ".") for name, n in numbers.items()}


async def _unit(session: AsyncSession, mark: Mark, action: Action, commune_id: int | None) -> Unit:
    """Whose paper it is: a commune's own, or for the province itself or the commune that it asks for."""
    own = await get_own_unit(session, mark.who, action)
    if commune_id is None:
        return own
    require(mark.who, action, Place(commune_id=commune_id))
    commune = await session.get(Unit, commune_id)
    if commune is None or commune.kind != UnitKind.COMMUNE:
        raise Problem("not_found", "commune")
    return commune


def _paper(
    kind: PaperKind, unit: Unit, mark: Mark, name: str, table: PaperTable, notes: Sequence[str] = (), **said: str
) -> TablePaper:
    """Lists bear no number: those of a report's annexes have the report's."""
    of_whom = ", ".join(part for part in (mark.who.name, mark.who.unit_name) if part)
    return TablePaper(
        kind, issuer_of(unit, unnumbered=True), _words(f"title_{name}"),
        _words(f"subject_{name}", place=small(unit.name), **said), mark.at, table, signers_of(unit, with_preparer=True),
        of_whom, mark.at, receivers_of(unit), notes, mark.sample,
    )  # fmt: skip


def _words(key: str, **params: Any) -> str:
    return text(f"official.{key}", **params)
