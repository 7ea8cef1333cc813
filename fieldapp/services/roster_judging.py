"""Holds a list against the record: which village or team each line means, and who of it is there already.

Two people of one team with the same name are one, unless both have a telephone and not the same. Two households of a
village are one where their numbers are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.place_name import Places
from fieldapp.domain.roster import Entry, Fault
from fieldapp.domain.search_key import fold
from models.household import Household
from models.member import Member
from models.roster_import import ImportKind
from models.team import Seat, Team, TeamLevel, TeamVillage
from models.unit import Unit, UnitKind

UNITS, TEAMS, SERVED = Unit.__table__, Team.__table__, TeamVillage.__table__
SEATS, MEMBERS, HOUSEHOLDS = Seat.__table__, Member.__table__, Household.__table__


@dataclass
class Judged:
    """A line with its place (a team for members, a village for households) and its twin in the record."""

    entry: Entry
    place: int | None = None
    twin: Any = None
    """The row of who or what is there already."""

    @property
    def is_good(self) -> bool:
        return not self.entry.faults


def current(table: Table, today: date) -> ColumnElement[bool]:
    """Whether a row with a first and a last day is valid on this one."""
    return and_(table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today))


async def judge(
    session: AsyncSession, commune_id: int, kind: ImportKind, entries: Sequence[Entry], today: date
) -> list[Judged]:
    """The lines with what the record knows of them; adds to their faults."""
    of_members = kind == ImportKind.MEMBERS
    places = await (_teams if of_members else _villages)(session, commune_id, today)
    judged = [Judged(entry) for entry in entries]
    for line in judged:
        _place(line, places, "team_unknown" if of_members else "village_unknown")
    _find_repeated(judged, kind)
    ids = {line.place for line in judged if line.place is not None}
    await (_find_members if of_members else _find_households)(session, ids, judged, today)
    return judged


def _place(line: Judged, places: Places, unknown: str) -> None:
    text = line.entry.read.get("village")
    if text is None:
        return
    line.place = places.find(text)
    if line.place is None:
        line.entry.faults.append(Fault("village", "village_shared" if places.is_shared(text) else unknown))


async def _villages(session: AsyncSession, commune_id: int, today: date) -> Places:
    query = select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(
        UNITS.c.parent_id == commune_id, UNITS.c.kind == UnitKind.VILLAGE, current(UNITS, today)
    )
    return Places({row.id: (row.name, row.code) for row in await session.execute(query)})


async def _teams(session: AsyncSession, commune_id: int, today: date) -> Places:
    """Teams by their own names and by those of the villages that they serve; the commune's own by its name too."""
    commune = await session.get_one(Unit, commune_id)
    teams = select(TEAMS.c.id, TEAMS.c.name, TEAMS.c.level).where(
        TEAMS.c.commune_id == commune_id, current(TEAMS, today)
    )
    names: dict[int, list[str]] = {}
    for row in await session.execute(teams):
        names[row.id] = [row.name, *([commune.name, commune.code] if row.level == TeamLevel.COMMUNE else [])]
    served = (
        select(SERVED.c.team_id, UNITS.c.name, UNITS.c.code)
        .join(UNITS, UNITS.c.id == SERVED.c.village_id)
        .where(SERVED.c.team_id.in_(list(names)), current(SERVED, today))
    )
    for row in await session.execute(served):
        names[row.team_id] += [row.name, row.code]
    return Places(names)


def _find_repeated(judged: Sequence[Judged], kind: ImportKind) -> None:
    """Lines that say again what an earlier one says."""
    column = "name" if kind == ImportKind.MEMBERS else "number"
    groups: dict[Any, list[Judged]] = {}
    for line in judged:
        if (key := _key(line, column)) is not None:
            groups.setdefault(key, []).append(line)
    for lines in groups.values():
        for place, line in enumerate(lines[1:], 1):
            if first := next((other for other in lines[:place] if _same(line, other.entry.read.get("phone"))), None):
                line.entry.faults.append(Fault(column, "repeated", {"line": first.entry.line}))


def _key(line: Judged, column: str) -> tuple[int, str] | None:
    said = line.entry.read.get(column)
    return None if line.place is None or said is None else (line.place, fold(said))


def _same(line: Judged, phone: str | None) -> bool:
    """Whether nothing says that these two of one name are two people."""
    mine = line.entry.read.get("phone")
    return mine is None or phone is None or mine == phone


async def _find_members(session: AsyncSession, teams: set[int], judged: Sequence[Judged], today: date) -> None:
    query = (
        select(MEMBERS.c.id, MEMBERS.c.full_name, MEMBERS.c.phone, MEMBERS.c.key, SEATS.c.team_id)
        .add_columns(SEATS.c.id.label("seat_id"), SEATS.c.role, SEATS.c.position, SEATS.c.valid_from, SEATS.c.valid_to)
        .join(SEATS, SEATS.c.member_id == MEMBERS.c.id)
        .where(SEATS.c.team_id.in_(teams), SEATS.c.delegated_by_id.is_(None), MEMBERS.c.discarded_at.is_(None))
        .where(current(SEATS, today))
        .order_by(MEMBERS.c.id)
    )
    there: dict[tuple[int, str], list[Any]] = {}
    for row in await session.execute(query):
        there.setdefault((row.team_id, fold(row.full_name)), []).append(row)
    for line in judged:
        if (key := _key(line, "name")) is not None:
            found = [row for row in there.get(key, []) if _same(line, row.phone)]
            by_phone = [row for row in found if row.phone and row.phone == line.entry.read.get("phone")]
            line.twin = next(iter(by_phone or found), None)


async def _find_households(session: AsyncSession, villages: set[int], judged: Sequence[Judged], _: date) -> None:
    columns = (HOUSEHOLDS.c[name] for name in ("id", "village_id", "number", "head_name", "erased_at"))
    query = select(*columns).where(HOUSEHOLDS.c.village_id.in_(villages), HOUSEHOLDS.c.discarded_at.is_(None))
    there = {(row.village_id, fold(row.number)): row for row in await session.execute(query)}
    for line in judged:
        if (key := _key(line, "number")) is not None:
            line.twin = there.get(key)


def subject_of(line: Judged) -> str | None:
    """The id of the twin as it is stored with the line."""
    if line.twin is None:
        return None
    return str(line.twin.id) if isinstance(line.twin.id, UUID) else str(int(line.twin.id))
