"""Reporting periods: those asked for besides the regular ones (`period_rules`), and the pauses of communes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import EARLIEST, LATEST, DayRange
from fieldapp.domain.note import NoteText
from fieldapp.domain.report_form import Code
from fieldapp.domain.reporting_period import MAX_SPAN_DAYS, REGULAR, due
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.calendar_days import calendar_of
from fieldapp.services.scopes import raise_versions, team_key
from fieldapp.services.upsert import dialect_of, insert_for
from models.period import MonthStyle, Period, PeriodPause, ReportKind
from models.team import Team, TeamLevel
from models.unit import Unit, UnitKind

PERIODS, PAUSES = Period.__table__, PeriodPause.__table__
UNITS, TEAMS = Unit.__table__, Team.__table__
MOST_LISTED, TICK = 60, "code:"
FOLLOWED_DAYS = 45
"""So long after its end, or after its villages were due where that is later, a period's reports are waited for."""


class AskForm(BaseModel):
    """A report that is asked for besides the regular ones; one that names indicators (`code:08`) is a thematic one."""

    title: NoteText = Field(min_length=1, max_length=160)
    first_day: date
    last_day: date
    due_on: date
    indicators: list[Code] = Field(default=[], max_length=60)

    @model_validator(mode="before")
    @classmethod
    def _ticked(cls, given: Any) -> Any:
        """The boxes of a form, each with a name of its own."""
        if not isinstance(given, dict):
            return given
        codes = [name.removeprefix(TICK) for name in given if str(name).startswith(TICK)]
        return {**given, "indicators": codes} if codes else given


class PauseForm(BaseModel):
    first_day: date
    last_day: date
    reason: NoteText = Field(min_length=1, max_length=200)


async def ask(session: AsyncSession, who: Principal, form: AskForm, now: datetime) -> Period:
    """Asks for a report besides: the province of all communes, a commune of its villages.

    Raises `forbidden`, `invalid` with the field, `repeated` where the same was asked for already.
    """
    require(who, Action.ASK_REPORT)
    if not EARLIEST <= form.first_day <= form.last_day <= LATEST or _long(form.first_day, form.last_day):
        raise Problem("invalid", "last_day")
    if form.due_on < max(form.last_day, vn_day(now)) or form.due_on > LATEST:
        raise Problem("invalid", "due_on")
    calendar = await calendar_of(session, who.commune_id)
    by_province = reach_of(who, Action.ASK_REPORT) is Reach.PROVINCE
    row = {
        "unit_id": who.unit_id,
        "kind": ReportKind.THEMATIC if form.indicators else ReportKind.AD_HOC,
        "first_day": form.first_day,
        "last_day": form.last_day,
        "month_style": MonthStyle.CALENDAR,
        "title": form.title.strip(),
        "indicators": ",".join(form.indicators),
        "village_due_on": form.due_on,
        "commune_due_on": calendar.after(form.due_on, 1),
        "province_due_on": calendar.after(form.due_on, 2 if by_province else 1),
        "made_at": now,
        "made_by_id": who.account_id,
    }
    if not await is_new(session, row) and not await _is_asked_again(session, row):
        raise Problem("repeated", "title")
    made = await _find(session, row)
    await tell_all(session, None if by_province else who.commune_id)
    await audit.write(session, [audit.event(who, "period.ask", "period", made.id, who.unit_id, title=made.title)])
    return made


async def is_new(session: AsyncSession, row: dict[str, Any]) -> bool:
    """Stores a period unless the same is there, waiting for a twin in flight."""
    insert = insert_for(dialect_of(session), PERIODS).values(row).on_conflict_do_nothing()
    return (await session.execute(insert.returning(PERIODS.c.id))).first() is not None


async def _is_asked_again(session: AsyncSession, row: dict[str, Any]) -> bool:
    """Takes up one that was taken back, with what is said of it now."""
    gone = update(PERIODS).where(*_same(row), PERIODS.c.cancelled_at.is_not(None))
    again = gone.values(row | {"cancelled_at": None}).returning(PERIODS.c.id)
    return (await session.execute(again)).first() is not None


def _same(row: Mapping[str, Any]) -> list[Any]:
    return [PERIODS.c[name] == row[name] for name in ("unit_id", "kind", "first_day", "last_day", "title")]


def _long(first: date, last: date) -> bool:
    return (last - first).days >= MAX_SPAN_DAYS


async def _find(session: AsyncSession, row: Mapping[str, Any]) -> Period:
    again = select(Period).where(*_same(row)).execution_options(populate_existing=True)
    return (await session.execute(again)).scalar_one()


async def cancel(session: AsyncSession, who: Principal, period_id: int, now: datetime) -> None:
    """Takes back what oneself asked for; regular periods stay. Raises `not_found`, `forbidden`."""
    require(who, Action.ASK_REPORT)
    row = await session.get(Period, period_id)
    if row is None or row.kind in REGULAR:
        raise Problem("not_found")
    if row.unit_id != who.unit_id:
        raise Problem("forbidden")
    if row.cancelled_at is None:
        row.cancelled_at = now
        await session.flush()
        await tell_all(session, who.commune_id)
        await audit.write(session, [audit.event(who, "period.cancel", "period", row.id, row.unit_id, title=row.title)])


