"""How many different households were helped. Such numbers cannot be added up over days (docs/sync.md, "Counting")."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import exact_period
from models.counter import HouseholdCount, HouseholdPeriod, PeriodKind
from models.unit import Unit, UnitKind

COUNTS, PERIODS = HouseholdCount.__table__, HouseholdPeriod.__table__
Period = tuple[PeriodKind, date]


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


async def count_households(session: AsyncSession, unit: Unit, *spans: DayRange) -> list[Distinct | None]:
    """Distinct households for each range, or None where nobody can know: a province's range that is no kept period."""
    periods = [exact_period(span.first, span.last) for span in spans]
    kept = await _kept(session, unit, [period for period in periods if period is not None])
    found: list[Distinct | None] = []
    for span, period in zip(spans, periods, strict=True):
        if period is not None:
            found.append(kept[period])
        else:
            found.append(None if unit.kind == UnitKind.PROVINCE else await _counted_by_day(session, unit, span))
    return found


async def _kept(session: AsyncSession, unit: Unit, periods: Sequence[Period]) -> dict[Period, Distinct]:
    """What is kept for these periods, in one reading."""
    if not periods:
        return {}
    child = COUNTS.c.commune_id if unit.kind == UnitKind.PROVINCE else COUNTS.c.village_id
    asked = [and_(COUNTS.c.kind == str(kind), COUNTS.c.starts_on == starts_on) for kind, starts_on in periods]
    query = (
        select(COUNTS.c.kind, COUNTS.c.starts_on, child, func.sum(COUNTS.c.approved), func.sum(COUNTS.c.standing))
        .where(or_(*asked), *_inside(COUNTS, unit))
        .group_by(COUNTS.c.kind, COUNTS.c.starts_on, child)
    )
    by_child: dict[Period, dict[int, Households]] = {period: {} for period in periods}
    for kind, starts_on, unit_id, approved, standing in map(tuple, await session.execute(query)):
        by_child[(PeriodKind(kind), starts_on)][unit_id] = Households(int(approved), int(standing))
    return {period: Distinct(_whole(units.values()), units) for period, units in by_child.items()}


def _whole(parts: Collection[Households]) -> Households:
    return Households(sum(part.approved for part in parts), sum(part.standing for part in parts))


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
