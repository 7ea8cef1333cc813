"""What the page of reporting periods holds and does."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.domain.given import Key
from fieldapp.domain.reporting_period import REGULAR, Rule
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.pages.desk.reports_state import PeriodChoice, period_choice
from fieldapp.permissions import Action, Principal
from fieldapp.services import period_rules, periods, shared_links
from fieldapp.services.indicators import list_indicators
from fieldapp.states.commune import CommuneState
from fieldapp.states.option import Option
from fieldapp.states.session import needs
from models.base import utc_now
from models.period import Period

RECENT = timedelta(days=30)


@dataclass
class RuleLine:
    kind: str = ""
    on: bool = False
    style: str = ""
    village_days: int = 0
    commune_days: int = 0
    province_days: int = 0


@dataclass
class PeriodLine:
    """`own`: asked for by whoever looks, who may take it back."""

    id: int = 0
    choice: PeriodChoice = field(default_factory=PeriodChoice)
    village_due: str = ""
    commune_due: str = ""
    province_due: str = ""
    own: bool = False


@dataclass
class PauseLine:
    id: int = 0
    commune: str = ""
    days: str = ""
    reason: str = ""


class PauseAt(periods.PauseForm):
    """`commune` counts for those who reach the whole province; others pause their own."""

    commune: Key | None = None


class PeriodsState(CommuneState):
    """`done` says what was done just now, as a code of the catalogue."""

    rules: rx.Field[list[RuleLine]] = rx.field(default_factory=list)
    lines: rx.Field[list[PeriodLine]] = rx.field(default_factory=list)
    pauses: rx.Field[list[PauseLine]] = rx.field(default_factory=list)
    indicators: rx.Field[list[Option]] = rx.field(default_factory=list)
    calendar_since: str = ""
    today: str = ""
    done: str = ""
    drawn: int = 0

    @needs(Action.READ_REPORT)
    async def load(self, who: Principal) -> None:
        await self._show(who)

    @needs(Action.RULE_PERIOD)
    async def rule(self, who: Principal, form: period_rules.RuleForm) -> None:
        async with database().write() as db:
            await period_rules.rule(db, who, form)
        await self._show(who, "ruled")

    @needs(Action.ASK_REPORT)
    async def ask(self, who: Principal, form: periods.AskForm) -> None:
        async with database().write() as db:
            await periods.ask(db, who, form, utc_now())
        await self._show(who, "asked")

    @needs(Action.ASK_REPORT)
    async def cancel(self, who: Principal, period: Key) -> None:
        async with database().write() as db:
            await periods.cancel(db, who, period, utc_now())
        await self._show(who, "cancelled")

    @needs(Action.PAUSE_PERIOD)
    async def pause(self, who: Principal, form: PauseAt) -> None:
        commune = who.commune_id or form.commune or 0
        said = periods.PauseForm(first_day=form.first_day, last_day=form.last_day, reason=form.reason)
        async with database().write() as db:
            await periods.pause(db, who, commune, said)
        await self._show(who, "paused")

    @needs(Action.PAUSE_PERIOD)
    async def lift(self, who: Principal, pause: Key) -> None:
        async with database().write() as db:
            await periods.lift(db, who, pause, utc_now())
        await self._show(who, "lifted")

    @needs(Action.READ_REPORT)
    async def shared(self, who: Principal) -> None:
        """An address of one's own was made, past the socket."""
        await self._show(who)

    @needs(Action.READ_REPORT)
    async def unshare(self, who: Principal) -> None:
        async with database().write() as db:
            await shared_links.end_calendar(db, who)
        await self._show(who, "unshared")

    async def _show(self, who: Principal, done: str = "") -> None:
        self.done, self.drawn = done, self.drawn + 1
        today = vn_day(utc_now())
        self.today = today.isoformat()
        async with database().read() as db:
            await self._commune(db, who, Action.READ_REPORT)
            self.rules = [_rule(one) for one in await period_rules.rules(db)]
            found = [(one, await _dues(db, one, who)) for one in await periods.list_periods(db, who.commune_id, 24)]
            paused = await periods.list_pauses(db, who, today - RECENT)
            named = await list_indicators(db, today)
            link = await shared_links.find_own_calendar(db, who)
        self.calendar_since = written_instant(link.made_at) if link else ""
        self.lines = [_period(one, dues, who) for one, dues in found]
        self.pauses = [PauseLine(row.id, row.name, _days(row.first_day, row.last_day), row.reason) for row in paused]
        self.indicators = [
            Option(one.code, f"{one.code} · {one.name_vi}", f"{one.code} · {one.name_en}") for one in named
        ]


def _rule(one: Rule) -> RuleLine:
    return RuleLine(str(one.kind), one.on, str(one.month_style), one.village_days, one.commune_days, one.province_days)


async def _dues(db: AsyncSession, one: Period, who: Principal) -> tuple[date, date]:
    """By when villages and communes are due: a commune's own pauses move both."""
    if who.commune_id is None:
        return one.village_due_on, one.commune_due_on
    return (await periods.due_days(db, one, [who.commune_id]))[who.commune_id]


def _period(one: Period, dues: tuple[date, date], who: Principal) -> PeriodLine:
    return PeriodLine(
        id=one.id or 0,
        choice=period_choice(one),
        village_due=written_day(dues[0]),
        commune_due=written_day(dues[1]),
        province_due=written_day(one.province_due_on),
        own=one.kind not in REGULAR and one.unit_id == who.unit_id,
    )


def _days(first: date, last: date) -> str:
    return f"{written_day(first)} – {written_day(last)}"
