"""Nhiệm vụ on the phone: what the commune asked the team to do, and the sheet in which a leader says how far it is."""

import reflex as rx

from fieldapp.components.base import button, chip, icon, pill, sheet, state_pill
from fieldapp.components.words import t, tk
from fieldapp.device.store import aiming, mark_form, some, tasks
from fieldapp.device.target_slices import TaskLine

KINDS = {"late": "need", "open": "wait", "doing": "wait", "done": "done"}


def _task(line: TaskLine) -> rx.Component:
    state = pill(tk("task.state", line.state), rx.match(line.state, *KINDS.items(), ""))
    say = button(icon("pencil"), t("task.say"), kind="compact", on_click=aiming.act("beginMark", line.id))
    return rx.el.section(
        rx.el.p(line.text, class_name="strong"),
        rx.el.div(
            state,
            rx.el.span(t("task.due", day=line.due), class_name="small"),
            rx.cond(line.sync != "sent", state_pill(line.sync)),
            class_name="row wrap",
        ),
        rx.cond(line.note != "", rx.el.p(line.note, class_name="note")),
        rx.cond(line.may_mark, rx.el.div(say, class_name="row")),
        class_name=rx.cond(line.state == "late", "card need stack", "card stack"),
        key=line.id,
    )


def task_list() -> rx.Component:
    shown = rx.fragment(rx.el.h2(t("task.title"), class_name="section-title"), rx.foreach(tasks.lines, _task))
    return rx.cond(some(tasks.lines), shown)


def mark_sheet() -> rx.Component:
    form = mark_form
    states = [chip(t(f"task.state.{s}"), form.state == s, aiming.act("setMark", s)) for s in ("open", "doing", "done")]
    note = rx.el.label(
        rx.el.span(t("task.note")),
        rx.el.textarea(
            name="note", value=form.note, on_change=aiming.act("setNote", value=True), max_length=300, rows="3"
        ),
        class_name="field",
    )
    wrong = rx.el.p(t("record.note_identity"), class_name="error", role="alert")
    save = button(
        icon("check"),
        t("record.save"),
        kind="primary wide",
        on_click=aiming.act("saveMark"),
        custom_attrs={"data-ready": rx.cond(form.missing != "", "false", "true")},
    )
    return sheet(
        form.open,
        t("task.say"),
        aiming.act("dropMark"),
        rx.el.p(form.text),
        rx.el.div(*states, class_name="chips", role="group", aria_label=t("task.state")),
        note,
        rx.cond(form.missing == "identity", wrong),
        save,
    )
