"""How many households the units below one have: what numbers are compared by."""

from collections.abc import Sequence
from time import monotonic
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.reports.unit_tree import NamedUnit
from models.household import Household
from models.unit import Unit, UnitKind

UNITS, HOUSEHOLDS = Unit.__table__, Household.__table__
VILLAGE = HOUSEHOLDS.c.village_id
KEPT_SECONDS = 60


class _Counted(NamedTuple):
    at: float
    households: dict[int, int]


_KEPT: WeakKeyDictionary[Any, dict[frozenset[int], _Counted]] = WeakKeyDictionary()
"""What was counted of each database, by communes."""


async def count_households_below(session: AsyncSession, unit: Unit, below: Sequence[NamedUnit]) -> dict[int, int]:
    """As declared; where nobody has, of a commune the sum of its villages, of a village what its roster knows."""
    found = {row.id: row.households or 0 for row in below}
    if lacking := [key for key, households in found.items() if not households]:
        if unit.kind == UnitKind.PROVINCE:
            return found | await _of_communes(session, lacking)
        found |= {row[0]: int(row[1]) for row in await session.execute(on_rosters(VILLAGE.in_(lacking)))}
    return found


async def _of_communes(session: AsyncSession, commune_ids: Sequence[int]) -> dict[int, int]:
    """Counted at most once a minute: rosters of a province are long, and a minute moves no rank."""
    kept, asked = _KEPT.setdefault(session.get_bind().engine, {}), frozenset(commune_ids)
    counted = kept.get(asked)
    if counted is None or monotonic() - counted.at > KEPT_SECONDS:
        rows = await session.execute(_of_villages(commune_ids))
        counted = kept[asked] = _Counted(monotonic(), {row[0]: int(row[1]) for row in rows})
    return counted.households


def _of_villages(commune_ids: Sequence[int]) -> Select:
    unsaid = select(UNITS.c.id).where(UNITS.c.parent_id.in_(commune_ids), UNITS.c.households_declared.is_(None))
    rosters = on_rosters(VILLAGE.in_(unsaid)).subquery()
    households = func.sum(func.coalesce(UNITS.c.households_declared, rosters.c.known, 0))
    return (
        select(UNITS.c.parent_id, households)
        .outerjoin(rosters, rosters.c.village_id == UNITS.c.id)
        .where(UNITS.c.parent_id.in_(commune_ids), UNITS.c.valid_to.is_(None))
        .group_by(UNITS.c.parent_id)
    )


def on_rosters(*where: ColumnElement[bool]) -> Select:
    """(village_id, known): how many households live in each village by its roster."""
    stands = HOUSEHOLDS.c.discarded_at.is_(None), HOUSEHOLDS.c.merged_into_id.is_(None), HOUSEHOLDS.c.moved_on.is_(None)
    return select(VILLAGE, func.count().label("known")).where(*where, *stands).group_by(VILLAGE)
