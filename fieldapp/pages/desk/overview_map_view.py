"""The communes of a province as circles: where each stands, how large, how dark, and what the legend says of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.domain.drawing import LARGEST, Layout, hull, lay_out, radius, rounded_down, shade, shade_step
from fieldapp.pages.desk.overview_view import UnitLine
from models.unit import Region, Terrain

Places = dict[int, tuple[float, float]]
"""Latitude and longitude by unit."""

WORDS = 330
"""The space for what is written beside a circle of the legend."""


@dataclass
class MapMark:
    """`value` is what the shade (1 to 4, 0 where nobody knows) stands for; `first` is where keys enter the map."""

    line: UnitLine = field(default_factory=UnitLine)
    x: str = "0"
    y: str = "0"
    r: str = "0"
    shade: int = 0
    value: float = 0
    first: bool = False


@dataclass
class Land:
    """A part of the province as a soft shape behind its communes; no boundary."""

    region: str = ""
    corners: str = ""
    x: str = "0"
    y: str = "0"


@dataclass
class ShadeKey:
    shade: int = 0
    low: float = 0
    high: float = 0


@dataclass
class SizeKey:
    """`x` is of its middle, `words_x` of what is written beside it."""

    r: str = "0"
    value: int = 0
    x: str = "0"
    words_x: str = "0"


@dataclass
class MapView:
    """`by_households`: shades are households helped of 100, else lượt per 100; `unplaced` units have no place."""

    box: str = "0 0 1000 1000"
    marks: list[MapMark] = field(default_factory=list)
    lands: list[Land] = field(default_factory=list)
    shades: list[ShadeKey] = field(default_factory=list)
    sizes: list[SizeKey] = field(default_factory=list)
    unsaid: bool = False
    """Whether a circle has no shade: nobody has said how many households there are."""
    by_households: bool = False
    unplaced: int = 0


def show_map(lines: Sequence[UnitLine], places: Places) -> MapView:
    placed = [line for line in lines if line.id in places]
    layout = lay_out({line.id: places[line.id] for line in placed})
    by_households = any(line.households.known for line in lines)
    values = {line.id: (line.reached if by_households else line.rate) if line.of else None for line in placed}
    step = shade_step(value for value in values.values() if value is not None)
    most = max((line.counts.approved for line in placed), default=0)
    # The small ones come last: they lie over the large ones.
    marks = []
    for line in sorted(placed, key=lambda line: -line.counts.approved):
        (x, y), value = layout.spots[line.id], values[line.id]
        r = radius(line.counts.approved, most)
        marks.append(MapMark(line, f"{x:g}", f"{y:g}", f"{r:.1f}", shade(value, step), value or 0))
    for mark in marks[:1]:
        mark.first = True
    return MapView(
        f"0 0 1000 {layout.height:g}",
        marks,
        _lands(placed, layout),
        [ShadeKey(n, step * (n - 1), step * n) for n in range(1, 5)],
        _sizes(most),
        any(mark.shade == 0 for mark in marks),
        by_households,
        len(lines) - len(placed),
    )


def _lands(lines: Sequence[UnitLine], layout: Layout[int]) -> list[Land]:
    found = []
    for region in Region:
        spots = [layout.spots[line.id] for line in lines if line.region == region and line.group != Terrain.ISLAND]
        if corners := hull(spots):
            top = min(corners, key=lambda corner: corner[1])
            written = " ".join(f"{x:g},{y:g}" for x, y in corners)
            found.append(Land(str(region), written, f"{top[0]:g}", f"{max(30, top[1] - 48):g}"))
    return found


def _sizes(most: int) -> list[SizeKey]:
    """Circles of round numbers to compare with, the larger one first."""
    if most < 2:
        return []
    large = int(rounded_down(most))
    found, x = [], 0.0
    for value in sorted({large, max(1, large // 5)}, reverse=True):
        if value <= most:
            r = LARGEST * math.sqrt(value / most)
            found.append(SizeKey(f"{r:.1f}", value, f"{x + r + 2:.1f}", f"{x + 2 * r + 14:.1f}"))
            x += 2 * r + WORDS
    return found
