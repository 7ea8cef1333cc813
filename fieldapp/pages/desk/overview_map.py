"""The map of a province: a circle for each commune, at its place; no map service, no boundary that we do not have."""

from typing import Any

import reflex as rx
from reflex.vars import Var

from fieldapp.components.base import empty, joined
from fieldapp.components.chart import DENSE, DOTTED, hidden_table
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.words import number, t
from fieldapp.device.store import OVERVIEW, some
from fieldapp.pages.desk.overview_map_view import Land, MapMark, MapView, ShadeKey, SizeKey

FILLS = ((2, DOTTED), (3, DENSE))


class MapKeys(rx.Component):
    """Says what the chosen circle shows, and lets pointers, fingers and keys choose one."""

    library = OVERVIEW
    tag = "MapKeys"

    hint: Var[str]


def _fill(shade: Any) -> Any:
    return rx.match(shade, *FILLS, "")


def _circle(shade: Any, **place: Any) -> rx.Component:
    """Filled by a pattern or by its class: steps are told apart in grey too."""
    patterned = rx.el.svg.circle(**place, fill=_fill(shade))
    plain = rx.el.svg.circle(**place, class_name=joined("shade-", shade))
    return rx.cond((shade == 2) | (shade == 3), patterned, plain)


def _share(by_households: Any, value: Any, of: Any) -> Any:
    words = rx.cond(
        by_households, t("overview.of_households", n=number(value)), t("overview.per_hundred", n=number(value))
    )
    return rx.cond(of > 0, words, t("overview.households_unsaid"))


def _said(view: MapView, mark: MapMark) -> Any:
    """Name and figures of a circle, with how complete they are."""
    line = mark.line
    return t(
        "overview.mark",
        name=line.name,
        approved=number(line.counts.approved),
        share=_share(view.by_households, mark.value, line.of),
        heard=number(line.heard),
        villages=number(line.villages),
    )


def _drawing(view: MapView, inside: Any) -> rx.Component:
    def land(one: Land) -> rx.Component:
        shape = rx.el.svg.polygon(points=one.corners, class_name=joined("land ", one.region))
        return rx.el.svg.g(shape, custom_attrs={"aria-hidden": "true"}, key=one.region)

    def named(one: Land) -> rx.Component:
        words = rx.cond(one.region == "east", t("overview.region.east"), t("overview.region.west"))
        place = {"textAnchor": "middle", "aria-hidden": "true"}
        return rx.el.svg.text(words, x=one.x, y=one.y, class_name="land-name", custom_attrs=place)

    def mark(one: MapMark) -> rx.Component:
        return desk_link(
            _circle(one.shade, cx=one.x, cy=one.y, r=one.r),
            to=joined("/desk/?unit=", one.line.id) + inside,
            class_name="mark",
            custom_attrs={"tabIndex": rx.cond(one.first, 0, -1), "aria-label": _said(view, one)},
            key=one.line.id,
        )

    return rx.el.svg(
        rx.foreach(view.lands, land),
        rx.foreach(view.lands, named),
        rx.foreach(view.marks, mark),
        class_name="unit-map",
        role="group",
        aria_label=t("overview.map_title"),
        custom_attrs={"viewBox": view.box},
    )


def _sizes(view: MapView) -> rx.Component:
    """In the map's own scale, whatever its width."""

    def one(key: SizeKey) -> rx.Component:
        circle = rx.el.svg.circle(cx=key.x, cy=56, r=key.r)
        words = rx.el.svg.text(
            t("overview.supports", n=number(key.value)), x=key.words_x, y=56, custom_attrs={"dy": ".35em"}
        )
        return rx.el.svg.g(circle, words, key=key.value)

    return rx.el.svg(
        rx.foreach(view.sizes, one),
        class_name="size-keys num",
        custom_attrs={"viewBox": "0 0 1000 112", "aria-hidden": "true"},
    )


def _legend(view: MapView) -> rx.Component:
    def drawn(shade: Any) -> rx.Component:
        frame = {"aria-hidden": "true", "viewBox": "0 0 48 48"}
        return rx.el.svg(_circle(shade, cx=24, cy=24, r=21), width=26, height=26, custom_attrs=frame)

    def step(one: ShadeKey) -> rx.Component:
        words = rx.cond(
            one.shade == 4,
            t("overview.from", low=number(one.low)),
            t("overview.between", low=number(one.low), high=number(one.high)),
        )
        return rx.el.span(drawn(one.shade), rx.el.span(words), class_name="row small num")

    unsaid = rx.el.span(drawn(Var.create(0)), t("overview.households_unsaid"), class_name="row small")
    by = rx.cond(view.by_households, t("overview.shade_households"), t("overview.shade_rate"))
    sizes = rx.fragment(
        rx.el.p(t("overview.size_means"), class_name="small strong"), rx.el.div(_sizes(view), class_name="map-frame")
    )
    return rx.el.div(
        rx.cond(some(view.sizes), sizes),
        rx.el.p(by, class_name="small strong"),
        rx.el.div(rx.foreach(view.shades, step), rx.cond(view.unsaid, unsaid), class_name="row wrap"),
        class_name="legend",
    )


def unit_map(view: MapView, inside: Any) -> rx.Component:
    def row(one: MapMark) -> rx.Component:
        line = one.line
        return rx.el.tr(
            rx.el.th(line.name, scope="row"),
            rx.el.td(number(line.counts.approved)),
            rx.el.td(_share(view.by_households, one.value, line.of)),
            rx.el.td(t("fresh.of", heard=number(line.heard), villages=number(line.villages))),
            key=line.id,
        )

    heads = [t("desk.commune"), t("desk.col_approved"), t("overview.share"), t("desk.col_fresh")]
    drawn = rx.fragment(
        rx.el.div(_drawing(view, inside), class_name="map-frame"),
        MapKeys.create(hint=t("overview.map_hint")),
        _legend(view),
        rx.cond(view.unplaced > 0, rx.el.p(t("overview.unplaced", n=number(view.unplaced)), class_name="small soft")),
        hidden_table(t("overview.map_title"), heads, view.marks, row),
    )
    return rx.cond(some(view.marks), drawn, empty("search", t("overview.no_unit")))
