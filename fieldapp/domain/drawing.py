"""What a drawing of numbers is laid out by: round marks of a scale, steps of a shade, circles, places on a map."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MAP_WIDTH, MAP_MARGIN = 1000.0, 62.0
LARGEST, SMALLEST = 46.0, 9.0
"""Radii of circles, where the map is 1,000 wide."""

STEPS = 4
Key = TypeVar("Key", bound=Hashable)
Point = tuple[float, float]


def rounded_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 and so on; 1 for whatever is not above it."""
    if value <= 1:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def rounded_down(value: float) -> float:
    """The last of 1, 2, 5, 10, 20 and so on that is not above it; 1 for what is less."""
    if value <= 1:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (10, 5, 2, 1) if step * power <= value)


def marks(most: float) -> list[int]:
    """Whole marks of a scale from 0 to the first at or above the most, four or five apart at most."""
    step = int(rounded_up(most / 4))
    return list(range(0, max(step, math.ceil(most / step) * step) + 1, step))


def shade_step(values: Iterable[float]) -> float:
    """By how much each of the four shades differs, so that the largest value is in reach of the last."""
    return rounded_up(max(values, default=0) / STEPS)


def shade(value: float | None, step: float) -> int:
    """1 to 4, the darkest; 0 where nobody knows."""
    return 0 if value is None else min(STEPS, 1 + math.floor(value / step))


def radius(value: int, most: int) -> float:
    """Areas are as the values are; what is nearly nothing stays in sight."""
    return max(SMALLEST, LARGEST * math.sqrt(value / most)) if most > 0 else SMALLEST


@dataclass(frozen=True)
class Layout(Generic[Key]):
    """Places by key, x to the east and y to the south."""

    height: float
    spots: dict[Key, Point]


def lay_out(places: Mapping[Key, Point]) -> Layout[Key]:
    """Latitudes and longitudes on a plane that is 1,000 wide, as large as it goes; degrees are as at its middle."""
    if not places:
        return Layout(MAP_WIDTH, {})
    latitudes, longitudes = [at[0] for at in places.values()], [at[1] for at in places.values()]
    north, west = max(latitudes), min(longitudes)
    narrowing = math.cos(math.radians((north + min(latitudes)) / 2))
    wide, high = (max(longitudes) - west) * narrowing, north - min(latitudes)
    inside = MAP_WIDTH - 2 * MAP_MARGIN
    scale = inside / max(wide, high, 0.05)
    left = MAP_MARGIN + (inside - wide * scale) / 2
    spots = {
        key: (round(left + (lon - west) * narrowing * scale, 1), round(MAP_MARGIN + (north - lat) * scale, 1))
        for key, (lat, lon) in places.items()
    }
    return Layout(round(2 * MAP_MARGIN + high * scale, 1), spots)


def hull(points: Iterable[Point]) -> Sequence[Point]:
    """The corners of the least convex shape around these points, in order; fewer than three are their own."""
    left_to_right = sorted(set(points))
    if len(left_to_right) < 3:
        return left_to_right

    def side(along: Iterable[Point]) -> list[Point]:
        corners: list[Point] = []
        for point in along:
            while len(corners) > 1 and _turn(corners[-2], corners[-1], point) <= 0:
                corners.pop()
            corners.append(point)
        return corners[:-1]

    return side(left_to_right) + side(reversed(left_to_right))


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
