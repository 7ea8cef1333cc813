"""Nhật ký thao tác: who did what, when and from where, for whoever answers for it."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.components.base import button, empty, icon
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_page, downloads
from fieldapp.components.form import folded
from fieldapp.components.table import pager
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.audited import AUDITED
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.audit_view import AuditLine, DeedCount, audit_table, count_table, show_deed
from fieldapp.permissions import Action, Principal
from fieldapp.reports.audit_filter import AuditFilter, read_filter, usual
from fieldapp.reports.audit_list import MOST, count_deeds, list_audit
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now


class AuditState(DeskState):
    """`asked` is the filter as its form shows it; `drawn` changes when the form must show it anew."""

    asked: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    drawn: int = 0
    lines: rx.Field[list[AuditLine]] = rx.field(default_factory=list)
    counts: rx.Field[list[DeedCount]] = rx.field(default_factory=list)
    units: rx.Field[list[Option]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    export: str = ""

    @needs(Action.READ_AUDIT)
    async def load(self, who: Principal) -> None:
        async with database().read() as db:
            self.units = await _units(db, who)
        await self._list(who, usual())
        self.drawn += 1

    @needs(Action.READ_AUDIT)
    async def search(self, who: Principal, form: dict[str, str]) -> None:
        await self._list(who, read_filter(form))

    @needs(Action.READ_AUDIT)
    async def clear(self, who: Principal) -> None:
        await self._list(who, usual())
        self.drawn += 1

    @needs(Action.READ_AUDIT)
    async def turn(self, who: Principal, page: int) -> None:
        await self._list(who, read_filter({**self.asked, "page": str(page)}))

    async def _list(self, who: Principal, asked: AuditFilter) -> None:
        async with database().read() as db:
            found = await list_audit(db, who, asked)
            counts = await count_deeds(db, who, asked)
        self.lines = [show_deed(row) for row in found.rows]
        self.counts = [DeedCount(deed, number) for deed, number in counts]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.asked = asked.chosen()
        self.export = urlencode(self.asked)


async def _units(db: AsyncSession, who: Principal) -> list[Option]:
    """The units that the filter offers: one's own, and those one level below."""
    own, today = await get_own_unit(db, who, Action.READ_AUDIT), vn_day(utc_now())
    below = await list_below(db, own, DayRange(today, today))
    return [Option(str(unit.id), unit.name) for unit in (own, *below)]


def _choice(name: str, *lines: Any) -> rx.Component:
    control = rx.el.select(
        rx.el.option(t("visits.all"), value=""), *lines, name=name, default_value=AuditState.asked.get(name, "")
    )
    return rx.el.label(rx.el.span(t(f"audit.{name}")), control, class_name="field")


def _day(name: str) -> rx.Component:
    control = rx.el.input(type="date", name=name, default_value=AuditState.asked.get(name, ""))
    return rx.el.label(rx.el.span(t(f"desk.{name}_day")), control, class_name="field")


def _deeds() -> list[rx.Component]:
    return [
        rx.el.optgroup(
            *(rx.el.option(t(f"event.{action}"), value=action) for action in actions), label=t(f"audit.group.{group}")
        )
        for group, actions in AUDITED.items()
    ]


def _filters() -> rx.Component:
    person = rx.el.input(
        type="search", name="person", default_value=AuditState.asked.get("person", ""), max_length=80,
        placeholder=t("audit.person_hint"), auto_complete="off",
    )  # fmt: skip
    return rx.el.form(
        rx.el.label(rx.el.span(t("audit.person")), person, class_name="field grow"),
        _day("first"),
        _day("last"),
        _choice("deed", *_deeds()),
        _choice("unit", options(AuditState.units)),
        rx.el.button(icon("search"), t("visits.find"), type="submit", class_name="button primary compact"),
        button(t("visits.clear"), kind="compact", on_click=AuditState.clear),
        on_submit=AuditState.search,
        key=AuditState.drawn,
        class_name="filters panel",
    )


def audit_page() -> rx.Component:
    state = AuditState
    found = rx.fragment(
        audit_table(state.lines),
        rx.cond(state.total >= MOST, rx.el.p(t("audit.many"), class_name="soft small")),
        pager(state.page, state.pages, state.total, state.turn, "audit.page"),
    )
    counts = rx.el.section(folded(t("audit.counts"), count_table(state.counts)), class_name="panel")
    return desk_page(
        t("desk.audit"),
        rx.el.p(t("audit.explain"), class_name="soft"),
        _filters(),
        rx.cond(some(state.counts), counts),
        rx.el.section(rx.cond(some(state.lines), found, empty("search", t("audit.none"))), class_name="panel"),
        current="audit",
        tools=downloads("audit", state.export),
    )
