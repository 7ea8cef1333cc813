"""A household met at the door: the sheet that asks for it, on the roster and on the visit that is being recorded."""

import reflex as rx

from fieldapp.components.base import button, icon, sheet
from fieldapp.components.words import t, tk
from fieldapp.device.store import act, count, door, me, page


def door_sheet() -> rx.Component:
    """Asks for number and head of a household that is on no list, or corrects those of one that was not sent yet."""
    villages = rx.el.label(
        rx.el.span(t("door.village")),
        rx.el.select(
            rx.foreach(me.villages, lambda v: rx.el.option(v.name, value=v.id.to(str), key=v.id)),
            name="village",
            value=rx.Var.create(door.village).to(str),
            on_change=act("setDoor", "village", value=True),
        ),
        class_name="field",
    )
    return sheet(
        page.sheet == "door",
        t("door.title"),
        act("closeSheet"),
        rx.el.p(t("door.explain"), class_name="soft small"),
        rx.cond((count(me.villages) > 1), villages),
        rx.el.label(
            rx.el.span(t("door.number")),
            rx.el.input(
                name="number", value=door.number, on_change=act("setDoor", "number", value=True), max_length=20
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(t("door.head")),
            rx.el.input(name="head", value=door.head, on_change=act("setDoor", "head", value=True), max_length=120),
            class_name="field",
        ),
        rx.cond(door.error != "", rx.el.p(tk("door", door.error), class_name="error", role="alert")),
        button(icon("check"), t("door.go_on"), kind="primary wide", on_click=act("submitDoor")),
    )
