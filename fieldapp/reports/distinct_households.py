"""How many different households were helped. Such numbers cannot be added up over days (docs/sync.md, "Counting")."""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import exact_period
from models.counter import HouseholdCount, HouseholdPeriod, PeriodKind
from models.unit import Unit, UnitKind

COUNTS, PERIODS = HouseholdCount.__table__, HouseholdPeriod.__table__


@dataclass(frozen=True)
class Households:
    """Hộ with an approved visit that helped, and hộ with any that stands (waiting ones too)."""

    approved: int = 0
    standing: int = 0


@dataclass(frozen=True)
class Distinct:
    """`by_child` holds the units one level below; a household is credited to one village in a period."""

    total: Households = Households()
    by_child: dict[int, Households] = field(default_factory=dict)


async def count_households(session: AsyncSession, unit: Unit, span: DayRange) -> Distinct | None:
    """Distinct households of a unit, or None where nobody can know: a province's range that is no kept period."""
    if (period := exact_period(span.first, span.last)) is not None:
        return await _kept(session, unit, *period)
    if unit.kind == UnitKind.PROVINCE:
        return None
    return await _counted_by_day(session, unit, span)


async def _kept(session: AsyncSession, unit: Unit, kind: PeriodKind, starts_on) -> Distinct:
    child = COUNTS.c.commune_id if unit.kind == UnitKind.PROVINCE else COUNTS.c.village_id
    query = (
        select(child, func.sum(COUNTS.c.approved), func.sum(COUNTS.c.standing))
        .where(COUNTS.c.kind == str(kind), COUNTS.c.starts_on == starts_on, *_inside(COUNTS, unit))
        .group_by(child)
    )
    by_child = {row[0]: Households(int(row[1]), int(row[2])) for row in await session.execute(query)}
    every = by_child.values()
    return Distinct(Households(sum(h.approved for h in every), sum(h.standing for h in every)), by_child)


async def _counted_by_day(session: AsyncSession, unit: Unit, span: DayRange) -> Distinct:
    """Counted anew from the households of each day: a unit of this size has few enough of them."""
    whole = (await session.execute(_distinct(unit, span))).one()
    by_village = await session.execute(
        _distinct(unit, span).add_columns(PERIODS.c.village_id).group_by(PERIODS.c.village_id)
    )
    return Distinct(Households(whole[0], whole[1]), {row[2]: Households(row[0], row[1]) for row in by_village})


def _distinct(unit: Unit, span: DayRange) -> Select:
    household, approved = PERIODS.c.household_id, PERIODS.c.approved > 0
    stands = PERIODS.c.approved + PERIODS.c.waiting > 0
    return select(
        func.count(case((approved, household)).distinct()), func.count(case((stands, household)).distinct())
    ).where(
        PERIODS.c.kind == str(PeriodKind.DAY),
        PERIODS.c.starts_on.between(span.first, span.last),
        *_inside(PERIODS, unit),
    )


def _inside(table, unit: Unit) -> list[ColumnElement[bool]]:
    if unit.kind == UnitKind.PROVINCE:
        return []
    if unit.kind == UnitKind.COMMUNE:
        return [table.c.commune_id == unit.id]
    # The commune is in the index of the households' days, the village is not.
    return [table.c.village_id == unit.id, table.c.commune_id == unit.parent_id]
