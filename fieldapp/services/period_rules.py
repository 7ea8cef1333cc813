"""Regular reporting periods: how the province ruled that each kind is reported, and those that the clock opens."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.reporting_period import DEFAULT_RULES, REGULAR, Rule, span_of
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import MAX_WORKING_DAYS, WorkCalendar
from fieldapp.permissions import Action, Principal, require
from fieldapp.services import audit
from fieldapp.services.calendar_days import calendar_of
from fieldapp.services.periods import is_new, tell_all
from fieldapp.services.upsert import dialect_of, insert_for
from models.period import MonthStyle, Period, PeriodRule, ReportKind
from models.unit import Unit, UnitKind

PERIODS, RULES, UNITS = Period.__table__, PeriodRule.__table__, Unit.__table__
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


async def rules(session: AsyncSession) -> Sequence[Rule]:
    """One for each kind of regular period: what the province said, or what holds until it does."""
    said = {row.kind: row for row in await session.execute(select(RULES))}
    return [_rule(said[str(rule.kind)]) if str(rule.kind) in said else rule for rule in DEFAULT_RULES]


def _rule(row: Any) -> Rule:
    days = row.village_days, row.commune_days, row.province_days
    return Rule(ReportKind(row.kind), row.on, MonthStyle(row.month_style), *days)


async def rule(session: AsyncSession, who: Principal, form: RuleForm) -> None:
    """Says how a kind is reported from the next period on; those that were opened stay as they were told, and where
    months are counted otherwise the first new period begins behind the last old one.
    """
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
        if one.on and (span := await _next_span(session, province, one, today)):
            row = _regular(province, one, span, calendar)
            opened += await is_new(session, row | {"made_at": now})
    if opened:
        await tell_all(session)
    return opened


async def _next_span(session: AsyncSession, province: int, one: Rule, today: date) -> DayRange | None:
    """The days of the period that today lies in, but for those that a period of the same kind has already."""
    span = span_of(one.kind, one.month_style, today)
    same = PERIODS.c.unit_id == province, PERIODS.c.kind == one.kind, PERIODS.c.cancelled_at.is_(None)
    query = select(func.max(PERIODS.c.last_day)).where(*same, PERIODS.c.first_day <= today)
    taken = (await session.execute(query)).scalar_one()
    if taken is None or taken < span.first:
        return span
    return DayRange(taken + timedelta(days=1), span.last) if taken < today else None


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


async def _province(session: AsyncSession) -> int | None:
    query = select(UNITS.c.id).where(UNITS.c.kind == UnitKind.PROVINCE, UNITS.c.valid_to.is_(None))
    return (await session.execute(query.order_by(UNITS.c.valid_from.desc()))).scalars().first()
