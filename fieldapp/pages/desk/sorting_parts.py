"""The pieces of the commune's sorting: a held record, a visit to look at again, one to decide, a line of the log."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, icon, pill, state_pill
from fieldapp.components.form import EMPTIED
from fieldapp.components.words import local, number, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.reopen_form import reason_field, reason_form
from fieldapp.pages.desk.sorting_view import HeldView, LeftView, LogView
from fieldapp.pages.desk.visit_table import flag_pill
from fieldapp.pages.desk.visits_view import OutcomeView, VisitLine
from models.review import ReturnReason

RESULT_KINDS = {"created": "done", "invalid": "need", "forbidden": "need"}


def _done(outcome: OutcomeView) -> rx.Component:
    return rx.el.li(local(outcome.name_vi, outcome.name_en), ": ", tk("result", outcome.result))


def _house(number_of: Any, head: Any, village: Any) -> rx.Component:
    return rx.el.p(
        rx.cond(number_of != "", rx.el.span(t("household.numbered", number=number_of), class_name="strong")),
        rx.cond(head != "", rx.fragment(" · ", head)),
        rx.cond(village != "", rx.el.span(" · ", village, class_name="soft")),
    )


def held_card(row: HeldView, state: Any) -> rx.Component:
    """Who, when, what, why; and the two ways to sort it where a person can."""
    choice = rx.el.label(
        rx.el.span(t("sorting.credit_to")),
        rx.el.select(
            rx.foreach(row.choices, lambda team: rx.el.option(team.label, value=team.value, key=team.value)),
            name="team",
        ),
        class_name="field",
    )
    accept = rx.el.form(
        rx.el.input(type="hidden", name="record", value=row.id, read_only=True),
        rx.cond(some(row.choices), choice),
        rx.el.button(icon("check"), t("sorting.accept"), type="submit", class_name="button primary compact"),
        on_submit=state.accept,
        class_name="filters",
    )
    refuse = reason_form(
        "record", row.id, t("sorting.refuse"), t("sorting.refuse_why"), t("sorting.refuse"), state.refuse,
        "compact danger",
    )  # fmt: skip
    return rx.el.li(
        rx.el.div(
            rx.el.h2(tk("kind", row.kind), class_name="grow"),
            pill(tk("held", row.reason), "wait"),
            class_name="row wrap",
        ),
        _house(row.number, row.head, row.village),
        rx.cond(some(row.outcomes), rx.el.ul(rx.foreach(row.outcomes, _done))),
        rx.cond(row.people > 0, rx.el.p(t("unit.n_people", n=number(row.people)), class_name="soft small")),
        rx.cond(row.note != "", rx.el.p(row.note, class_name="note")),
        rx.el.p(t("sorting.made", author=row.author, at=row.at, received=row.received_at), class_name="soft small"),
        rx.el.p(tk("held_why", row.reason)),
        rx.cond(row.open, accept),
        rx.cond(row.refusable, refuse),
        class_name="panel",
        key=row.id,
    )


def _visit_facts(line: VisitLine, open_visit: Any) -> list[rx.Component]:
    name = rx.el.button(
        t("household.numbered", number=line.number), type="button", class_name="link", on_click=open_visit(line.id)
    )
    return [
        rx.el.p(
            name,
            rx.cond(line.head != "", rx.fragment(" · ", line.head)),
            rx.el.span(" · ", line.village, class_name="soft"),
        ),
        rx.el.ul(rx.foreach(line.outcomes, _done)),
        rx.el.p(line.author, " · ", line.at, class_name="soft small"),
    ]


def look_card(line: VisitLine, state: Any) -> rx.Component:
    return rx.el.li(
        *_visit_facts(line, state.open_visit),
        rx.el.div(state_pill(line.state), rx.foreach(line.flags, flag_pill), class_name="row wrap"),
        rx.el.div(
            button(icon("check"), t("sorting.keep"), kind="primary compact", on_click=state.keep(line.id)),
            class_name="row wrap",
        ),
        reason_form("visit", line.id, t("sorting.reopen"), t("sorting.reopen_why"), t("sorting.reopen"), state.reopen),
        class_name="panel",
        key=line.id,
    )


def left_line(line: LeftView, open_visit: Any) -> rx.Component:
    """One visit with its box; the box is named by the visit's id."""
    visit = line.visit
    box = rx.el.input(type="checkbox", name=visit.id, aria_label=t("sorting.choose", number=visit.number))
    why = rx.cond(line.overdue, pill(t("sorting.overdue"), "wait"), pill(t("sorting.nobody_else"), "wait"))
    return rx.el.li(
        rx.el.span(box, class_name="box"),
        rx.el.div(
            *_visit_facts(visit, open_visit),
            rx.el.div(why, rx.foreach(visit.flags, flag_pill), class_name="row wrap"),
            class_name="grow stack tight",
        ),
        class_name="seat",
        key=visit.id,
    )


def decide_form(lines: rx.Component, on_submit: Any) -> rx.Component:
    """One verdict for all boxes that are checked."""

    def verdict(name: str, checked: bool) -> rx.Component:
        control = rx.el.input(type="radio", name="verdict", value=name, default_checked=checked)
        return rx.el.label(control, rx.el.span(t(f"sorting.{name}")), class_name="option")

    reasons = rx.el.label(
        rx.el.span(t("review.why")),
        rx.el.select(
            rx.el.option(t("sorting.no_reason"), value=""),
            *(rx.el.option(t(f"reason.{code}"), value=str(code)) for code in ReturnReason),
            name="reason_code",
        ),
        class_name="field",
    )
    return rx.el.form(
        rx.el.section(lines, class_name="panel"),
        rx.el.section(
            rx.el.h2(t("sorting.verdict")),
            rx.el.div(verdict("approve", True), verdict("send_back", False), class_name="row wrap"),
            rx.el.div(reasons, reason_field(t("review.words")), class_name="filters only-send-back"),
            rx.el.button(t("sorting.decide"), type="submit", class_name="button primary"),
            class_name="panel",
        ),
        on_submit=on_submit,
        custom_attrs={EMPTIED: "true"},
        class_name="stack decide-form",
    )


def log_line(line: LogView) -> rx.Component:
    by = rx.cond(line.by != "", line.by, t("visits.by_server"))
    told = rx.match(line.result, *RESULT_KINDS.items(), "wait")
    return rx.el.li(
        rx.el.p(tk("kind", line.kind), " · ", line.author, class_name="strong"),
        rx.el.div(
            pill(tk("sorted", line.result), told),
            rx.cond(line.closing, pill(t("sorting.closing"), "wait")),
            class_name="row wrap",
        ),
        rx.cond(line.reason != "", rx.el.p(line.reason, class_name="small")),
        rx.el.p(line.at, rx.cond(line.closing, "", rx.fragment(" · ", by)), class_name="soft small num"),
        class_name="panel",
        key=line.id,
    )
