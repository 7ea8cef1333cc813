"""Chỉ tiêu: what the province gives to communes and a commune to its teams, who took it on, how far it is."""

from datetime import date
from typing import Any, Literal

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.base import empty
from fieldapp.components.desk_shell import GridKeys, desk_page
from fieldapp.components.form import side_panel
from fieldapp.components.table import pager
from fieldapp.components.words import number, t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import read_key
from fieldapp.domain.target import Length, days_left, next_period, period, period_words
from fieldapp.domain.visit import PlatformCode
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_days, written_instant
from fieldapp.pages.desk.targets_papers import CiteForm, cite_form, cited_in, cited_papers, read_amount, show_paper
from fieldapp.pages.desk.targets_table import (
    acceptance,
    done_now,
    grid_table,
    period_choice,
    saving,
    tools,
    unit_choice,
)
from fieldapp.pages.desk.targets_view import ChangeView, ColumnView, LineView, history_list, show_column, show_line
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.services import citations, pull_rows, target_grid, targets
from fieldapp.services.targets import Cell, Frame
from fieldapp.states.commune import CommuneState
from fieldapp.states.option import Option
from fieldapp.states.session import needs
from models.base import utc_now
from models.target import Measure

Step = Literal[-1, 1]


class AddedPlatform(BaseModel):
    """The form that puts another platform into the grid."""

    platform: PlatformCode = Field(max_length=20)


class TargetsState(CommuneState):
    """`commune` is "" where a province gives to its communes. `taken` and `saved` are -1 where nothing was done."""

    length: str = str(Length.QUARTER)
    measure: str = str(Measure.HOUSEHOLD)
    own: bool = False
    days: str = ""
    left: int = 0
    period_key: str = ""
    period_params: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    of_province: bool = False
    edits: bool = False
    edits_above: bool = False
    columns: rx.Field[list[ColumnView]] = rx.field(default_factory=list)
    lines: rx.Field[list[LineView]] = rx.field(default_factory=list)
    addable: rx.Field[list[Option]] = rx.field(default_factory=list)
    page: int = 0
    pages: int = 1
    total: int = 0
    accepted: int = 0
    given: int = 0
    unaccepted: int = 0
    saved: int = -1
    taken: int = -1
    proposed: int = -1
    drawn: int = 0
    """How often something was saved: then the reason is empty again."""
    history: rx.Field[list[ChangeView]] = rx.field(default_factory=list)
    history_of: str = ""
    papers: rx.Field[list[Option]] = rx.field(default_factory=list)
    cited: rx.Field[list[str]] = rx.field(default_factory=list)
    _history_id: int = 0
    _first: str = ""
    _added: rx.Field[list[str]] = rx.field(default_factory=list)
    _proposals: rx.Field[dict[tuple[int, str], int]] = rx.field(default_factory=dict)
    _shown: rx.Field[dict[str, Cell]] = rx.field(default_factory=dict)

    @needs(Action.READ_TARGET)
    async def load(self, who: Principal) -> None:
        self._quiet()
        await self._show(who)

    @needs(Action.READ_TARGET)
    async def choose_commune(self, who: Principal, commune: int) -> None:
        """0 is the whole province."""
        self._anew()
        self._choose(commune)
        if not commune:
            self.commune, self.own = "", False
        await self._show(who)

    @needs(Action.READ_TARGET)
    async def choose_length(self, who: Principal, length: Length) -> None:
        self._anew()
        self.length, self._first = str(length), ""
        await self._show(who)

    @needs(Action.READ_TARGET)
    async def move(self, who: Principal, by: Step) -> None:
        """To the period before or after."""
        self._anew()
        self._first = next_period(Length(self.length), self._span(), by).first.isoformat()
        await self._show(who)

    @needs(Action.READ_TARGET)
    async def choose_measure(self, who: Principal, measure: Measure) -> None:
        self._anew()
        self.measure = str(measure)
        await self._show(who)

    @needs(Action.READ_TARGET)
    async def choose_line(self, who: Principal, own: bool) -> None:
        self._anew()
        self.own = own
        await self._show(who)

    @needs(Action.READ_TARGET)
    async def turn(self, who: Principal, page: int) -> None:
        self._quiet()
        self.page = max(0, min(page, self.pages - 1))
        await self._show(who)

    @needs(Action.ALLOT_TARGET)
    async def add_platform(self, who: Principal, form: AddedPlatform) -> None:
        self._quiet()
        if form.platform not in self._added:
            self._added = [*self._added, form.platform][-20:]
        await self._show(who)

    @needs(Action.ALLOT_TARGET)
    async def propose(self, who: Principal) -> None:
        """Fills what is empty; nothing is given before it is saved."""
        self._quiet()
        async with database().read() as db:
            self._proposals = await target_grid.propose_numbers(db, who, await self._frame(db, who))
        self.proposed = len(self._proposals)
        await self._show(who)

    @needs(Action.ALLOT_TARGET)
    async def save(self, who: Principal, form: dict[str, str]) -> None:
        """Takes in what differs from what this page showed."""
        self._quiet()
        cells = [
            Cell(cell.holder, cell.platform, cell.before, read_amount(form[name]))
            for name, cell in self._shown.items()
            if name in form
        ]
        async with database().write() as db:
            frame, paper = await self._frame(db, who), read_key(form.get("paper"))
            if paper is not None:
                await citations.require_citable(db, who, paper)
            saved = await targets.allot(db, who, frame, cells, form.get("reason", ""), paper)
        for cell in cells:
            self._proposals.pop((cell.holder, cell.platform), None)
        await self._show(who)
        self.saved = saved
        self.drawn += 1

    @needs(Action.ALLOT_TARGET)
    async def cite(self, who: Principal, form: CiteForm) -> None:
        """The numbers of the unit whose history is open cite a paper, or none."""
        self._quiet()
        async with database().write() as db:
            await citations.cite(db, who, await self._frame(db, who), self._history_id, form.paper)
        self.history_of, self.history = "", []
        await self._show(who)

    @needs(Action.ACCEPT_TARGET)
    async def accept(self, who: Principal) -> None:
        self._quiet()
        async with database().write() as db:
            taken = await targets.accept_own(db, who, await self._frame(db, who))
        await self._show(who)
        self.taken = taken

    @needs(Action.READ_TARGET)
    async def open_history(self, who: Principal, holder: int, name: str) -> None:
        async with database().read() as db:
            changes = await target_grid.list_changes(db, who, await self._frame(db, who), holder)
            names = {p["code"]: p for p in await pull_rows.platforms(db, who.commune_id)}
        self.history_of, self._history_id = name[:160], holder
        self.history = [
            ChangeView(
                written_instant(c.at), names[c.platform]["short_vi"], names[c.platform]["short_en"], str(c.step),
                -1 if c.before is None else c.before, -1 if c.after is None else c.after, c.reason, c.by,
            )
            for c in changes
        ]  # fmt: skip

    @needs(Action.READ_TARGET)
    async def close_history(self, who: Principal) -> None:
        self.history_of, self.history = "", []

    def _quiet(self) -> None:
        self.saved = self.taken = self.proposed = -1

    def _anew(self) -> None:
        """Another grid: what belonged to the one before is gone."""
        self._quiet()
        self.page, self._added, self._proposals = 0, [], {}
        self.history_of, self.history = "", []

    def _span(self) -> DayRange:
        first = self._first or vn_day(utc_now()).isoformat()
        return period(Length(self.length), date.fromisoformat(first))

    async def _frame(self, db: Any, who: Principal) -> Frame:
        commune = await self._commune(db, who, Action.READ_TARGET)
        return Frame(commune or None, self._span(), Measure(self.measure), self.own and bool(commune))

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            frame = await self._frame(db, who)
            more = [*self._added, *(code for _, code in self._proposals)]
            grid = await target_grid.read_grid(db, who, frame, more, self.page)
            platforms = {p["code"]: p for p in await pull_rows.platforms(db, who.commune_id)}
            may = str(Action.ALLOT_TARGET) in self.allowed
            self.papers = [show_paper(paper) for paper in await citations.list_citable(db, who)] if may else []
        self.cited = cited_in(grid)
        self._say_when(frame.span)
        self.of_province = frame.commune_id is None
        below = self.of_province or reach_of(who, Action.ALLOT_TARGET) is Reach.COMMUNE
        self.edits, self.edits_above = may and below, may and below and (self.of_province or self.own)
        self.page, self.pages, self.total = grid.page, grid.pages, grid.total
        self.accepted, self.given, self.unaccepted = grid.accepted, grid.of, grid.unaccepted_above
        drawn = f"{frame.span.first} {frame.measure} {frame.own}"
        self.columns = [show_column(c, platforms[c.code], drawn) for c in grid.columns]
        self.lines = [show_line(line, grid.columns, platforms, self._proposals, drawn) for line in grid.lines]
        shown = {c.code for c in grid.columns}
        self.addable = [
            Option(code, p["short_vi"], p["short_en"])
            for code, p in platforms.items()
            if code not in shown and not p["gone"]
        ]
        above = [column.above for column in self.columns] if self.edits_above else []
        self._shown = {
            cell.name: Cell(cell.holder, cell.platform, None if cell.amount < 0 else cell.amount, None)
            for cells in (above, *(line.cells for line in self.lines))
            for cell in cells
        }

    def _say_when(self, span: DayRange) -> None:
        self.days, self.left = written_days(span), days_left(span, vn_day(utc_now()))
        self.period_key, self.period_params = period_words(Length(self.length), span)


