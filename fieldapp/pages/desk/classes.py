"""Lớp tập huấn: classes for members, who came, and who has been taught nothing yet."""

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, empty, pill
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.table import pager
from fieldapp.components.words import number, t
from fieldapp.device.store import some
from fieldapp.pages.desk.classes_parts import class_facts, class_panel, keeps, roster_panel, untaught_part
from fieldapp.pages.desk.classes_state import ClassesState, ClassView

__all__ = ["ClassesState", "classes_page"]


def _line(line: ClassView) -> rx.Component:
    topic = rx.el.span(" ", line.topic, class_name="sr")
    people = button(
        desk_icon("users"),
        rx.cond(line.keeps & keeps(), t("classes.people"), t("classes.who")),
        topic,
        kind="compact",
        on_click=ClassesState.open_roster(line.id),
    )
    change = button(
        desk_icon("pencil"), t("classes.change"), topic, kind="compact", on_click=ClassesState.open_form(line.id)
    )
    came = rx.cond(
        line.over,
        pill(t("classes.came", n=number(line.people)), rx.cond(line.people > 0, "done", "wait")),
        pill(t("classes.to_come"), "wait", "calendar"),
    )
    return rx.el.li(
        rx.el.div(rx.el.p(line.topic, class_name="strong"), class_facts(line), class_name="person stack tight"),
        rx.el.div(
            came,
            rx.el.div(people, rx.cond(line.keeps & keeps(), change), class_name="row wrap"),
            class_name="grow stack tight",
        ),
        class_name="seat",
        key=line.id,
    )


def _classes() -> rx.Component:
    state = ClassesState
    none = empty("graduation-cap", t("classes.none"), then=rx.cond(keeps(), t("classes.none_then"), ""))
    return rx.el.section(
        rx.cond(some(state.lines), rx.el.ul(rx.foreach(state.lines, _line), class_name="bars"), none),
        rx.cond(state.pages > 1, pager(state.page, state.pages, state.total, state.turn, "classes.page")),
        class_name="panel stack",
    )


def classes_page() -> rx.Component:
    state = ClassesState
    ways = [
        chip(t(f"classes.part.{part}"), state.part == part, state.choose_part(part)) for part in ("classes", "untaught")
    ]
    add = button(desk_icon("plus"), t("classes.new"), kind="primary compact", on_click=state.open_form(0))
    done = rx.match(
        state.done,
        ("kept", t("classes.said.kept", name=state.done_name)),
        ("withdrawn", t("classes.said.withdrawn", name=state.done_name)),
        "",
    )
    panel = rx.match(state.panel, ("form", class_panel()), ("roster", roster_panel()), rx.fragment())
    return desk_page(
        t("desk.classes"),
        rx.el.div(*ways, class_name="chips", role="group", aria_label=t("classes.parts")),
        said(done),
        rx.cond(state.part == "classes", _classes(), untaught_part()),
        panel,
        current="classes",
        tools=rx.cond(keeps(), add),
    )
