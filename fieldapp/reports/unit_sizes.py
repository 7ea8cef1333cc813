"""How many households the units below one have: what numbers are compared by."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.reports.unit_tree import NamedUnit
from models.household import Household
from models.unit import Unit, UnitKind

UNITS, HOUSEHOLDS = Unit.__table__, Household.__table__


async def count_households_below(session: AsyncSession, unit: Unit, below: Sequence[NamedUnit]) -> dict[int, int]:
    """As declared; where nobody has, of a commune what its villages declared, of a village what its roster knows."""
    found = {row.id: row.households or 0 for row in below}
    lacking = [key for key, households in found.items() if not households]
    if lacking:
        query = _declared_by_villages(lacking) if unit.kind == UnitKind.PROVINCE else _on_rosters(lacking)
        found |= {row[0]: int(row[1] or 0) for row in await session.execute(query)}
    return found


def _declared_by_villages(commune_ids: Sequence[int]):
    return (
        select(UNITS.c.parent_id, func.sum(UNITS.c.households_declared))
        .where(UNITS.c.parent_id.in_(commune_ids), UNITS.c.valid_to.is_(None))
        .group_by(UNITS.c.parent_id)
    )


def _on_rosters(village_ids: Sequence[int]):
    stands = HOUSEHOLDS.c.discarded_at.is_(None), HOUSEHOLDS.c.merged_into_id.is_(None), HOUSEHOLDS.c.moved_on.is_(None)
    return (
        select(HOUSEHOLDS.c.village_id, func.count())
        .where(HOUSEHOLDS.c.village_id.in_(village_ids), *stands)
        .group_by(HOUSEHOLDS.c.village_id)
    )
