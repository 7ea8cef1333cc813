"""Numbers that anybody may have where the province publishes them: of communes by period, of platforms by month.

No village, no household, no person and no word that somebody wrote is among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.report_figure import read_figures, without_halves
from fieldapp.domain.reporting_period import REGULAR
from fieldapp.domain.vn_time import month_start, vn_day
from fieldapp.problems import Problem
from fieldapp.services.indicators import list_indicators
from models.counter import CommuneCount, Facet
from models.indicator import IndicatorUnit
from models.period import Period
from models.period_report import PeriodReport, ReportState
from models.platform import Platform
from models.unit import Unit, UnitKind

PERIODS, REPORTS, UNITS = Period.__table__, PeriodReport.__table__, Unit.__table__
COUNTS, PLATFORMS = CommuneCount.__table__, Platform.__table__
MOST_PERIODS, MONTHS = 60, 24


@dataclass(frozen=True)
class OpenFigure:
    """`over` is the whole of a share; None is what nobody knows, and no zero."""

    code: str
    commune: str
    indicator: str
    name: str
    unit: str
    value: int | None
    over: int | None


@dataclass(frozen=True)
class OpenPeriod:
    """`others` are all periods that can be asked for, newest first."""

    kind: str
    first: date
    last: date
    as_of: datetime
    others: Sequence[tuple[str, date, date]]
    figures: Sequence[OpenFigure]


@dataclass(frozen=True)
class OpenMonth:
    """Of the whole province, approved: lượt, among them those after which people manage alone, and người."""

    month: date
    code: str
    name: str
    supports: int
    independent: int
    people: int


async def read_period(session: AsyncSession, last: date | None, kind: str | None) -> OpenPeriod:
    """The approved versions of communes of a regular period that ends on this day, or of the newest.

    Raises `not_found` where there is none.
    """
    approved = REPORTS.c.level == UnitKind.COMMUNE, REPORTS.c.state == ReportState.APPROVED
    query = (
        select(Period)
        .where(
            PERIODS.c.kind.in_([str(kind) for kind in REGULAR]),
            PERIODS.c.cancelled_at.is_(None),
            PERIODS.c.id.in_(select(REPORTS.c.period_id).where(*approved)),
        )
        .order_by(PERIODS.c.last_day.desc(), PERIODS.c.first_day.desc(), PERIODS.c.id)
        .limit(MOST_PERIODS)
    )
    periods = (await session.execute(query)).scalars().all()
    chosen = next((one for one in periods if last in (None, one.last_day) and kind in (None, str(one.kind))), None)
    if chosen is None:
        raise Problem("not_found", "last")
    versions = (
        select(UNITS.c.code, UNITS.c.name, REPORTS.c.figures, REPORTS.c.decided_at, REPORTS.c.received_at)
        .join(UNITS, UNITS.c.id == REPORTS.c.unit_id)
        .where(REPORTS.c.period_id == chosen.id, *approved)
        .order_by(UNITS.c.code)
    )
    rows = (await session.execute(versions)).all()
    named = {one.code: one for one in await list_indicators(session, chosen.last_day)}
    told = [(row, named[f.code], f) for row in rows for f in read_figures(row.figures) if f.code in named]
    whole = [(row, one, without_halves(f) if one.unit is IndicatorUnit.PERCENT else f) for row, one, f in told]
    figures = [
        OpenFigure(row.code, row.name, one.code, one.name_vi, str(one.unit), f.value, f.over) for row, one, f in whole
    ]
    as_of = max(row.decided_at or row.received_at for row in rows)
    others = [(str(one.kind), one.first_day, one.last_day) for one in periods]
    return OpenPeriod(str(chosen.kind), chosen.first_day, chosen.last_day, as_of, others, figures)


async def read_months(session: AsyncSession, now: datetime) -> Sequence[OpenMonth]:
    """The last calendar months, the running one too, by platform in the province's order."""
    since = month_start(month_start(vn_day(now)) - timedelta(days=(MONTHS - 1) * 30))
    query = (
        select(
            COUNTS.c.half_month,
            COUNTS.c.word,
            func.sum(COUNTS.c.approved),
            func.sum(COUNTS.c.independent),
            func.sum(COUNTS.c.approved_people),
        )
        .where(COUNTS.c.facet == Facet.PLATFORM, COUNTS.c.half_month >= since)
        .group_by(COUNTS.c.half_month, COUNTS.c.word)
    )
    sums: dict[tuple[date, str], list[int]] = {}
    for half, code, *numbers in map(tuple, await session.execute(query)):
        month = sums.setdefault((month_start(half), code), [0, 0, 0])
        for place, number in enumerate(numbers):
            month[place] += int(number)
    names = select(PLATFORMS.c.code, PLATFORMS.c.name_vi, PLATFORMS.c.position)
    platforms = {row.code: row for row in await session.execute(names)}
    order = sorted(sums, key=lambda key: (key[0], platforms[key[1]].position if key[1] in platforms else 0, key[1]))
    return [
        OpenMonth(month, code, platforms[code].name_vi if code in platforms else code, *sums[(month, code)])
        for month, code in order
        if any(sums[(month, code)])
    ]


async def publisher(session: AsyncSession) -> str:
    """The province, as it is called."""
    query = select(UNITS.c.name).where(UNITS.c.kind == UnitKind.PROVINCE, UNITS.c.valid_to.is_(None))
    return (await session.execute(query)).scalars().first() or ""
