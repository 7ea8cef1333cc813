"""What is said of a day log: the sheet in which a leader writes, and the way to it from a day of Duyệt."""

import reflex as rx

from fieldapp.components.base import button, icon, sheet
from fieldapp.components.words import t
from fieldapp.device.log_slices import LogLine
from fieldapp.device.shapes import DayLog
from fieldapp.device.store import comment_form, commenting, logs


def comment_ways(log: DayLog) -> rx.Component:
    """The people whose day it was, each a tap away from a comment."""

    def way(line: LogLine) -> rx.Component:
        write = button(
            icon("message-circle"),
            line.name,
            kind="compact",
            aria_label=t("log.comment_on", name=line.name),
            on_click=commenting.act("begin", line.key),
            key=line.key,
        )
        return rx.fragment(rx.cond((line.day == log.day) & line.may_comment & (line.n > 0), write), key=line.key)

    return rx.el.div(
        rx.el.p(t("log.comments"), class_name="small strong"),
        rx.el.div(rx.foreach(logs.lines, way), class_name="row wrap"),
        class_name="stack tight",
        role="group",
        aria_label=t("log.comments"),
    )


def comment_sheet() -> rx.Component:
    """Open as long as there is a comment that was begun, also after the app was closed."""
    form = comment_form
    field = rx.el.label(
        rx.el.span(t("log.words")),
        rx.el.textarea(
            name="comment", value=form.text, on_change=commenting.act("setText", value=True), max_length=300, rows="3"
        ),
        class_name="field",
    )
    return sheet(
        form.open,
        rx.cond(form.changes, t("log.change"), t("log.for", name=form.name)),
        commenting.act("drop"),
        rx.el.p(t("log.of_day", day=form.date), class_name="soft small"),
        field,
        identity_warning(form.missing),
        rx.el.p(t("log.readers"), class_name="soft small"),
        save_button(form.missing, "save"),
        rx.cond(
            form.changes,
            button(icon("trash-2"), t("log.withdraw"), kind="wide danger", on_click=commenting.act("withdraw")),
        ),
    )


def identity_warning(missing: str) -> rx.Component:
    words = rx.el.p(t("record.note_identity"), class_name="error", role="alert")
    return rx.cond(missing == "identity", words)


def save_button(missing: str, save: str) -> rx.Component:
    return button(
        icon("check"),
        t("record.save"),
        kind="primary wide",
        on_click=commenting.act(save),
        custom_attrs={"data-ready": rx.cond(missing != "", "false", "true")},
    )
