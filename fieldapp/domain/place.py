"""Where a visit was made, as coarsely as the one question needs that may be asked of it: outside the commune?"""

from collections.abc import Iterable
from math import asin, cos, hypot, radians, sin

KEEP_DAYS = 90
EARTH_KM = 6371.0
FAR_KM = 15.0
"""Within so many kilometres of its commune's centre nobody is outside: communes of the mountains are wide."""

Point = tuple[float, float]
"""Degrees north and east."""


def coarse(point: Point) -> Point:
    """To a hundredth of a degree, about a kilometre: enough for a commune, too little for a house."""
    return round(point[0], 2), round(point[1], 2)


def distance_km(one: Point, other: Point) -> float:
    """Over the ground."""
    (north, east), (north_2, east_2) = ((radians(a), radians(b)) for a, b in (one, other))
    high, wide = sin((north_2 - north) / 2), sin((east_2 - east) / 2)
    return 2 * EARTH_KM * asin(min(1.0, hypot(high, wide * (cos(north) * cos(north_2)) ** 0.5)))


def is_outside(point: Point, own: Point, others: Iterable[Point]) -> bool:
    """Whether a place is surely not in the commune whose centre is `own`.

    Borders are not known here, only centres: it is outside where it is far from its own centre and less than half as
    far from another one.
    """
    away = distance_km(point, own)
    return away > FAR_KM and any(distance_km(point, other) < away / 2 for other in others)
