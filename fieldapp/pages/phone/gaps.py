"""Còn thiếu: by platform, how many households were reached, and one tap away the list of those that were not."""

import reflex as rx

from fieldapp.components.base import button, chip, empty, icon, search_field
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.visit_row import household_line
from fieldapp.components.words import t
from fieldapp.device.shapes import Gap, HouseholdLine, Village
from fieldapp.device.store import count, gaps, lacking, some


def _platform(gap: Gap) -> rx.Component:
    left = rx.cond(gap.missing > 0, t("gap.missing", n=gap.missing), t("gap.all_reached"))
    steps = t("gap.detail", introduced=gap.introduced, installed=gap.installed, independent=gap.independent)
    shown = rx.el.span(
        rx.el.span(
            icon(gap.icon),
            rx.el.span(gap.name, class_name="grow strong"),
            rx.el.span(left, class_name=rx.cond(gap.missing > 0, "num strong", "pill done")),
            class_name="row wrap",
        ),
        rx.el.span(rx.el.i(style={"width": gap.width}), class_name="bar", aria_hidden="true"),
        rx.el.span(t("gap.of", reached=gap.reached, total=gaps.total), class_name="small"),
        rx.cond(gap.reached > 0, rx.el.span(steps, class_name="soft small")),
        class_name="inset stack tight",
    )
    open_it = lacking.act("open", gap.code)
    return rx.el.li(rx.el.button(shown, type="button", class_name="wide-button", on_click=open_it), key=gap.code)


def _villages() -> rx.Component:
    """Which village, for one who serves several."""
    return rx.cond(
        count(gaps.villages) > 1,
        rx.el.div(
            chip(t("gap.all_villages"), gaps.village == 0, lacking.act("setVillage", 0)),
            rx.foreach(gaps.villages, _village),
            class_name="chips",
        ),
    )


def _village(village: Village) -> rx.Component:
    return chip(village.name, gaps.village == village.id, lacking.act("setVillage", village.id), key=village.id)


def _overview() -> rx.Component:
    none = rx.el.div(empty("users", t("gap.no_households"), then=t("gap.no_households_next")), class_name="card")
    return rx.cond(
        gaps.total > 0,
        rx.fragment(
            rx.el.p(t("gap.how"), class_name="soft"),
            rx.el.ul(rx.foreach(gaps.platforms, _platform), class_name="list"),
        ),
        rx.cond(gaps.ready, none),
    )


def _household(line: HouseholdLine) -> rx.Component:
    return household_line(line, lacking.act("record", line.id))


def _missing() -> rx.Component:
    return rx.fragment(
        button(icon("chevron-left"), t("gap.back"), kind="compact", on_click=lacking.act("close")),
        rx.el.div(rx.el.h2(t("gap.who", n=gaps.found, platform=gaps.name), class_name="section-title"), role="status"),
        search_field("query", t("gap.search"), gaps.query, lacking.act("setQuery", value=True)),
        rx.cond(
            some(gaps.lines),
            rx.el.ul(rx.foreach(gaps.lines, _household), class_name="list"),
            rx.el.div(empty("search", t("gap.none_found"), then=t("gap.none_found_next")), class_name="card"),
        ),
        rx.cond(gaps.more, button(t("gap.more"), kind="wide", on_click=lacking.act("showMore"))),
    )


def gaps_page() -> rx.Component:
    return phone_page(
        t("gap.title"),
        _villages(),
        rx.cond(gaps.platform != "", _missing(), _overview()),
        back="/m/",
    )
