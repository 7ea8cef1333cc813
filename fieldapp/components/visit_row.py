"""A visit as a row of a list: household, what was done, where it stands."""

from typing import Any

import reflex as rx

from fieldapp.components.base import icon, pill, state_pill
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import HouseholdLine, VisitLine
from fieldapp.device.slices import HouseholdPage


def house_number(household: HouseholdLine | HouseholdPage, big: bool = False) -> rx.Component:
    return rx.el.span(household.number, class_name="house big" if big else "house")


def head_name(household: HouseholdLine | HouseholdPage) -> Any:
    """The head's name, or the household's number in words where no name is kept."""
    return rx.cond(household.head != "", household.head, t("household.numbered", number=household.number))


def household_line(line: HouseholdLine, on_click: Any, *marks: rx.Component) -> rx.Component:
    """A household of a list: who, when last visited; a tap goes on with it."""
    last = rx.cond(line.last != "", t("household.last", day=line.last), t("household.never"))
    return rx.el.li(
        rx.el.button(
            house_number(line),
            rx.el.span(
                rx.el.span(head_name(line), class_name="strong"),
                rx.el.span(last, class_name="soft small"),
                class_name="grow stack tight",
            ),
            *marks,
            icon("chevron-right"),
            type="button",
            class_name="line",
            on_click=on_click,
        ),
        key=line.id,
    )


def outcome_words(visit: VisitLine) -> rx.Component:
    return rx.foreach(
        visit.outcomes,
        lambda o, i: rx.el.span(rx.cond(i > 0, " · ", ""), o.platform, ": ", tk("result", o.result), key=i),
    )


def who_did(visit: Any) -> Any:
    """Who did the visit and, where that is another, who entered it."""
    helped = rx.fragment(visit.done_by, ", ", t("visit.entered_by", name=visit.author))
    return rx.cond(visit.done_by != "", helped, visit.author)


def visit_row(visit: VisitLine, dated: bool = False) -> rx.Component:
    """The row of a list; it holds no action. `dated`: with its day, in a list of several days."""
    when = rx.fragment(visit.time, " · ", visit.day) if dated else visit.time
    return rx.el.div(
        house_number(visit.household),
        rx.el.div(
            rx.el.p(head_name(visit.household), class_name="strong"),
            rx.el.p(outcome_words(visit), class_name="soft small"),
            rx.el.div(
                rx.el.span(when, class_name="soft small num"),
                rx.cond(visit.done_by != "", rx.el.span(who_did(visit), class_name="soft small")),
                state_pill(visit.state),
                rx.cond(visit.again, pill(t("visit.again"))),
                rx.cond(visit.photo_count > 0, pill(visit.photo_count, "", "camera")),
                rx.cond(visit.photo_refused != "", pill(tk("photo", visit.photo_refused), "need")),
                class_name="row wrap",
            ),
            class_name="grow stack tight",
        ),
        class_name="line",
    )


def flag_chips(visit: VisitLine) -> rx.Component:
    return rx.el.div(
        rx.foreach(
            visit.flags,
            lambda flag: rx.el.span(icon("triangle-alert"), tk("flag", flag), class_name="pill wait", key=flag),
        ),
        class_name="row wrap",
    )
