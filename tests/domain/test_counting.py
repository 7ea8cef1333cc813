"""The arithmetic of counters: what a visit's way through its states leaves behind, whatever the order of sums."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.counting import (
    CountedVisit,
    Movement,
    commune_deltas,
    crossing,
    household_deltas,
    village_deltas,
)
from models.visit import Result, VisitState

STATES = [None, *VisitState]
FACETS = [("all", ""), ("platform", "VNEID"), ("result", "installed")]


def counted(day: date = date(2026, 11, 14), *outcomes: tuple[str, str, int]) -> CountedVisit:
    return CountedVisit(uuid4(), 11, 2, 3, 7, day, "home", "person", outcomes or (("VNEID", "installed", 2),))


def test_a_new_visit_counts_once_a_platform_and_its_people_with_each() -> None:
    visit = counted(date(2026, 11, 15), ("VNEID", "installed", 3), ("DVC", "absent", 3))
    deltas = village_deltas([Movement(visit, None, VisitState.WAITING)])
    day = (11, date(2026, 11, 15), 3, 7)
    assert deltas == {
        (*day, "VNEID", "installed", "home", "person", "waiting"): (1, 3),
        (*day, "DVC", "absent", "home", "person", "waiting"): (1, 3),
    }


def test_a_commune_counts_by_half_months_without_village_and_member() -> None:
    movements = [Movement(counted(date(2026, 11, day)), None, VisitState.WAITING) for day in (1, 14, 15, 30)]
    halves = {(*key[:2], key[3]): delta for key, delta in commune_deltas(movements).items()}
    each = {(facet, date(2026, 11, day), word): (2, 0, 0, 4, 0, 0, 0) for facet, word in FACETS for day in (1, 15)}
    assert halves == each


def test_every_facet_holds_every_support_once_and_who_approved_independence_stands_apart() -> None:
    visit = counted(date(2026, 11, 1), ("VNEID", "independent", 2), ("DVC", "absent", 2))
    approved = commune_deltas([Movement(visit, VisitState.WAITING, VisitState.APPROVED)])
    rows = {(facet, word): row for (facet, _, _, word), row in approved.items()}
    assert rows == {
        ("all", ""): (-2, 2, 0, -4, 4, 0, 1),
        ("platform", "VNEID"): (-1, 1, 0, -2, 2, 0, 1),
        ("platform", "DVC"): (-1, 1, 0, -2, 2, 0, 0),
        ("result", "independent"): (-1, 1, 0, -2, 2, 0, 1),
        ("result", "absent"): (-1, 1, 0, -2, 2, 0, 0),
    }


def test_communes_of_one_part_count_together_by_platform_and_by_result_and_each_alone() -> None:
    movements = [Movement(replace(counted(), commune_id=id_), None, VisitState.WAITING) for id_ in (2, 10, 11)]
    rows = {(facet, part): row[0] for (facet, _, part, _), row in commune_deltas(movements).items()}
    assert rows == {
        ("all", 2): 1, ("all", 10): 1, ("all", 11): 1,
        ("platform", 2): 2, ("platform", 3): 1,
        ("result", 2): 2, ("result", 3): 1,
    }  # fmt: skip


@pytest.mark.parametrize("state", [VisitState.REPLACED, VisitState.WITHDRAWN])
def test_what_is_replaced_or_withdrawn_counts_nowhere(state: VisitState) -> None:
    movement = Movement(counted(), VisitState.WAITING, state)
    assert set(village_deltas([movement]).values()) == {(-1, -2)}
    assert village_deltas([Movement(counted(), state, None)]) == {}


@pytest.mark.parametrize("result", Result)
def test_a_household_counts_as_helped_by_the_results_that_help(result: Result) -> None:
    helped = result in (Result.INTRODUCED, Result.INSTALLED, Result.INDEPENDENT, Result.COME_BACK)
    movement = Movement(counted(date(2026, 11, 14), ("VNEID", str(result), 1)), None, VisitState.WAITING)
    assert bool(household_deltas([movement])) == helped


@given(st.lists(st.sampled_from(STATES), min_size=1, max_size=12))
def test_a_visits_whole_way_leaves_only_where_it_stands(ways: list[VisitState | None]) -> None:
    visit = counted()
    steps = [Movement(visit, old, new) for old, new in zip([None, *ways], ways, strict=False)]
    straight = [Movement(visit, None, ways[-1])]
    for deltas in (village_deltas, commune_deltas, household_deltas):
        assert deltas(steps) == deltas(straight)


@given(st.integers(0, 3), st.integers(0, 3))
def test_a_household_is_one_however_often_it_is_helped(before: int, after: int) -> None:
    assert crossing(before, after) == min(after, 1) - min(before, 1)
