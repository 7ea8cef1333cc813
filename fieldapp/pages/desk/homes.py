"""Hộ gia đình: the commune's rosters, searched and kept by hand, with a panel for one household and its cards."""

from typing import Annotated, Any, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field, StringConstraints

from fieldapp.components.base import chip, empty, icon, pill
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import choice_field, folded, form, said, text_field
from fieldapp.components.table import Column, cell, pager, table
from fieldapp.components.words import t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.given import Key
from fieldapp.domain.household_form import ChangedHousehold, MergedHousehold, MovedHousehold, NewHousehold
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.home_panel import home_panel, may
from fieldapp.pages.desk.homes_view import HomeLine, HomeView, show_detail, show_home
from fieldapp.permissions import Action, Principal
from fieldapp.reports.household_detail import get_household
from fieldapp.reports.household_list import HouseholdFilter, Shown, list_households, list_villages
from fieldapp.services import cards, household_keeping
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now

TYPING = 250
"""Milliseconds that typing rests before it is searched for."""

Query = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")]
PageNumber = Annotated[int, Field(ge=0, le=100_000)]


class HouseholdsState(DeskState):
    """`drawn` changes when the search field must show anew what was searched for."""

    lines: rx.Field[list[HomeLine]] = rx.field(default_factory=list)
    villages: rx.Field[list[Option]] = rx.field(default_factory=list)
    village: str = ""
    shown: str = str(Shown.HERE)
    query: str = ""
    drawn: int = 0
    total: int = 0
    page: int = 0
    pages: int = 1
    today: str = ""
    said: str = ""
    open: HomeView = HomeView()

    @needs(Action.READ_HOUSEHOLD)
    async def load(self, who: Principal) -> None:
        day = vn_day(utc_now())
        async with database().read() as db:
            found = await list_villages(db, who, day)
        self.villages = [Option(str(village), name) for village, name in found]
        if self.village not in {option.value for option in self.villages}:
            self.village = ""
        self.today, self.said, self.open = day.isoformat(), "", HomeView()
        self.drawn += 1
        await self._list(who, self.page)

    @needs(Action.READ_HOUSEHOLD)
    async def search(self, who: Principal, query: Query) -> None:
        self.query = query
        await self._list(who)

    @needs(Action.READ_HOUSEHOLD)
    async def choose_village(self, who: Principal, village: Key | Literal[""]) -> None:
        self.village = str(village)
        await self._list(who)

    @needs(Action.READ_HOUSEHOLD)
    async def show(self, who: Principal, shown: Shown) -> None:
        self.shown = str(shown)
        await self._list(who)

    @needs(Action.READ_HOUSEHOLD)
    async def turn(self, who: Principal, page: PageNumber) -> None:
        await self._list(who, page)

    @needs(Action.READ_HOUSEHOLD)
    async def open_home(self, who: Principal, household: UUID) -> None:
        self.said = ""
        await self._open(who, household)

    @needs(Action.READ_HOUSEHOLD)
    async def close_home(self, who: Principal) -> None:
        self.open = HomeView()

    @needs(Action.KEEP_HOUSEHOLD)
    async def add(self, who: Principal, form: NewHousehold) -> None:
        async with database().write() as db:
            household = await household_keeping.add(db, who, form)
        await self._done(who, "added", household.id)

    @needs(Action.KEEP_HOUSEHOLD)
    async def change(self, who: Principal, form: ChangedHousehold) -> None:
        async with database().write() as db:
            await household_keeping.change(db, who, form)
        await self._done(who, "changed", form.household)

    @needs(Action.KEEP_HOUSEHOLD)
    async def move(self, who: Principal, form: MovedHousehold) -> None:
        async with database().write() as db:
            await household_keeping.move_away(db, who, form)
        await self._done(who, "moved", form.household)

    @needs(Action.KEEP_HOUSEHOLD)
    async def come_back(self, who: Principal, household: UUID) -> None:
        async with database().write() as db:
            await household_keeping.come_back(db, who, household)
        await self._done(who, "returned", household)

    @needs(Action.KEEP_HOUSEHOLD)
    async def merge(self, who: Principal, form: MergedHousehold) -> None:
        async with database().write() as db:
            into = await household_keeping.merge(db, who, form)
        await self._done(who, "merged", into.id)

    @needs(Action.REVOKE_CARD)
    async def revoke_card(self, who: Principal, card: Key) -> None:
        async with database().write() as db:
            await cards.revoke(db, who, card)
        await self._done(who, "revoked", UUID(self.open.id) if self.open.id else None)

    @needs(Action.READ_HOUSEHOLD)
    async def printed(self, who: Principal) -> None:
        await self._done(who, "printed", UUID(self.open.id) if self.open.id else None)

    async def _done(self, who: Principal, said: str, household: UUID | None) -> None:
        if household is not None:
            await self._open(who, household)
        await self._list(who, self.page)
        self.said = said

    async def _open(self, who: Principal, household: UUID) -> None:
        async with database().read() as db:
            self.open = show_detail(await get_household(db, who, household))

    async def _list(self, who: Principal, page: int = 0) -> None:
        village = int(self.village) if self.village.isdecimal() else None
        asked = HouseholdFilter(village=village, shown=Shown(self.shown), query=self.query, page=page)
        async with database().read() as db:
            found = await list_households(db, who, asked)
        self.lines = [show_home(row) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages


def _filters() -> rx.Component:
    typed = rx.el.input(
        type="search",
        name="query",
        class_name="input",
        default_value=HouseholdsState.query,
        placeholder=t("homes.search"),
        aria_label=t("homes.search"),
        max_length=80,
        auto_complete="off",
        key=HouseholdsState.drawn,
        on_change=HouseholdsState.search.debounce(TYPING),  # type: ignore[attr-defined]
    )
    village = rx.el.select(
        rx.el.option(t("homes.all_villages"), value=""),
        options(HouseholdsState.villages),
        name="village",
        value=HouseholdsState.village,
        on_change=HouseholdsState.choose_village,
    )
    chips = [
        chip(t(f"homes.shown.{shown}"), HouseholdsState.shown == str(shown), HouseholdsState.show(str(shown)))
        for shown in Shown
    ]
    return rx.el.section(
        rx.el.div(
            rx.el.div(icon("search"), typed, class_name="search grow", role="search"),
            rx.el.label(rx.el.span(t("homes.village"), class_name="sr"), village, class_name="field"),
            class_name="row wrap homes-find",
        ),
        rx.el.div(*chips, class_name="chips", role="group", aria_label=t("homes.shown")),
        class_name="panel stack",
    )


def _state(line: HomeLine) -> rx.Component:
    here = pill(tk("homes.state", line.state), rx.match(line.state, ("provisional", "wait"), "done"))
    return rx.cond(line.moved_on != "", pill(t("homes.state.moved", day=line.moved_on)), here)


def _table(open_home: Any) -> rx.Component:
    columns = [Column(t(f"homes.col.{name}")) for name in ("number", "head", "village", "last", "card", "state")]

    def row(line: HomeLine) -> rx.Component:
        press = rx.el.button(
            t("household.numbered", number=line.number),
            type="button",
            class_name="link",
            on_click=open_home(line.id),
        )
        card = rx.cond(
            line.has_card, pill(t("homes.has_card"), "done"), rx.el.span(t("homes.no_card"), class_name="soft small")
        )
        return rx.el.tr(
            cell(press),
            cell(line.head),
            cell(line.village),
            cell(rx.cond(line.last != "", line.last, rx.el.span(t("homes.never"), class_name="soft small"))),
            cell(card),
            cell(_state(line)),
            class_name=rx.cond(HouseholdsState.open.id == line.id, "opened", ""),
            key=line.id,
        )

    return table(t("desk.homes"), columns, HouseholdsState.lines, row)


def _add() -> rx.Component:
    fields = form(
        choice_field("village", t("homes.village"), HouseholdsState.villages, required=True),
        text_field("number", t("homes.number"), max_length=20, required=True),
        text_field("head_name", t("homes.head"), t("homes.head_hint"), max_length=120),
        send=t("homes.add"),
        on_submit=HouseholdsState.add,
    )
    return rx.cond(may(Action.KEEP_HOUSEHOLD), rx.el.section(folded(t("homes.add"), fields), class_name="panel"))


def households_page() -> rx.Component:
    found = rx.fragment(
        _table(HouseholdsState.open_home),
        pager(
            HouseholdsState.page,
            HouseholdsState.pages,
            HouseholdsState.total,
            HouseholdsState.turn,
            "homes.page",
        ),
    )
    none = empty("search", t("homes.none"), then=t("homes.none_next"))
    return desk_page(
        t("desk.homes"),
        rx.el.p(t("homes.explain"), class_name="soft"),
        said(rx.cond(HouseholdsState.said != "", tk("homes.said", HouseholdsState.said), "")),
        _filters(),
        rx.el.section(rx.cond(some(HouseholdsState.lines), found, none), class_name="panel"),
        _add(),
        rx.cond(HouseholdsState.open.id != "", home_panel(HouseholdsState.open, HouseholdsState)),
        current="homes",
    )
