"""Tổng quan: the numbers of a unit, and the way down to those below it; read from counters only.

What is shown is what the address says: every choice leads to another address, and one that is sent shows the same.
"""

from datetime import date
from typing import Annotated, Any

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.chart import patterns
from fieldapp.components.desk_shell import TITLE_ID, desk_page, downloads
from fieldapp.components.form import folded
from fieldapp.components.table import pager
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.device.store import OVERVIEW, some
from fieldapp.domain.day_range import given_range
from fieldapp.domain.given import PlainText
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk import overview_panels as panels
from fieldapp.pages.desk.overview_address import PAGE, Asked, SortKey, Way, looks, ranges, read_address, regions
from fieldapp.pages.desk.overview_map import unit_map
from fieldapp.pages.desk.overview_map_view import MapView, show_map
from fieldapp.pages.desk.overview_targets import ProgressView, show_progress, targets
from fieldapp.pages.desk.overview_units import chosen, finding, unit_table
from fieldapp.pages.desk.overview_view import SummaryView, UnitLine, show_summary, show_units
from fieldapp.permissions import Action, Principal, may
from fieldapp.problems import Problem
from fieldapp.reports.summary import Summary, read_summary
from fieldapp.reports.unit_tree import get_own_unit, get_path, place_of
from fieldapp.services.target_progress import read_progress
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.unit import UnitKind

PERCENTAGES = "/desk/percentages/"


class CopyLink(rx.Component):
    library = OVERVIEW
    tag = "CopyLink"

    to: rx.Var[str]


class PrintedAddress(rx.Component):
    library = OVERVIEW
    tag = "PrintedAddress"

    to: rx.Var[str]


class Days(BaseModel):
    """The form of a free range."""

    first: date
    last: date


class Finding(BaseModel):
    find: Annotated[PlainText, Field(max_length=80)] = ""


