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


def outcome_words(visit: VisitLine) -> rx.Component:
    return rx.foreach(
        visit.outcomes,
        lambda o, i: rx.el.span(rx.cond(i > 0, " · ", ""), o.platform, ": ", tk("result", o.result), key=i),
    )


def visit_row(visit: VisitLine) -> rx.Component:
    """The row of a list; it holds no action."""
    return rx.el.div(
        house_number(visit.household),
        rx.el.div(
            rx.el.p(head_name(visit.household), class_name="strong clip"),
            rx.el.p(outcome_words(visit), class_name="soft small"),
            rx.el.div(
                rx.el.span(visit.time, class_name="soft small num"),
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
