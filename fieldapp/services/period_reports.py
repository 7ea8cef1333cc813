"""Reports of villages as their leaders submit them: every version is kept for good, its numbers locked as it comes in.

What becomes of them: `report_decisions`; how they are added up: `consolidations`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.report_figure import Figure, odd, read_figures, warnings
from fieldapp.domain.report_form import SubmitPayload
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, require
from fieldapp.problems import Problem
from fieldapp.services import audit, report_tasks
from fieldapp.services.indicators import Counted, list_indicators
from fieldapp.services.periods import due_days, get_period
from fieldapp.services.report_drafts import drafts
from fieldapp.services.report_ground import spans_of
from fieldapp.services.report_units import ReportingVillage, crews, reporting_villages
from fieldapp.services.team_deeds import TeamDeed
from fieldapp.services.visits import Superseded
from models.account import Account
from models.base import utc_now
from models.indicator import IndicatorUnit
from models.member import Member
from models.period import Period
from models.period_report import PeriodReport, ReportState
from models.team import TeamVillage
from models.unit import Unit, UnitKind

REPORTS, SERVED = PeriodReport.__table__, TeamVillage.__table__
OF_HOUSEHOLDS = (IndicatorUnit.HOUSEHOLD, IndicatorUnit.SHOP)
LATE, DIFFERS = "late", "differs"


async def submit(session: AsyncSession, deed: TeamDeed, payload: SubmitPayload) -> None:
    """Takes in a village's report and locks its numbers as they stand now.

    Raises `forbidden`, `not_found`, `period_running` before its last day, `figure_missing` where a number that only
    its author knows was left empty, `figure_unexplained` where an odd one stands without a word; `Superseded` where
    another version is there already.
    """
    require(deed.who, Action.SUBMIT_REPORT, Place(village_id=payload.village))
    commune_id = await _commune_of(session, payload.village)
    period = await get_period(session, payload.period, commune_id)
    if vn_day(deed.made_at) < period.last_day:
        raise Problem("period_running", "period")
    villages = await reporting_villages(session, commune_id, DayRange(period.first_day, period.last_day))
    village = next((one for one in villages if payload.village in one.villages), None)
    if village is None:
        raise Problem("not_found", "village")
    newest = await find_newest(session, period.id or 0, village.id)
    if newest is not None and (newest.state == ReportState.WAITING or newest.number >= payload.number):
        raise Superseded(await _who_said(session, newest))
    now = utc_now()
    indicators = await list_indicators(session, period.last_day, period.indicators)
    worked_out = await drafts(session, period, indicators, commune_id, villages, now, [village.id])
    before = await manual_before(session, period, village, indicators)
    figures = _said(worked_out[village.id], indicators, payload, before, village)
    due_on = (await due_days(session, period, [commune_id]))[commune_id][0]
    staff = await crews(session, commune_id, villages, min(period.last_day, vn_day(now)))
    row = PeriodReport(
        id=deed.id,
        period_id=period.id or 0,
        unit_id=village.id,
        level=UnitKind.VILLAGE,
        commune_id=commune_id,
        team_id=payload.team,
        number=(newest.number if newest else 0) + 1,
        figures=[figure.to_row() for figure in figures],
        texts={str(part): text for part, text in payload.texts.items() if text},
        tasks=await report_tasks.of_teams(session, period, staff[village.id].teams),
        warnings=_warnings(figures, indicators, village, payload, vn_day(now) > due_on),
        made_at=deed.made_at,
        received_at=now,
        due_on=due_on,
        submitted_by_member_id=deed.who.member_id,
    )
    session.add(row)
    await session.flush()
    event = audit.event(deed.who, "report.submit", "period_report", row.id, village.id, number=row.number)
    await audit.write(session, [event])


def _said(
    figures: Sequence[Figure],
    indicators: Sequence[Counted],
    payload: SubmitPayload,
    before: dict[str, Figure],
    village: ReportingVillage,
) -> list[Figure]:
    """The figures with what the author said. An odd number that the author typed needs the author's reason."""
    full = []
    for one, figure in zip(indicators, figures, strict=True):
        reason = payload.reasons.get(one.code, "")
        if one.is_manual:
            value = payload.manual.get(one.code)
            if value is None:
                raise Problem("figure_missing", "manual", indicator=one.code)
            was = before.get(one.code, Figure(one.code))
            year = value if one.stock else value + (was.year or 0)
            figure = Figure(one.code, value, year=year, previous=was.value, reason=reason)
            if not reason and odd(figure, village.households if one.unit in OF_HOUSEHOLDS else None):
                raise Problem("figure_unexplained", "reasons", indicator=one.code)
        elif reason:
            figure = Figure(**{**_fields(figure), "reason": reason})
        full.append(figure)
    return full


