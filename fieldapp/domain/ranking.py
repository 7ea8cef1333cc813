"""Where a unit stands among those like it: per 100 households, within its group, those that are equal side by side.

A rank answers whom to ask how they did it. So whoever has done nothing yet has none; nor have units with few
households, which one household would move by places, and groups in which few can be compared.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

FEWEST_HOUSEHOLDS = 50
FEWEST_COMPARED = 3
SMALL_BELOW, LARGE_FROM = 150, 300
"""Households of a village."""

Key = TypeVar("Key", bound=Hashable)


class VillageSize(StrEnum):
    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


@dataclass(frozen=True)
class Entry:
    """`done` is in whatever is ranked by; `households` is 0 where nobody has said how many there are."""

    group: str
    done: int
    households: int


@dataclass(frozen=True)
class Standing:
    """`rate` is per 100 households; `rank` is among the `of` units that can be compared, None where there is none."""

    group: str
    rate: float | None = None
    rank: int | None = None
    of: int = 0


def size_of(households: int) -> VillageSize:
    if households < SMALL_BELOW:
        return VillageSize.SMALL
    return VillageSize.LARGE if households >= LARGE_FROM else VillageSize.MIDDLE


def per_hundred(done: int, households: int) -> float | None:
    """To one decimal, as it is shown: what reads the same ranks the same."""
    return round(100 * done / households, 1) if households > 0 else None


def rank(entries: Mapping[Key, Entry]) -> dict[Key, Standing]:
    """Every unit's standing; after two that share a place, the next one is left out (1, 1, 3)."""
    rates = {key: per_hundred(entry.done, entry.households) for key, entry in entries.items()}
    compared: dict[str, list[float]] = {}
    for key, entry in entries.items():
        if (rate := rates[key]) is not None and entry.households >= FEWEST_HOUSEHOLDS:
            compared.setdefault(entry.group, []).append(rate)
    return {key: _standing(entry, rates[key], compared.get(entry.group, [])) for key, entry in entries.items()}


def _standing(entry: Entry, rate: float | None, group: Sequence[float]) -> Standing:
    if rate is None or entry.households < FEWEST_HOUSEHOLDS or len(group) < FEWEST_COMPARED:
        return Standing(entry.group, rate)
    place = 1 + sum(other > rate for other in group) if entry.done > 0 else None
    return Standing(entry.group, rate, place, len(group))
