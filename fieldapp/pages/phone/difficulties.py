"""Vướng mắc: what the team has reported, where each stands and by when, and one form on one screen."""

import reflex as rx

from fieldapp.components.base import button, chip, empty, icon, pill, state_pill
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.words import t, tk
from fieldapp.components.work import choices, refused, save_bar, tile, village_choice, when_and_who, written
from fieldapp.device.store import difficulties, difficulty_form, some, telling
from fieldapp.device.work_slices import DifficultyLine, StepLine
from fieldapp.pages.phone.picture import camera_and_sheet, photo_strip, shown_photos

form = difficulty_form
KINDS = {
    "signal": "signal",
    "device": "smartphone",
    "platform": "shield-alert",
    "skill": "graduation-cap",
    "funding": "hand-coins",
    "staff": "users",
    "other": "circle-help",
}
SEVERITIES = ("low", "medium", "high")
SEVERITY_KINDS = {"high": "need", "medium": "wait"}
STATE_KINDS = {"solved": "done", "handling": "wait", "escalated": "wait"}


def _form() -> rx.Component:
    kinds = [
        tile(symbol, t(f"difficulty.kind.{kind}"), form.kind == kind, telling.act("setKind", kind))
        for kind, symbol in KINDS.items()
    ]
    severities = [
        chip(t(f"difficulty.severity.{level}"), form.severity == level, telling.act("setSeverity", level))
        for level in SEVERITIES
    ]
    return rx.fragment(
        choices(t("difficulty.what"), *kinds, tiles=True),
        choices(t("difficulty.severity"), *severities),
        village_choice(form.village, telling),
        written(t("difficulty.description"), form.description, form.missing, telling, "setDescription", 500, "4"),
        photo_strip(form.pictures, form.missing == "face"),
        save_bar(form.missing, telling),
    )


def _due(line: DifficultyLine) -> rx.Component:
    late = rx.el.p(
        icon("triangle-alert"), t("difficulty.due_late", n=line.days, day=line.due), class_name="row error small"
    )
    words = rx.match(
        line.when,
        ("late", late),
        ("today", rx.el.p(t("difficulty.due_today"), class_name="strong small")),
        ("left", rx.el.p(t("difficulty.due_left", n=line.days, day=line.due), class_name="small")),
        rx.cond(line.due == "", rx.el.p(t("difficulty.due_later"), class_name="soft small")),
    )
    return rx.fragment(words)


def _step(step: StepLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("circle-check")),
        rx.el.div(
            rx.el.p(tk("difficulty", step.said), class_name="strong small"),
            rx.cond(step.due != "", rx.el.p(t("difficulty.due_new", day=step.due), class_name="small")),
            rx.cond(step.note != "", rx.el.p(step.note, class_name="small")),
            rx.el.p(step.day, " ", step.time, " · ", step.by, class_name="soft small"),
            class_name="grow",
        ),
    )


def _line(line: DifficultyLine) -> rx.Component:
    state = pill(tk("difficulty.state", line.state), rx.match(line.state, *STATE_KINDS.items(), ""))
    severity = pill(tk("difficulty.of_severity", line.severity), rx.match(line.severity, *SEVERITY_KINDS.items(), ""))
    return rx.el.article(
        rx.el.div(
            rx.el.span(icon(rx.match(line.kind, *KINDS.items(), "circle-help")), class_name="house"),
            rx.el.div(
                rx.el.h2(tk("difficulty.kind", line.kind)),
                when_and_who(line),
                rx.el.div(rx.cond(line.sync == "sent", state, state_pill(line.sync)), severity, class_name="row wrap"),
                class_name="grow stack tight",
            ),
            class_name="row top",
        ),
        rx.el.p(line.description),
        shown_photos(line.pictures, t("difficulty.photo")),
        _due(line),
        rx.cond(
            line.sync == "sent",
            rx.el.ul(rx.foreach(line.steps, _step), class_name="steps"),
        ),
        class_name=rx.cond(line.when == "late", "card need stack", "card stack"),
        key=line.id,
    )


def _list() -> rx.Component:
    return rx.fragment(
        button(icon("plus"), t("difficulty.new"), kind="primary wide", on_click=telling.act("begin")),
        rx.foreach(difficulties.refused, lambda line: refused(line, tk("difficulty.kind", line.kind), telling)),
        rx.foreach(difficulties.lines, _line),
        rx.cond(
            difficulties.ready & ~some(difficulties.lines),
            rx.el.div(
                empty("life-buoy", t("difficulty.none"), then=t("difficulty.none_next")),
                class_name="card",
            ),
        ),
    )


def difficulties_page() -> rx.Component:
    return phone_page(
        t("difficulty.title"), rx.cond(form.open, _form(), _list()), camera_and_sheet(), back="/m/", bar=~form.open
    )
