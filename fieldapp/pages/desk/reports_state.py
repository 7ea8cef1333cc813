"""What the page of periodic reports holds and does."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import MAX_KEY, Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.report_form import MAX_TEXT, TextPart
from fieldapp.domain.reporting_period import counted_in
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day, written_days, written_instant
from fieldapp.pages.desk.bundle_lines import BundleLine, bundle_lines
from fieldapp.pages.desk.report_view import ReportView, report_view
from fieldapp.permissions import Action, Principal
from fieldapp.services import bundles, consolidations, notices, report_decisions, report_reminders
from fieldapp.services.period_reports import LATE
from fieldapp.services.periods import list_periods
from fieldapp.services.report_decisions import MAX_REASON
from fieldapp.services.report_standing import PeriodStanding, Stands, UnitReport, read_standing
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.bundle import BundleFile, BundleState
from models.period import MonthStyle, Period
from models.unit import Region

PAGE, PATH = 50, "/desk/reports/"


@dataclass
class PeriodChoice:
    """A period in the list; words are made on the screen, from its kind, the month that it is counted to, its days."""

    id: str = ""
    kind: str = ""
    month: int = 0
    quarter: int = 0
    year: int = 0
    days: str = ""
    title: str = ""


@dataclass
class UnitLine:
    unit: int = 0
    name: str = ""
    stands: str = ""
    due: str = ""
    report: str = ""
    number: int = 0
    received: str = ""
    late: bool = False
    by: str = ""
    reason: str = ""
    warnings: int = 0
    missing: int = 0
    missing_names: str = ""
    asked: str = ""


class ReturnForm(BaseModel):
    report: UUID
    reason: NoteText = Field(min_length=1, max_length=MAX_REASON)


class TextForm(BaseModel):
    """What a commune or the province writes beside the sums."""

    difficulties: NoteText = Field(default="", max_length=MAX_TEXT)
    proposals: NoteText = Field(default="", max_length=MAX_TEXT)
    practice: NoteText = Field(default="", max_length=MAX_TEXT)
    plan: NoteText = Field(default="", max_length=MAX_TEXT)


class ReportsState(DeskState):
    """`only` is empty where all units are shown; `done` says what was done just now, as a code of the catalogue."""

    periods: rx.Field[list[PeriodChoice]] = rx.field(default_factory=list)
    period: str = ""
    chosen: PeriodChoice = PeriodChoice()
    lines: rx.Field[list[UnitLine]] = rx.field(default_factory=list)
    counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    only: str = ""
    region: str = ""
    page: int = 0
    pages: int = 1
    total: int = 0
    expected: int = 0
    """How many report, whatever is shown of them."""
    own: UnitLine = UnitLine()
    clean: int = 0
    owing: int = 0
    owing_names: str = ""
    below_due: str = ""
    own_due: str = ""
    of_commune: bool = False
    bundles: rx.Field[list[BundleLine]] = rx.field(default_factory=list)
    bundling: bool = False
    detail: ReportView = ReportView()
    drawn: int = 0
    done: str = ""
    done_count: int = 0

    @needs(Action.READ_REPORT)
    async def load(self, who: Principal) -> None:
        """The period in the address, or the one that ended last."""
        asked = self.router.url.query_parameters.get("period", "")
        self.only, self.region, self.page, self.detail = "", "", 0, ReportView()
        await self._show(who, asked if asked.isdecimal() and len(asked) < 10 else "")

    @needs(Action.READ_REPORT)
    async def choose_period(self, who: Principal, period: Key) -> Any:
        """Its address shows it again, to whomever it is sent."""
        return rx.redirect(f"{PATH}?period={period}", replace=True)

    @needs(Action.READ_REPORT)
    async def choose_state(self, who: Principal, only: Stands | None) -> None:
        """The same once more shows all again."""
        self.only, self.page = "" if only is None or str(only) == self.only else str(only), 0
        await self._show(who, self.period)

    @needs(Action.READ_REPORT)
    async def choose_region(self, who: Principal, region: Region | None) -> None:
        self.region, self.page = "" if region is None or str(region) == self.region else str(region), 0
        await self._show(who, self.period)

    @needs(Action.READ_REPORT)
    async def turn(self, who: Principal, page: int) -> None:
        self.page = max(0, page)
        await self._show(who, self.period)

    @needs(Action.READ_REPORT)
    async def open(self, who: Principal, report: UUID) -> None:
        async with database().read() as db:
            self.detail = await report_view(db, who, report, utc_now())
        self.drawn += 1

    @needs(Action.READ_REPORT)
    async def close(self, who: Principal) -> None:
        self.detail = ReportView()

    @needs(Action.READ_REPORT)
    async def approve(self, who: Principal, report: UUID) -> None:
        """By whoever decides on it: the service says."""
        await self._decide(who, [report], "approved")

    @needs(Action.CHECK_REPORT)
    async def approve_clean(self, who: Principal) -> None:
        async with database().read() as db:
            standing = await read_standing(db, who, self._period_id(), utc_now())
        await self._decide(who, list(standing.clean), "approved")

    @needs(Action.READ_REPORT)
    async def send_back(self, who: Principal, form: ReturnForm) -> None:
        await self._decide(who, [form.report], "returned", form.reason)

    async def _decide(self, who: Principal, reports: list[UUID], done: str, reason: str = "") -> None:
        async with database().write() as db:
            changed = await report_decisions.decide(db, who, reports, done == "approved", reason, utc_now())
        self.detail = ReportView()
        await self._show(who, self.period, done, changed)

    @needs(Action.REMIND_REPORT)
    async def remind(self, who: Principal) -> None:
        """All who owe one; each at most once a day."""
        now = utc_now()
        async with database().write() as db:
            standing = await read_standing(db, who, self._period_id(), now)
            units = [unit.unit_id for unit in standing.owing]
            reminded = await report_reminders.remind(db, who, self._period_id(), units, now)
            if reminded.members:
                await notices.note_reports(db, reminded.members)
        await self._show(who, self.period, "reminded", len(reminded.villages))

    @needs(Action.CONSOLIDATE_REPORT)
    async def consolidate(self, who: Principal, form: TextForm) -> None:
        texts = {TextPart(name): text for name, text in form.model_dump().items() if text.strip()}
        async with database().write() as db:
            added = consolidations.ConsolidateForm(texts=texts)
            await consolidations.consolidate(db, who, self._period_id(), added, utc_now())
        await self._show(who, self.period, "consolidated", 1)

    @needs(Action.REMIND_REPORT)
    async def copied(self, who: Principal) -> None:
        self.done = "copied"

    @needs(Action.READ_REPORT)
    async def bundle(self, who: Principal, file: BundleFile) -> None:
        """All papers of the period in one file; one that failed goes on."""
        async with database().write() as db:
            await bundles.ask(db, who, self._period_id(), file, utc_now())
        await self._show(who, self.period, "bundled")

    @needs(Action.READ_REPORT)
    async def look(self, who: Principal) -> None:
        """How far its bundles are."""
        async with database().read() as db:
            await self._list_bundles(db, who)

    async def _list_bundles(self, db: AsyncSession, who: Principal) -> None:
        self.bundles = list(await bundle_lines(db, who, self._period_id()))
        self.bundling = any(one.state == BundleState.WAITING for one in self.bundles)

    def _period_id(self) -> int:
        return int(self.period) if self.period.isdecimal() and int(self.period) <= MAX_KEY else 0

    async def _show(self, who: Principal, period: str, done: str = "", count: int = 0) -> None:
        self.done, self.done_count, self.of_commune = done, count, who.commune_id is not None
        now = utc_now()
        async with database().read() as db:
            known = await list_periods(db, who.commune_id)
            self.periods = [period_choice(one) for one in known]
            self.period = period if period in {one.id for one in self.periods} else _last(known, vn_day(now))
            self.chosen = next((one for one in self.periods if one.id == self.period), PeriodChoice())
            if self.period:
                self._take(await read_standing(db, who, self._period_id(), now))
                await self._list_bundles(db, who)
            else:
                self.lines, self.total, self.own, self.clean, self.owing = [], 0, UnitLine(), 0, 0

    def _take(self, standing: PeriodStanding) -> None:
        period = standing.period
        self.counts = {str(word): n for word, n in standing.counts.items()}
        shown = [
            unit
            for unit in standing.units
            if self.only in ("", str(unit.stands)) and self.region in ("", str(unit.region))
        ]
        self.expected = len(standing.units)
        self.total, self.pages = len(shown), max(1, -(-len(shown) // PAGE))
        self.page = min(self.page, self.pages - 1)
        self.lines = [_line(unit) for unit in shown[self.page * PAGE : (self.page + 1) * PAGE]]
        self.own = _line(standing.own)
        self.clean = len(standing.clean)
        self.owing, self.owing_names = len(standing.owing), ", ".join(unit.name for unit in standing.owing)
        below = standing.units[0].due_on if standing.units and self.of_commune else period.commune_due_on
        self.below_due, self.own_due = written_day(below), written_day(standing.own.due_on)


def _last(periods: Any, today: date) -> str:
    """The period that ended last; where none has, the one that runs."""
    over = [one for one in periods if one.last_day < today]
    return str((over or list(periods))[0].id) if periods else ""


def period_choice(period: Period) -> PeriodChoice:
    month = counted_in(MonthStyle(period.month_style), period.last_day)
    return PeriodChoice(
        id=str(period.id),
        kind=str(period.kind),
        month=month.month,
        quarter=(month.month + 2) // 3,
        year=month.year,
        days=written_days(DayRange(period.first_day, period.last_day)),
        title=period.title,
    )


def _line(unit: UnitReport) -> UnitLine:
    return UnitLine(
        unit=unit.unit_id,
        name=unit.name,
        stands=str(unit.stands),
        due=written_day(unit.due_on),
        report=str(unit.report_id or ""),
        number=unit.number,
        received=written_instant(unit.received_at),
        late=unit.late,
        by=unit.by,
        reason=unit.reason,
        warnings=sum(one != LATE for one in unit.warnings),
        missing=len(unit.missing),
        missing_names=", ".join(unit.missing),
        asked=written_instant(unit.asked_at),
    )
