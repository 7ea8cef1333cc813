"""Targets as rules: periods, shares that add up, what is left, how far it is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.target import (
    Length,
    SplitPayload,
    days_left,
    lacking,
    length_of,
    next_period,
    percent,
    period,
    propose,
    remainder,
)

DAYS = st.dates(date(2021, 1, 1), date(2099, 12, 31))
WEIGHTS = st.dictionaries(st.integers(1, 10_000), st.integers(0, 5_000), min_size=1, max_size=120)


def days(first: str, last: str) -> DayRange:
    return DayRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("length", "day", "expected"),
    [
        (Length.MONTH, "2028-02-29", ("2028-02-01", "2028-02-29")),
        (Length.QUARTER, "2026-08-15", ("2026-07-01", "2026-09-30")),
        (Length.QUARTER, "2026-12-31", ("2026-10-01", "2026-12-31")),
        (Length.HALF_YEAR, "2026-06-30", ("2026-01-01", "2026-06-30")),
        (Length.HALF_YEAR, "2026-07-01", ("2026-07-01", "2026-12-31")),
        (Length.YEAR, "2026-07-01", ("2026-01-01", "2026-12-31")),
    ],
)
def test_a_day_lies_in_its_period(length: Length, day: str, expected: tuple[str, str]) -> None:
    assert period(length, date.fromisoformat(day)) == days(*expected)


@given(st.sampled_from(Length), DAYS)
def test_periods_follow_each_other_without_a_gap(length: Length, day: date) -> None:
    here = period(length, day)
    after = next_period(length, here, 1)
    assert here.first <= day <= here.last
    assert length_of(here.first, here.last) == length
    if after != here:
        assert (after.first - here.last).days == 1
        assert next_period(length, after, -1) == here


def test_days_that_are_no_period_are_none() -> None:
    assert length_of(date(2026, 7, 1), date(2026, 9, 29)) is None
    assert length_of(date(2026, 8, 1), date(2026, 10, 31)) is None
    assert length_of(date(2026, 9, 30), date(2026, 7, 1)) is None


def test_no_period_is_reached_beyond_what_is_counted() -> None:
    edge = period(Length.YEAR, date(2020, 5, 1))
    assert next_period(Length.YEAR, edge, -1) == edge


@pytest.mark.parametrize(
    ("today", "left"),
    [("2026-06-30", 92), ("2026-07-01", 92), ("2026-09-29", 2), ("2026-09-30", 1), ("2026-10-01", 0)],
)
def test_days_left_count_today(today: str, left: int) -> None:
    assert days_left(days("2026-07-01", "2026-09-30"), date.fromisoformat(today)) == left


@pytest.mark.parametrize(
    ("above", "given_on", "left"),
    [(100, [40, None, 60], 0), (100, [40, 50], 10), (100, [70, 60], -30), (None, [40], None), (0, [], 0)],
)
def test_what_is_left_may_be_less_than_nothing(above: int | None, given_on: list[int | None], left: int | None) -> None:
    assert remainder(above, given_on) == left


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (10, {1: 1, 2: 1, 3: 1}, {1: 4, 2: 3, 3: 3}),
        (120, {1: 300, 2: 200, 3: 100}, {1: 60, 2: 40, 3: 20}),
        (5, {1: 0, 2: 0}, {1: 3, 2: 2}),
        (7, {1: 0, 2: 9}, {1: 0, 2: 7}),
        (0, {1: 5}, {}),
        (-3, {1: 5}, {}),
        (4, {}, {}),
    ],
)
def test_shares_go_by_households(total: int, weights: dict[int, int], expected: dict[int, int]) -> None:
    assert propose(total, weights) == expected


@given(st.integers(1, 1_000_000), WEIGHTS)
def test_shares_add_up_exactly_and_none_is_a_whole_one_off(total: int, weights: dict[int, int]) -> None:
    shares = propose(total, weights)
    whole = sum(weights.values())
    assert sum(shares.values()) == total
    assert shares.keys() == weights.keys()
    if whole:
        assert all(abs(shares[part] - total * weights[part] / whole) < 1 for part in weights)


@pytest.mark.parametrize(
    ("done", "amount", "share", "gap"), [(119, 120, 99, 1), (120, 120, 100, 0), (150, 120, 125, 0), (0, 0, 100, 0)]
)
def test_a_hundred_percent_is_said_only_where_it_is_reached(done: int, amount: int, share: int, gap: int) -> None:
    assert (percent(done, amount), lacking(done, amount)) == (share, gap)


def test_nobody_takes_two_shares_of_one_target() -> None:
    twice = {"team": 1, "target": "018f0000-0000-7000-8000-000000000000", "parts": [{"member": 1, "amount": 2}] * 2}
    with pytest.raises(ValueError, match="repeated"):
        SplitPayload.model_validate(twice)
