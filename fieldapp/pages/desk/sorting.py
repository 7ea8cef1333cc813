"""Việc cần xử lý: held records, approved visits to look at again, visits that nobody else decides, and their log."""

from typing import Any, Literal
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.base import button, chip, empty, icon
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.words import number, t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.visit import DecisionPayload
from fieldapp.pages.desk.reopen_form import MAX_REASON, ReopenForm, reopen_form
from fieldapp.pages.desk.sorting_parts import decide_form, held_card, left_line, log_line, look_card
from fieldapp.pages.desk.sorting_view import HeldView, LeftView, LogView, show_held, show_log
from fieldapp.pages.desk.visit_panel import visit_panel
from fieldapp.pages.desk.visits_view import VisitLine, VisitView, show_line, show_visit
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.held_list import list_held, list_log
from fieldapp.reports.visit_detail import get_visit
from fieldapp.reports.visit_list import list_these, list_to_look_at
from fieldapp.services import held, left, reopening
from fieldapp.states.session import DeskState, needs
from models.held import HeldReason
from models.sync import PushResult

PARTS = ("held", "look", "left", "log")
Part = Literal["held", "look", "left", "log"]


class AcceptForm(BaseModel):
    record: UUID
    team: Key | None = None


class RefuseForm(BaseModel):
    record: UUID
    reason: PlainText = Field(default="", max_length=MAX_REASON)


class SortingState(DeskState):
    """`said` is the code of what the last deed came to, with the number that it names."""

    part: str = "held"
    held: rx.Field[list[HeldView]] = rx.field(default_factory=list)
    look: rx.Field[list[VisitLine]] = rx.field(default_factory=list)
    left: rx.Field[list[LeftView]] = rx.field(default_factory=list)
    log: rx.Field[list[LogView]] = rx.field(default_factory=list)
    totals: rx.Field[dict[str, int]] = rx.field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    clean: int = 0
    open: VisitView = VisitView()
    said: str = ""
    said_n: int = 0

    @needs(Action.SORT_RECORD)
    async def load(self, who: Principal) -> None:
        self.said, self.open = "", VisitView()
        await self._show(who)

    @needs(Action.SORT_RECORD)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part, self.said, self.open = part, "", VisitView()
        await self._show(who)

    @needs(Action.SORT_RECORD)
    async def accept(self, who: Principal, form: AcceptForm) -> None:
        result = await database().write_again(lambda db: held.accept(db, who, form.record, form.team))
        await self._say(who, f"record_{result}")

    @needs(Action.SORT_RECORD)
    async def refuse(self, who: Principal, form: RefuseForm) -> None:
        await database().write_again(lambda db: held.refuse(db, who, form.record, form.reason))
        await self._say(who, "record_refused")

    @needs(Action.REOPEN_VISIT)
    async def keep(self, who: Principal, visit_id: UUID) -> None:
        async with database().write() as db:
            await reopening.keep(db, who, [visit_id])
        await self._say(who, "kept")

    @needs(Action.REOPEN_VISIT)
    async def reopen(self, who: Principal, form: ReopenForm) -> None:
        async with database().write() as db:
            await reopening.reopen(db, who, [form.visit], form.reason)
        await self._say(who, "reopened")

    @needs(Action.DECIDE_LEFT)
    async def approve_clean(self, who: Principal) -> None:
        clean = [line.visit.id for line in self.left if not line.visit.flags]
        await self._decide(who, {"visits": clean, "verdict": "approve"})

    @needs(Action.DECIDE_LEFT)
    async def decide(self, who: Principal, form: dict[str, str]) -> None:
        """The visits are the checked boxes of the form, each named by its id."""
        chosen = [line.visit.id for line in self.left if line.visit.id in form]
        verdict = {name: form.get(name) or None for name in ("verdict", "reason_code")}
        await self._decide(who, {"visits": chosen, **verdict, "reason": form.get("reason", "")})

    @needs(Action.READ_VISIT)
    async def open_visit(self, who: Principal, visit_id: UUID) -> None:
        async with database().read() as db:
            self.open = show_visit(await get_visit(db, who, visit_id))

    @needs(Action.READ_VISIT)
    async def close_visit(self, who: Principal) -> None:
        self.open = VisitView()

    async def _decide(self, who: Principal, content: dict[str, Any]) -> None:
        if not content["visits"]:
            raise Problem("nothing_chosen")
        flags = {line.visit.id: line.visit.flags for line in self.left}
        content["visits"] = [{"visit": visit_id, "flags": flags[visit_id]} for visit_id in content["visits"]]
        if content["verdict"] == "approve":
            content |= {"reason_code": None, "reason": ""}
        payload = _read_decision(content)
        async with database().write() as db:
            results = await left.decide_left(db, who, payload)
        taken = sum(r["result"] in (PushResult.CREATED, PushResult.IDENTICAL) for r in results.values())
        await self._say(who, "decided" if taken == len(results) else "decided_some", taken)

    async def _say(self, who: Principal, said: str, n: int = 1) -> None:
        self.said, self.said_n, self.open = said, n, VisitView()
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            rows, held_total = await list_held(db, who)
            unclear = [
                (r.author_id, r.village_id) for r in rows if r.reason == HeldReason.SEAT_UNCLEAR and r.village_id
            ]
            choices = await held.list_choices(db, unclear)
            look, look_total = await list_to_look_at(db, who)
            waiting = await left.list_left(db, who)
            lines = [show_line(row) for row in await list_these(db, who, waiting.visit_ids)]
            self.log = [show_log(row) for row in await list_log(db, who)]
        self.held = [show_held(row, choices) for row in rows]
        self.look = [show_line(row) for row in look]
        overdue = {str(visit_id) for visit_id in waiting.overdue}
        self.left = [LeftView(line, line.id in overdue) for line in lines]
        self.clean = sum(not line.flags for line in lines)
        self.totals = {"held": held_total, "look": look_total, "left": waiting.total, "log": len(self.log)}


