"""Lists that the province keeps in an order, in use or retired: what their pages share. `of` begins their keys."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, empty
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.words import local, number, t, told
from fieldapp.device.store import count, some
from fieldapp.domain.platform_form import Way


def arrow(of: str, way: Way, name: Any, at_end: Any, on_click: Any) -> rx.Component:
    """Moves a line a place; what it moves is said to those who do not see it."""
    symbol = "chevron-up" if way is Way.UP else "chevron-down"
    words = rx.el.span(t(f"{of}.{way}", name=name), class_name="sr")
    return button(desk_icon(symbol), words, kind="compact", on_click=on_click, disabled=at_end)


def kept_line(of: str, state: Any, words: rx.Component, keeps: Any, line: Any) -> rx.Component:
    """One in use: moved among its group, or changed."""
    name = local(line.short_vi, line.short_en)
    change = button(
        desk_icon("pencil"), t(f"{of}.change"), rx.el.span(" ", name, class_name="sr"), kind="compact",
        on_click=state.open_one(line.code),
    )  # fmt: skip
    deeds = rx.el.div(
        arrow(of, Way.UP, name, line.first, state.move(line.code, str(Way.UP))),
        arrow(of, Way.DOWN, name, line.last, state.move(line.code, str(Way.DOWN))),
        change,
        class_name="row",
    )
    return rx.el.li(words, rx.cond(keeps, deeds), class_name="seat", key=line.code)


def retired_line(of: str, words: rx.Component, keeps: Any, line: Any, on_click: Any) -> rx.Component:
    name = rx.el.span(" ", local(line.short_vi, line.short_en), class_name="sr")
    back = button(t(f"{of}.restore"), name, kind="compact", on_click=on_click)
    return rx.el.li(words, rx.cond(keeps, back), class_name="seat", key=line.code)


def group_panel(title: Any, lines: Any, line: Callable[[Any], rx.Component], key: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title), rx.el.ul(rx.foreach(lines, line), class_name="bars"), class_name="panel", key=key
    )


def kept_page(
    of: str, state: Any, groups: Any, group: Callable[[Any], rx.Component], retired: Callable[[Any], rx.Component],
    keeps: Any, panel: rx.Component, symbol: str = "inbox",
) -> rx.Component:  # fmt: skip
    """What is in use by groups, or what is retired; the panel of the one that is changed."""
    add = button(desk_icon("plus"), t(f"{of}.new"), kind="primary compact", on_click=state.open_new)
    done = told(f"{of}.said", state.done, {"name": state.done_name})
    away = rx.el.section(
        rx.el.p(t(f"{of}.retired_mean"), class_name="soft"),
        rx.cond(
            some(state.retired),
            rx.el.ul(rx.foreach(state.retired, retired), class_name="bars"),
            empty("inbox", t(f"{of}.none_retired")),
        ),
        class_name="panel stack",
    )
    used = rx.cond(
        some(groups), rx.el.div(rx.foreach(groups, group), class_name="panels"), empty(symbol, t(f"{of}.none"))
    )
    return desk_page(
        t(f"desk.{of}"),
        rx.el.p(rx.cond(state.of_commune, t(f"{of}.read"), t(f"{of}.explain")), class_name="soft"),
        _parts(of, state, (("used", state.used), ("retired", count(state.retired)))),
        said(rx.cond(state.done != "", done, "")),
        rx.cond(state.part == "used", used, away),
        rx.cond(state.panel != "", panel),
        current=of,
        tools=rx.cond(keeps, add),
    )


def _parts(of: str, state: Any, parts: Sequence[tuple[str, Any]]) -> rx.Component:
    chips = [
        chip(t(f"{of}.part.{part}", n=number(total)), state.part == part, state.choose_part(part))
        for part, total in parts
    ]
    return rx.el.div(*chips, class_name="chips", role="group", aria_label=t(f"{of}.parts"))
