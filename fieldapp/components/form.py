"""Forms of the desk: a label over each field, what is asked and why, one button that sends. Uncontrolled, with names.

A form is sent as one mapping of texts; the State's handler takes it as a pydantic model, and the service judges it.
"""

from typing import Any

import reflex as rx

from fieldapp.components.base import icon_button
from fieldapp.components.choice import options
from fieldapp.components.words import t
from fieldapp.device.store import DESK_KEYS

EMPTIED = "data-emptied"
"""Marks a form that is emptied when what it asked for was done; what was refused stays to be mended."""


def field(label: Any, control: rx.Component, hint: Any = None) -> rx.Component:
    """A control with its label, and below it what helps to fill it in."""
    below = [] if hint is None else [rx.el.small(hint, class_name="soft small")]
    return rx.el.label(rx.el.span(label), control, *below, class_name="field")


def text_field(name: str, label: Any, hint: Any = None, **props: Any) -> rx.Component:
    return field(label, rx.el.input(name=name, **{"auto_complete": "off", **props}), hint)


def area_field(name: str, label: Any, hint: Any = None, **props: Any) -> rx.Component:
    return field(label, rx.el.textarea(name=name, auto_complete="off", **props), hint)


def number_field(name: str, label: Any, hint: Any = None, **props: Any) -> rx.Component:
    """A whole number that is not negative; empty stays empty, it is not zero."""
    return text_field(name, label, hint, **{"type": "number", "min": 0, "step": 1, "input_mode": "numeric", **props})


def date_field(name: str, label: Any, hint: Any = None, **props: Any) -> rx.Component:
    return text_field(name, label, hint, type="date", **props)


def choice_field(name: str, label: Any, lines: Any, hint: Any = None, first: Any = None, **props: Any) -> rx.Component:
    """One of the options that a state holds; `first` stands above them and means none."""
    none = [] if first is None else [rx.el.option(first, value="")]
    return field(label, rx.el.select(*none, options(lines), name=name, **props), hint)


def tick_field(name: str, label: Any, hint: Any = None, **props: Any) -> rx.Component:
    """A box that is never ticked beforehand where it means consent."""
    below = [] if hint is None else [rx.el.small(hint, class_name="soft small")]
    words = rx.el.span(rx.el.span(label, class_name="strong block"), *below)
    return rx.el.label(rx.el.input(type="checkbox", name=name, **props), words, class_name="option")


def hidden_field(name: str, value: Any) -> rx.Component:
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def form(*fields: Any, send: Any, on_submit: Any, kind: str = "primary", **props: Any) -> rx.Component:
    """Fields above their button; emptied once the server has taken it (`EmptySent`), unless `reset_on_submit=False`."""
    press = rx.el.button(send, type="submit", class_name=f"button {kind}")
    if props.pop("reset_on_submit", True):
        props["custom_attrs"] = {EMPTIED: "true", **props.get("custom_attrs", {})}
    return rx.el.form(*fields, press, on_submit=on_submit, class_name="stack", **props)


def folded(summary: Any, *children: Any, **props: Any) -> rx.Component:
    """What is seldom done, or is not to be done by a slip of the hand."""
    return rx.el.details(rx.el.summary(summary, class_name="link"), rx.el.div(*children, class_name="stack"), **props)


class PanelKeys(rx.Component):
    """Takes the focus to the panel's title, closes it with Escape, and gives the focus back; draws nothing."""

    library = DESK_KEYS
    tag = "PanelKeys"

    about: rx.Var[str]


def side_panel(title: Any, on_close: Any, *children: Any) -> rx.Component:
    """What is opened of a list, beside it; on a phone over it."""
    close = icon_button("x", t("close"), on_click=on_close)
    head = rx.el.header(rx.el.h2(title, class_name="grow", tab_index=-1), close, class_name="row top")
    return rx.el.aside(PanelKeys.create(about=title), head, *children, class_name="side-panel", aria_label=title)


def said(words: Any) -> rx.Component:
    """What was done just now, heard by screen readers."""
    return rx.el.div(rx.cond(words != "", rx.el.p(words, class_name="notice")), role="status")
