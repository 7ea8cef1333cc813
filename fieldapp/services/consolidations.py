"""Reports that add up those of the level below: a commune's of its villages, the province's of its communes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.report_figure import Figure, added, read_figures
from fieldapp.domain.report_form import Texts
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, report_tasks
from fieldapp.services.indicators import Counted, list_indicators
from fieldapp.services.period_reports import LATE, find_newest, list_approved, manual_before
from fieldapp.services.periods import due_days, get_period
from fieldapp.services.report_decisions import replace_earlier
from fieldapp.services.report_drafts import of_commune
from fieldapp.services.report_ground import spans_of
from fieldapp.services.report_units import ended_villages, reporting_villages
from fieldapp.services.running_totals import said_earlier
from models.period import Period
from models.period_report import PeriodReport, ReportState
from models.unit import Unit, UnitKind

UNITS = Unit.__table__


class ConsolidateForm(BaseModel):
    """What a commune or the province writes beside the sums."""

    texts: Texts = {}


async def consolidate(
    session: AsyncSession, who: Principal, period_id: int, form: ConsolidateForm, now: datetime
) -> PeriodReport:
    """Adds up what was approved below, names what is missing, and locks the sums as the next version. What is missing
    keeps its part of the running totals.

    A commune's waits for its leader; the province's stands at once. Raises `forbidden`, `not_found`,
    `nothing_approved` where there is nothing to add up yet.
    """
    require(who, Action.CONSOLIDATE_REPORT)
    period = await get_period(session, period_id, who.commune_id)
    indicators = await list_indicators(session, period.last_day, period.indicators)
    codes = [one.code for one in indicators]
    below = await expected(session, period, who.commune_id)
    approved = await list_approved(session, period.id or 0, [unit.id for unit in below])
    if not approved:
        raise Problem("nothing_approved")
    there = {row.unit_id for row in approved}
    parts = [read_figures(row.figures) for row in approved]
    of_province = who.commune_id is None
    away = [{unit.id} for unit in below if unit.id not in there]
    if not of_province:
        villages = await reporting_villages(session, who.commune_id or 0, DayRange(period.first_day, period.last_day))
        parts.append(await of_commune(session, period, indicators, who.commune_id or 0, villages, now))
        parts.append(await _said_before(session, period, indicators, who.commune_id or 0))
        away = [village.villages for village in villages if village.id not in there]
    parts += await said_earlier(session, period, indicators, away, who.commune_id)
    unit_id = who.unit_id or 0
    newest = await find_newest(session, period.id or 0, unit_id)
    if newest is not None:
        # Whoever signs it at this moment comes first: a signed version is not replaced.
        await session.refresh(newest, with_for_update=True)
    due_on = period.province_due_on
    if not of_province:
        due_on = (await due_days(session, period, [unit_id]))[unit_id][1]
    row = PeriodReport(
        id=uuid7(),
        period_id=period.id or 0,
        unit_id=unit_id,
        level=UnitKind.PROVINCE if of_province else UnitKind.COMMUNE,
        commune_id=who.commune_id,
        number=(newest.number if newest else 0) + 1,
        state=ReportState.APPROVED if of_province else ReportState.WAITING,
        figures=[figure.to_row() for figure in added(codes, parts)],
        texts={str(part): text for part, text in form.texts.items() if text},
        tasks=[] if of_province else await report_tasks.of_commune(session, period, unit_id),
        warnings=[LATE] if vn_day(now) > due_on else [],
        missing=[unit.name for unit in below if unit.id not in there],
        parts=[str(part.id) for part in approved],
        made_at=now,
        received_at=now,
        due_on=due_on,
        submitted_by_account_id=who.account_id,
    )
    session.add(row)
    await session.flush()
    if of_province:
        row.decided_at, row.decided_by_id = now, who.account_id
        await replace_earlier(session, row, now)
    elif newest is not None and newest.state == ReportState.WAITING:
        newest.state, newest.replaced_at = ReportState.REPLACED, now
    await session.flush()
    told = {"number": row.number, "missing": len(row.missing)}
    await audit.write(session, [audit.event(who, "report.consolidate", "period_report", row.id, unit_id, **told)])
    return row


async def _said_before(
    session: AsyncSession, period: Period, indicators: Sequence[Counted], commune_id: int
) -> list[Figure]:
    """What villages said of manual indicators that ended since, and that nobody continues."""
    spans = spans_of(period)
    ended = await ended_villages(session, commune_id, spans.all.first, spans.now)
    if ended is None:
        return []
    flows = [one for one in indicators if not one.stock]
    said = await manual_before(session, period, ended, flows)
    return [Figure(one.code, year=one.year, previous=one.value) for one in said.values()]


@dataclass(frozen=True)
class Expected:
    """Who is to report, one level below."""

    id: int
    code: str
    name: str


async def expected(session: AsyncSession, period: Period, commune_id: int | None) -> Sequence[Expected]:
    """The villages of a commune that report for a period, or with none the communes of the province."""
    if commune_id is not None:
        villages = await reporting_villages(session, commune_id, DayRange(period.first_day, period.last_day))
        return [Expected(id=one.id, code=one.code, name=one.name) for one in villages]
    stood = UNITS.c.valid_from <= period.last_day, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= period.last_day)
    query = select(UNITS).where(UNITS.c.kind == UnitKind.COMMUNE, *stood).order_by(UNITS.c.code)
    return [Expected(id=row.id, code=row.code, name=row.name) for row in await session.execute(query)]