class OverviewState(DeskState):
    """`address` is that of the view, its days fixed; `inside` follows another unit's id in one of the same days.

    `free` is whether its days are none of the usual ranges.
    """

    view: SummaryView = SummaryView()
    progress: ProgressView = ProgressView()
    map: MapView = MapView()
    address: str = ""
    inside: str = ""
    find: str = ""
    sorted_by: str = "name"
    descending: bool = False
    page: int = 0
    pages: int = 1
    total: int = 0
    ranges: rx.Field[list[Way]] = rx.field(default_factory=list)
    free: bool = False
    looks: rx.Field[list[Way]] = rx.field(default_factory=list)
    regions: rx.Field[list[Way]] = rx.field(default_factory=list)
    look: str = "table"
    units: rx.Field[list[UnitLine]] = rx.field(default_factory=list)
    _asked: Asked = Asked()

    @needs(Action.READ_SUMMARY)
    async def load(self, who: Principal) -> Any:
        asked, now, before = read_address(self.router.url.query_parameters), utc_now(), self.view.unit
        days = asked.days(vn_day(now))
        self.view, self.units, self.progress, self.map = SummaryView(), [], ProgressView(), MapView()
        async with database().read() as db:
            unit = asked.unit or (await get_own_unit(db, who, Action.READ_SUMMARY)).id or 0
            summary = await read_summary(db, who, unit, days, now)
        self._asked = asked.model_copy(update={"unit": unit, "first": days.first, "last": days.last})
        self._show(summary)
        after = [OverviewState.read_targets] if may(who, Action.READ_TARGET, place_of(summary.unit)) else []
        return [*([rx.scroll_to(TITLE_ID)] if before not in (0, unit) else []), *after]

    @needs(Action.READ_TARGET)
    async def read_targets(self, who: Principal) -> None:
        """After the summary stands: households on their rungs are counted anew."""
        asked, today = self._asked, vn_day(utc_now())
        async with database().read() as db:
            unit = (await get_path(db, who, Action.READ_TARGET, asked.unit or 0))[-1]
            self.progress = show_progress(await read_progress(db, who, unit, asked.days(today)), today)

    @needs(Action.READ_SUMMARY)
    async def choose_days(self, who: Principal, form: Days) -> Any:
        days = given_range(form.first, form.last)
        return rx.redirect(self._asked.address(first=days.first, last=days.last, page=0))

    @needs(Action.READ_SUMMARY)
    async def sort(self, who: Principal, by: SortKey) -> Any:
        """A second time the other way round; ranks go one way, for there is no list of the last."""
        turned = by == self._asked.sort != "rank" and not self._asked.turned
        return rx.redirect(self._asked.address(sort=by, turned=turned, page=0), replace=True)

    @needs(Action.READ_SUMMARY)
    async def turn(self, who: Principal, page: Annotated[int, Field(ge=0, le=1000)]) -> Any:
        return rx.redirect(self._asked.address(page=page), replace=True)

    @needs(Action.READ_SUMMARY)
    async def look_for(self, who: Principal, form: Finding) -> Any:
        return rx.redirect(self._asked.address(find=form.find.strip(), page=0))

    async def _refuse(self, problem: Problem) -> Any:
        """Whoever signs in comes here first; a partner has a page of its own instead."""
        if problem.code == "forbidden" and str(Action.READ_PERCENTAGE) in self.allowed:
            return rx.redirect(PERCENTAGES)
        return await super()._refuse(problem)

    def _show(self, summary: Summary) -> None:
        asked, now = self._asked, utc_now()
        of_province = summary.unit.kind == UnitKind.PROVINCE
        lines = asked.in_order(show_units(summary.units))
        self.view, self.progress = show_summary(summary, now), ProgressView()
        self.address, self.inside, self.find = asked.address(), asked.inside(), asked.find
        self.ranges, self.looks, self.regions = ranges(asked, vn_day(now), of_province), looks(asked), regions(asked)
        self.free = not any(way.here for way in self.ranges)
        self.look = asked.look if of_province else "table"
        self.sorted_by, self.descending = asked.sort, asked.reversed
        self.total, self.pages = len(lines), max(1, -(-len(lines) // PAGE))
        self.page = min(asked.page, self.pages - 1)
        self.units = lines[self.page * PAGE : (self.page + 1) * PAGE] if self.look == "table" else []
        places = {row.id: row.place for row in summary.units if row.place}
        self.map = show_map(lines, places) if self.look == "map" else MapView()


def _free_range() -> rx.Component:
    """Unfolded where it says what is shown; on a phone it would push the numbers off the screen."""

    def field(name: str, value: Any) -> rx.Component:
        control = rx.el.input(type="date", name=name, default_value=value, required=True, key=value)
        return rx.el.label(rx.el.span(t(f"desk.{name}_day")), control, class_name="field")

    form = rx.el.form(
        field("first", OverviewState.view.first),
        field("last", OverviewState.view.last),
        rx.el.button(t("desk.show"), type="submit", class_name="button compact"),
        on_submit=OverviewState.choose_days,
        class_name="filters",
    )
    return folded(t("overview.other_days"), form, open=OverviewState.free)


def _units() -> rx.Component:
    state = OverviewState
    view = state.view
    of_province = view.kind == "province"
    title = rx.cond(of_province, t("desk.by_commune"), t("desk.by_village"))
    pages = pager(state.page, state.pages, state.total, state.turn, words="desk.units_page")
    listed = unit_table(view, state, title, rx.cond(state.pages > 1, pages))
    return rx.el.section(
        rx.el.h2(title),
        rx.cond(of_province, finding(state)),
        rx.cond(state.look == "map", unit_map(state.map, state.inside), listed),
        class_name=rx.cond(state.look == "map", "panel", "panel long"),
    )


def _shown() -> list[Any]:
    view = OverviewState.view
    return [
        panels.range_words(view),
        panels.figures(view),
        rx.cond((view.kind == "province") | (view.kind == "commune"), _units()),
        targets(OverviewState.progress),
        panels.platforms(view),
        rx.el.div(
            panels.over_time(view),
            rx.el.div(panels.pillars(view), panels.results(view), class_name="stack"),
            class_name="columns",
        ),
        rx.el.div(panels.teams(view), panels.members(view), class_name="columns"),
    ]


def overview_page() -> rx.Component:
    view = OverviewState.view
    return desk_page(
        rx.cond(view.name != "", view.name, t("desk.overview")),
        patterns(),
        PrintedAddress.create(to=OverviewState.address),
        rx.cond(some(view.crumbs), panels.crumbs(view, OverviewState.inside)),
        rx.el.section(
            chosen(OverviewState.ranges, "range", t("overview.ranges")),
            _free_range(),
            class_name="panel ranges no-print",
        ),
        rx.cond(view.name != "", rx.fragment(*_shown())),
        current="overview",
        tools=rx.el.div(
            CopyLink.create(to=OverviewState.address), downloads("summary", view.export), class_name="row wrap one-line"
        ),
    )
