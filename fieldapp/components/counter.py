"""A count that a thumb can set: one at a time, ten at a time, or typed."""

from typing import Any

import reflex as rx

from fieldapp.components.base import icon_button
from fieldapp.components.words import t
from fieldapp.device.store import Room


def counter(name: str, title: Any, value: Any, room: Room, add: str, put: str) -> rx.Component:
    """`add` and `put` are actions of the room: by how many more, and how many there are."""

    def by(n: int) -> rx.Component:
        words = t("activity.more_by", n=n) if n > 0 else t("activity.fewer_by", n=-n)
        return rx.el.button(
            f"+{n}" if n > 0 else f"−{-n}",
            type="button",
            class_name="chip num",
            aria_label=words,
            on_click=room.act(add, n),
        )

    return rx.fragment(
        rx.el.div(
            rx.el.h2(title, class_name="grow"),
            rx.el.div(
                icon_button("minus", t("activity.fewer"), on_click=room.act(add, -1)),
                rx.el.input(
                    name=name,
                    value=rx.Var.create(value).to(str),
                    on_change=room.act(put, value=True),
                    input_mode="numeric",
                    auto_complete="off",
                    aria_label=title,
                ),
                icon_button("plus", t("activity.more"), on_click=room.act(add, 1)),
                class_name="stepper",
            ),
            class_name="row wrap",
        ),
        rx.el.div(by(-10), by(10), by(50), class_name="chips even"),
    )
