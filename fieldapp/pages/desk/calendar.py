"""Ngày làm việc: days that are worked besides and days that are free besides, for the province or one commune."""

from dataclasses import dataclass
from datetime import date, timedelta

import reflex as rx

from fieldapp.components.base import button, empty, pill
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import date_field, field, form, said, text_field
from fieldapp.components.table import Column, cell, table
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import public_holiday
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Principal
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.services import calendar_days
from fieldapp.services.calendar_days import DayForm
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now

AHEAD = 200


@dataclass
class DayView:
    unit: int = 0
    where: str = ""
    of_all: bool = False
    iso: str = ""
    day: str = ""
    working: bool = False
    note: str = ""


@dataclass
class HolidayView:
    """Holidays are called by their Vietnamese names in every language."""

    day: str = ""
    name: str = ""


class CalendarState(DeskState):
    days: rx.Field[list[DayView]] = rx.field(default_factory=list)
    holidays: rx.Field[list[HolidayView]] = rx.field(default_factory=list)
    communes: rx.Field[list[Option]] = rx.field(default_factory=list)
    saved: str = ""
    forgotten: str = ""

    @needs(Action.KEEP_CALENDAR)
    async def load(self, who: Principal) -> None:
        self.saved, self.forgotten = "", ""
        await self._show(who)

    @needs(Action.KEEP_CALENDAR)
    async def decide(self, who: Principal, given: DayForm) -> None:
        self.saved, self.forgotten = "", ""
        async with database().write() as db:
            await calendar_days.decide(db, who, given)
        self.saved = written_day(given.day)
        await self._show(who)

    @needs(Action.KEEP_CALENDAR)
    async def forget(self, who: Principal, unit: int, day: date) -> None:
        self.saved, self.forgotten = "", ""
        async with database().write() as db:
            await calendar_days.forget(db, who, unit, day)
        self.forgotten = written_day(day)
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        today = vn_day(utc_now())
        async with database().read() as db:
            province = await get_own_unit(db, who, Action.KEEP_CALENDAR)
            self.communes = [Option(str(c.id), c.name) for c in await list_below(db, province, DayRange(today, today))]
            decided = await calendar_days.list_decided(db, who, today)
        self.days = [
            DayView(d.unit_id, d.unit, d.of_all, d.day.isoformat(), written_day(d.day), d.working, d.note)
            for d in decided
        ]
        coming = [today + timedelta(days=n) for n in range(AHEAD)]
        self.holidays = [HolidayView(written_day(day), public_holiday(day)) for day in coming if public_holiday(day)]


def _form() -> rx.Component:
    kinds = [
        rx.el.option(t("calendar.free"), value="false"),
        rx.el.option(t("calendar.working"), value="true"),
    ]
    where = rx.el.select(
        rx.el.option(t("calendar.all_communes"), value=""), options(CalendarState.communes), name="commune"
    )
    return rx.el.section(
        rx.el.h2(t("calendar.add")),
        form(
            date_field("day", t("calendar.day"), required=True),
            field(t("calendar.worked"), rx.el.select(*kinds, name="working")),
            field(t("calendar.where"), where),
            text_field("note", t("calendar.note"), t("calendar.note_hint"), max_length=120),
            send=t("calendar.save"),
            on_submit=CalendarState.decide,
        ),
        class_name="panel",
    )


def _day(day: DayView) -> rx.Component:
    forget = button(
        t("calendar.forget"),
        rx.el.span(" ", t("calendar.forget_day", day=day.day), class_name="sr"),
        kind="compact",
        on_click=CalendarState.forget(day.unit, day.iso),
    )
    kind = rx.cond(day.working, pill(t("calendar.working"), "done"), pill(t("calendar.free"), "wait"))
    return rx.el.tr(
        cell(day.day, kind="num-left"),
        cell(kind),
        cell(rx.cond(day.of_all, t("calendar.all_communes"), day.where)),
        cell(day.note),
        cell(forget),
        key=day.iso + day.where,
    )


def calendar_page() -> rx.Component:
    state = CalendarState
    heads = [Column(t(f"calendar.col_{name}")) for name in ("day", "kind", "where", "note", "forget")]
    decided = table(t("calendar.decided"), heads, state.days, _day)
    coming = rx.foreach(
        state.holidays,
        lambda one: rx.el.li(rx.el.span(one.day, class_name="num strong"), " · ", one.name, key=one.day),
    )
    holidays = [rx.el.h2(t("calendar.coming")), rx.el.ul(coming, class_name="stack tight")]
    gone = rx.cond(state.forgotten != "", t("calendar.forgotten", day=state.forgotten), "")
    done = rx.cond(state.saved != "", t("calendar.saved", day=state.saved), gone)
    return desk_page(
        t("desk.calendar"),
        rx.el.p(t("calendar.means"), class_name="soft"),
        said(done),
        rx.el.div(
            _form(),
            rx.el.section(*holidays, class_name="panel"),
            class_name="columns",
        ),
        rx.el.section(
            rx.el.h2(t("calendar.decided")),
            rx.cond(some(state.days), decided, empty("calendar", t("calendar.none"))),
            class_name="panel",
        ),
        current="calendar",
    )
