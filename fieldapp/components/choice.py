"""Choices from lists that a state holds."""

from typing import Any

import reflex as rx

from fieldapp.components.words import local, t
from fieldapp.device.store import some
from fieldapp.states.option import Option


def options(lines: Any) -> Any:
    """The <option>s of a list, named in the language of the screen where the record knows both."""

    def one(line: Option) -> rx.Component:
        name = rx.cond(line.english != "", local(line.label, line.english), line.label)
        return rx.el.option(name, value=line.value, key=line.value)

    return rx.foreach(lines, one)


def commune_choice(communes: Any, chosen: Any, choose: Any) -> rx.Component:
    """Which commune a page is about; nothing for those who have but one."""
    control = rx.el.select(
        rx.el.option(t("desk.choose_commune"), value="", disabled=True),
        options(communes),
        name="commune",
        value=chosen,
        on_change=choose,
    )
    return rx.cond(some(communes), rx.el.label(rx.el.span(t("desk.commune")), control, class_name="field panel"))
