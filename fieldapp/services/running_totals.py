"""What units that are missing from a sum have reported earlier in the year: its running totals do not forget it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.report_figure import Figure, read_figures
from fieldapp.services.indicators import Counted
from fieldapp.services.report_ground import spans_of
from fieldapp.services.report_units import reporting_villages
from models.period import Period
from models.period_report import PeriodReport, ReportState

REPORTS, PERIODS = PeriodReport.__table__, Period.__table__


async def said_earlier(
    session: AsyncSession,
    period: Period,
    indicators: Sequence[Counted],
    missing: Iterable[Collection[int]],
    commune_id: int | None,
) -> list[list[Figure]]:
    """Figures with nothing but the running totals of what was approved last; stocks have none.

    Of each missing unit all units are given that it tells of: a village's those that it continues.
    """
    own = [frozenset(units) for units in missing]
    if not own:
        return []
    flows = {one.code for one in indicators if not one.stock}
    rows = await _approved(session, period, frozenset().union(*own))
    told: dict[int, Mapping[int, frozenset[int]]] = {}
    found = []
    for units in own:
        left = set(units)
        for row in rows:
            if row.unit_id in left:
                found.append(_year(row, flows))
                if row.period_id not in told:
                    told[row.period_id] = await _told_then(session, row, commune_id)
                left -= told[row.period_id].get(row.unit_id, {row.unit_id})
    return found


async def _approved(session: AsyncSession, period: Period, units: Collection[int]) -> Sequence[Any]:
    """Versions that stand of earlier periods of this kind and year, the newest period first."""
    query = (
        select(REPORTS.c.unit_id, REPORTS.c.period_id, REPORTS.c.figures, PERIODS.c.first_day, PERIODS.c.last_day)
        .join(PERIODS, PERIODS.c.id == REPORTS.c.period_id)
        .where(
            REPORTS.c.unit_id.in_(list(units)),
            REPORTS.c.state == ReportState.APPROVED,
            PERIODS.c.kind == str(period.kind),
            PERIODS.c.title == "",
            PERIODS.c.cancelled_at.is_(None),
            PERIODS.c.last_day < period.first_day,
            PERIODS.c.last_day >= spans_of(period).year.first,
        )
        .order_by(PERIODS.c.last_day.desc(), REPORTS.c.unit_id)
    )
    return (await session.execute(query)).all()


async def _told_then(session: AsyncSession, row: Any, commune_id: int | None) -> Mapping[int, frozenset[int]]:
    """By reporting village of that period those that it told of; communes tell of themselves."""
    if commune_id is None:
        return {}
    villages = await reporting_villages(session, commune_id, DayRange(row.first_day, row.last_day))
    return {village.id: village.villages for village in villages}


def _year(row: Any, flows: Collection[str]) -> list[Figure]:
    told = (figure for figure in read_figures(row.figures) if figure.code in flows)
    return [Figure(figure.code, year=figure.year, year_over=figure.year_over) for figure in told]
