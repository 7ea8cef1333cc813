"""Invented villages: synthetic codes, and names in the manner of lowland, town, island and highland."""

from dataclasses import dataclass
from random import Random

from fieldapp.cli.sample.sizes import Profile
from models.unit import Division, Terrain

_LOWLAND = (
    "An Phú Đông Tân Mỹ Vạn Thọ Phước Long Thạnh".split(),
    "Hòa Lộc Bình Thạnh Xuân Thành Khánh Tây Trung Hội".split(),
)
_EAST_HIGHLAND = (
    ["Nước", "Gò", "Đồng", "Làng", "Suối", "Đèo"],
    "Xanh Trong Đá Tre Mây Nứa Sim Rộng Thượng Hạ Trung Lim".split(),
)
_WEST_HIGHLAND = (
    ["Kon", "Đăk", "Plei"],
    "Hra Tơ Gur Rẫy Jri Mơ Lung Xăng Brông Hnang Klâu Trang Monay Pơla Rơbang Kpơng".split(),
)
_DIVISION_WORDS = {Division.THON: "Thôn", Division.LANG: "Làng", Division.TO_DAN_PHO: "Tổ dân phố"}


@dataclass(frozen=True)
class VillagePlan:
    """`merged_from` holds the plans of villages that were merged into this one; most have none."""

    code: str
    name: str
    division: Division
    merged_from: tuple["VillagePlan", ...] = ()


def plan_villages(profile: Profile, rng: Random, with_merge: bool) -> list[VillagePlan]:
    """The commune's villages; with `with_merge`, the last came from a merge of two."""
    names = _names(profile, rng)
    plans = []
    for number in range(1, profile.villages + 1):
        division = _division(profile, number)
        numbered = division is Division.TO_DAN_PHO or (division is Division.THON and number % 3 < 2)
        name = str(number) if numbered or not names else names.pop()
        plans.append(_plan(profile, f"{number:02d}", name, division))
    if with_merge:
        plans[-1] = _merged(profile, plans[-1])
    return plans


def _plan(profile: Profile, number: str, name: str, division: Division) -> VillagePlan:
    return VillagePlan(f"{profile.code}-{number}", f"{_DIVISION_WORDS[division]} {name}", division)


def _merged(profile: Profile, village: VillagePlan) -> VillagePlan:
    bare = village.name.removeprefix(_DIVISION_WORDS[village.division]).strip()
    sides = zip(("91", "92"), (f"{bare} Trên", f"{bare} Dưới"), strict=True)
    old = tuple(_plan(profile, number, name, village.division) for number, name in sides)
    return VillagePlan(village.code, village.name, village.division, old)


def _division(profile: Profile, number: int) -> Division:
    if profile.terrain is Terrain.URBAN:
        return Division.LANG if profile.is_west and number % 4 == 0 else Division.TO_DAN_PHO
    return Division.LANG if profile.is_west and profile.is_mountain and number % 3 else Division.THON


def _names(profile: Profile, rng: Random) -> list[str]:
    """Every two-word name of this part of the province, shuffled: no name comes twice in a commune."""
    if profile.is_west:
        first, second = _WEST_HIGHLAND
    else:
        first, second = _EAST_HIGHLAND if profile.is_mountain else _LOWLAND
    names = [f"{a} {b}" for a in first for b in second]
    rng.shuffle(names)
    return names


def within_a_sentence(unit_name: str) -> str:
    """`Xã Ba Tơ` as it stands after other words: `xã Ba Tơ`."""
    return unit_name[0].lower() + unit_name[1:]
