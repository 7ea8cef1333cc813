"""Máy của thành viên: which phones were silent or hold something, and the way to end one; the province sees numbers."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from fieldapp.components.base import button, empty, icon, pill
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import folded, said
from fieldapp.components.table import Column, cell, figure_cell, pager, table
from fieldapp.components.words import number, t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.browser import named
from fieldapp.domain.written_time import written_instant
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.reports.phone_list import PhoneCounts, PhoneFilter, PhoneKind, PhoneRow, count_phones, list_phones
from fieldapp.services.devices import end_phone
from fieldapp.states.session import DeskState, needs
from models.session import SessionState

COLUMNS = ("member", "phone", "version", "heard", "unsent")
COUNTS = ("phones", "quiet", "never", "holding", "unsent")


@dataclass
class PhoneLine:
    """`unsent` is -1 where the phone never said."""

    id: str = ""
    member: str = ""
    team: str = ""
    label: str = ""
    version: str = ""
    heard_at: str = ""
    unsent: int = -1
    state: str = ""


@dataclass
class CommuneLine:
    name: str = ""
    phones: int = 0
    quiet: int = 0
    never: int = 0
    holding: int = 0
    unsent: int = 0


class DevicesState(DeskState):
    """A commune has `lines`, the province `communes`. `ended` is how many people a phone was ended for, -1 for none."""

    asked: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    drawn: int = 0
    lines: rx.Field[list[PhoneLine]] = rx.field(default_factory=list)
    communes: rx.Field[list[CommuneLine]] = rx.field(default_factory=list)
    of_commune: bool = False
    total: int = 0
    page: int = 0
    pages: int = 1
    ended: int = -1

    @needs(Action.READ_PHONE)
    async def load(self, who: Principal) -> None:
        self.ended = -1
        await self._list(who, PhoneFilter())
        self.drawn += 1

    @needs(Action.READ_PHONE)
    async def search(self, who: Principal, form: PhoneFilter) -> None:
        self.ended = -1
        await self._list(who, form)

    @needs(Action.READ_PHONE)
    async def clear(self, who: Principal) -> None:
        await self._list(who, PhoneFilter())
        self.drawn += 1

    @needs(Action.READ_PHONE)
    async def turn(self, who: Principal, page: int) -> None:
        await self._list(who, PhoneFilter.model_validate({**self.asked, "page": max(0, min(page, 100_000))}))

    @needs(Action.END_PHONE)
    async def end_phone(self, who: Principal, phone: UUID, way: SessionState) -> None:
        """`closing` lets this person's phone send what it holds, `closed` refuses it everything, whoever uses it."""
        self.ended = -1
        async with database().write() as db:
            ended = await end_phone(db, who, phone, way)
        await self._list(who, PhoneFilter.model_validate({**self.asked, "page": self.page}))
        self.ended = ended.people

    async def _list(self, who: Principal, asked: PhoneFilter) -> None:
        self.of_commune = reach_of(who, Action.READ_PHONE) is Reach.COMMUNE
        async with database().read() as db:
            if not self.of_commune:
                self.communes = [_commune(row) for row in await count_phones(db, who)]
                return
            found = await list_phones(db, who, asked)
        self.lines = [_line(row) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.asked = asked.chosen()


def _line(row: PhoneRow) -> PhoneLine:
    unsent = -1 if row.unsent is None else row.unsent
    heard = written_instant(row.last_contact_at)
    return PhoneLine(str(row.id), row.member, row.team, named(row.label), row.version, heard, unsent, str(row.state))


def _commune(row: PhoneCounts) -> CommuneLine:
    return CommuneLine(row.name, row.phones, row.quiet, row.never, row.holding, row.unsent)


def _filters() -> rx.Component:
    words = rx.el.input(
        type="search", name="query", default_value=DevicesState.asked.get("query", ""), max_length=80,
        placeholder=t("phones.query_hint"), auto_complete="off",
    )  # fmt: skip
    kinds = rx.el.select(
        rx.el.option(t("visits.all"), value=""),
        *(rx.el.option(t(f"phones.kind.{kind}"), value=str(kind)) for kind in PhoneKind),
        name="kind",
        default_value=DevicesState.asked.get("kind", ""),
    )
    return rx.el.form(
        rx.el.label(rx.el.span(t("visits.query")), words, class_name="field grow"),
        rx.el.label(rx.el.span(t("phones.kind")), kinds, class_name="field"),
        rx.el.button(icon("search"), t("visits.find"), type="submit", class_name="button primary compact"),
        button(t("visits.clear"), kind="compact", on_click=DevicesState.clear),
        on_submit=DevicesState.search,
        key=DevicesState.drawn,
        class_name="filters panel",
    )


def _endings(line: PhoneLine) -> rx.Component:
    """Both ways to end a phone, each with what it means."""

    def way(words: str, state: SessionState, kind: str) -> rx.Component:
        return rx.fragment(
            button(t(f"phone.{words}"), kind=kind, on_click=DevicesState.end_phone(line.id, str(state))),
            rx.el.p(t(f"phone.{words}_means"), class_name="soft small"),
        )

    is_open = line.state == str(SessionState.OPEN)
    revoke, lost = way("revoke", SessionState.CLOSING, "compact"), way("lost", SessionState.CLOSED, "compact danger")
    return folded(t("phone.end"), rx.cond(is_open, revoke), lost)


def _row(line: PhoneLine) -> rx.Component:
    may_end = DeskState.allowed.contains(str(Action.END_PHONE))
    closing = rx.cond(line.state == str(SessionState.CLOSING), pill(t("phone.closing"), "wait"))
    unsent = rx.match(
        line.unsent,
        (-1, rx.el.span(t("phones.unknown"), class_name="soft small")),
        (0, rx.el.span(t("phones.none_unsent"))),
        pill(t("phones.n_unsent", n=number(line.unsent)), "wait"),
    )
    return rx.el.tr(
        cell(rx.el.span(line.member, class_name="strong block"), rx.el.span(line.team, class_name="soft small")),
        cell(line.label, closing, rx.cond(may_end, _endings(line))),
        cell(rx.cond(line.version != "", line.version, t("phones.unknown"))),
        cell(rx.cond(line.heard_at != "", line.heard_at, t("phone.never")), kind="num-left"),
        cell(unsent),
        key=line.id,
    )


def _count_row(line: CommuneLine) -> rx.Component:
    figures = (line.phones, line.quiet, line.never, line.holding, line.unsent)
    return rx.el.tr(cell(line.name, kind="strong"), *(figure_cell(value) for value in figures), key=line.name)


def _of_commune() -> rx.Component:
    state = DevicesState
    heads = [Column(t(f"phones.col_{name}")) for name in COLUMNS]
    found = rx.fragment(
        table(t("desk.devices"), heads, state.lines, _row),
        pager(state.page, state.pages, state.total, state.turn, "phones.page"),
    )
    none = empty("smartphone", t("phones.none"), then=t("phones.none_then"))
    return rx.fragment(_filters(), rx.el.section(rx.cond(some(state.lines), found, none), class_name="panel"))


def _of_province() -> rx.Component:
    heads = [Column(t("desk.commune")), *(Column(t(f"phones.count_{name}"), "num") for name in COUNTS)]
    found = table(t("desk.devices"), heads, DevicesState.communes, _count_row)
    return rx.el.section(
        rx.cond(some(DevicesState.communes), found, empty("smartphone", t("phones.none"))), class_name="panel"
    )


def devices_page() -> rx.Component:
    state = DevicesState
    return desk_page(
        t("desk.devices"),
        rx.el.p(t("phones.explain"), class_name="soft"),
        said(rx.cond(state.ended >= 0, t("phone.ended", n=number(state.ended)), "")),
        rx.cond(state.of_commune, _of_commune(), _of_province()),
        current="devices",
    )
