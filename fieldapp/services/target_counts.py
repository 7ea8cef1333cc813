"""How far targets have come, from counters alone (docs/sync.md, "Targets").

Households: those that stand on the second rung or above since a day of the period, where they live now. Lượt and
người: of outcomes on the second rung or above. Visits that wait count, those that were sent back do not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.target import DONE_FROM, DONE_RESULTS
from fieldapp.services.counters import PLATFORMS as RUNGS
from fieldapp.services.counters import STANDING, VILLAGE
from models.household import Household
from models.target import Measure
from models.team import TeamVillage
from models.unit import Unit

HOUSEHOLDS, SERVED, UNITS = Household.__table__, TeamVillage.__table__, Unit.__table__
Done = dict[tuple[int, str], int]
"""By unit (or team) and platform."""


@dataclass(frozen=True)
class Asked:
    """What is counted, from which day to which, of which platforms."""

    measure: Measure
    first: date
    last: date
    platforms: Sequence[str]


async def of_communes(session: AsyncSession, asked: Asked, commune_ids: Collection[int]) -> Done:
    query, village, platform, figure = _counted(asked)
    joined = query.join(UNITS, UNITS.c.id == village).where(UNITS.c.parent_id.in_(list(commune_ids)))
    return await _sums(session, joined, UNITS.c.parent_id, platform, figure)


async def of_teams(session: AsyncSession, asked: Asked, team_ids: Collection[int]) -> Done:
    """Of the villages that each team serves or served in the period: where two serve one, both have reached it."""
    served = and_(
        SERVED.c.team_id.in_(list(team_ids)),
        SERVED.c.valid_from <= asked.last,
        or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to >= asked.first),
    )
    query, village, platform, figure = _counted(asked)
    # Once, however often a team left a village and came back.
    once = select(SERVED.c.team_id, SERVED.c.village_id).where(served).distinct().subquery()
    joined = query.join(once, once.c.village_id == village)
    return await _sums(session, joined, once.c.team_id, platform, figure)


async def of_province(session: AsyncSession, asked: Asked) -> dict[str, int]:
    """All of the database: one database is one province."""
    query, _, platform, figure = _counted(asked)
    rows = await session.execute(query.add_columns(platform, figure).group_by(platform))
    return {code: int(n) for code, n in map(tuple, rows)}


def _counted(asked: Asked) -> tuple[Select, ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
    """The rows that count, without columns; where each was, of what, and how much it adds."""
    if asked.measure == Measure.HOUSEHOLD:
        query = (
            select()
            .select_from(RUNGS)
            .join(HOUSEHOLDS, HOUSEHOLDS.c.id == RUNGS.c.household_id)
            .where(
                HOUSEHOLDS.c.discarded_at.is_(None),
                HOUSEHOLDS.c.merged_into_id.is_(None),
                RUNGS.c.rung >= DONE_FROM,
                RUNGS.c.since.between(asked.first, asked.last),
                RUNGS.c.platform_code.in_(list(asked.platforms)),
            )
        )
        return query, HOUSEHOLDS.c.village_id, RUNGS.c.platform_code, func.count()
    figure = VILLAGE.c.support_count if asked.measure == Measure.SUPPORT else VILLAGE.c.people_count
    query = (
        select()
        .select_from(VILLAGE)
        .where(
            VILLAGE.c.day.between(asked.first, asked.last),
            VILLAGE.c.platform_code.in_(list(asked.platforms)),
            VILLAGE.c.result.in_([str(result) for result in DONE_RESULTS]),
            VILLAGE.c.state.in_([str(state) for state in STANDING]),
        )
    )
    return query, VILLAGE.c.village_id, VILLAGE.c.platform_code, func.sum(figure)


async def _sums(
    session: AsyncSession, query: Select, holder: ColumnElement[Any], platform: ColumnElement[Any], figure: Any
) -> Done:
    rows = await session.execute(query.add_columns(holder, platform, figure).group_by(holder, platform))
    return {(unit, code): int(n) for unit, code, n in map(tuple, rows)}
