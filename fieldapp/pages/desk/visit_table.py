"""The table of visits: when, where, whose household, what was done, and what there is to look at."""

from typing import Any

import reflex as rx

from fieldapp.components.base import icon, state_pill
from fieldapp.components.table import Column, cell, table
from fieldapp.components.visit_row import who_did
from fieldapp.components.words import local, number, t, tk
from fieldapp.pages.desk.visits_view import OutcomeView, VisitLine

COLUMNS = ("at", "household", "done", "author", "state", "look")


def _done(outcome: OutcomeView) -> rx.Component:
    return rx.el.li(
        rx.el.span(local(outcome.name_vi, outcome.name_en), class_name="strong"), ": ", tk("result", outcome.result)
    )


def flag_pill(flag: Any) -> rx.Component:
    return rx.el.span(icon("triangle-alert"), tk("flag", flag), class_name="pill wait", key=flag)


def visit_table(lines: Any, open_visit: Any, opened: Any) -> rx.Component:
    def row(line: VisitLine) -> rx.Component:
        household = rx.el.button(
            t("household.numbered", number=line.number), type="button", class_name="link", on_click=open_visit(line.id)
        )
        look = rx.el.div(
            rx.cond(line.needs_look, rx.el.span(t("visits.needs_look"), class_name="pill need")),
            rx.foreach(line.flags, flag_pill),
            rx.cond(line.photo_count > 0, rx.el.span(icon("camera"), number(line.photo_count), class_name="pill")),
            class_name="row wrap",
        )
        return rx.el.tr(
            cell(line.at, kind="num-left"),
            cell(
                household, rx.el.span(line.head, class_name="block"), rx.el.span(line.village, class_name="soft small")
            ),
            cell(
                rx.el.ul(rx.foreach(line.outcomes, _done)),
                rx.el.span(t("unit.n_people", n=number(line.people)), class_name="soft small"),
            ),
            cell(who_did(line)),
            cell(state_pill(line.state)),
            cell(look),
            class_name=rx.cond(opened == line.id, "opened", ""),
            key=line.id,
        )

    return table(t("desk.visits"), [Column(t(f"visits.col_{name}")) for name in COLUMNS], lines, row)
