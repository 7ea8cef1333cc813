"""Tables of the desk: a head that stays, numbers to the right, columns that sort, pages of fifty."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from fieldapp.components.base import button, icon
from fieldapp.components.words import number, t


@dataclass(frozen=True)
class Column:
    """A column's head; with `sort`, a button that gives this word to the table's sorting handler."""

    label: Any
    kind: str = ""
    sort: str = ""


def cell(*children: Any, kind: str = "") -> rx.Component:
    return rx.el.td(*children, class_name=kind)


def figure_cell(value: Any, *more: Any) -> rx.Component:
    return rx.el.td(number(value), *more, class_name="num")


def _head(column: Column, on_sort: Any, sorted_by: Any, descending: Any) -> rx.Component:
    if not column.sort:
        return rx.el.th(column.label, class_name=column.kind, scope="col")
    here = sorted_by == column.sort
    order = rx.cond(here, rx.cond(descending, "descending", "ascending"), "none")
    arrow = rx.cond(here, rx.cond(descending, " ↓", " ↑"), "")
    press = rx.el.button(column.label, arrow, type="button", class_name="sorter", on_click=on_sort(column.sort))
    return rx.el.th(press, class_name=column.kind, scope="col", custom_attrs={"aria-sort": order})


def _told(row: rx.Component, columns: list[Column]) -> rx.Component:
    """The row, each of its cells with the words of its column's head."""
    for one, column in zip(row.children, columns, strict=True):
        if isinstance(one, rx.Component):
            one.custom_attrs["data-label"] = column.label
    return row


def table(
    caption: Any,
    columns: list[Column],
    lines: Any,
    row: Any,
    on_sort: Any = None,
    sorted_by: Any = "",
    descending: Any = False,
) -> rx.Component:
    """The caption is for those who cannot see the panel's title; the table scrolls inside its own frame.

    On a phone a table of mostly numbers stays one, to be compared down a column; any other is a list of its rows.
    """
    compared = 2 * sum("num" in column.kind.split() for column in columns) >= len(columns)
    heads = [_head(column, on_sort, sorted_by, descending) for column in columns]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="sr"),
            rx.el.thead(rx.el.tr(*heads)),
            rx.el.tbody(rx.foreach(lines, row if compared else lambda line: _told(row(line), columns))),
        ),
        class_name="table-wrap compared" if compared else "table-wrap listed",
        tab_index=0,
        role="region",
        aria_label=caption,
    )


def pager(page: Any, pages: Any, total: Any, turn: Any, words: str = "table.page") -> rx.Component:
    """Which page of how many (shown from 1), with the way to the next; `turn` is given the page to go to, from 0.

    `words` is the key of the line that says it: what is counted has a unit of its own.
    """
    return rx.el.div(
        rx.el.p(t(words, page=number(page + 1), pages=number(pages), total=number(total)), role="status"),
        button(icon("chevron-left"), t("table.before"), kind="compact", on_click=turn(page - 1), disabled=page <= 0),
        button(
            t("table.next"), icon("chevron-right"), kind="compact", on_click=turn(page + 1), disabled=page + 1 >= pages
        ),
        class_name="row wrap pager",
    )
