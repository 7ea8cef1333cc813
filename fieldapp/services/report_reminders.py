"""Who still owes a report, and who was reminded of it: once before it is due and once after, or by hand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.consolidations import expected
from fieldapp.services.period_reports import REPORTS
from fieldapp.services.periods import due_days, followed_since, get_period, is_followed, list_periods
from fieldapp.services.report_units import reporting_villages
from fieldapp.services.scopes import raise_versions, team_key
from fieldapp.services.upsert import dialect_of, insert_for
from models.period import Period
from models.period_report import ReminderKind, ReportReminder, ReportState
from models.team import Seat, SeatRole, Team, TeamVillage
from models.unit import Unit, UnitKind

REMINDERS, UNITS, PERIODS = ReportReminder.__table__, Unit.__table__, Period.__table__
SERVED, SEATS, TEAMS = TeamVillage.__table__, Seat.__table__, Team.__table__
CAUGHT_UP_DAYS = 3
"""So long after the day a reminder still goes out that no server was there to send."""


@dataclass(frozen=True)
class Reminded:
    """Villages that were reminded just now, and who leads there."""

    villages: frozenset[int]
    members: frozenset[int]


async def owing(session: AsyncSession, period: Period, commune_id: int) -> Sequence[tuple[int, frozenset[int]]]:
    """The reporting villages of a commune of which no report waits or is approved, each with those it tells of."""
    villages = await reporting_villages(session, commune_id, DayRange(period.first_day, period.last_day))
    there = await _there(session, period.id or 0, [village.id for village in villages])
    return [(village.id, village.villages) for village in villages if village.id not in there]


async def _there(session: AsyncSession, period_id: int, unit_ids: Collection[int]) -> set[int]:
    query = select(REPORTS.c.unit_id).where(
        REPORTS.c.period_id == period_id,
        REPORTS.c.unit_id.in_(list(unit_ids)),
        REPORTS.c.state.in_([str(ReportState.WAITING), str(ReportState.APPROVED)]),
    )
    return set((await session.execute(query)).scalars())


async def count_owed(session: AsyncSession, village_ids: Collection[int], today: date) -> int:
    """How many reports whoever leads these villages still owes, of periods that are over or end tomorrow."""
    query = select(UNITS.c.parent_id).where(UNITS.c.id.in_(list(village_ids))).distinct()
    count = 0
    for commune_id in (await session.execute(query)).scalars():
        since = await followed_since(session, today, commune_id)
        for period in await list_periods(session, commune_id):
            if is_followed(period, since) and period.last_day <= today + timedelta(days=1):
                owed = await owing(session, period, commune_id or 0)
                count += sum(not told.isdisjoint(village_ids) for _, told in owed)
    return count


@dataclass(frozen=True)
class DueReminder:
    """That the villages of a commune which owe a report are to be reminded today."""

    period_id: int
    commune_id: int
    kind: ReminderKind
    due_on: date


async def list_due(session: AsyncSession, now: datetime) -> Sequence[DueReminder]:
    """Communes in which a report is due tomorrow or today, or was of late; what one asked for is due there."""
    today, found = vn_day(now), []
    since = await followed_since(session, today)
    followed = or_(PERIODS.c.last_day >= since, PERIODS.c.village_due_on >= since)
    query = (
        select(Period, UNITS.c.kind)
        .join(UNITS, UNITS.c.id == PERIODS.c.unit_id)
        .where(PERIODS.c.cancelled_at.is_(None), followed, PERIODS.c.last_day <= today + timedelta(days=1))
        .order_by(PERIODS.c.last_day, PERIODS.c.id)
    )
    for period, kind_of_unit in map(tuple, await session.execute(query)):
        communes = [period.unit_id]
        if kind_of_unit == UnitKind.PROVINCE:
            communes = [unit.id for unit in await expected(session, period, None)]
        for commune_id, (due_on, _) in (await due_days(session, period, communes)).items():
            if kind := _kind((due_on - today).days):
                found.append(DueReminder(period.id or 0, commune_id, kind, due_on))
    return found


def _kind(days_left: int) -> ReminderKind | None:
    if 0 <= days_left <= 1:
        return ReminderKind.SOON
    return ReminderKind.LATE if -CAUGHT_UP_DAYS <= days_left < 0 else None


async def note_due(session: AsyncSession, one: DueReminder, now: datetime) -> Reminded:
    """Notes for every village there that owes the report that it is reminded; each once, whoever else does it."""
    period = await get_period(session, one.period_id)
    return await _note(session, period, one.commune_id, one.kind, one.due_on, now)


async def remind(
    session: AsyncSession, who: Principal, period_id: int, unit_ids: Iterable[int], now: datetime
) -> Reminded:
    """Reminds these of those below who owe a report, at most once a day. Raises `forbidden`, `reminded_already`."""
    require(who, Action.REMIND_REPORT, Place(commune_id=who.commune_id) if who.commune_id else None)
    period = await get_period(session, period_id, who.commune_id)
    chosen, today = set(unit_ids), vn_day(now)
    if who.commune_id is not None:
        found = await _note(session, period, who.commune_id, ReminderKind.ASKED, today, now, who.account_id, chosen)
    else:
        below = {unit.id for unit in await expected(session, period, None)} & chosen
        owed = sorted(below - await _there(session, period.id or 0, below))
        fresh = await _keep(session, period.id or 0, owed, ReminderKind.ASKED, today, now, who.account_id)
        found = Reminded(frozenset(fresh), frozenset())
    if not found.villages:
        raise Problem("reminded_already")
    events = [
        audit.event(who, "report.remind", "period", period.id, unit, title=period.title) for unit in found.villages
    ]
    await audit.write(session, events)
    return found


async def _note(
    session: AsyncSession,
    period: Period,
    commune_id: int,
    kind: ReminderKind,
    day: date,
    now: datetime,
    account_id: int | None = None,
    only: Collection[int] | None = None,
) -> Reminded:
    owed = {id: told for id, told in await owing(session, period, commune_id) if only is None or id in only}
    fresh = await _keep(session, period.id or 0, sorted(owed), kind, day, now, account_id)
    villages = frozenset().union(*(owed[id] for id in fresh))
    teams, members = await _leaders(session, villages, vn_day(now))
    await raise_versions(session, [team_key(team) for team in teams])
    return Reminded(frozenset(fresh), members)


async def _keep(
    session: AsyncSession,
    period_id: int,
    unit_ids: Iterable[int],
    kind: ReminderKind,
    day: date,
    now: datetime,
    account_id: int | None,
) -> list[int]:
    """Notes each of these once for this day, waiting for twins in flight; gives those that are new."""
    rows = [
        {
            "period_id": period_id,
            "unit_id": unit,
            "kind": kind,
            "day": day,
            "noted_at": now,
            "by_account_id": account_id,
        }
        for unit in unit_ids
    ]
    if not rows:
        return []
    insert = insert_for(dialect_of(session), REMINDERS).values(rows).on_conflict_do_nothing()
    return sorted((await session.execute(insert.returning(REMINDERS.c.unit_id))).scalars())


async def _leaders(session: AsyncSession, villages: Collection[int], today: date) -> tuple[set[int], frozenset[int]]:
    """The teams that serve or served these villages, and who may report for them today: none who only reviews."""
    query = (
        select(TEAMS.c.id, SEATS.c.member_id)
        .join(SERVED, SERVED.c.team_id == TEAMS.c.id)
        .join(SEATS, SEATS.c.team_id == TEAMS.c.id)
        .where(
            SERVED.c.village_id.in_(list(villages)),
            SEATS.c.role.in_([str(SeatRole.LEADER), str(SeatRole.DEPUTY)]),
            SEATS.c.delegated_by_id.is_(None),
            SEATS.c.valid_from <= today,
            or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today),
        )
        .distinct()
    )
    rows = (await session.execute(query)).all()
    return {row[0] for row in rows}, frozenset(row[1] for row in rows)


async def last_asked(session: AsyncSession, period_id: int, unit_ids: Collection[int]) -> dict[int, datetime]:
    """When somebody above last reminded each of these by hand."""
    query = select(REMINDERS.c.unit_id, REMINDERS.c.noted_at).where(
        REMINDERS.c.period_id == period_id,
        REMINDERS.c.unit_id.in_(list(unit_ids)),
        REMINDERS.c.kind == str(ReminderKind.ASKED),
    )
    rows = await session.execute(query.order_by(REMINDERS.c.day))
    return {row.unit_id: row.noted_at for row in rows}
