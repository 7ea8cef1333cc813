"""Vướng mắc: what teams reported, by state and by when it is due, and what officers do about it."""

from uuid import UUID

import reflex as rx
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.components.base import empty, icon
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.table import pager
from fieldapp.components.words import t, tk, told
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.difficulties_view import (
    CommuneLine,
    DifficultyLine,
    DifficultyView,
    ViewChip,
    show_difficulty,
    show_line,
)
from fieldapp.pages.desk.difficulty_panel import difficulty_panel
from fieldapp.pages.desk.difficulty_table import commune_table, difficulty_table, figures_of, filters, view_chips
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.difficulty_detail import get_difficulty
from fieldapp.reports.difficulty_figures import list_communes, read_figures
from fieldapp.reports.difficulty_list import (
    DifficultyFilter,
    View,
    count_by_view,
    list_difficulties,
    list_places,
    of_province,
)
from fieldapp.services.calendar_days import calendar_of
from fieldapp.services.difficulty_handling import DeedForm, act, list_handlers
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.difficulty import DifficultyDeed, DifficultyLevel


class DifficultiesState(DeskState):
    """`asked` is the filter as its form shows it, `drawn` changes when a form must be shown anew.

    `deed` is the form that is open in the panel, `done` the word of what was done just now.
    """

    province: bool = False
    open_count: int = 0
    overdue: int = 0
    solved: int = 0
    in_time: int = 0
    percent: int = 0
    median: int = 0
    asked: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    view: str = str(View.OPEN)
    chips: rx.Field[list[ViewChip]] = rx.field(default_factory=list)
    places: rx.Field[list[Option]] = rx.field(default_factory=list)
    lines: rx.Field[list[DifficultyLine]] = rx.field(default_factory=list)
    communes: rx.Field[list[CommuneLine]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    open: DifficultyView = DifficultyView()
    deed: str = ""
    drawn: int = 0
    done: str = ""

    @needs(Action.READ_DIFFICULTY)
    async def load(self, who: Principal) -> None:
        self.open, self.deed, self.done = DifficultyView(), "", ""
        async with database().read() as db:
            self.province = of_province(who)
            self.places = [Option(str(value), name) for value, name in await list_places(db, who)]
            await self._list(db, who)

    @needs(Action.READ_DIFFICULTY)
    async def search(self, who: Principal, form: dict[str, str]) -> None:
        self.asked = {name: form.get(name, "") for name in ("kind", "severity", "place", "query")}
        await self._show(who)

    @needs(Action.READ_DIFFICULTY)
    async def clear(self, who: Principal) -> None:
        self.asked = {}
        self.drawn += 1
        await self._show(who)

    @needs(Action.READ_DIFFICULTY)
    async def choose_view(self, who: Principal, view: View) -> None:
        self.view = str(view)
        await self._show(who)

    @needs(Action.READ_DIFFICULTY)
    async def turn(self, who: Principal, page: int) -> None:
        await self._show(who, page)

    @needs(Action.READ_DIFFICULTY)
    async def open_one(self, who: Principal, difficulty: UUID) -> None:
        self.deed, self.done = "", ""
        self.drawn += 1
        async with database().read() as db:
            await self._open(db, who, difficulty)

    @needs(Action.READ_DIFFICULTY)
    async def close_one(self, who: Principal) -> None:
        self.open, self.deed = DifficultyView(), ""

    @needs(Action.DIRECT_DIFFICULTY)
    async def choose_deed(self, who: Principal, deed: DifficultyDeed) -> None:
        self.deed, self.done = str(deed), ""

    @needs(Action.DIRECT_DIFFICULTY)
    async def act(self, who: Principal, form: DeedForm) -> None:
        """Where somebody was faster the panel shows what they did, and the words stay in their field."""
        self.done = ""
        try:
            async with database().write() as db:
                await act(db, who, form)
        except Problem as problem:
            if problem.code in ("difficulty_changed", "difficulty_moved"):
                async with database().read() as db:
                    await self._open(db, who, form.difficulty)
            raise
        self.deed, self.done = "", str(form.deed)
        self.drawn += 1
        async with database().read() as db:
            await self._open(db, who, form.difficulty)
            await self._list(db, who, self.page)

    async def _show(self, who: Principal, page: int = 0) -> None:
        async with database().read() as db:
            await self._list(db, who, page)

    async def _list(self, db: AsyncSession, who: Principal, page: int = 0) -> None:
        now = utc_now()
        today = vn_day(now)
        asked = _filter({**self.asked, "view": self.view, "page": page})
        found = await list_difficulties(db, who, asked, today)
        numbers = await count_by_view(db, who, asked, today)
        figures = await read_figures(db, who, now, await calendar_of(db, who.commune_id))
        self.lines = [show_line(row, today) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.chips = [ViewChip(str(view), numbers[view]) for view in View]
        self.open_count, self.overdue = figures.open, figures.overdue
        self.solved, self.in_time, self.median = figures.solved, figures.in_time, figures.median_days or 0
        self.percent = figures.in_time * 100 // figures.solved if figures.solved else 0
        self.communes = [CommuneLine(c.name, c.open, c.overdue, c.escalated) for c in await list_communes(db, who, now)]

    async def _open(self, db: AsyncSession, who: Principal, difficulty: UUID) -> None:
        detail = await get_difficulty(db, who, difficulty)
        handlers: list[Option] = []
        if DifficultyDeed.ASSIGN in detail.deeds:
            level = DifficultyLevel(detail.difficulty.level)
            found = await list_handlers(db, level, detail.difficulty.commune_id)
            handlers = [Option(str(value), name) for value, name in found]
        self.open = show_difficulty(detail, handlers, vn_day(utc_now()))


def _filter(given: dict) -> DifficultyFilter:
    try:
        return DifficultyFilter.model_validate(given)
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"])) or None) from None


def difficulties_page() -> rx.Component:
    state = DifficultiesState
    found = rx.fragment(
        difficulty_table(state.lines, state.open_one, state.open.id, state.province),
        pager(state.page, state.pages, state.total, state.turn, "board.page"),
    )
    words = told("problem", state.problem, state.problem_params)
    wrong = rx.cond(state.problem != "", rx.el.p(icon("triangle-alert"), words, class_name="notice need"))
    none = empty("life-buoy", t("board.none"), then=t("board.none_next"))
    return desk_page(
        t("desk.difficulties"),
        rx.el.p(rx.cond(state.province, t("board.means_province"), t("board.means")), class_name="soft"),
        said(rx.cond(state.done != "", tk("board.said", state.done), "")),
        figures_of(state),
        view_chips(state.chips, state.view, state.choose_view),
        filters(state.asked, state.drawn, state.places, state.province, state.search, state.clear),
        rx.el.section(rx.cond(some(state.lines), found, none), class_name="panel"),
        rx.cond(some(state.communes), commune_table(state.communes)),
        rx.cond(
            state.open.id != "",
            difficulty_panel(state.open, state.deed, state.drawn, state.choose_deed, state.act, state.close_one, wrong),
        ),
        current="difficulties",
    )
