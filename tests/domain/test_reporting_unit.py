"""Every village of a period is told of by exactly one that reports."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.reporting_unit import VillageSpan, left_behind, reporting_groups

AUGUST = DayRange(date(2026, 8, 1), date(2026, 8, 31))
SINCE = date(2025, 7, 1)


def groups(*villages: tuple[int, str, str], heirs: tuple[tuple[int, int], ...] = ()) -> dict[int, set[int]]:
    spans = [
        VillageSpan(id, date.fromisoformat(first) if first else SINCE, date.fromisoformat(last) if last else None)
        for id, first, last in villages
    ]
    return {id: set(own) for id, own in reporting_groups(spans, heirs, AUGUST).items()}


def test_a_village_that_stands_reports_by_itself() -> None:
    assert groups((1, "", ""), (2, "", "")) == {1: {1}, 2: {2}}


def test_who_continues_merged_villages_tells_of_them_too() -> None:
    merged = (1, "", "2026-08-14"), (2, "", "2026-08-14"), (3, "2026-08-15", "")
    assert groups(*merged, heirs=((1, 3), (2, 3))) == {3: {1, 2, 3}}


def test_a_merge_after_the_period_leaves_its_reports_as_they_are() -> None:
    later = (1, "", "2026-09-14"), (2, "", "2026-09-14"), (3, "2026-09-15", "")
    assert groups(*later, heirs=((1, 3), (2, 3))) == {1: {1}, 2: {2}}


def test_a_merge_on_the_day_after_the_last_one_changes_nothing() -> None:
    assert groups((1, "", "2026-08-31"), (2, "2026-09-01", ""), heirs=((1, 2),)) == {1: {1}}


def test_what_was_merged_twice_is_told_of_by_the_last() -> None:
    twice = (1, "", "2026-08-09"), (2, "2026-08-10", "2026-08-19"), (3, "2026-08-20", "")
    assert groups(*twice, heirs=((1, 2), (2, 3))) == {3: {1, 2, 3}}


def test_of_a_split_the_first_tells_of_what_was_before() -> None:
    split = (1, "", "2026-08-14"), (2, "2026-08-15", ""), (3, "2026-08-15", "")
    assert groups(*split, heirs=((1, 3), (1, 2))) == {2: {1, 2}, 3: {3}}


def test_who_stopped_reports_no_more_and_who_stops_on_the_last_day_still_does() -> None:
    assert groups((1, "", "2026-08-14"), (2, "", "2026-07-31"), (3, "", "2026-08-31")) == {3: {3}}


offsets = st.integers(-60, 60)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[VillageSpan], list[tuple[int, int]]]:
    """Villages of which some end and are continued by later ones."""
    count = draw(st.integers(1, 8))
    villages, heirs = [], []
    for id in range(1, count + 1):
        first = SINCE if id <= 2 else AUGUST.first + timedelta(days=draw(offsets))
        length = draw(st.none() | st.integers(0, 90))
        villages.append(VillageSpan(id, first, None if length is None else first + timedelta(days=length)))
    for village in villages:
        if village.valid_to is not None:
            later = [one.id for one in villages if one.valid_from == village.valid_to + timedelta(days=1)]
            heirs += [(village.id, id) for id in later] or [
                (village.id, one.id) for one in villages if one.valid_from > village.valid_to and draw(st.booleans())
            ]
    return villages, heirs


@given(histories())
def test_no_village_of_the_period_is_told_of_twice_and_each_that_stands_at_its_end_tells(
    history: tuple[list[VillageSpan], list[tuple[int, int]]],
) -> None:
    villages, heirs = history
    told = reporting_groups(villages, heirs, AUGUST)
    every = [id for own in told.values() for id in own]
    assert len(every) == len(set(every))
    at_its_end = {
        v.id for v in villages
        if v.valid_from <= AUGUST.last and (v.valid_to is None or v.valid_to >= AUGUST.last)
    }  # fmt: skip
    assert at_its_end == set(told)
    assert all(id in own for id, own in told.items())


@given(histories())
def test_every_village_since_a_day_is_told_of_or_left_behind(
    history: tuple[list[VillageSpan], list[tuple[int, int]]],
) -> None:
    villages, heirs = history
    since = AUGUST.first - timedelta(days=45)
    told = set().union(*reporting_groups(villages, heirs, AUGUST).values())
    behind = left_behind(villages, heirs, since, AUGUST)
    stood = {
        one.id for one in villages if one.valid_from <= AUGUST.last and not (one.valid_to and one.valid_to < since)
    }
    assert not told & behind
    assert stood <= told | behind
    assert all((end := villages[id - 1].valid_to) and end < AUGUST.last for id in behind)
