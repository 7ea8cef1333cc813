"""How a team should be put together, by items 1 and 2 of the province's letter. All of it warns and nothing blocks:
the letter leaves it to each place whom it chooses.

A village's team is full with seven: a leader who heads the village or its party cell, the secretary of the youth union
as deputy, one each of police, women's union and farmers' union, and two more.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from models.team import SeatKind, SeatRole, TeamLevel

People = Mapping[tuple[SeatRole, SeatKind | None], int]
"""How many people of a team have this role and kind."""

FULL_VILLAGE_TEAM, FURTHER_PEOPLE, IT_TEACHERS = 7, 2, 2
HEADS = frozenset({SeatKind.VILLAGE_HEAD, SeatKind.PARTY_SECRETARY})
YOUTH = (SeatKind.YOUTH_MEMBER, SeatKind.YOUTH_SECRETARY)


class ShortfallKind(StrEnum):
    NO_LEADER = "no_leader"
    MANY_LEADERS = "many_leaders"
    LEADER_POST = "leader_post"
    NO_DEPUTY = "no_deputy"
    DEPUTY_POST = "deputy_post"
    POLICE = "police"
    WOMENS_UNION = "womens_union"
    FARMERS_UNION = "farmers_union"
    FURTHER = "further"
    YOUTH = "youth"
    CULTURE_OFFICE = "culture_office"
    IT_TEACHERS = "it_teachers"
    MANY_TEAMS = "many_teams"


@dataclass(frozen=True)
class Shortfall:
    """A warning; `people` is how many are missing, 0 where somebody is there but not as the letter has it."""

    kind: ShortfallKind
    people: int = 0


_OF_VILLAGE = {
    SeatKind.POLICE: ShortfallKind.POLICE,
    SeatKind.WOMENS_UNION: ShortfallKind.WOMENS_UNION,
    SeatKind.FARMERS_UNION: ShortfallKind.FARMERS_UNION,
}
_CORE = (
    (ShortfallKind.YOUTH, YOUTH),
    (ShortfallKind.POLICE, (SeatKind.POLICE,)),
    (ShortfallKind.CULTURE_OFFICE, (SeatKind.CULTURE_OFFICE,)),
)


def shortfalls(level: TeamLevel, people: People, commune_teams: int = 1) -> list[Shortfall]:
    """The warnings of a team; `commune_teams` is how many teams of its own the commune has at once."""
    return _of_commune(people, commune_teams) if level == TeamLevel.COMMUNE else _of_village(people)


class _Counted(Protocol):
    @property
    def people(self) -> int: ...


def missing_people(found: Sequence[_Counted]) -> int:
    """How many people a team is short of, by these warnings."""
    return sum(shortfall.people for shortfall in found)


def _of_village(people: People) -> list[Shortfall]:
    leaders, deputies = _with_role(people, SeatRole.LEADER), _with_role(people, SeatRole.DEPUTY)
    found = [*_leading(leaders), *_second(deputies)]
    others = _with_role(people, SeatRole.MEMBER) + deputies
    if deputies:
        others[_the_deputy(deputies)] -= 1
    for kind, shortfall in _OF_VILLAGE.items():
        if others[kind]:
            others[kind] -= 1
        else:
            found.append(Shortfall(shortfall, 1))
    if (further := others.total()) < FURTHER_PEOPLE:
        found.append(Shortfall(ShortfallKind.FURTHER, FURTHER_PEOPLE - further))
    return found


def _leading(leaders: Counter[SeatKind | None]) -> list[Shortfall]:
    if not leaders:
        return [Shortfall(ShortfallKind.NO_LEADER, 1)]
    if leaders.total() > 1:
        return [Shortfall(ShortfallKind.MANY_LEADERS)]
    return [] if HEADS & leaders.keys() else [Shortfall(ShortfallKind.LEADER_POST)]


def _second(deputies: Counter[SeatKind | None]) -> list[Shortfall]:
    if not deputies:
        return [Shortfall(ShortfallKind.NO_DEPUTY, 1)]
    return [] if deputies[SeatKind.YOUTH_SECRETARY] else [Shortfall(ShortfallKind.DEPUTY_POST)]


def _the_deputy(deputies: Counter[SeatKind | None]) -> SeatKind | None:
    """Of several deputies the one who is nothing besides: the youth union's, else one whom no other seat needs."""
    if SeatKind.YOUTH_SECRETARY in deputies:
        return SeatKind.YOUTH_SECRETARY
    return min(deputies, key=lambda kind: (kind in _OF_VILLAGE, kind or ""))


def _of_commune(people: People, commune_teams: int) -> list[Shortfall]:
    kinds: Counter[SeatKind | None] = Counter()
    for (_, kind), count in people.items():
        kinds[kind] += count
    found = [Shortfall(shortfall, 1) for shortfall, of in _CORE if not any(kinds[kind] for kind in of)]
    if (teachers := kinds[SeatKind.IT_TEACHER]) < IT_TEACHERS:
        found.append(Shortfall(ShortfallKind.IT_TEACHERS, IT_TEACHERS - teachers))
    return found + ([Shortfall(ShortfallKind.MANY_TEAMS)] if commune_teams > 1 else [])


def _with_role(people: People, role: SeatRole) -> Counter[SeatKind | None]:
    return Counter({kind: count for (had, kind), count in people.items() if had == role and count > 0})
