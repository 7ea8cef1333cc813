"""Drawings of numbers as plain SVG, laid out in percent so that words keep their size (docs/decisions/0040).

What is approved is filled, what waits is hatched, so that a print in grey tells them apart. Each drawing has a table
beside it, seen or for screen readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from fieldapp.components.words import number
from fieldapp.domain.drawing import marks

HATCHED, DOTTED, DENSE = (f"url(#chart-{name})" for name in ("hatched", "dotted", "dense"))
"""Fills of `patterns`; the last two are for a drawing that is 1,000 wide, as the map."""

GAP = 0.2
"""Of the width of a column, left free beside it."""


@dataclass
class Tick:
    value: int = 0
    y: str = "0%"


@dataclass
class Mark:
    """A column: two counts, and where its two parts are drawn."""

    name: str = ""
    solid: int = 0
    hatched: int = 0
    x: str = "0%"
    width: str = "0%"
    solid_y: str = "0%"
    solid_height: str = "0%"
    hatched_y: str = "0%"
    hatched_height: str = "0%"


@dataclass
class Columns:
    """Columns in the order of days; the highest has its number written above it."""

    ticks: list[Tick] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    several: bool = False
    peak: int = 0
    peak_x: str = "0%"
    peak_y: str = "0%"
    peak_anchor: str = "middle"


def lay_columns(points: Sequence[tuple[str, int, int]]) -> Columns:
    """Of names with what is filled and what is hatched above it."""
    if not points:
        return Columns()
    scale = marks(max(solid + hatched for _, solid, hatched in points))
    top, step = scale[-1], 100 / len(points)
    width = min(step * (1 - GAP), 18)

    def share(part: float) -> float:
        return 100 * part / top

    drawn = [
        Mark(
            name,
            solid,
            hatched,
            f"{number_of * step + (step - width) / 2:.2f}%",
            f"{width:.2f}%",
            f"{100 - share(solid):.2f}%",
            f"{share(solid):.2f}%",
            f"{100 - share(solid + hatched):.2f}%",
            f"{share(hatched):.2f}%",
        )
        for number_of, (name, solid, hatched) in enumerate(points)
    ]
    sums = [solid + hatched for _, solid, hatched in points]
    highest = sums.index(max(sums))
    x = (highest + 0.5) * step
    anchor = "start" if x < 12 else "end" if x > 88 else "middle"
    at = highest * step if anchor == "start" else (highest + 1) * step if anchor == "end" else x
    ticks = [Tick(value, f"{100 - share(value):.2f}%") for value in scale]
    return Columns(ticks, drawn, len(drawn) > 1, max(sums), f"{at:.2f}%", drawn[highest].hatched_y, anchor)


def patterns() -> rx.Component:
    """The fills; once on a page that draws anything."""
    defs = rx.el.svg.defs(_stripes("hatched", 6), _stripes("dense", 16), _dots("dotted", 16))
    return rx.el.svg(defs, width=0, height=0, class_name="patterns", custom_attrs={"aria-hidden": "true"})


def _pattern(name: str, size: int, drawn: rx.Component) -> rx.Component:
    ground = rx.el.svg.rect(width=size, height=size, class_name="pattern-ground")
    place = {"patternUnits": "userSpaceOnUse"}
    return rx.el.svg.pattern(ground, drawn, id=f"chart-{name}", width=size, height=size, custom_attrs=place)


def _stripes(name: str, size: int) -> rx.Component:
    half = size // 2
    way = f"M{-half},{half} l{size},{-size} M0,{size} l{size},{-size} M{half},{size + half} l{size},{-size}"
    return _pattern(name, size, rx.el.svg.path(d=way, class_name="pattern-line"))


def _dots(name: str, size: int) -> rx.Component:
    half = size // 2
    return _pattern(name, size, rx.el.svg.circle(cx=half, cy=half, r=str(size / 5), class_name="pattern-dot"))


def bar(solid: Any, hatched: Any) -> rx.Component:
    """Two widths in percent side by side; the numbers stand beside it in words."""
    return rx.el.svg(
        rx.el.svg.rect(width="100%", height="100%", class_name="bar-ground"),
        rx.el.svg.rect(width=solid, height="100%", class_name="filled"),
        rx.el.svg.rect(x=solid, width=hatched, height="100%", fill=HATCHED),
        class_name="bar-drawn",
        custom_attrs={"aria-hidden": "true"},
    )


def columns(view: Columns, unit: Any) -> rx.Component:
    """The columns over a zero line, with the scale on the left in this unit, and the first and last name below."""

    def line(tick: Tick) -> rx.Component:
        return rx.el.svg.line(
            x1="0", x2="100%", y1=tick.y, y2=tick.y, class_name=rx.cond(tick.value == 0, "zero", "grid-line")
        )

    def written(tick: Tick) -> rx.Component:
        return rx.el.span(number(tick.value), style={"top": tick.y})

    def mark(one: Mark) -> rx.Component:
        return rx.el.svg.g(
            rx.el.svg.title(one.name + " · " + number(one.solid + one.hatched)),
            rx.el.svg.rect(x=one.x, y="0", width=one.width, height="100%", class_name="hit"),
            rx.el.svg.rect(x=one.x, y=one.solid_y, width=one.width, height=one.solid_height, class_name="filled"),
            rx.el.svg.rect(x=one.x, y=one.hatched_y, width=one.width, height=one.hatched_height, fill=HATCHED),
        )

    peak = rx.el.svg.text(
        number(view.peak), x=view.peak_x, y=view.peak_y, class_name="peak",
        custom_attrs={"dy": "-6", "textAnchor": view.peak_anchor},
    )  # fmt: skip
    drawing = rx.el.svg(rx.foreach(view.ticks, line), rx.foreach(view.marks, mark), peak, class_name="plot")
    return rx.el.div(
        rx.el.p(unit, class_name="soft small"),
        rx.el.div(rx.el.div(rx.foreach(view.ticks, written), class_name="scale num"), drawing, class_name="chart"),
        rx.el.div(
            rx.el.span(view.marks[0].name),
            rx.cond(view.several, rx.el.span(view.marks[-1].name)),
            class_name="row between soft small num under-chart",
        ),
        custom_attrs={"aria-hidden": "true"},
    )


def hidden_table(caption: Any, heads: Sequence[Any], lines: Any, row: Any) -> rx.Component:
    """What a drawing shows, for those who cannot see it."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption),
            rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
            rx.el.tbody(rx.foreach(lines, row)),
        ),
        class_name="sr",
    )


def keys(*pairs: tuple[str, Any]) -> rx.Component:
    """What each fill stands for; "" is the plain one."""

    def one(fill: str, words: Any) -> rx.Component:
        plain = rx.el.svg.rect(width="100%", height="100%", class_name="filled")
        patterned = rx.el.svg.rect(width="100%", height="100%", fill=fill)
        drawn = rx.el.svg(patterned if fill else plain, class_name="key-drawn", custom_attrs={"aria-hidden": "true"})
        return rx.el.span(drawn, words, class_name="row")

    return rx.el.div(*(one(*pair) for pair in pairs), class_name="row wrap soft small keys")