def _read_decision(content: dict[str, Any]) -> DecisionPayload:
    try:
        return DecisionPayload.model_validate(content)
    except ValueError as error:
        missing = content.get("verdict") == "send_back" and "reason_missing" in str(error)
        raise Problem("reason_missing" if missing else "invalid") from None


def _parts() -> rx.Component:
    def one(part: str) -> rx.Component:
        words = rx.fragment(
            t(f"sorting.{part}"), *([" · ", number(SortingState.totals[part])] if part != "log" else [])
        )
        return chip(words, SortingState.part == part, SortingState.choose_part(part))

    return rx.el.div(*(one(part) for part in PARTS), class_name="chips", role="group", aria_label=t("sorting.parts"))


def _list(part: str, lines: Any, row: Any, symbol: str, *before: rx.Component) -> tuple[str, rx.Component]:
    cards = rx.fragment(*before, rx.el.ul(rx.foreach(lines, row), class_name="stack"))
    shown = rx.cond(some(lines), cards, rx.el.section(empty(symbol, t(f"sorting.no_{part}")), class_name="panel"))
    return part, rx.fragment(rx.el.p(t(f"sorting.{part}_means"), class_name="soft"), shown)


def sorting_page() -> rx.Component:
    approve = button(
        icon("check"),
        t("review.approve_clean", n=number(SortingState.clean)),
        kind="primary compact",
        on_click=SortingState.approve_clean,
    )
    left_form = decide_form(
        rx.el.ul(
            rx.foreach(SortingState.left, lambda line: left_line(line, SortingState.open_visit)), class_name="bars"
        ),
        SortingState.decide,
    )
    deciding = rx.fragment(rx.cond(SortingState.clean > 0, rx.el.div(approve, class_name="row wrap")), left_form)
    nothing = rx.el.section(empty("check-check", t("sorting.no_left")), class_name="panel")
    said = rx.el.p(
        icon("check"), t("sorting.said." + SortingState.said, n=number(SortingState.said_n)), class_name="notice"
    )
    return desk_page(
        t("desk.sorting"),
        _parts(),
        rx.el.div(rx.cond(SortingState.said != "", said), role="status"),
        rx.match(
            SortingState.part,
            _list("held", SortingState.held, lambda row: held_card(row, SortingState), "check-check"),
            _list("look", SortingState.look, lambda line: look_card(line, SortingState), "check-check"),
            ("left", rx.fragment(
                rx.el.p(t("sorting.left_means"), class_name="soft"),
                rx.cond(some(SortingState.left), deciding, nothing),
            )),
            _list("log", SortingState.log, log_line, "inbox"),
            rx.fragment(),
        ),
        rx.cond(
            SortingState.open.id != "",
            visit_panel(
                SortingState.open, SortingState.close_visit, reopen_form(SortingState.open, SortingState.reopen)
            ),
        ),
        current="sorting",
    )  # fmt: skip
