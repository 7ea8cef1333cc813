"""The grid of targets and the choices above it; `state` is the page's."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, icon, icon_button, pill
from fieldapp.components.choice import options
from fieldapp.components.form import choice_field, text_field
from fieldapp.components.words import local, number, t, tk, told
from fieldapp.device.store import some
from fieldapp.domain.target import Length
from fieldapp.pages.desk.targets_papers import paper_choice
from fieldapp.pages.desk.targets_view import CellView, ColumnView, LineView, plain_number, said_of, typed_number
from fieldapp.permissions import Action
from models.target import Measure


def period_choice(state: Any) -> rx.Component:
    """Whose, how long, which days, what is counted."""

    def lengths() -> list[rx.Component]:
        return [
            chip(t(f"target.length.{one}"), state.length == str(one), state.choose_length(str(one))) for one in Length
        ]

    def measures() -> list[rx.Component]:
        return [
            chip(t(f"target.measure.{one}"), state.measure == str(one), state.choose_measure(str(one)))
            for one in Measure
        ]

    lines = [
        chip(t("allot.line_given"), ~state.own, state.choose_line(False)),
        chip(t("allot.line_own"), state.own, state.choose_line(True)),
    ]
    group: dict[str, Any] = {"class_name": "chips", "role": "group"}
    return rx.el.section(
        rx.el.div(
            icon_button("chevron-left", t("allot.before"), on_click=state.move(-1)),
            rx.el.div(
                rx.el.h2(told("target.period", state.period_key, state.period_params)),
                rx.el.p(state.days, " · ", t("target.days_left", n=state.left), class_name="soft small"),
                class_name="grow",
                role="status",
            ),
            icon_button("chevron-right", t("allot.next"), on_click=state.move(1)),
            class_name="row",
        ),
        rx.el.div(
            rx.el.div(*lengths(), aria_label=t("allot.length"), **group),
            rx.el.div(*measures(), aria_label=t("allot.measure"), **group),
            rx.cond(state.of_province, rx.fragment(), rx.el.div(*lines, aria_label=t("allot.line"), **group)),
            class_name="row wrap",
        ),
        class_name="panel stack",
    )


def unit_choice(state: Any) -> rx.Component:
    """The whole province, or one of its communes; nothing for those who have but one."""
    control = rx.el.select(
        rx.el.option(t("allot.whole_province"), value="0"),
        options(state.communes),
        name="commune",
        value=rx.cond(state.commune == "", "0", state.commune),
        on_change=state.choose_commune,
    )
    field = rx.el.label(rx.el.span(t("desk.commune")), control, class_name="field panel")
    return rx.cond(some(state.communes), field)


def _rest(column: ColumnView) -> rx.Component:
    """What was given on, and what is left: less than nothing where more was given than there is."""
    over = rx.el.span(t("allot.over", n=number(-column.left)), class_name="pill need")
    left = rx.el.span(t("allot.left", n=number(column.left)), class_name="pill wait")
    rest = rx.cond(column.left == 0, pill(t("allot.all_given"), "done"), rx.cond(column.left > 0, left, over))
    return rx.el.td(
        rx.el.b(number(column.given), class_name="num block"), rx.cond(column.has_left, rest), key=column.code
    )


def _line(line: LineView, state: Any) -> rx.Component:
    # Named otherwise than the argument of the row around it, which it would hide.
    def cell(given: CellView) -> rx.Component:
        shown = rx.cond(state.edits, typed_number(given, line.name), plain_number(given))
        return rx.el.td(shown, said_of(given, state.measure), key=given.key)

    history = state.open_history(line.id, line.name)
    opened = rx.el.button(line.name, type="button", class_name="link", on_click=history)
    return rx.el.tr(
        rx.el.th(
            opened,
            rx.el.span(t("allot.households", n=number(line.households)), class_name="soft small block"),
            scope="row",
            class_name="grid-name",
        ),
        rx.foreach(line.cells, cell),
        key=line.id,
    )


def grid_table(state: Any) -> rx.Component:
    def titled(column: ColumnView) -> rx.Component:
        unit = rx.el.span(" · ", tk("target.measure", state.measure))
        return rx.el.th(local(column.vi, column.en), unit, class_name="grid-head", scope="col", key=column.code)

    def above(column: ColumnView) -> rx.Component:
        shown = rx.cond(state.edits_above, typed_number(column.above, t("allot.whole")), plain_number(column.above))
        return rx.el.td(shown, said_of(column.above, state.measure), key=column.code)

    def line(one: LineView) -> rx.Component:
        return _line(one, state)

    whole = rx.cond(state.of_province, t("allot.of_province"), t("allot.of_commune"))
    first = rx.cond(state.of_province, t("desk.commune"), t("allot.team"))
    caption = t("desk.targets")
    head = rx.el.thead(rx.el.tr(rx.el.th(first, scope="col"), rx.foreach(state.columns, titled)))
    sums = [
        rx.el.tr(rx.el.th(whole, scope="row"), rx.foreach(state.columns, above), class_name="grid-sum"),
        rx.el.tr(rx.el.th(t("allot.given_on"), scope="row"), rx.foreach(state.columns, _rest), class_name="grid-sum"),
    ]
    body = rx.el.tbody(*sums, rx.foreach(state.lines, line))
    frame: dict[str, Any] = {"class_name": "table-wrap grid", "tab_index": 0, "role": "region", "aria_label": caption}
    return rx.el.div(rx.el.table(rx.el.caption(caption, class_name="sr"), head, body), **frame)


def tools(state: Any) -> rx.Component:
    """Another platform, and numbers proposed for what is empty."""
    add = rx.el.form(
        choice_field("platform", t("allot.add"), state.addable),
        rx.el.button(icon("plus"), t("allot.add_it"), type="submit", class_name="button compact"),
        on_submit=state.add_platform,
        class_name="filters grow",
    )
    fill = button(desk_icon("users"), t("allot.propose"), kind="compact", on_click=state.propose)
    return rx.cond(
        state.edits,
        rx.el.div(rx.cond(some(state.addable), add), rx.cond(some(state.columns), fill), class_name="row wrap end"),
    )


def saving(state: Any) -> rx.Component:
    key = state.drawn
    return rx.el.div(
        paper_choice(state),
        text_field("reason", t("allot.reason"), t("allot.reason_when"), max_length=200, key=key),
        rx.el.button(icon("check"), t("allot.save"), type="submit", class_name="button primary"),
        class_name="stack",
    )


def done_now(state: Any) -> rx.Component:
    """What was done just now, heard by screen readers."""

    def one(count: Any, words: str) -> rx.Component:
        return rx.cond(count >= 0, rx.el.p(icon("check"), t(words, n=number(count)), class_name="notice"))

    return rx.el.div(
        one(state.saved, "allot.saved"),
        one(state.taken, "allot.taken"),
        one(state.proposed, "allot.proposed_n"),
        role="status",
    )


def acceptance(state: Any) -> rx.Component:
    may = state.allowed.contains(str(Action.ACCEPT_TARGET))
    take = button(icon("check"), t("target.accept"), kind="primary compact", on_click=state.accept)
    words = rx.el.p(t("allot.waits", n=number(state.unaccepted)), class_name="strong grow")
    return rx.cond((state.unaccepted > 0) & may, rx.el.section(words, take, class_name="panel row wrap"))
