"""One version of a report, as it was locked: its numbers with their names, its words, and the versions it adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.report_figure import Figure, differences, read_figures
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services.indicators import Counted, list_told
from fieldapp.services.period_reports import REPORTS
from fieldapp.services.report_drafts import drafts
from fieldapp.services.report_standing import list_versions
from fieldapp.services.report_units import reporting_villages
from models.account import Account
from models.member import Member
from models.period import Period
from models.period_report import PeriodReport
from models.unit import Unit, UnitKind


@dataclass(frozen=True)
class Part:
    """A version that was added up, and the unit whose it is."""

    unit_id: int
    name: str
    figures: Sequence[Figure]


@dataclass(frozen=True)
class ReportDetail:
    """`unit` and `above` (the commune of a village, the province of a commune) are as they are called today."""

    report: PeriodReport
    period: Period
    unit: Unit
    above: Unit | None
    indicators: Sequence[Counted]
    figures: Sequence[Figure]
    versions: Sequence[PeriodReport]
    by: str
    decided_by: str

    def figure(self, code: str) -> Figure:
        return next((figure for figure in self.figures if figure.code == code), Figure(code))


async def get_detail(session: AsyncSession, who: Principal, report_id: UUID) -> ReportDetail:
    """Raises `forbidden`, `not_found`."""
    report = await session.get(PeriodReport, report_id)
    if report is None:
        raise Problem("not_found")
    village = report.unit_id if report.level == UnitKind.VILLAGE else None
    require(who, Action.READ_REPORT, Place(village_id=village, commune_id=report.commune_id))
    period = await session.get_one(Period, report.period_id)
    unit = await session.get_one(Unit, report.unit_id)
    above = await session.get(Unit, unit.parent_id) if unit.parent_id else None
    figures = read_figures(report.figures)
    return ReportDetail(
        report=report,
        period=period,
        unit=unit,
        above=above,
        indicators=await list_told(session, [figure.code for figure in figures], report.received_at),
        figures=figures,
        versions=await list_versions(session, who, report),
        by=await _name(session, report.submitted_by_member_id, report.submitted_by_account_id),
        decided_by=await _name(session, None, report.decided_by_id),
    )


async def _name(session: AsyncSession, member_id: int | None, account_id: int | None) -> str:
    member = await session.get(Member, member_id) if member_id else None
    account = await session.get(Account, account_id) if account_id else None
    return (member or account).full_name if member or account else ""  # type: ignore[union-attr]


async def list_parts(session: AsyncSession, report: PeriodReport) -> Sequence[Part]:
    """The versions that a commune's or the province's report adds up, as they were then, by the code of their unit."""
    units = Unit.__table__
    ids = [UUID(part) for part in report.parts]
    query = (
        select(REPORTS.c.unit_id, units.c.name, REPORTS.c.figures)
        .join(units, units.c.id == REPORTS.c.unit_id)
        .where(REPORTS.c.id.in_(ids))
        .order_by(units.c.code, units.c.id)
    )
    return [Part(row.unit_id, row.name, read_figures(row.figures)) for row in await session.execute(query)]


async def late_additions(session: AsyncSession, detail: ReportDetail, now: datetime) -> dict[str, int]:
    """By indicator, what has come to a village's report since it was locked."""
    if detail.report.level != UnitKind.VILLAGE or detail.report.commune_id is None:
        return {}
    period, commune_id = detail.period, detail.report.commune_id
    villages = await reporting_villages(session, commune_id, DayRange(period.first_day, period.last_day))
    found = await drafts(session, period, detail.indicators, commune_id, villages, now, [detail.unit.id or 0])
    return differences(detail.figures, found.get(detail.unit.id or 0, ()))