async def pause(session: AsyncSession, who: Principal, commune_id: int, form: PauseForm) -> None:
    """Stops a commune's deadlines for these days. Raises `forbidden`, `not_found`, `invalid`."""
    require(who, Action.PAUSE_PERIOD, Place(commune_id=commune_id))
    commune = await session.get(Unit, commune_id)
    if commune is None or commune.kind != UnitKind.COMMUNE:
        raise Problem("not_found")
    if not EARLIEST <= form.first_day <= form.last_day <= LATEST or _long(form.first_day, form.last_day):
        raise Problem("invalid", "last_day")
    row = PeriodPause(commune_id=commune_id, **form.model_dump(), made_by_id=who.account_id or 0)
    session.add(row)
    await session.flush()
    await tell_all(session, commune_id)
    days = {"first": form.first_day.isoformat(), "last": form.last_day.isoformat(), "reason": form.reason}
    await audit.write(session, [audit.event(who, "period.pause", "period_pause", row.id, commune_id, **days)])


async def lift(session: AsyncSession, who: Principal, pause_id: int, now: datetime) -> None:
    """Ends a pause today: days still to come count again. Raises `not_found`, `forbidden`."""
    require(who, Action.PAUSE_PERIOD)
    row = await session.get(PeriodPause, pause_id)
    if row is None:
        raise Problem("not_found")
    require(who, Action.PAUSE_PERIOD, Place(commune_id=row.commune_id))
    if row.lifted_at is None:
        row.lifted_at = now
        await session.flush()
        await tell_all(session, row.commune_id)
        await audit.write(session, [audit.event(who, "period.lift", "period_pause", row.id, row.commune_id)])


async def list_pauses(session: AsyncSession, who: Principal, since: date) -> Sequence[Any]:
    """(…, commune's name) of pauses that are not long over: one's own commune's, or of all."""
    require(who, Action.READ_REPORT)
    query = (
        select(PAUSES, UNITS.c.name)
        .join(UNITS, UNITS.c.id == PAUSES.c.commune_id)
        .where(PAUSES.c.last_day >= since, PAUSES.c.lifted_at.is_(None))
        .order_by(PAUSES.c.first_day, PAUSES.c.id)
        .limit(MOST_LISTED)
    )
    if reach_of(who, Action.READ_REPORT) is not Reach.PROVINCE:
        query = query.where(PAUSES.c.commune_id == who.commune_id)
    return (await session.execute(query)).all()


def is_followed(period: Period, since: date) -> bool:
    """`since` is from `followed_since`."""
    return max(period.last_day, period.village_due_on) >= since


async def followed_since(session: AsyncSession, today: date, commune_id: int | None = None) -> date:
    """Periods that ended, or whose villages were due, on this day or later are waited for.

    A pause of the commune, or of any, that is not long over lets one wait for those from before it, too.
    """
    days = timedelta(days=FOLLOWED_DAYS)
    query = select(func.min(PAUSES.c.first_day)).where(PAUSES.c.last_day >= today - days, PAUSES.c.first_day <= today)
    if commune_id is not None:
        query = query.where(PAUSES.c.commune_id == commune_id)
    return min(today, (await session.execute(query)).scalar() or today) - days


async def get_period(session: AsyncSession, period_id: int, commune_id: int | None = None) -> Period:
    """One that was not taken back and concerns this commune. Raises `not_found`."""
    row = await session.get(Period, period_id)
    if row is None or row.cancelled_at is not None:
        raise Problem("not_found", "period")
    asker = await session.get_one(Unit, row.unit_id)
    if asker.kind == UnitKind.COMMUNE and commune_id is not None and asker.id != commune_id:
        raise Problem("not_found", "period")
    return row


async def list_periods(session: AsyncSession, commune_id: int | None, limit: int = MOST_LISTED) -> Sequence[Period]:
    """The periods that concern a commune, or with none the province, newest first."""
    asker = UNITS.c.kind == UnitKind.PROVINCE
    if commune_id is not None:
        asker = or_(asker, UNITS.c.id == commune_id)
    query = (
        select(Period)
        .join(Unit, UNITS.c.id == PERIODS.c.unit_id)
        .where(PERIODS.c.cancelled_at.is_(None), asker)
        .order_by(PERIODS.c.last_day.desc(), PERIODS.c.id.desc())
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def due_days(session: AsyncSession, period: Period, communes: Sequence[int]) -> dict[int, tuple[date, date]]:
    """By commune the days by which its villages, and it itself, are to have reported: pauses move them."""
    # One that is asked for begins to run when it is asked for: what stood still before is in its deadline.
    since = period.last_day if period.kind in REGULAR else max(period.last_day, vn_day(period.made_at))
    query = select(PAUSES).where(PAUSES.c.commune_id.in_(list(communes)), PAUSES.c.last_day > since)
    paused: dict[int, list[DayRange]] = {}
    for row in await session.execute(query):
        last = row.last_day if row.lifted_at is None else min(row.last_day, vn_day(row.lifted_at) - timedelta(days=1))
        if last >= row.first_day:
            paused.setdefault(row.commune_id, []).append(DayRange(row.first_day, last))
    days = dict.fromkeys(communes, (period.village_due_on, period.commune_due_on))
    for commune, spans in paused.items():
        told, calendar = await calendar_of(session, commune, period.made_at), await calendar_of(session, commune)
        village, own = (due(since, day, told, calendar, spans) for day in days[commune])
        days[commune] = (village, own)
    return days


async def tell_all(session: AsyncSession, commune_id: int | None = None) -> None:
    """Phones of village teams learn of it with their next pull."""
    query = select(TEAMS.c.id).where(TEAMS.c.level == TeamLevel.VILLAGE, TEAMS.c.valid_to.is_(None))
    if commune_id is not None:
        query = query.where(TEAMS.c.commune_id == commune_id)
    teams = (await session.execute(query)).scalars()
    await raise_versions(session, [team_key(team) for team in teams])
