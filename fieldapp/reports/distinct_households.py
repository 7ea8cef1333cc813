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
        .where(or_(*asked), *_inside(unit))
        .group_by(COUNTS.c.kind, COUNTS.c.starts_on, child)
    )
    by_child: dict[Period, dict[int, Households]] = {period: {} for period in periods}
    for kind, starts_on, unit_id, approved, standing in map(tuple, await session.execute(query)):
        by_child[(PeriodKind(kind), starts_on)][unit_id] = Households(int(approved), int(standing))
    return {period: Distinct(_whole(units.values()), units) for period, units in by_child.items()}


def _whole(parts: Collection[Households]) -> Households:
    return Households(sum(part.approved for part in parts), sum(part.standing for part in parts))


async def _counted_by_day(session: AsyncSession, unit: Unit, span: DayRange) -> Distinct:
    """Counted anew from the households of each day: a commune has few enough of them.

    Each is credited to the village of its first day in the range, so a village's own number is one of its commune's.
    """
    of_village = unit.kind == UnitKind.VILLAGE
    credited = await session.execute(_credited(unit.parent_id if of_village else unit.id, span))
    by_child = {
        village: Households(approved, standing)
        for village, approved, standing in map(tuple, credited)
        if not of_village or village == unit.id
    }
    return Distinct(_whole(by_child.values()), by_child)


def _credited(commune_id: int | None, span: DayRange) -> Select:
    """(village, approved, standing) of a commune; the first approved day of a household may not be its first one."""
    approved = case((PERIODS.c.approved > 0, 1), else_=0)
    stands = case((PERIODS.c.approved + PERIODS.c.waiting > 0, 1), else_=0)

    def first(fits: ColumnElement[int]) -> ColumnElement[int]:
        """1 on the first day of a household that fits, else 0."""
        order = fits.desc(), PERIODS.c.starts_on
        return case((func.row_number().over(partition_by=PERIODS.c.household_id, order_by=order) == 1, fits), else_=0)

    days = (
        select(PERIODS.c.village_id, first(approved).label("approved"), first(stands).label("standing"))
        .where(
            PERIODS.c.kind == str(PeriodKind.DAY),
            PERIODS.c.starts_on.between(span.first, span.last),
            PERIODS.c.commune_id == commune_id,
        )
        .subquery()
    )
    sums = func.sum(days.c.approved), func.sum(days.c.standing)
    return select(days.c.village_id, *sums).group_by(days.c.village_id)


def _inside(unit: Unit) -> list[ColumnElement[bool]]:
    if unit.kind == UnitKind.PROVINCE:
        return []
    return [(COUNTS.c.commune_id if unit.kind == UnitKind.COMMUNE else COUNTS.c.village_id) == unit.id]
