"""How many households of each village are in its Zalo group, as its team said last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.zalo_group import speakers
from fieldapp.reports.team_standing import current
from fieldapp.reports.unit_sizes import VILLAGE, on_rosters
from models.unit import Unit, UnitKind, UnitSuccession
from models.zalo_group import GroupManager, ZaloGroup

UNITS, GROUPS, BECAME = Unit.__table__, ZaloGroup.__table__, UnitSuccession.__table__
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
    unsaid = select(UNITS.c.id).where(*here, UNITS.c.households_declared.is_(None))
    known = {row[0]: row[1] for row in await session.execute(on_rosters(VILLAGE.in_(unsaid)))}
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
    rows = (await session.execute(query)).all()
    before = await _groups_before(session, [row.id for row in rows if row.group is None])
    return [_coverage(row, before.get(row.id, row), known) for row in rows]


def _coverage(row: Any, group: Any, known: Mapping[int, int]) -> Coverage:
    return Coverage(
        row.name,
        row.commune,
        known.get(row.id) if row.households_declared is None else row.households_declared,
        group.group or "",
        GroupManager(group.manager) if group.manager else None,
        group.households,
        group.counted_on,
    )


async def _groups_before(session: AsyncSession, village_ids: Sequence[int]) -> dict[int, Any]:
    """Of villages that have no group of their own, those that they continue: the newest of these, with all its
    households and theirs.
    """
    if not village_ids:
        return {}
    before: dict[int, set[int]] = {}
    for old, new in map(tuple, await session.execute(select(BECAME.c.from_id, BECAME.c.to_id))):
        before.setdefault(new, set()).add(old)
    columns = GROUPS.c.name.label("group"), GROUPS.c.manager, GROUPS.c.households, GROUPS.c.counted_on
    ended = select(BECAME.c.from_id)
    query = select(GROUPS.c.village_id, *columns).where(GROUPS.c.village_id.in_(ended), GROUPS.c.stands)
    said = {row.village_id: row for row in await session.execute(query)}
    found = {}
    for village in village_ids:
        words = [said[one] for one in speakers(village, said, before)]
        if words:
            newest = max(words, key=lambda row: row.counted_on)._asdict()
            found[village] = SimpleNamespace(**newest | {"households": sum(row.households for row in words)})
    return found
