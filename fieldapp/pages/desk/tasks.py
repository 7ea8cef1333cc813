"""Nhiệm vụ: what a province asks of communes and a commune of its teams, by a day; what is late stands first."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.base import button, chip, empty, pill
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import area_field, date_field, folded, form, said
from fieldapp.components.table import pager
from fieldapp.components.words import number, t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.given import MAX_KEY
from fieldapp.domain.note import NoteText
from fieldapp.domain.task import MAX_TEXT, Standing
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.permissions import Action, Principal
from fieldapp.reports.task_list import Part, TaskRow, list_doers, list_tasks
from fieldapp.services import tasks
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.task import TaskState

KINDS = {"late": "need", "open": "wait", "doing": "wait", "done": "done"}


class GivenTask(BaseModel):
    """The form of a new task; `to` 0 is everybody below."""

    text: NoteText = Field(min_length=1, max_length=MAX_TEXT)
    due_on: date
    to: int = Field(ge=0, le=MAX_KEY)


class Mark(BaseModel):
    task: UUID
    state: TaskState
    note: NoteText = Field(default="", max_length=MAX_TEXT)


@dataclass
class TaskView:
    id: str = ""
    text: str = ""
    doer: str = ""
    due: str = ""
    state: str = ""
    note: str = ""
    marked: str = ""


class TasksState(DeskState):
    """`only` is empty where all are shown; `done` says what was done just now, as a code of the catalogue."""

    part: str = str(Part.GIVEN)
    only: str = ""
    lines: rx.Field[list[TaskView]] = rx.field(default_factory=list)
    counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    page: int = 0
    pages: int = 1
    total: int = 0
    doers: rx.Field[list[Option]] = rx.field(default_factory=list)
    done: str = ""
    today: str = ""
    of_commune: bool = False

    @needs(Action.READ_TASK)
    async def load(self, who: Principal) -> None:
        self.done = ""
        await self._show(who)

    @needs(Action.READ_TASK)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part, self.only, self.page, self.done = str(part), "", 0, ""
        await self._show(who)

    @needs(Action.READ_TASK)
    async def choose_standing(self, who: Principal, only: Standing | None) -> None:
        """The same once more shows all again."""
        self.only, self.page, self.done = "" if only is None or str(only) == self.only else str(only), 0, ""
        await self._show(who)

    @needs(Action.READ_TASK)
    async def turn(self, who: Principal, page: int) -> None:
        self.page, self.done = max(0, min(page, self.pages - 1)), ""
        await self._show(who)

    @needs(Action.ASSIGN_TASK)
    async def assign(self, who: Principal, form: GivenTask) -> None:
        self.done = ""
        async with database().write() as db:
            to = [form.to] if form.to else [unit for unit, _ in await list_doers(db, who, vn_day(utc_now()))]
            await tasks.assign(db, who, tasks.TaskForm(text=form.text, due_on=form.due_on), to)
        self.part, self.only, self.page = str(Part.GIVEN), "", 0
        await self._show(who)
        self.done = "given"

    @needs(Action.ASSIGN_TASK)
    async def withdraw(self, who: Principal, task: UUID) -> None:
        self.done = ""
        async with database().write() as db:
            await tasks.withdraw(db, who, task)
        await self._show(who)
        self.done = "withdrawn"

    @needs(Action.MARK_TASK)
    async def mark(self, who: Principal, form: Mark) -> None:
        self.done = ""
        async with database().write() as db:
            await tasks.mark_own(db, who, form.task, form.state, form.note)
        await self._show(who)
        self.done = "marked"

    async def _show(self, who: Principal) -> None:
        today = vn_day(utc_now())
        async with database().read() as db:
            only = Standing(self.only) if self.only else None
            found = await list_tasks(db, who, Part(self.part), today, only, self.page)
            may = str(Action.ASSIGN_TASK) in self.allowed
            doers = await list_doers(db, who, today) if may else []
        self.today, self.of_commune = today.isoformat(), who.commune_id is not None
        self.lines = [_view(row) for row in found.rows]
        self.counts = {str(word): n for word, n in found.counts.items()}
        self.page, self.pages, self.total = found.page, found.pages, found.total
        self.doers = [Option(str(unit), name) for unit, name in doers]


def _view(row: TaskRow) -> TaskView:
    by = f" · {row.marked_by}" if row.marked_by else ""
    marked = f"{written_instant(row.marked_at)}{by}" if row.marked_at else ""
    return TaskView(str(row.id), row.text, row.to, written_day(row.due_on), str(row.standing), row.note, marked)


def _may(action: Action) -> Any:
    return DeskState.allowed.contains(str(action))


def _new() -> rx.Component:
    everybody = rx.el.label(
        rx.el.span(t("task.to")),
        rx.el.select(rx.el.option(t("task.to_all"), value="0"), options(TasksState.doers), name="to"),
        class_name="field",
    )
    fields = form(
        area_field("text", t("task.text"), max_length=MAX_TEXT, rows="3", required=True),
        date_field("due_on", t("task.due_on"), min=TasksState.today, required=True),
        everybody,
        send=t("task.give"),
        on_submit=TasksState.assign,
    )
    return rx.el.section(rx.el.h2(t("task.new")), fields, class_name="panel stack")


def _line(line: TaskView) -> rx.Component:
    taking = folded(
        t("task.withdraw"),
        rx.el.p(t("task.withdraw_means"), class_name="soft small"),
        button(t("task.withdraw"), kind="compact danger", on_click=TasksState.withdraw(line.id)),
    )
    states = [rx.el.option(t(f"task.state.{state}"), value=str(state)) for state in TaskState]
    marking = form(
        rx.el.input(type="hidden", name="task", value=line.id, read_only=True),
        rx.el.label(
            rx.el.span(t("task.state")), rx.el.select(*states, name="state", default_value="doing"), class_name="field"
        ),
        area_field("note", t("task.note"), max_length=MAX_TEXT, rows="2", default_value=line.note),
        send=t("record.save"),
        on_submit=TasksState.mark,
        reset_on_submit=False,
    )
    given = TasksState.part == str(Part.GIVEN)
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.text, class_name="strong"),
            rx.el.p(line.doer, class_name="soft small"),
            rx.cond(line.note != "", rx.el.p(line.note, class_name="note")),
            rx.cond(line.marked != "", rx.el.p(line.marked, class_name="soft small")),
            class_name="person stack tight",
        ),
        rx.el.div(
            pill(tk("task.state", line.state), rx.match(line.state, *KINDS.items(), "")),
            rx.el.p(t("task.due", day=line.due), class_name="small"),
            rx.cond(given & _may(Action.ASSIGN_TASK), taking),
            rx.cond(~given & _may(Action.MARK_TASK), folded(t("task.say"), marking)),
            class_name="grow stack tight",
        ),
        class_name="seat",
        key=line.id,
    )


def tasks_page() -> rx.Component:
    group: dict[str, Any] = {"class_name": "chips", "role": "group"}
    parts = [
        chip(t(f"task.part.{part}"), TasksState.part == str(part), TasksState.choose_part(str(part))) for part in Part
    ]
    standings = [
        chip(
            rx.fragment(t(f"task.state.{one}"), " · ", number(TasksState.counts.get(str(one), 0))),
            TasksState.only == str(one),
            TasksState.choose_standing(str(one)),
        )
        for one in Standing
    ]
    done = rx.match(
        TasksState.done,
        ("given", t("task.given")), ("withdrawn", t("task.withdrawn")), ("marked", t("task.marked")), "",
    )  # fmt: skip
    listed = rx.el.section(
        rx.cond(TasksState.of_commune, rx.el.div(*parts, aria_label=t("task.part"), **group)),
        rx.el.div(*standings, aria_label=t("task.state"), **group),
        said(done),
        rx.cond(
            some(TasksState.lines),
            rx.el.ul(rx.foreach(TasksState.lines, _line), class_name="bars"),
            empty("list-checks", t("task.none")),
        ),
        rx.cond(
            TasksState.pages > 1,
            pager(TasksState.page, TasksState.pages, TasksState.total, TasksState.turn, "task.page"),
        ),
        class_name="panel stack",
    )
    return desk_page(
        t("desk.tasks"),
        rx.el.div(listed, rx.cond(_may(Action.ASSIGN_TASK), _new()), class_name="columns"),
        current="tasks",
    )
