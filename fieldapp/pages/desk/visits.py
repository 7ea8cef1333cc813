"""Phiếu: a commune's visits, filtered and searched, with a panel for one of them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx

from fieldapp.components.base import button, empty, icon
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_page, downloads
from fieldapp.components.table import pager
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.day_range import Preset, named_range
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.reopen_form import ReopenForm, reopen_form
from fieldapp.pages.desk.visit_panel import visit_panel
from fieldapp.pages.desk.visit_table import visit_table
from fieldapp.pages.desk.visits_view import VisitLine, VisitView, show_line, show_visit
from fieldapp.permissions import Action, Principal
from fieldapp.reports.visit_choices import Choices, list_choices
from fieldapp.reports.visit_detail import get_visit
from fieldapp.reports.visit_filter import ANY, SHOWN, VisitFilter, read_filter
from fieldapp.reports.visit_list import list_visits
from fieldapp.services import reopening
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.flag import FlagKind


class VisitsState(DeskState):
    """`asked` is the filter as its form shows it; `drawn` changes when the form must show it anew."""

    asked: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    drawn: int = 0
    lines: rx.Field[list[VisitLine]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    villages: rx.Field[list[Option]] = rx.field(default_factory=list)
    members: rx.Field[list[Option]] = rx.field(default_factory=list)
    platforms: rx.Field[list[Option]] = rx.field(default_factory=list)
    export: str = ""
    open: VisitView = VisitView()

    @needs(Action.READ_VISIT)
    async def load(self, who: Principal) -> None:
        """The filter in the address, when a number led here; else that of before, or this month."""
        address = self.router.url.query_parameters
        given = {name: value for name, value in address.items() if name in VisitFilter.model_fields}
        async with database().read() as db:
            self._offer(await list_choices(db, who))
        await self._list(who, read_filter(given or self.asked or _this_month()))
        self.open = VisitView()
        self.drawn += 1

    @needs(Action.READ_VISIT)
    async def search(self, who: Principal, form: dict[str, str]) -> None:
        await self._list(who, read_filter(form))

    @needs(Action.READ_VISIT)
    async def clear(self, who: Principal) -> None:
        await self._list(who, read_filter(_this_month()))
        self.drawn += 1

    @needs(Action.READ_VISIT)
    async def turn(self, who: Principal, page: int) -> None:
        await self._list(who, read_filter({**self.asked, "page": str(page)}))

    @needs(Action.READ_VISIT)
    async def open_visit(self, who: Principal, visit_id: UUID) -> None:
        async with database().read() as db:
            self.open = show_visit(await get_visit(db, who, visit_id))

    @needs(Action.READ_VISIT)
    async def close_visit(self, who: Principal) -> None:
        self.open = VisitView()

    @needs(Action.REOPEN_VISIT)
    async def reopen(self, who: Principal, form: ReopenForm) -> None:
        async with database().write() as db:
            await reopening.reopen(db, who, [form.visit], form.reason)
            self.open = show_visit(await get_visit(db, who, form.visit))
        await self._list(who, read_filter({**self.asked, "page": str(self.page)}))

    async def _list(self, who: Principal, asked: VisitFilter) -> None:
        async with database().read() as db:
            found = await list_visits(db, who, asked)
        self.lines = [show_line(row) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.asked = asked.chosen()
        self.export = urlencode(self.asked)

    def _offer(self, choices: Choices) -> None:
        self.villages = [Option(str(value), name) for value, name in choices.villages]
        self.members = [Option(str(value), name) for value, name in choices.members]
        self.platforms = [Option(code, name, english) for code, name, english in choices.platforms]


def _this_month() -> dict[str, str]:
    days = named_range(Preset.MONTH, vn_day(utc_now()))
    return {"first": days.first.isoformat(), "last": days.last.isoformat()}


def _choice(name: str, *options: Any) -> rx.Component:
    """A <select> whose first line chooses nothing."""
    control = rx.el.select(
        rx.el.option(t("visits.all"), value=""), *options, name=name, default_value=VisitsState.asked.get(name, "")
    )
    return rx.el.label(rx.el.span(t(f"visits.{name}")), control, class_name="field")


def _day(name: str) -> rx.Component:
    control = rx.el.input(type="date", name=name, default_value=VisitsState.asked.get(name, ""))
    return rx.el.label(rx.el.span(t(f"desk.{name}_day")), control, class_name="field")


def _filters() -> rx.Component:
    words = rx.el.input(
        type="search", name="query", default_value=VisitsState.asked.get("query", ""), max_length=80,
        placeholder=t("visits.query_hint"), auto_complete="off",
    )  # fmt: skip
    return rx.el.form(
        rx.el.label(rx.el.span(t("visits.query")), words, class_name="field grow"),
        _day("first"),
        _day("last"),
        _choice("village", options(VisitsState.villages)),
        _choice("state", *(rx.el.option(t(f"visit.state.{state}"), value=str(state)) for state in SHOWN)),
        _choice("platform", options(VisitsState.platforms)),
        _choice(
            "flag",
            rx.el.option(t("visits.flagged"), value=ANY),
            *(rx.el.option(t(f"flag.{kind}"), value=str(kind)) for kind in FlagKind),
        ),
        _choice("member", options(VisitsState.members)),
        rx.el.button(icon("search"), t("visits.find"), type="submit", class_name="button primary compact"),
        button(t("visits.clear"), kind="compact", on_click=VisitsState.clear),
        on_submit=VisitsState.search,
        key=VisitsState.drawn,
        class_name="filters panel",
    )


def visits_page() -> rx.Component:
    found = rx.fragment(
        visit_table(VisitsState.lines, VisitsState.open_visit, VisitsState.open.id),
        pager(VisitsState.page, VisitsState.pages, VisitsState.total, VisitsState.turn),
    )
    return desk_page(
        t("desk.visits"),
        _filters(),
        rx.el.section(rx.cond(some(VisitsState.lines), found, empty("search", t("visits.none"))), class_name="panel"),
        rx.cond(
            VisitsState.open.id != "",
            visit_panel(VisitsState.open, VisitsState.close_visit, reopen_form(VisitsState.open, VisitsState.reopen)),
        ),
        current="visits",
        tools=downloads("visits", VisitsState.export),
    )
