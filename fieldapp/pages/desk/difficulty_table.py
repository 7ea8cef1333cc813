"""The board's numbers, its filter and its table."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, figure, icon, pill
from fieldapp.components.form import choice_field
from fieldapp.components.table import Column, cell, figure_cell, table
from fieldapp.components.words import number, t, tk
from fieldapp.pages.desk.difficulties_view import CommuneLine, DifficultyLine, DueView, ViewChip
from models.difficulty import DifficultyKind, Severity

SEVERITY_KINDS = {"high": "need", "medium": "wait"}
STATE_KINDS = {"solved": "done", "handling": "wait", "escalated": "wait", "reported": "need"}


def due_pill(due: DueView) -> rx.Component:
    words = rx.match(
        due.when,
        ("late", pill(t("board.late", n=number(due.days)), "need", "triangle-alert")),
        ("today", pill(t("board.today"), "wait", "clock")),
        ("left", pill(t("board.left", n=number(due.days)))),
        rx.fragment(),
    )
    return rx.fragment(words)


def state_of(state: Any) -> rx.Component:
    return pill(tk("difficulty.state", state), rx.match(state, *STATE_KINDS.items(), ""))


def severity_of(severity: Any) -> rx.Component:
    return pill(tk("difficulty.of_severity", severity), rx.match(severity, *SEVERITY_KINDS.items(), ""))


def view_chips(chips: Any, chosen: Any, choose: Any) -> rx.Component:
    def one(line: ViewChip) -> rx.Component:
        words = t("board.view_n", view=tk("board.view", line.view), n=number(line.n))
        return chip(words, chosen == line.view, choose(line.view), key=line.view)

    return rx.el.div(rx.foreach(chips, one), class_name="chips", role="group", aria_label=t("board.views"))


def filters(asked: Any, drawn: Any, places: Any, province: Any, on_submit: Any, on_clear: Any) -> rx.Component:
    def choice(name: str, *lines: Any) -> rx.Component:
        none = rx.el.option(t("board.all"), value="")
        control = rx.el.select(none, *lines, name=name, default_value=asked.get(name, ""))
        return rx.el.label(rx.el.span(t(f"board.{name}")), control, class_name="field")

    kinds = [rx.el.option(t(f"difficulty.kind.{kind}"), value=str(kind)) for kind in DifficultyKind]
    levels = [rx.el.option(t(f"difficulty.severity.{level}"), value=str(level)) for level in reversed(Severity)]
    words = rx.el.input(
        type="search", name="query", default_value=asked.get("query", ""), max_length=80,
        placeholder=t("board.query_hint"), auto_complete="off",
    )  # fmt: skip
    where = rx.cond(province, t("board.commune"), t("board.place"))
    return rx.el.form(
        rx.el.label(rx.el.span(t("board.query")), words, class_name="field grow"),
        choice("kind", *kinds),
        choice("severity", *levels),
        choice_field("place", where, places, first=t("board.all"), default_value=asked.get("place", "")),
        rx.el.button(icon("search"), t("board.find"), type="submit", class_name="button primary compact"),
        button(t("board.clear"), kind="compact", on_click=on_clear),
        on_submit=on_submit,
        key=drawn,
        class_name="filters panel",
    )


def figures_of(state: Any) -> rx.Component:
    """What is open, what is late, what came in time and how fast."""
    none = rx.el.div(rx.el.b("–"), rx.el.span(t("board.none_solved")), class_name="figure")
    share = rx.el.div(
        rx.el.b(number(state.percent), " %"),
        rx.el.span(t("board.in_time")),
        rx.el.small(t("board.in_time_of", in_time=number(state.in_time), solved=number(state.solved))),
        class_name="figure done",
    )
    late = rx.cond(state.overdue > 0, "figure need", "figure")
    return rx.el.div(
        figure(number(state.open_count), rx.cond(state.province, t("board.open_all"), t("board.open_now"))),
        rx.el.div(
            rx.el.b(number(state.overdue)),
            rx.el.span(rx.cond(state.province, t("board.overdue_all"), t("board.overdue_now"))),
            class_name=late,
        ),
        rx.cond(state.solved > 0, share, none),
        rx.cond(state.solved > 0, figure(number(state.median), t("board.median"))),
        class_name="figures",
    )


def difficulty_table(lines: Any, open_one: Any, opened: Any, province: Any) -> rx.Component:
    def row(line: DifficultyLine) -> rx.Component:
        press = rx.el.button(
            tk("difficulty.kind", line.kind), type="button", class_name="link", on_click=open_one(line.id)
        )
        marks = rx.el.div(
            severity_of(line.severity),
            rx.cond(line.photos > 0, pill(t("board.photos", n=number(line.photos)), "", "camera")),
            class_name="row wrap",
        )
        return rx.el.tr(
            cell(rx.el.div(press, rx.el.p(line.description, class_name="clamp"), marks, class_name="stack tight")),
            cell(
                rx.el.span(line.village, class_name="block strong"),
                rx.cond(province, rx.el.span(line.commune, class_name="block soft small")),
                rx.el.span(line.author, class_name="block soft small"),
            ),
            cell(rx.el.div(rx.el.span(line.due.day, class_name="num"), due_pill(line.due), class_name="stack tight")),
            cell(state_of(line.state)),
            cell(rx.cond(line.handler != "", line.handler, rx.el.span(t("board.nobody"), class_name="soft"))),
            class_name=rx.cond(opened == line.id, "opened", ""),
            key=line.id,
        )

    heads = [Column(t(f"board.col_{name}")) for name in ("what", "where", "due", "state", "handler")]
    return table(t("board.table"), heads, lines, row)


def commune_table(lines: Any) -> rx.Component:
    def row(line: CommuneLine) -> rx.Component:
        return rx.el.tr(
            cell(line.name), figure_cell(line.open), figure_cell(line.overdue), figure_cell(line.escalated),
            key=line.name,
        )  # fmt: skip

    heads = [Column(t("board.col_commune")), *(Column(t(f"board.col_{n}"), "num") for n in ("open", "overdue"))]
    return rx.el.section(
        rx.el.h2(t("board.communes")),
        rx.el.p(t("board.communes_note"), class_name="soft small"),
        table(t("board.communes"), [*heads, Column(t("board.col_escalated"), "num")], lines, row),
        class_name="panel",
    )
