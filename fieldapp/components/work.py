"""What the screens of activities, difficulties and groups share: their form's frame, and a record that was refused."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, icon, icon_button
from fieldapp.components.words import t, tk
from fieldapp.device.store import Room, act, count, me
from fieldapp.device.work_slices import WorkLine


def choices(title: Any, *controls: rx.Component, tiles: bool = False) -> rx.Component:
    """One question of a form, with what answers it."""
    group = rx.el.div(*controls, class_name="tiles" if tiles else "chips", role="group", aria_label=title)
    return rx.el.section(rx.el.h2(title), group, class_name="stack" if tiles else "card stack")


def tile(symbol: Any, words: Any, pressed: Any, on_click: Any, **props: Any) -> rx.Component:
    state = rx.cond(pressed, "true", "false")
    return rx.el.button(
        icon(symbol),
        words,
        type="button",
        class_name="tile",
        on_click=on_click,
        custom_attrs={"aria-pressed": state},
        **props,
    )


def village_choice(village: Any, room: Room, choose: str = "setVillage", asks: bool = True) -> rx.Component:
    """In which village; nothing for those who have but one. With `asks`, none is chosen until a person does."""
    nothing = [rx.el.option(t("activity.missing.village"), value="0")] if asks else []
    control = rx.el.select(
        *nothing,
        rx.foreach(me.villages, lambda v: rx.el.option(v.name, value=v.id.to(str), key=v.id)),
        name="village",
        value=rx.Var.create(village).to(str),
        on_change=room.act(choose, value=True),
    )
    field = rx.el.label(rx.el.span(t("door.village")), control, class_name="field")
    return rx.cond((count(me.villages) > 1), rx.el.section(field, class_name="card"))


def written(label: Any, value: Any, missing: Any, room: Room, put: str, most: int, rows: str = "2") -> rx.Component:
    """Words of one's own, in which no identity may stand."""
    return rx.el.section(
        rx.el.label(
            rx.el.span(label),
            rx.el.textarea(name=put, value=value, on_change=room.act(put, value=True), max_length=most, rows=rows),
            class_name="field",
        ),
        rx.cond(missing == "identity", rx.el.p(t("record.note_identity"), class_name="error", role="alert")),
        class_name="card stack",
    )


def save_bar(missing: Any, room: Room) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            icon_button("trash-2", t("record.drop"), on_click=room.act("drop")),
            button(
                icon("check"),
                t("record.save"),
                kind="primary grow",
                on_click=room.act("save"),
                custom_attrs={"data-ready": rx.cond(missing != "", "false", "true")},
            ),
        ),
        class_name="save-bar",
    )


def refused(line: WorkLine, words: Any, room: Room) -> rx.Component:
    """A record that the server would not take, why, and the way to mend it."""
    return rx.el.section(
        rx.el.p(words, class_name="strong"),
        rx.el.p(
            tk("problem", line.code), rx.cond(line.reason != "", rx.fragment(": ", line.reason)), class_name="error"
        ),
        rx.el.div(
            button(icon("pencil"), t("outbox.mend"), kind="primary compact", on_click=room.act("mend", line.id)),
            button(t("outbox.seen"), kind="compact", on_click=act("dismissRecord", line.id)),
            class_name="row wrap",
        ),
        class_name="card need stack",
        key=line.id,
    )


def when_and_who(line: WorkLine) -> rx.Component:
    return rx.el.p(
        line.day,
        " ",
        line.time,
        " · ",
        line.by,
        rx.cond(line.village != "", rx.fragment(" · ", line.village)),
        class_name="soft small",
    )