def _fields(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in Figure.__dataclass_fields__}


def _warnings(
    figures: Sequence[Figure],
    indicators: Sequence[Counted],
    village: ReportingVillage,
    payload: SubmitPayload,
    late: bool,
) -> list[str]:
    households = [one.code for one in indicators if one.unit in OF_HOUSEHOLDS]
    found = warnings(figures, households, village.households)
    values = {figure.code: figure.value for figure in figures}
    found += [f"{DIFFERS}:{code}" for code, seen in payload.seen.items() if values.get(code, seen) != seen]
    return [*found, LATE] if late else found


async def manual_before(
    session: AsyncSession, period: Period, village: ReportingVillage, indicators: Sequence[Counted]
) -> dict[str, Figure]:
    """By manual indicator what the newest report before this period said: `value` of that period, `year` so far.

    `year` is None where that report is of another year. A merged village has the sums of those that it continues.
    """
    manual = [one.code for one in indicators if one.is_manual]
    if not manual:
        return {}
    spans = spans_of(period)
    periods = Period.__table__
    query = (
        select(REPORTS.c.unit_id, REPORTS.c.period_id, REPORTS.c.figures, periods.c.last_day)
        .join(periods, periods.c.id == REPORTS.c.period_id)
        .where(
            REPORTS.c.unit_id.in_(village.villages),
            REPORTS.c.state == ReportState.APPROVED,
            periods.c.kind == str(period.kind),
            periods.c.title == "",
            periods.c.last_day < period.first_day,
            periods.c.last_day >= min(spans.before.first, spans.year.first),
        )
        .order_by(periods.c.last_day)
    )
    rows = (await session.execute(query)).all()
    found: dict[str, Figure] = {}
    for code in manual:
        told = [(row, figure) for row in rows for figure in read_figures(row.figures) if figure.code == code]
        was = [figure.value for row, figure in told if row.last_day == spans.before.last and figure.value is not None]
        year = [figure.value or 0 for row, figure in told if row.last_day >= spans.year.first]
        found[code] = Figure(code, sum(was) if was else None, year=sum(year))
    return found


async def find_newest(session: AsyncSession, period_id: int, unit_id: int) -> PeriodReport | None:
    query = select(PeriodReport).where(REPORTS.c.period_id == period_id, REPORTS.c.unit_id == unit_id)
    return (await session.execute(query.order_by(REPORTS.c.number.desc()).limit(1))).scalar_one_or_none()


async def list_approved(session: AsyncSession, period_id: int, unit_ids: Iterable[int]) -> Sequence[PeriodReport]:
    """The version of each of these units that stands as approved."""
    query = select(PeriodReport).where(
        REPORTS.c.period_id == period_id,
        REPORTS.c.unit_id.in_(list(unit_ids)),
        REPORTS.c.state == ReportState.APPROVED,
    )
    return (await session.execute(query.order_by(REPORTS.c.unit_id))).scalars().all()


async def _commune_of(session: AsyncSession, village_id: int) -> int:
    village = await session.get(Unit, village_id)
    if village is None or village.kind != UnitKind.VILLAGE or village.parent_id is None:
        raise Problem("not_found", "village")
    return village.parent_id


async def _who_said(session: AsyncSession, row: PeriodReport) -> dict[str, Any]:
    member = await session.get(Member, row.submitted_by_member_id) if row.submitted_by_member_id else None
    account = await session.get(Account, row.submitted_by_account_id) if row.submitted_by_account_id else None
    by = member or account
    return {"by": by.full_name if by else None, "at": row.received_at.isoformat()}


async def get_due_day(session: AsyncSession, report: PeriodReport) -> date:
    """By when it was to be there, as its commune's pauses stand now; `report.due_on` is what held when it came."""
    period = await session.get_one(Period, report.period_id)
    if report.commune_id is None:
        return period.province_due_on
    village, own = (await due_days(session, period, [report.commune_id]))[report.commune_id]
    return village if report.level == UnitKind.VILLAGE else own


def is_late(received_at: datetime, due_on: date) -> bool:
    """By when it came in, not by when it was made: only receipt decides lateness."""
    return vn_day(received_at) > due_on
