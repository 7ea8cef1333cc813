"""Danh sách báo Sở: a commune's teams and members in the province's own form; for the province all communes beside."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, empty, figure, icon, pill
from fieldapp.components.desk_shell import desk_page, downloads
from fieldapp.components.form import folded, form, said
from fieldapp.components.table import Column, cell, figure_cell, pager, table
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.domain.composition import ShortfallKind
from fieldapp.domain.register import MAX_HEADING
from fieldapp.pages.desk.register_state import ColumnView, CommuneView, RegisterState
from fieldapp.pages.desk.teams_parts import may
from fieldapp.permissions import Action
from fieldapp.reports.register import PAGE

COLUMNS = [
    Column(t("desk.commune")),
    Column(t("register.of_teams"), kind="num"),
    Column(t("register.of_undecided"), kind="num"),
    Column(t("register.of_people"), kind="num"),
    Column(t("register.of_missing"), kind="num"),
    Column(t("register.of_it_teachers")),
    Column(t("register.of_reported")),
    Column(t("register.of_changed")),
]
FIGURES = (
    ("decided", "communes_decided"),
    ("undecided", "communes_undecided"),
    ("it_teachers", "communes_it"),
    ("teams", "teams"),
    ("people", "people"),
    ("missing", "missing"),
)


def _figures() -> rx.Component:
    numbers = RegisterState.numbers
    figures = [figure(number(numbers.get(name, 0)), t(f"register.{words}")) for name, words in FIGURES]
    return rx.el.section(*figures, class_name="figures", aria_label=t("register.figures"))


def _which() -> rx.Component:
    def one(name: str) -> rx.Component:
        words = t(f"register.which.{name}", n=number(RegisterState.numbers.get(name, 0)))
        return chip(words, RegisterState.which == name, RegisterState.show(name))

    ways = [one(name) for name in ("all", "undecided", "it_teachers", "warned", "unreported")]
    return rx.el.div(*ways, class_name="chips", role="group", aria_label=t("register.which"))


def _commune_row(row: CommuneView) -> rx.Component:
    short = pill(t(f"shortfall.{ShortfallKind.IT_TEACHERS}"), "need", "triangle-alert")
    teachers = rx.cond(row.it_teachers >= 0, number(row.it_teachers), t("register.no_own_team"))
    press: Any = RegisterState.open_commune(row.id)
    opens = rx.el.button(row.name, type="button", class_name="link", on_click=press)
    return rx.el.tr(
        cell(opens),
        rx.el.td(number(row.teams), " / ", number(row.villages), class_name="num"),
        figure_cell(row.undecided),
        figure_cell(row.people),
        figure_cell(row.missing),
        cell(rx.el.span(teachers, class_name="block"), rx.cond(row.lacks_it_teachers, short)),
        cell(rx.cond(row.reported_at != "", row.reported_at, t("register.not_reported")), kind="num-left"),
        cell(row.changed_at, kind="num-left"),
        key=row.id,
    )


def _communes() -> rx.Component:
    pages = (RegisterState.shown + PAGE - 1) // PAGE
    turns = pager(RegisterState.page, pages, RegisterState.shown, RegisterState.turn, words="register.page")
    found = rx.fragment(
        table(t("desk.by_commune"), COLUMNS, RegisterState.communes, _commune_row),
        rx.cond(RegisterState.shown > PAGE, turns),
    )
    return rx.fragment(
        _figures(),
        _which(),
        rx.el.section(
            rx.cond(some(RegisterState.communes), found, empty("check-check", t("register.none"))), class_name="panel"
        ),
    )


def _head(column: ColumnView) -> rx.Component:
    words = rx.cond(column.heading != "", column.heading, tk("register.col", column.code))
    return rx.cond(column.shown, rx.el.th(words, scope="col"))


def _people() -> rx.Component:
    """The list itself, as it goes out."""
    title = rx.cond(RegisterState.wide, t("register.list_of", name=RegisterState.open_name), t("register.list"))
    sheet = rx.el.div(
        rx.el.table(
            rx.el.caption(title, class_name="sr"),
            rx.el.thead(
                rx.el.tr(rx.el.th(t("register.col.number"), scope="col"), rx.foreach(RegisterState.columns, _head))
            ),
            rx.el.tbody(
                rx.foreach(RegisterState.lines, lambda line: rx.el.tr(rx.foreach(line, lambda words: rx.el.td(words))))
            ),
        ),
        class_name="table-wrap sheet-table",
        tab_index=0,
        role="region",
        aria_label=title,
    )
    pages = (RegisterState.people + PAGE - 1) // PAGE
    turns = pager(
        RegisterState.people_page, pages, RegisterState.people, RegisterState.turn_people, words="register.people_page"
    )
    found = rx.fragment(sheet, rx.cond(RegisterState.people > PAGE, turns))
    return rx.el.section(
        rx.el.h2(title),
        rx.cond(some(RegisterState.lines), found, empty("users", t("register.no_people"))),
        class_name="panel stack",
    )


def _report() -> rx.Component:
    at = t("register.reported", at=RegisterState.reported_at)
    return rx.el.section(
        rx.el.h2(t("register.of_reported")),
        rx.el.p(rx.cond(RegisterState.reported_at != "", at, t("register.never_reported"))),
        rx.cond(
            RegisterState.changed_since,
            rx.el.p(icon("triangle-alert"), t("register.changed_since"), class_name="notice wait"),
        ),
        rx.el.p(t("register.report_means"), class_name="soft small"),
        rx.el.div(button(icon("check"), t("register.report"), kind="primary compact", on_click=RegisterState.report)),
        class_name="panel stack",
    )


def _shape() -> rx.Component:
    fields = rx.el.ul(rx.foreach(RegisterState.columns, _column), class_name="bars")
    return rx.el.section(
        folded(
            t("register.shape"),
            rx.el.p(t("register.shape_means"), class_name="soft small"),
            form(
                fields,
                send=t("register.shape_keep"),
                on_submit=RegisterState.shape,
                reset_on_submit=False,
                key=RegisterState.drawn,
            ),
        ),
        class_name="panel",
    )


def _column(column: ColumnView) -> rx.Component:
    name = tk("register.col", column.code)

    def named(prefix: str, label: Any, **props: Any) -> rx.Component:
        return rx.el.input(name=prefix + column.code, aria_label=label, auto_complete="off", **props)

    shown = t("register.shown", name=name)
    return rx.el.li(
        rx.el.label(
            named("shown_", shown, type="checkbox", default_checked=column.shown),
            rx.el.span(name, class_name="strong"),
            class_name="row grow",
        ),
        rx.el.label(
            rx.el.span(t("register.position"), class_name="soft small"),
            named(
                "position_", t("register.position"), type="number", min=0, max=99, default_value=column.position,
                required=True, class_name="input narrow",
            ),
            class_name="row",
        ),
        rx.el.label(
            rx.el.span(t("register.heading"), class_name="soft small"),
            named(
                "heading_", t("register.heading"), max_length=MAX_HEADING, default_value=column.heading,
                placeholder=name, class_name="input",
            ),
            class_name="row grow",
        ),
        class_name="seat",
        key=column.code,
    )  # fmt: skip


def register_page() -> rx.Component:
    done = rx.cond(RegisterState.done != "", tk("register.said", RegisterState.done), "")
    return desk_page(
        t("desk.register"),
        said(done),
        rx.cond(RegisterState.wide, _communes()),
        rx.cond(may(Action.REPORT_REGISTER), _report()),
        rx.cond(RegisterState.open > 0, _people()),
        rx.cond(may(Action.SHAPE_REGISTER), _shape()),
        current="register",
        tools=downloads("register", ""),
    )
