"""The smallest shared pieces: icon, button, pill, chip, empty state, sheet."""

from typing import Any

import reflex as rx
from reflex.vars import Var

from fieldapp.components.words import t, tk

SPRITE = "/icons/sprite.svg#"
DESK_SPRITE = "/icons/desk.svg#"


def joined(first: str, rest: Any) -> Any:
    """A fixed text followed by one that may be reactive."""
    return Var.create(first).to(str) + Var.create(rest).to(str)


def icon(name: Any) -> rx.Component:
    """An icon of the sprite, for the eye only; the name may be reactive."""
    return rx.el.svg(rx.el.svg.use(href=joined(SPRITE, name)), class_name="icon", custom_attrs={"aria-hidden": "true"})


def desk_icon(name: Any) -> rx.Component:
    """An icon that only the desk shows: its sprite is none of the phone's first load."""
    return rx.el.svg(
        rx.el.svg.use(href=joined(DESK_SPRITE, name)), class_name="icon", custom_attrs={"aria-hidden": "true"}
    )


def button(*children: Any, kind: str = "", **props: Any) -> rx.Component:
    return rx.el.button(*children, type="button", class_name=f"button {kind}".strip(), **props)


def icon_button(name: str, label: Any, **props: Any) -> rx.Component:
    return rx.el.button(icon(name), type="button", class_name="icon-button", aria_label=label, **props)


def pill(text: Any, kind: Any = "", symbol: str = "") -> rx.Component:
    return rx.el.span(*([icon(symbol)] if symbol else []), text, class_name=joined("pill ", kind))


def chip(text: Any, pressed: Any, on_click: Any, **props: Any) -> rx.Component:
    state = rx.cond(pressed, "true", "false")
    return rx.el.button(
        text, type="button", class_name="chip", on_click=on_click, custom_attrs={"aria-pressed": state}, **props
    )


def empty(symbol: str, words: Any, *more: rx.Component, then: Any = None) -> rx.Component:
    """The drawn state of a place with nothing in it; `then` says what to do next."""
    after = [] if then is None else [rx.el.p(then, class_name="small")]
    return rx.el.div(icon(symbol), rx.el.p(words), *after, *more, class_name="empty")


def sheet(is_open: Any, title: Any, on_close: Any, *children: Any) -> rx.Component:
    """A sheet over the screen's lower part; the veil behind it closes it."""
    return rx.cond(
        is_open,
        rx.fragment(
            rx.el.div(class_name="veil", on_click=on_close),
            rx.el.section(
                rx.el.div(
                    rx.el.h2(title, class_name="grow"),
                    icon_button("x", t("close"), on_click=on_close, custom_attrs={"data-close": "true"}),
                    class_name="row",
                ),
                *children,
                class_name="sheet",
                role="dialog",
                aria_label=title,
                custom_attrs={"aria-modal": "true"},
            ),
        ),
    )


def search_field(name: str, label: Any, value: Any, on_change: Any) -> rx.Component:
    """A search that answers at every letter."""
    typed = rx.el.input(
        type="search",
        name=name,
        class_name="input",
        value=value,
        placeholder=label,
        aria_label=label,
        on_change=on_change,
        auto_complete="off",
    )
    return rx.el.div(icon("search"), typed, class_name="search", role="search")


def figure(number: Any, label: Any, kind: str = "") -> rx.Component:
    """A number with its unit below."""
    return rx.el.div(rx.el.b(number), rx.el.span(label), class_name=f"figure {kind}".strip())


def day_name(label: Any, weekday: Any, date: Any) -> Any:
    """A day as people say it."""
    return rx.match(
        label, ("today", t("day.today")), ("yesterday", t("day.yesterday")), tk("weekday", weekday) + " " + date
    )


STATE_KINDS = {
    "approved": "done",
    "waiting": "wait",
    "unsent": "wait",
    "held": "wait",
    "sent": "",
    "returned": "need",
    "parked": "need",
}


def state_pill(state: Any) -> rx.Component:
    """Where a visit stands, in words and colour."""
    kind = rx.match(state, *STATE_KINDS.items(), "")
    return pill(tk("visit.state", state), kind)
