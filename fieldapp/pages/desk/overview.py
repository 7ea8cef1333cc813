"""Tổng quan: the numbers of a unit, and the way down to those below it; read from counters only."""

from datetime import date
from typing import Any, Literal

import reflex as rx
from pydantic import BaseModel

from fieldapp.components.base import chip
from fieldapp.components.desk_shell import TITLE_ID, desk_page, downloads
from fieldapp.components.table import pager
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.day_range import DayRange, Preset, given_range, named_range
from fieldapp.domain.given import read_key
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk import overview_panels as panels
from fieldapp.pages.desk.overview_view import SummaryView, UnitLine, show_summary
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.summary import read_summary
from fieldapp.reports.unit_tree import get_own_unit
from fieldapp.states.session import DeskState, needs
from models.base import utc_now

PAGE = 50
PERCENTAGES = "/desk/percentages/"
BY_DAY = (Preset.TODAY, Preset.WEEK)
"""Ranges that a province cannot be asked for: it is counted by half-month."""


class Days(BaseModel):
    """The form of a free range."""

    first: date
    last: date


SORTS = {
    "name": lambda line: fold(line.name),
    "approved": lambda line: line.counts.approved,
    "waiting": lambda line: line.counts.waiting,
    "returned": lambda line: line.counts.returned,
    "households": lambda line: line.households.approved,
    "previous": lambda line: line.previous,
}
SortKey = Literal["name", "approved", "waiting", "returned", "households", "previous"]


class OverviewState(DeskState):
    """`preset` is empty while a free range is shown. Of the units below, the view holds those of this page."""

    preset: str = str(Preset.MONTH)
    view: SummaryView = SummaryView()
    sorted_by: str = "approved"
    descending: bool = True
    page: int = 0
    pages: int = 1
    total: int = 0
    _lines: rx.Field[list[UnitLine]] = rx.field(default_factory=list)
    _unit_id: int = 0
    _days: tuple[date, date] | None = None

    @needs(Action.READ_SUMMARY)
    async def load(self, who: Principal) -> None:
        """The unit in the address, when a search led here; else that of before, or one's own."""
        await self._show(who, read_key(self.router.url.query_parameters.get("unit")) or self._unit_id)

    @needs(Action.READ_SUMMARY)
    async def open_unit(self, who: Principal, unit_id: int) -> Any:
        await self._show(who, unit_id)
        return rx.scroll_to(TITLE_ID)

    @needs(Action.READ_SUMMARY)
    async def choose_preset(self, who: Principal, preset: Preset) -> None:
        self.preset, self._days = str(preset), None
        await self._show(who, self._unit_id)

    @needs(Action.READ_SUMMARY)
    async def choose_days(self, who: Principal, form: Days) -> None:
        days = given_range(form.first, form.last)
        self.preset, self._days = "", (days.first, days.last)
        await self._show(who, self._unit_id)

    @needs(Action.READ_SUMMARY)
    async def sort(self, who: Principal, by: SortKey) -> None:
        self.descending = not self.descending if by == self.sorted_by else by != "name"
        self.sorted_by = by
        self._turn(0)

    @needs(Action.READ_SUMMARY)
    async def turn(self, who: Principal, page: int) -> None:
        self._turn(page)

    async def _refuse(self, problem: Problem) -> Any:
        """Whoever signs in comes here first; a partner has a page of its own instead."""
        if problem.code == "forbidden" and str(Action.READ_PERCENTAGE) in self.allowed:
            return rx.redirect(PERCENTAGES)
        return await super()._refuse(problem)

    async def _show(self, who: Principal, unit_id: int) -> None:
        now = utc_now()
        days = DayRange(*self._days) if self._days else named_range(Preset(self.preset), vn_day(now))
        async with database().read() as db:
            shown = unit_id or (await get_own_unit(db, who, Action.READ_SUMMARY)).id or 0
            summary = await read_summary(db, who, shown, days, now)
        view = show_summary(summary, now)
        self._lines, view.units = view.units, []
        self._unit_id, self.view = shown, view
        self._turn(0)

    def _turn(self, page: int) -> None:
        lines = sorted(self._lines, key=SORTS[self.sorted_by], reverse=self.descending)
        self.total, self.pages = len(lines), max(1, -(-len(lines) // PAGE))
        self.page = max(0, min(page, self.pages - 1))
        self.view.units = lines[self.page * PAGE : (self.page + 1) * PAGE]


def _presets() -> rx.Component:
    def one(preset: Preset) -> rx.Component:
        press = chip(
            t(f"range.{preset}"), OverviewState.preset == str(preset), OverviewState.choose_preset(str(preset))
        )
        return rx.cond(OverviewState.view.kind != "province", press) if preset in BY_DAY else press

    return rx.el.div(*[one(preset) for preset in Preset], class_name="chips")


def _free_range() -> rx.Component:
    def field(name: str, value: Any) -> rx.Component:
        control = rx.el.input(type="date", name=name, default_value=value, required=True, key=value)
        return rx.el.label(rx.el.span(t(f"desk.{name}_day")), control, class_name="field")

    return rx.el.form(
        field("first", OverviewState.view.first),
        field("last", OverviewState.view.last),
        rx.el.button(t("desk.show"), type="submit", class_name="button compact"),
        on_submit=OverviewState.choose_days,
        class_name="filters",
    )


def _pager() -> rx.Component:
    state = OverviewState
    return pager(state.page, state.pages, state.total, state.turn, words="desk.units_page")


def overview_page() -> rx.Component:
    view = OverviewState.view
    return desk_page(
        rx.cond(view.name != "", view.name, t("desk.overview")),
        rx.cond(some(view.crumbs), panels.crumbs(view, OverviewState.open_unit)),
        rx.el.section(_presets(), _free_range(), class_name="panel"),
        panels.range_words(view),
        panels.figures(view),
        rx.cond(
            some(view.units),
            panels.units(
                view,
                OverviewState.open_unit,
                OverviewState.sort,
                OverviewState.sorted_by,
                OverviewState.descending,
                rx.cond(OverviewState.pages > 1, _pager()),
            ),
        ),
        rx.el.div(
            panels.platforms(view),
            rx.el.div(panels.line(view), panels.pillars(view), panels.results(view), class_name="stack"),
            class_name="columns",
        ),
        rx.el.div(panels.teams(view), panels.members(view), class_name="columns"),
        current="overview",
        tools=downloads("summary", OverviewState.view.export),
    )
