"""The units one level below: in pages, in an order, found by name; of a province also as a map."""

from typing import Any

import reflex as rx

from fieldapp.components.base import empty, icon, joined
from fieldapp.components.chart import bar
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.table import Column, cell, figure_cell, table
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.overview_address import Way
from fieldapp.pages.desk.overview_view import SummaryView, UnitLine


def chosen(ways: Any, prefix: str, label: Any) -> rx.Component:
    """Choices that are addresses: whoever opens one sees the same."""

    def one(way: Way) -> rx.Component:
        here = rx.cond(way.here, "true", "false")
        attributes = {"aria-current": here, "preventScrollReset": True}
        return desk_link(tk(prefix, way.code), to=way.address, class_name="chip", key=way.code, custom_attrs=attributes)

    return rx.el.div(rx.foreach(ways, one), class_name="chips", role="group", aria_label=label)


def finding(state: Any) -> rx.Component:
    """Of a province: table or map, which side of it, which names."""
    typed = rx.el.input(
        type="search", name="find", class_name="input", default_value=state.find, key=state.find, max_length=80,
        placeholder=t("overview.find"), aria_label=t("overview.find"), auto_complete="off",
    )  # fmt: skip
    form = rx.el.form(
        rx.el.div(icon("search"), typed, class_name="search", role="search"),
        rx.el.button(t("visits.find"), type="submit", class_name="button compact"),
        on_submit=state.look_for,
    )
    return rx.el.div(
        chosen(state.looks, "overview.look", t("overview.looks")),
        chosen(state.regions, "overview.region", t("overview.regions")),
        form,
        class_name="overview-finds",
    )


def standing(line: UnitLine) -> rx.Component:
    """The rate, and the rank where there is one."""
    place = t("overview.rank", rank=number(line.rank), ranked=number(line.ranked))
    none = rx.cond(line.counts.approved == 0, t("overview.nothing_yet"), t("overview.unranked"))
    below = rx.cond(line.rank > 0, place, none)
    rate = rx.cond(line.of > 0, number(line.rate), "–")
    group = rx.el.span(tk("overview.group", line.group), class_name="block soft small")
    return rx.fragment(rate, rx.el.span(below, class_name="block soft small"), group)


def unit_table(view: SummaryView, state: Any, title: Any, pages: Any) -> rx.Component:
    """A name opens its own overview."""
    columns = [
        Column(rx.cond(view.kind == "province", t("desk.commune"), t("desk.village")), sort="name"),
        Column(t("desk.col_approved"), "num", "approved"),
        Column(t("desk.col_waiting"), "num", "waiting"),
        Column(t("desk.col_returned"), "num", "returned"),
        Column(t("desk.col_households"), "num", "households"),
        Column(t("desk.col_previous"), "num", "previous"),
        Column(t("overview.col_rank"), "num", "rank"),
        Column(t("desk.col_fresh")),
    ]

    def fresh(unit: UnitLine) -> Any:
        heard = t("fresh.of", heard=number(unit.heard), villages=number(unit.villages))
        last = rx.el.span(rx.cond(unit.last_at != "", unit.last_at, t("fresh.none")), class_name="block num")
        return rx.cond(view.kind == "province", rx.cond(unit.villages > 0, rx.fragment(heard, last), "–"), last)

    def row(unit: UnitLine) -> rx.Component:
        helped = rx.fragment(
            number(unit.households.approved),
            rx.cond(
                unit.of > 0,
                rx.el.span(t("overview.reached", n=number(unit.reached)), class_name="block soft small"),
            ),
        )
        return rx.el.tr(
            cell(
                desk_link(unit.name, to=joined("/desk/?unit=", unit.id) + state.inside, class_name="link"),
                bar(unit.counts.approved_width, unit.counts.waiting_width),
            ),
            figure_cell(unit.counts.approved),
            figure_cell(unit.counts.waiting),
            figure_cell(unit.counts.returned),
            cell(rx.cond(unit.households.known, helped, "–"), kind="num"),
            figure_cell(unit.previous),
            cell(standing(unit), kind="num"),
            cell(fresh(unit), kind="small soft"),
            key=unit.id,
        )

    found = rx.fragment(table(title, columns, state.units, row, state.sort, state.sorted_by, state.descending), pages)
    explained = rx.cond(view.kind == "province", t("overview.rank_terrain"), t("overview.rank_size"))
    return rx.fragment(
        rx.el.p(t("desk.units_note"), " ", explained, class_name="soft small"),
        rx.cond(some(state.units), found, empty("search", t("overview.no_unit"))),
    )
