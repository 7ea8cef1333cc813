"""How much sample data there is in each size, and how it is shared out over communes and villages."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fieldapp.problems import Problem
from models.unit import Terrain

DATA = Path(__file__).parent.parent / "data"
SEED = "to so 2026"
HOUSEHOLD_SIGMA = 0.45
FEWEST, MOST = 40, 1600
"""Households of a village: the spread of their number (log-normal) and its limits."""


@dataclass(frozen=True)
class Profile:
    """A commune as sample data sees it; villages and households are invented numbers that fit its population."""

    code: str
    terrain: Terrain
    villages: int
    households: int

    @property
    def is_west(self) -> bool:
        return self.code >= "23000"

    @property
    def is_mountain(self) -> bool:
        return self.terrain is Terrain.MOUNTAIN


@dataclass(frozen=True)
class Size:
    """`filled` communes have households and visits, `peopled` ones villages, teams and members; empty means all."""

    name: str
    peopled: tuple[str, ...]
    filled: tuple[str, ...]
    days: int
    visits: int
    pictures: int
    villages: int | None = None
    households_each: int | None = None
    village_team_sizes: tuple[int, ...] = ()
    commune_team_size: int | None = None


_XS = ("21484", "23293", "21548")
_M = ("21484", "21289", "21548", "23425", "23473", "21196")
SIZES = {
    "xs": Size("xs", _XS, _XS, 60, 2_000, 20, 8, 50, (7, 6, 5, 5, 4, 4, 5, 4), 10),
    "m": Size("m", (), _M, 90, 60_000, 40),
    "l": Size("l", (), (), 365, 800_000, 40),
}


def get_size(name: str) -> Size:
    """Raises `invalid` for a size that there is not."""
    if name not in SIZES:
        raise Problem("invalid", "size")
    return SIZES[name]


def read_profiles(size: Size) -> list[Profile]:
    """The communes that get villages and people, in order of their codes."""
    with (DATA / "communes_51.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    profiles = [_profile(size, row) for row in rows]
    return [p for p in profiles if not size.peopled or p.code in size.peopled]


def _profile(size: Size, row: dict[str, str]) -> Profile:
    villages = size.villages or int(row["villages"])
    households = villages * size.households_each if size.households_each else int(row["households"])
    return Profile(row["code"], Terrain(row["terrain"]), villages, households)


def is_filled(size: Size, profile: Profile) -> bool:
    return not size.filled or profile.code in size.filled


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that add up to the total, in proportion to the weights (largest remainder)."""
    scale = total / sum(weights) if weights else 0
    exact = [w * scale for w in weights]
    parts = [math.floor(e) for e in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def households_by_village(size: Size, profile: Profile, rng: Random) -> list[int]:
    """How many households each village of the commune has."""
    if size.households_each:
        return [size.households_each] * profile.villages
    mean = profile.households / profile.villages
    drawn = [rng.lognormvariate(0, HOUSEHOLD_SIGMA) * mean for _ in range(profile.villages)]
    return shares(profile.households, [min(max(d, FEWEST), MOST) for d in drawn])


def visits_by_commune(size: Size, profiles: Sequence[Profile]) -> dict[str, int]:
    """How many visits each filled commune has, by code."""
    filled = [p for p in profiles if is_filled(size, p)]
    return dict(zip([p.code for p in filled], shares(size.visits, [p.households for p in filled]), strict=True))
