"""How a visit's change of state moves the counters: pure arithmetic on keys and deltas.

Counted states are waiting, approved and returned; a replaced or withdrawn visit counts nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fieldapp.domain.visit import HELPED
from fieldapp.domain.vn_time import half_month, period_start
from models.counter import Facet, PeriodKind
from models.visit import Result, VisitState

COUNTED = (VisitState.WAITING, VisitState.APPROVED, VisitState.RETURNED)


@dataclass(frozen=True)
class CountedVisit:
    """The part of a visit that counters know."""

    household_id: UUID
    village_id: int
    commune_id: int
    team_id: int
    member_id: int
    day: date
    mode: str
    beneficiary: str
    outcomes: tuple[tuple[str, str, int], ...]
    """(platform code, result, people) of each outcome."""

    @property
    def helped(self) -> bool:
        return any(Result(result) in HELPED for _, result, _ in self.outcomes)


@dataclass(frozen=True)
class Movement:
    """A visit leaving one state for another; None is 'was not there' or 'is there no more'."""

    visit: CountedVisit
    old: VisitState | None
    new: VisitState | None

    def signs(self) -> list[tuple[VisitState, int]]:
        if self.old == self.new:
            return []
        return [(state, sign) for state, sign in ((self.old, -1), (self.new, 1)) if state and state in COUNTED]


Deltas = dict[tuple, tuple[int, ...]]
COMMUNE_FIGURES = (*map(str, COUNTED), *(f"{state}_people" for state in COUNTED), "independent")
"""In lượt by state, in người by state, and approved lượt of independent users."""
PARTS = 8
"""A province is counted by platform and by result in so many parts: few rows to read, and not one that all wait for."""


def village_deltas(movements: Iterable[Movement]) -> Deltas:
    """(village, day, team, member, platform, result, mode, beneficiary, state) -> (lượt, người), zeros left out."""
    return _sum(
        (
            (v.village_id, v.day, v.team_id, v.member_id, platform, result, v.mode, v.beneficiary, str(state)),
            sign,
            people,
        )
        for v, state, sign, platform, result, people in _each_outcome(movements)
    )


def commune_deltas(movements: Iterable[Movement]) -> Deltas:
    """(facet, half-month, part, word) -> what moves each of COMMUNE_FIGURES, rows of zeros left out."""
    sums: dict[tuple, list[int]] = {}
    for v, state, sign, platform, result, people in _each_outcome(movements):
        place = COUNTED.index(state)
        for facet, word in ((Facet.ALL, ""), (Facet.PLATFORM, platform), (Facet.RESULT, result)):
            key = (str(facet), half_month(v.day), part_of(facet, v.commune_id), str(word))
            row = sums.setdefault(key, [0] * len(COMMUNE_FIGURES))
            row[place] += sign
            row[len(COUNTED) + place] += sign * people
            row[-1] += sign * (state == VisitState.APPROVED and result == Result.INDEPENDENT)
    return {key: tuple(row) for key, row in sorted(sums.items()) if any(row)}


def part_of(facet: Facet, commune_id: int) -> int:
    """Where a commune's lượt are counted: by themselves, or by platform and result with those of other communes."""
    return commune_id if facet is Facet.ALL else commune_id % PARTS


def household_deltas(movements: Iterable[Movement]) -> dict[tuple[UUID, PeriodKind, date], dict[VisitState, int]]:
    """(household, period kind, first day) -> visits by state, for visits that helped."""
    sums: dict[tuple[UUID, PeriodKind, date], dict[VisitState, int]] = defaultdict(lambda: defaultdict(int))
    for movement in movements:
        if movement.visit.helped:
            for kind in PeriodKind:
                key = (movement.visit.household_id, kind, period_start(kind, movement.visit.day))
                for state, sign in movement.signs():
                    sums[key][state] += sign
    moved = {key: {s: n for s, n in by_state.items() if n} for key, by_state in sums.items()}
    return {key: by_state for key, by_state in moved.items() if by_state}


def first_homes(movements: Iterable[Movement]) -> dict[tuple[UUID, PeriodKind, date], tuple[int, int]]:
    """(household, period kind, first day) -> village and commune where these visits first helped it, by their days."""
    homes: dict[tuple[UUID, PeriodKind, date], tuple[int, int]] = {}
    for visit in sorted((m.visit for m in movements if m.visit.helped), key=lambda visit: visit.day):
        for kind in PeriodKind:
            key = (visit.household_id, kind, period_start(kind, visit.day))
            homes.setdefault(key, (visit.village_id, visit.commune_id))
    return homes


def crossing(before: int, after: int) -> int:
    """How the number of distinct households moves when one household's own count goes from before to after."""
    return int(after > 0) - int(before > 0)


def _each_outcome(movements: Iterable[Movement]):
    for movement in movements:
        for state, sign in movement.signs():
            for platform, result, people in movement.visit.outcomes:
                yield movement.visit, state, sign, platform, result, people


def _sum(parts: Iterable[tuple[tuple, int, int]]) -> Deltas:
    sums: dict[tuple, tuple[int, int]] = {}
    for key, sign, people in parts:
        support, persons = sums.get(key, (0, 0))
        sums[key] = (support + sign, persons + sign * people)
    return {key: delta for key, delta in sorted(sums.items()) if delta != (0, 0)}
