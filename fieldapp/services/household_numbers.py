"""How many households villages and communes have: what shares, proposals and odd numbers go by.

Of a village as its commune declared, else as many as live there by its roster; of a commune as declared for it, else
the sum of its villages that stand.
"""

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.unit_change import DeclareForm
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from models.household import Household
from models.unit import Unit, UnitKind

UNITS, HOUSEHOLDS = Unit.__table__, Household.__table__
LIVES_HERE = and_(
    HOUSEHOLDS.c.discarded_at.is_(None), HOUSEHOLDS.c.merged_into_id.is_(None), HOUSEHOLDS.c.moved_on.is_(None)
)


async def of_villages(session: AsyncSession, village_ids: Sequence[int]) -> dict[int, int]:
    query = select(UNITS.c.id, UNITS.c.households_declared).where(UNITS.c.id.in_(village_ids))
    found = {row.id: row.households_declared for row in await session.execute(query)}
    known = await _on_rosters(session, [village for village, n in found.items() if n is None])
    return {village: known.get(village, 0) if n is None else n for village, n in found.items()}


async def of_communes(session: AsyncSession, commune_ids: Sequence[int]) -> dict[int, int]:
    declared = select(UNITS.c.id, UNITS.c.households_declared).where(UNITS.c.id.in_(commune_ids))
    found = {row.id: row.households_declared or 0 for row in await session.execute(declared)}
    unsaid = [commune for commune, n in found.items() if not n]
    if not unsaid:
        return found
    stand = UNITS.c.parent_id.in_(unsaid), UNITS.c.kind == UnitKind.VILLAGE, UNITS.c.valid_to.is_(None)
    below = [tuple(row) for row in await session.execute(select(UNITS.c.id, UNITS.c.parent_id).where(*stand))]
    numbers = await of_villages(session, [village for village, _ in below])
    for village, commune in below:
        found[commune] += numbers[village]
    return found


async def declare(session: AsyncSession, who: Principal, form: DeclareForm) -> Unit:
    """How many households a village has, or with None that its roster says it. Raises as what is done to villages."""
    village = await session.get(Unit, form.village)
    if village is None or village.kind != UnitKind.VILLAGE:
        raise Problem("not_found", "village")
    require(who, Action.MANAGE_UNIT, Place(village.id, village.parent_id))
    if village.valid_to is not None:
        raise Problem("unit_ended", "village")
    told = {"old": {"households": village.households_declared}, "new": {"households": form.households}}
    village.households_declared = form.households
    await audit.write(session, [audit.event(who, "unit.declare", "unit", village.id, village.parent_id, **told)])
    return village


async def _on_rosters(session: AsyncSession, village_ids: Sequence[int]) -> dict[int, int]:
    if not village_ids:
        return {}
    query = select(HOUSEHOLDS.c.village_id, func.count()).where(HOUSEHOLDS.c.village_id.in_(village_ids), LIVES_HERE)
    return {row[0]: row[1] for row in await session.execute(query.group_by(HOUSEHOLDS.c.village_id))}
