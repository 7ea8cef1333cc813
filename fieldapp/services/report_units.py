"""Which villages of a commune report for a period, which teams and members are theirs, and their households."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.reporting_unit import VillageSpan, left_behind, reporting_groups
from fieldapp.services import household_numbers
from models.team import Seat, Team, TeamLevel, TeamVillage
from models.unit import Unit, UnitKind, UnitSuccession

UNITS, BECAME = Unit.__table__, UnitSuccession.__table__
TEAMS, SERVED, SEATS = Team.__table__, TeamVillage.__table__, Seat.__table__
OF_COMMUNE = 0
"""Under this key stand the numbers of the commune's own team, and of villages that ended and nobody continues."""


@dataclass(frozen=True)
class ReportingVillage:
    """`villages` are those whose work it tells of; `households` are as declared or, without that, on the roster.

    `before` are, of every village of the commune, those that it continues.
    """

    id: int
    code: str
    name: str
    villages: frozenset[int]
    households: int | None
    before: Mapping[int, Collection[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Crew:
    """Whose numbers a village tells: teams and members belong to one village each, however many they serve."""

    teams: frozenset[int]
    members: frozenset[int]


async def reporting_villages(session: AsyncSession, commune_id: int, span: DayRange) -> Sequence[ReportingVillage]:
    """In the order of their names as people count them is for the screen; here by code."""
    rows, spans, heirs = await _villages(session, commune_id)
    groups = reporting_groups(spans, heirs, span)
    households = await household_numbers.of_villages(session, list(groups))
    before: dict[int, set[int]] = {}
    for old, new in heirs:
        before.setdefault(new, set()).add(old)
    villages = [
        ReportingVillage(id, rows[id].code, rows[id].name, own, households[id] or None, before)
        for id, own in groups.items()
    ]
    return sorted(villages, key=lambda village: (village.code, village.id))


async def ended_villages(
    session: AsyncSession, commune_id: int, since: date, span: DayRange
) -> ReportingVillage | None:
    """Those that ended and that nobody continues, together, where there are any (`left_behind`)."""
    _, spans, heirs = await _villages(session, commune_id)
    ended = left_behind(spans, heirs, since, span)
    return ReportingVillage(OF_COMMUNE, "", "", ended, None) if ended else None


async def _villages(
    session: AsyncSession, commune_id: int
) -> tuple[Mapping[int, Any], Sequence[VillageSpan], Sequence[tuple[int, int]]]:
    """A commune's villages of all times by id, when each stood, and which continued which."""
    query = select(UNITS).where(UNITS.c.parent_id == commune_id, UNITS.c.kind == UnitKind.VILLAGE)
    rows = {row.id: row for row in await session.execute(query)}
    heirs = await session.execute(select(BECAME.c.from_id, BECAME.c.to_id).where(BECAME.c.from_id.in_(list(rows))))
    spans = [VillageSpan(row.id, row.valid_from, row.valid_to) for row in rows.values()]
    return rows, spans, [(old, new) for old, new in map(tuple, heirs) if new in rows]


async def crews(
    session: AsyncSession, commune_id: int, villages: Sequence[ReportingVillage], day: date
) -> Mapping[int, Crew]:
    """By reporting village the teams and members that are its own on this day, and those of the commune's own team.

    A team that serves several villages is the first one's; a member with several seats is of the first team.
    """
    teller = {own: village.id for village in villages for own in village.villages}
    valid = [_on(table, day) for table in (TEAMS, SEATS)]
    query = (
        select(TEAMS.c.id, TEAMS.c.level, SEATS.c.member_id)
        .outerjoin(SEATS, (SEATS.c.team_id == TEAMS.c.id) & SEATS.c.delegated_by_id.is_(None) & valid[1])
        .where(TEAMS.c.commune_id == commune_id, valid[0])
        .order_by(TEAMS.c.id)
    )
    seats = (await session.execute(query)).all()
    served = select(SERVED.c.team_id, SERVED.c.village_id).where(
        SERVED.c.village_id.in_(list(teller)), _on(SERVED, day)
    )
    homes: dict[int, int] = {}
    for team, village in map(tuple, await session.execute(served)):
        homes[team] = min(homes.get(team, teller[village]), teller[village])
    teams: dict[int, set[int]] = {village.id: set() for village in villages} | {OF_COMMUNE: set()}
    members: dict[int, set[int]] = {village.id: set() for village in villages} | {OF_COMMUNE: set()}
    seen: set[int] = set()
    for team, level, member in map(tuple, seats):
        home = OF_COMMUNE if level == TeamLevel.COMMUNE else homes.get(team)
        if home is None:
            continue
        teams[home].add(team)
        if member is not None and member not in seen:
            seen.add(member)
            members[home].add(member)
    return {home: Crew(frozenset(teams[home]), frozenset(members[home])) for home in teams}


def _on(table, day: date):
    return (table.c.valid_from <= day) & or_(table.c.valid_to.is_(None), table.c.valid_to >= day)
