"""Part of Duyệt: households met at the door, which wait for the leader's word, and the sheets that take it."""

import reflex as rx

from fieldapp.components.base import button, icon, search_field, sheet
from fieldapp.components.visit_row import head_name, house_number
from fieldapp.components.words import t
from fieldapp.device.shapes import HouseholdLine, NewHousehold
from fieldapp.device.store import act, confirm, confirming, newcomers, page, some


def _known(target: str, other: HouseholdLine) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            icon("users"),
            rx.el.span(
                t("newcomer.same_as", number=other.number),
                rx.cond(other.head != "", rx.fragment(" · ", other.head)),
                class_name="grow",
            ),
            type="button",
            class_name="button wide",
            on_click=confirming.act("mergeHousehold", target, other.id),
        ),
        key=other.id,
    )


def _newcomer(line: NewHousehold) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            house_number(line),
            rx.el.div(
                rx.el.p(head_name(line), class_name="strong"),
                rx.el.p(line.village, class_name="soft small"),
                rx.el.p(t("newcomer.made", name=line.by, day=line.day, time=line.time), class_name="soft small"),
                class_name="grow stack tight",
            ),
            class_name="row top",
        ),
        rx.cond(
            some(line.likely),
            rx.el.div(
                rx.el.p(t("newcomer.likely"), class_name="small strong"),
                rx.el.ul(rx.foreach(line.likely, lambda other: _known(line.id, other)), class_name="stack tight"),
                class_name="stack tight",
            ),
        ),
        rx.el.div(
            button(
                icon("pencil"), t("newcomer.correct"), kind="compact", on_click=confirming.act("askCorrection", line.id)
            ),
            button(icon("search"), t("newcomer.merge"), kind="compact", on_click=confirming.act("askMerge", line.id)),
            class_name="row wrap",
        ),
        button(
            icon("check"),
            t("newcomer.confirm"),
            kind="primary wide",
            on_click=confirming.act("confirmHousehold", line.id),
        ),
        class_name="card wait stack",
        key=line.id,
    )


def new_households() -> rx.Component:
    """Nothing at all where no household waits."""
    return rx.cond(
        newcomers.count > 0,
        rx.el.section(
            rx.el.h2(
                t("newcomer.title"),
                rx.el.span(t("newcomer.count", n=newcomers.count), class_name="soft small"),
                class_name="section-title day-title",
            ),
            rx.foreach(newcomers.lines, _newcomer),
            class_name="stack",
        ),
    )


def correction_sheet() -> rx.Component:
    def typed(name: str, key: str, most: int) -> rx.Component:
        value = confirm.number if name == "number" else confirm.head
        change = confirming.act("setCorrection", name, value=True)
        return rx.el.label(
            rx.el.span(t(key)),
            rx.el.input(name=name, value=value, on_change=change, max_length=most, auto_complete="off"),
            class_name="field",
        )

    return sheet(
        page.sheet == "correct_household",
        t("newcomer.correct"),
        act("closeSheet"),
        typed("number", "door.number", 20),
        typed("head", "door.head", 120),
        rx.cond(confirm.error != "", rx.el.p(t(confirm.error), class_name="error", role="alert")),
        button(icon("check"), t("newcomer.confirm"), kind="primary wide", on_click=confirming.act("correctHousehold")),
    )


def merge_sheet() -> rx.Component:
    def choice(other: HouseholdLine) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                house_number(other),
                rx.el.span(head_name(other), class_name="grow strong"),
                type="button",
                class_name="line",
                on_click=confirming.act("mergeInto", other.id),
            ),
            key=other.id,
        )

    return sheet(
        page.sheet == "merge_household",
        t("newcomer.merge_title", number=confirm.number),
        act("closeSheet"),
        rx.el.p(t("newcomer.merge_means"), class_name="soft small"),
        search_field("other", t("household.search"), confirm.query, confirming.act("findToMerge", value=True)),
        rx.cond(
            some(confirm.lines),
            rx.el.ul(rx.foreach(confirm.lines, choice), class_name="list"),
            rx.el.p(t("newcomer.no_other"), class_name="soft small", role="status"),
        ),
    )