def targets_page() -> rx.Component:
    turned = rx.cond(
        TargetsState.pages > 1,
        rx.fragment(
            pager(TargetsState.page, TargetsState.pages, TargetsState.total, TargetsState.turn, "allot.page"),
            rx.cond(TargetsState.edits, rx.el.p(t("allot.save_first"), class_name="soft small")),
        ),
    )
    progress = t("allot.progress", accepted=number(TargetsState.accepted), given=number(TargetsState.given))
    grid = rx.el.form(
        rx.el.p(progress, class_name="soft"),
        grid_table(TargetsState),
        rx.el.p(tk("target.counts", TargetsState.measure), class_name="soft small"),
        turned,
        cited_papers(TargetsState.cited),
        rx.cond(TargetsState.edits, saving(TargetsState)),
        on_submit=TargetsState.save,
        class_name="panel stack",
    )
    none = empty("list-checks", t("allot.none"), then=rx.cond(TargetsState.edits, t("allot.none_next"), ""))
    opened = side_panel(
        TargetsState.history_of, TargetsState.close_history, history_list(TargetsState), cite_form(TargetsState)
    )
    return desk_page(
        t("desk.targets"),
        GridKeys.create(),
        unit_choice(TargetsState),
        period_choice(TargetsState),
        acceptance(TargetsState),
        done_now(TargetsState),
        tools(TargetsState),
        rx.cond(some(TargetsState.columns), grid, rx.el.section(none, class_name="panel")),
        rx.cond(TargetsState.history_of != "", opened),
        current="targets",
    )
