"""How the reports of a period stand, one level below whoever asks: who has reported, who is late, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, require
from fieldapp.services.consolidations import expected
from fieldapp.services.period_reports import LATE, REPORTS, is_late
from fieldapp.services.periods import due_days, get_period
from fieldapp.services.report_reminders import last_asked
from models.account import Account
from models.member import Member
from models.period import Period
from models.period_report import PeriodReport, ReportState
from models.unit import Region, Unit

UNITS, MEMBERS, ACCOUNTS = Unit.__table__, Member.__table__, Account.__table__


class Stands(StrEnum):
    """Of a unit: what its newest version is, or that it owes one, and whether it is too late for that."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    LATE = "late"
    OWED = "owed"
    RUNNING = "running"


@dataclass(frozen=True)
class UnitReport:
    """`report_id` is the newest version; `approved_id` the one that stands as approved, if another one does."""

    unit_id: int
    name: str
    region: Region | None
    stands: Stands
    due_on: date
    report_id: UUID | None = None
    approved_id: UUID | None = None
    number: int = 0
    received_at: datetime | None = None
    late: bool = False
    by: str = ""
    reason: str = ""
    warnings: Sequence[str] = ()
    missing: Sequence[str] = ()
    asked_at: datetime | None = None


@dataclass(frozen=True)
class PeriodStanding:
    """`own` is the newest version of whoever asks, a commune or the province; `asked_at` when it was reminded."""

    period: Period
    units: Sequence[UnitReport]
    own: UnitReport
    counts: dict[Stands, int]

    @property
    def clean(self) -> Sequence[UUID]:
        """Versions that wait and give no reason to look closer."""
        return [unit.report_id for unit in self.units if unit.report_id and _waits(unit) and not _asks(unit)]

    @property
    def owing(self) -> Sequence[UnitReport]:
        """Who has neither reported nor has a version that stands: a supplement that was sent back owes nothing."""
        owed = Stands.LATE, Stands.OWED, Stands.RETURNED
        return [unit for unit in self.units if unit.stands in owed and unit.approved_id is None]


def _asks(unit: UnitReport) -> bool:
    """Whether a number of it asks for a look; that it came late is no reason to."""
    return any(warning != LATE for warning in unit.warnings)


def _waits(unit: UnitReport) -> bool:
    return unit.stands is Stands.WAITING


async def read_standing(session: AsyncSession, who: Principal, period_id: int, now: datetime) -> PeriodStanding:
    """Raises `forbidden`, `not_found`."""
    require(who, Action.READ_REPORT)
    period = await get_period(session, period_id, who.commune_id)
    below = await expected(session, period, who.commune_id)
    own_id = who.unit_id or 0
    ids = [*(unit.id for unit in below), own_id]
    newest, approved = await _versions(session, period.id or 0, ids)
    asked = await last_asked(session, period.id or 0, ids)
    communes = [own_id] if who.commune_id else [unit.id for unit in below]
    days = await due_days(session, period, communes)
    regions = await _regions(session, ids)
    today = vn_day(now)

    def one(unit_id: int, name: str, due_on: date) -> UnitReport:
        row, kept = newest.get(unit_id), approved.get(unit_id)
        stands = _stands(period, row, due_on, today)
        if row is None:
            return UnitReport(unit_id, name, regions.get(unit_id), stands, due_on, asked_at=asked.get(unit_id))
        return UnitReport(
            unit_id, name, regions.get(unit_id), stands, due_on, row.id, kept and kept.id, row.number, row.received_at,
            is_late(row.received_at, due_on), row.by or "", row.reason, row.warnings, row.missing, asked.get(unit_id),
        )  # fmt: skip

    units = [one(unit.id, unit.name, days[own_id if who.commune_id else unit.id][not who.commune_id]) for unit in below]
    own_due = days[own_id][1] if who.commune_id else period.province_due_on
    counts = dict.fromkeys(Stands, 0)
    for unit in units:
        counts[unit.stands] += 1
    return PeriodStanding(period, units, one(own_id, who.unit_name, own_due), counts)


def _stands(period: Period, row: Any, due_on: date, today: date) -> Stands:
    if row is not None:
        state = ReportState(row.state)
        return {
            ReportState.WAITING: Stands.WAITING,
            ReportState.APPROVED: Stands.APPROVED,
            ReportState.RETURNED: Stands.RETURNED,
            ReportState.REPLACED: Stands.APPROVED,
        }[state]
    if today <= period.last_day:
        return Stands.RUNNING
    return Stands.LATE if today > due_on else Stands.OWED


async def _versions(
    session: AsyncSession, period_id: int, unit_ids: Sequence[int]
) -> tuple[dict[int, Any], dict[int, Any]]:
    """The newest version of each unit with who submitted it, and the one that stands as approved."""
    columns = [column for column in REPORTS.c if column.name not in ("figures", "parts", "texts")]
    query = (
        select(*columns, MEMBERS.c.full_name.label("member"), ACCOUNTS.c.full_name.label("account"))
        .outerjoin(MEMBERS, MEMBERS.c.id == REPORTS.c.submitted_by_member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == REPORTS.c.submitted_by_account_id)
        .where(REPORTS.c.period_id == period_id, REPORTS.c.unit_id.in_(list(unit_ids)))
        .order_by(REPORTS.c.number)
    )
    newest, approved = {}, {}
    for row in (await session.execute(query)).all():
        newest[row.unit_id] = _Version(row)
        if row.state == ReportState.APPROVED:
            approved[row.unit_id] = newest[row.unit_id]
    return newest, approved


class _Version:
    """A row with the name of whoever submitted it."""

    def __init__(self, row: Any) -> None:
        self._row = row
        self.by = row.member or row.account

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


async def _regions(session: AsyncSession, unit_ids: Sequence[int]) -> dict[int, Region]:
    rows = await session.execute(select(UNITS.c.id, UNITS.c.region).where(UNITS.c.id.in_(list(unit_ids))))
    return {row.id: Region(row.region) for row in rows if row.region}


async def list_versions(session: AsyncSession, who: Principal, report: PeriodReport) -> Sequence[PeriodReport]:
    """Every version that its unit ever had of this period, newest first."""
    require(who, Action.READ_REPORT)
    query = select(PeriodReport).where(REPORTS.c.period_id == report.period_id, REPORTS.c.unit_id == report.unit_id)
    return (await session.execute(query.order_by(REPORTS.c.number.desc()))).scalars().all()
