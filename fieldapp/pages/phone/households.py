"""Hộ gia đình: the roster with instant search, one household's page, and a household met at the door."""

import reflex as rx

from fieldapp.components.base import button, chip, empty, icon, pill, search_field
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.visit_row import head_name, house_number, household_line, visit_row
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import HouseholdLine, PlatformLine, VisitLine
from fieldapp.device.store import act, household, roster, scan, some
from fieldapp.pages.phone.door import door_sheet


def _row(line: HouseholdLine) -> rx.Component:
    new = rx.cond(line.is_new, pill(t("household.new"), "wait"))
    return household_line(line, act("openHousehold", line.id), new)


def _nobody() -> rx.Component:
    """Nothing was downloaded yet, everybody was helped, or nobody is called so."""
    nobody = empty("users", t("household.no_list"), then=t("household.no_list_next"))
    unsought = (roster.filter == "untouched") & (roster.query == "")
    done = empty("check-check", t("household.all_helped"))
    unknown = empty("search", t("household.none"), then=t("household.none_next"))
    found_none = rx.cond(roster.total == 0, nobody, rx.cond(unsought, done, unknown))
    return rx.cond(roster.ready, found_none, empty("search", t("loading")))


def households_page() -> rx.Component:
    return phone_page(
        rx.cond(scan.choosing, t("household.whose_card"), t("tab.households")),
        search_field("query", t("household.search"), roster.query, act("setQuery", value=True)),
        rx.el.div(
            chip(t("household.all"), roster.filter == "all", act("setFilter", "all")),
            chip(t("household.untouched"), roster.filter == "untouched", act("setFilter", "untouched")),
            class_name="chips",
        ),
        rx.el.p(t("household.found", n=roster.found, total=roster.total), class_name="soft small", role="status"),
        rx.cond(
            some(roster.lines),
            rx.el.ul(rx.foreach(roster.lines, _row), class_name="list"),
            rx.el.div(_nobody(), class_name="card"),
        ),
        rx.cond(roster.more, button(t("household.more"), kind="wide", on_click=act("showMore"))),
        button(icon("house-plus"), t("door.title"), kind="wide", on_click=act("openDoor")),
        door_sheet(),
        current="/m/households/",
    )


def _reached(line: PlatformLine) -> rx.Component:
    return rx.el.li(
        icon(line.icon),
        rx.el.span(
            rx.el.span(
                rx.el.span(line.name, class_name="strong"),
                rx.el.span(tk("rung", line.rung), class_name=rx.cond(line.rung == 3, "pill done", "pill")),
                class_name="row wrap between",
            ),
            rx.cond(
                line.done > 0, rx.el.span(t("household.steps", done=line.done, of=line.steps), class_name="soft small")
            ),
            rx.cond(
                (line.done > 0) & line.uncommitted, rx.el.span(t("household.uncommitted"), class_name="soft small")
            ),
            class_name="grow stack tight",
        ),
        class_name="line",
        key=line.name,
    )


def _missing(line: PlatformLine) -> rx.Component:
    """What the household still lacks: a tap on its name opens the form for it, one beside it how to show it."""
    record = rx.el.button(
        icon(line.icon),
        rx.el.span(line.name, class_name="strong"),
        type="button",
        class_name="line",
        aria_label=t("household.teach", platform=line.name),
        on_click=act("recordMissing", household.id, line.code),
    )
    guide = link(
        icon("book-open"),
        t("household.guide"),
        rx.el.span(" ", line.name, class_name="sr"),
        to="/m/guides/?id=" + household.id + "#" + line.code,
        class_name="button compact",
    )
    return rx.el.li(record, guide, class_name="beside", key=line.code)


def _past(visit: VisitLine) -> rx.Component:
    author = rx.el.p(visit.day, " · ", visit.author, class_name="soft small")
    return rx.el.li(visit_row(visit), rx.el.div(author, class_name="under"), key=visit.id)


def _household() -> rx.Component:
    return rx.fragment(
        rx.el.section(
            house_number(household, big=True),
            rx.el.div(
                rx.el.h2(head_name(household)),
                rx.el.p(household.village, class_name="soft small"),
                rx.el.p(
                    rx.cond(household.cards > 0, t("household.has_card"), t("household.no_card")),
                    class_name="soft small",
                ),
                class_name="grow stack tight",
            ),
            class_name="card row",
        ),
        button(icon("pencil"), t("record.title"), kind="primary wide", on_click=act("recordHousehold", household.id)),
        rx.cond(
            some(household.reached),
            rx.fragment(
                rx.el.h2(t("household.reached"), class_name="section-title"),
                rx.el.ul(rx.foreach(household.reached, _reached), class_name="list"),
            ),
        ),
        rx.cond(
            some(household.missing),
            rx.fragment(
                rx.el.h2(t("household.missing"), class_name="section-title"),
                rx.el.ul(rx.foreach(household.missing, _missing), class_name="list"),
            ),
        ),
        rx.el.h2(t("household.history"), class_name="section-title"),
        rx.cond(
            some(household.history),
            rx.el.ul(rx.foreach(household.history, _past), class_name="list"),
            rx.el.div(empty("clock", t("household.no_history")), class_name="card"),
        ),
    )


def household_page() -> rx.Component:
    missing = rx.el.div(
        empty("search", t("household.unknown"), link(t("household.to_list"), to="/m/households/", class_name="button")),
        class_name="card",
    )
    return phone_page(
        t("household.title"),
        rx.cond(household.found, _household(), rx.cond(household.ready, missing)),
        current="/m/households/",
        back="/m/households/",
    )
