"""Reporting periods: opened by the clock as the province ruled, or asked for; and the pauses of communes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import EARLIEST, LATEST, DayRange
from fieldapp.domain.note import NoteText
from fieldapp.domain.report_form import Code
from fieldapp.domain.reporting_period import DEFAULT_RULES, MAX_SPAN_DAYS, REGULAR, Rule, due, span_of
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import MAX_WORKING_DAYS, WorkCalendar
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.calendar_days import calendar_of
from fieldapp.services.scopes import raise_versions, team_key
from fieldapp.services.upsert import dialect_of, insert_for
from models.period import MonthStyle, Period, PeriodPause, PeriodRule, ReportKind
from models.team import Team, TeamLevel
from models.unit import Unit, UnitKind

PERIODS, PAUSES, RULES = Period.__table__, PeriodPause.__table__, PeriodRule.__table__
UNITS, TEAMS = Unit.__table__, Team.__table__
MOST_LISTED, TICK = 60, "code:"
Days = Annotated[int, Field(ge=1, le=MAX_WORKING_DAYS // 12)]


class RuleForm(BaseModel):
    """How one kind of regular period is reported; a level cannot be due before the one below it."""

    kind: ReportKind
    on: bool = False
    month_style: MonthStyle
    village_days: Days
    commune_days: Days
    province_days: Days

    @model_validator(mode="after")
    def _in_order(self) -> "RuleForm":
        if self.kind not in REGULAR or not self.village_days <= self.commune_days <= self.province_days:
            raise ValueError("days_out_of_order")
        return self


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


async def rules(session: AsyncSession) -> Sequence[Rule]:
    """One for each kind of regular period: what the province said, or what holds until it does."""
    said = {row.kind: row for row in await session.execute(select(RULES))}
    return [_rule(said[str(rule.kind)]) if str(rule.kind) in said else rule for rule in DEFAULT_RULES]


def _rule(row: Any) -> Rule:
    days = row.village_days, row.commune_days, row.province_days
    return Rule(ReportKind(row.kind), row.on, MonthStyle(row.month_style), *days)


async def rule(session: AsyncSession, who: Principal, form: RuleForm) -> None:
    """Says how a kind is reported from the next period on; those that were opened stay as they were told."""
    require(who, Action.RULE_PERIOD)
    insert = insert_for(dialect_of(session), RULES)
    changed = {name: insert.excluded[name] for name in form.model_dump(exclude={"kind"})}
    await session.execute(insert.on_conflict_do_update(index_elements=[RULES.c.kind], set_=changed), form.model_dump())
    detail = {name: str(value) for name, value in form.model_dump(exclude={"kind"}).items()}
    await audit.write(session, [audit.event(who, "period.rule", "period_rule", str(form.kind), who.unit_id, **detail)])


async def open_due(session: AsyncSession, now: datetime) -> int:
    """Opens the regular periods that today lies in, each once whoever else does; gives the number of new ones."""
    today, opened = vn_day(now), 0
    province = await _province(session)
    if province is None:
        return 0
    calendar = await calendar_of(session)
    for one in await rules(session):
        if one.on:
            row = _regular(province, one, span_of(one.kind, one.month_style, today), calendar)
            opened += await _is_new(session, row | {"made_at": now})
    if opened:
        await tell_all(session)
    return opened


def _regular(province: int, one: Rule, span: DayRange, calendar: WorkCalendar) -> dict[str, Any]:
    days = {"village": one.village_days, "commune": one.commune_days, "province": one.province_days}
    return {
        "unit_id": province,
        "kind": one.kind,
        "first_day": span.first,
        "last_day": span.last,
        "month_style": one.month_style,
        "title": "",
        "indicators": "",
        **{f"{level}_due_on": calendar.after(span.last, n) for level, n in days.items()},
    }


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
    if not await _is_new(session, row):
        raise Problem("repeated", "title")
    made = await _find(session, row)
    await tell_all(session, None if by_province else who.commune_id)
    await audit.write(session, [audit.event(who, "period.ask", "period", made.id, who.unit_id, title=made.title)])
    return made


async def _is_new(session: AsyncSession, row: dict[str, Any]) -> bool:
    """Stores a period unless the same is there, waiting for a twin in flight."""
    insert = insert_for(dialect_of(session), PERIODS).values(row).on_conflict_do_nothing()
    return (await session.execute(insert.returning(PERIODS.c.id))).first() is not None


def _long(first: date, last: date) -> bool:
    return (last - first).days >= MAX_SPAN_DAYS


async def _find(session: AsyncSession, row: Mapping[str, Any]) -> Period:
    same = [PERIODS.c[name] == row[name] for name in ("unit_id", "kind", "first_day", "last_day", "title")]
    return (await session.execute(select(Period).where(*same))).scalar_one()


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
    query = select(PAUSES).where(PAUSES.c.commune_id.in_(list(communes)), PAUSES.c.last_day > period.last_day)
    paused: dict[int, list[DayRange]] = {}
    for row in await session.execute(query):
        last = row.last_day if row.lifted_at is None else min(row.last_day, vn_day(row.lifted_at) - timedelta(days=1))
        if last >= row.first_day:
            paused.setdefault(row.commune_id, []).append(DayRange(row.first_day, last))
    days = dict.fromkeys(communes, (period.village_due_on, period.commune_due_on))
    for commune, spans in paused.items():
        calendar = await calendar_of(session, commune)
        village, own = (due(period.last_day, day, calendar, spans) for day in days[commune])
        days[commune] = (village, own)
    return days


async def _province(session: AsyncSession) -> int | None:
    query = select(UNITS.c.id).where(UNITS.c.kind == UnitKind.PROVINCE, UNITS.c.valid_to.is_(None))
    return (await session.execute(query.order_by(UNITS.c.valid_from.desc()))).scalars().first()


async def tell_all(session: AsyncSession, commune_id: int | None = None) -> None:
    """Phones of village teams learn of it with their next pull."""
    query = select(TEAMS.c.id).where(TEAMS.c.level == TeamLevel.VILLAGE, TEAMS.c.valid_to.is_(None))
    if commune_id is not None:
        query = query.where(TEAMS.c.commune_id == commune_id)
    teams = (await session.execute(query)).scalars()
    await raise_versions(session, [team_key(team) for team in teams])
