"""How many households of each village are in its Zalo group, as its team said last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.reports.team_standing import current
from models.household import Household
from models.unit import Unit, UnitKind
from models.zalo_group import GroupManager, ZaloGroup

UNITS, GROUPS, HOUSEHOLDS = Unit.__table__, ZaloGroup.__table__, Household.__table__
COMMUNES = UNITS.alias("commune")


@dataclass(frozen=True)
class Coverage:
    """`households` are those that were declared, else those of the roster, None where nobody knows of any.

    `in_group` is None where the village has no group.
    """

    village: str
    commune: str
    households: int | None
    group: str
    manager: GroupManager | None
    in_group: int | None
    counted_on: date | None


async def list_coverage(session: AsyncSession, commune_id: int | None, today: date) -> Sequence[Coverage]:
    """Every village of a commune, or with none of the province, by code."""
    here = [UNITS.c.kind == UnitKind.VILLAGE, current(UNITS, today)]
    here += [UNITS.c.parent_id == commune_id] if commune_id is not None else []
    stands = HOUSEHOLDS.c.discarded_at.is_(None), HOUSEHOLDS.c.merged_into_id.is_(None)
    unsaid = select(UNITS.c.id).where(*here, UNITS.c.households_declared.is_(None))
    counted = select(HOUSEHOLDS.c.village_id, func.count()).where(HOUSEHOLDS.c.village_id.in_(unsaid), *stands)
    known = {row[0]: row[1] for row in await session.execute(counted.group_by(HOUSEHOLDS.c.village_id))}
    group = and_(GROUPS.c.village_id == UNITS.c.id, GROUPS.c.stands)
    query = (
        select(
            UNITS.c.id, UNITS.c.name, UNITS.c.households_declared, COMMUNES.c.name.label("commune"),
            GROUPS.c.name.label("group"), GROUPS.c.manager, GROUPS.c.households, GROUPS.c.counted_on,
        )
        .join(COMMUNES, COMMUNES.c.id == UNITS.c.parent_id)
        .outerjoin(GROUPS, group)
        .where(*here)
        .order_by(COMMUNES.c.code, UNITS.c.code, UNITS.c.id)
    )  # fmt: skip
    return [
        Coverage(
            row.name,
            row.commune,
            known.get(row.id) if row.households_declared is None else row.households_declared,
            row.group or "",
            GroupManager(row.manager) if row.manager else None,
            row.households,
            row.counted_on,
        )
        for row in await session.execute(query)
    ]
