"""How many households the units below one have: what numbers are compared by."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.reports.unit_tree import NamedUnit
from models.household import Household
from models.unit import Unit, UnitKind

UNITS, HOUSEHOLDS = Unit.__table__, Household.__table__
VILLAGE = HOUSEHOLDS.c.village_id


async def count_households_below(session: AsyncSession, unit: Unit, below: Sequence[NamedUnit]) -> dict[int, int]:
    """As declared; where nobody has, of a commune the sum of its villages, of a village what its roster knows."""
    found = {row.id: row.households or 0 for row in below}
    if lacking := [key for key, households in found.items() if not households]:
        query = _of_villages(lacking) if unit.kind == UnitKind.PROVINCE else _on_rosters(VILLAGE.in_(lacking))
        found |= {row[0]: int(row[1]) for row in await session.execute(query)}
    return found


def _of_villages(commune_ids: Sequence[int]) -> Select:
    unsaid = select(UNITS.c.id).where(UNITS.c.parent_id.in_(commune_ids), UNITS.c.households_declared.is_(None))
    rosters = _on_rosters(VILLAGE.in_(unsaid)).subquery()
    households = func.sum(func.coalesce(UNITS.c.households_declared, rosters.c.known, 0))
    return (
        select(UNITS.c.parent_id, households)
        .outerjoin(rosters, rosters.c.village_id == UNITS.c.id)
        .where(UNITS.c.parent_id.in_(commune_ids), UNITS.c.valid_to.is_(None))
        .group_by(UNITS.c.parent_id)
    )


def _on_rosters(*where: ColumnElement[bool]) -> Select:
    stands = HOUSEHOLDS.c.discarded_at.is_(None), HOUSEHOLDS.c.merged_into_id.is_(None), HOUSEHOLDS.c.moved_on.is_(None)
    return select(VILLAGE, func.count().label("known")).where(*where, *stands).group_by(VILLAGE)
