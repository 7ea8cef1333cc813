"""Địa bàn: the villages of a commune in time: opened, renamed, merged, stopped, never deleted."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from fieldapp.components.base import empty
from fieldapp.components.choice import commune_choice
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.table import Column, cell, figure_cell, pager, table
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.given import Key, read_key
from fieldapp.domain.unit_change import DeclareForm, MergeForm, OpenForm, RenameForm, StopForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk import units_parts as parts
from fieldapp.pages.desk.units_view import (
    KINDS,
    ChangeLine,
    PlanView,
    VillageLine,
    VillageView,
    show_change,
    show_detail,
    show_plan,
    show_village,
)
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports import unit_list
from fieldapp.services import household_numbers, unit_changes
from fieldapp.states.commune import CommuneState
from fieldapp.states.option import Option
from fieldapp.states.session import needs
from models.base import utc_now

COLUMNS = (("name", ""), ("households", "num"), ("teams", ""), ("since", ""))


class UnitsState(CommuneState):
    """`said` is the code of what was done just now, to the village `said_name`."""

    lines: rx.Field[list[VillageLine]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    shown: str = ""
    choices: rx.Field[list[Option]] = rx.field(default_factory=list)
    changes: rx.Field[list[ChangeLine]] = rx.field(default_factory=list)
    open: VillageView = VillageView()
    plan: PlanView = PlanView()
    today: str = ""
    said: str = ""
    said_name: str = ""
    _merging: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @needs(Action.READ_UNIT)
    async def load(self, who: Principal) -> None:
        """The village in the address is opened, with its commune for those who may choose one."""
        self._rest()
        if asked := read_key(self.router.url.query_parameters.get("unit")):
            await self._open(who, asked)
        await self._show(who)

    @needs(Action.READ_UNIT)
    async def choose_commune(self, who: Principal, commune: Key) -> None:
        self._rest()
        self.page = 0
        self._choose(commune)
        await self._show(who)

    @needs(Action.READ_UNIT)
    async def turn(self, who: Principal, page: int) -> None:
        self.page = page
        await self._show(who)

    @needs(Action.READ_UNIT)
    async def open_village(self, who: Principal, village: Key) -> None:
        self.said = ""
        await self._open(who, village)

    @needs(Action.READ_UNIT)
    async def close_village(self, who: Principal) -> None:
        self.open = VillageView()

    @needs(Action.MANAGE_UNIT)
    async def add(self, who: Principal, form: OpenForm) -> None:
        async with database().write() as db:
            new = await unit_changes.open_village(db, who, form)
        await self._say(who, "open", new.name)

    @needs(Action.MANAGE_UNIT)
    async def rename(self, who: Principal, form: RenameForm) -> None:
        async with database().write() as db:
            new = await unit_changes.rename(db, who, form)
        await self._say(who, "rename", new.name)

    @needs(Action.MANAGE_UNIT)
    async def stop(self, who: Principal, form: StopForm) -> None:
        async with database().write() as db:
            village = await unit_changes.stop(db, who, form)
        await self._say(who, "stop", village.name)

    @needs(Action.MANAGE_UNIT)
    async def declare(self, who: Principal, form: DeclareForm) -> None:
        async with database().write() as db:
            village = await household_numbers.declare(db, who, form)
        await self._say(who, "declare", village.name)

    @needs(Action.MANAGE_UNIT)
    async def look(self, who: Principal, form: dict[str, str]) -> Any:
        """The villages are the checked boxes of the form, each named by its id. Changes nothing yet."""
        chosen = [option.value for option in self.choices if option.value in form]
        merging = {name: form.get(name, "") for name in ("name", "division", "on", "decision")} | {"villages": chosen}
        read = _read_merge(merging)
        async with database().read() as db:
            plan = await unit_changes.plan_merge(db, who, read.villages)
        self.said, self.open = "", VillageView()
        self._merging = merging
        self.plan = show_plan(plan, read.name, written_day(read.on), read.decision or "")
        return rx.set_focus(parts.PLAN_ID)

    @needs(Action.MANAGE_UNIT)
    async def merge(self, who: Principal, form: dict[str, str]) -> None:
        """What was looked at; the checked boxes are the teams that go on."""
        teams = [team.value for team in self.plan.teams if team.value in form]
        merging = _read_merge(self._merging | {"teams": teams})
        async with database().write() as db:
            new = await unit_changes.merge(db, who, merging)
        await self._say(who, "merge", new.name)

    @needs(Action.MANAGE_UNIT)
    async def back(self, who: Principal) -> None:
        self.plan = PlanView()

    def _rest(self) -> None:
        self.said, self.open, self.plan, self._merging = "", VillageView(), PlanView(), {}

    async def _say(self, who: Principal, said: str, name: str) -> None:
        self._rest()
        self.said, self.said_name = said, name
        await self._show(who)

    async def _open(self, who: Principal, village: int) -> None:
        async with database().read() as db:
            detail = await unit_list.get_village(db, who, village, vn_day(utc_now()))
        self._choose(detail.village.commune_id)
        self.open = show_detail(detail)

    async def _show(self, who: Principal) -> None:
        today = vn_day(utc_now())
        async with database().read() as db:
            commune = await self._commune(db, who, Action.READ_UNIT)
            if commune is None:
                return
            found = await unit_list.list_villages(db, who, commune, today, self.page)
            names = await unit_list.name_villages(db, who, commune, today)
            changes = await unit_list.list_changes(db, who, commune)
        self.shown, self.today = str(commune), today.isoformat()
        self.lines = [show_village(row) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.choices = [Option(str(value), name) for value, name in names]
        self.changes = [show_change(row) for row in changes]


def _read_merge(content: dict[str, Any]) -> MergeForm:
    if len(content.get("villages", [])) < unit_changes.FEWEST:
        raise Problem("unit_two_needed", "villages")
    try:
        return MergeForm.model_validate(content)
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"])) or None) from None


def _row(line: VillageLine) -> rx.Component:
    opening: Any = UnitsState.open_village
    name = rx.el.button(line.name, type="button", class_name="link", on_click=opening(line.id))
    teams = rx.cond(
        line.teams != "",
        rx.el.span(line.teams, class_name="block wide"),
        rx.el.span(t("units.no_team"), class_name="soft"),
    )
    return rx.el.tr(
        cell(name),
        figure_cell(line.households),
        cell(teams),
        cell(line.since, kind="num-left"),
        class_name=rx.cond(UnitsState.open.village.id == line.id, "opened", ""),
        key=line.id,
    )


def _list() -> rx.Component:
    columns = [Column(t(f"units.col_{name}"), kind) for name, kind in COLUMNS]
    found = rx.fragment(
        table(t("units.list"), columns, UnitsState.lines, _row),
        rx.cond(UnitsState.pages > 1, pager(UnitsState.page, UnitsState.pages, UnitsState.total, UnitsState.turn)),
    )
    none = empty("map-pin", t("units.none"), then=t("units.open_first"))
    return rx.el.section(rx.el.h2(t("units.list")), rx.cond(some(UnitsState.lines), found, none), class_name="panel")


def units_page() -> rx.Component:
    state = UnitsState
    done = rx.match(
        state.said,
        *((kind, t(f"units.said_{kind}", name=state.said_name)) for kind in (*KINDS, "declare")),
        "",
    )
    about = rx.fragment(
        _list(),
        rx.cond(
            parts.may_manage(),
            rx.cond(
                state.plan.name != "",
                parts.plan_panel(state),
                rx.el.div(parts.merge_panel(state), parts.open_panel(state), class_name="columns"),
            ),
        ),
        parts.history(state.changes),
    )
    return desk_page(
        t("desk.units"),
        commune_choice(state.communes, state.commune, state.choose_commune),
        said(done),
        rx.cond(state.shown != "", about, empty("map-pin", t("desk.choose_commune"))),
        rx.cond(state.open.village.id != "", parts.village_panel(state)),
        current="units",
    )
