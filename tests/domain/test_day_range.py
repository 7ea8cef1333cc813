"""Ranges of days: widened to what the province counts by, held against what came before, found by name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.day_range import DayRange, Preset, given_range, named_range
from fieldapp.problems import Problem

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
RANGES = st.tuples(DAYS, DAYS).map(lambda pair: DayRange(min(pair), max(pair)))


def days(first: str, last: str) -> DayRange:
    return DayRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("asked", "widened"),
    [
        (("2026-11-03", "2026-11-05"), ("2026-11-01", "2026-11-14")),
        (("2026-11-14", "2026-11-15"), ("2026-11-01", "2026-11-30")),
        (("2028-02-20", "2028-02-20"), ("2028-02-15", "2028-02-29")),
        (("2026-10-15", "2026-11-14"), ("2026-10-15", "2026-11-14")),
    ],
)
def test_a_range_widens_to_whole_half_months(asked: tuple[str, str], widened: tuple[str, str]):
    assert days(*asked).widened() == days(*widened)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (("2026-11-23", "2026-11-23"), ("2026-11-22", "2026-11-22")),
        (("2026-11-23", "2026-11-29"), ("2026-11-16", "2026-11-22")),
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-03-01", "2026-03-14"), ("2026-02-15", "2026-02-28")),
        (("2026-12-15", "2027-01-14"), ("2026-11-15", "2026-12-14")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31")),
    ],
)
def test_a_month_is_held_against_a_month_and_seven_days_against_seven(now: tuple[str, str], before: tuple[str, str]):
    assert days(*now).before() == days(*before)


@pytest.mark.parametrize(
    ("preset", "today", "expected"),
    [
        (Preset.TODAY, "2026-11-23", ("2026-11-23", "2026-11-23")),
        (Preset.WEEK, "2026-11-29", ("2026-11-23", "2026-11-29")),
        (Preset.HALF_MONTH, "2026-11-14", ("2026-11-01", "2026-11-14")),
        (Preset.MONTH, "2026-02-10", ("2026-02-01", "2026-02-28")),
        (Preset.LAST_MONTH, "2026-01-31", ("2025-12-01", "2025-12-31")),
        (Preset.DATA_MONTH, "2026-11-14", ("2026-10-15", "2026-11-14")),
        (Preset.DATA_MONTH, "2026-12-15", ("2026-12-15", "2027-01-14")),
        (Preset.QUARTER, "2026-11-23", ("2026-10-01", "2026-12-31")),
        (Preset.YEAR, "2026-11-23", ("2026-01-01", "2026-12-31")),
    ],
)
def test_ranges_that_people_name(preset: Preset, today: str, expected: tuple[str, str]):
    assert named_range(preset, date.fromisoformat(today)) == days(*expected)


@given(RANGES)
def test_what_came_before_ends_the_day_before(now: DayRange):
    before = now.before()
    assert (now.first - before.last).days == 1
    assert before.is_whole == now.is_whole or before.days == now.days


@given(RANGES)
def test_widening_holds_all_and_widens_once(asked: DayRange):
    widened = asked.widened()
    assert widened.first <= asked.first <= asked.last <= widened.last
    assert widened.is_whole
    assert widened.widened() == widened


@pytest.mark.parametrize(
    ("first", "last"), [("2026-02-02", "2026-02-01"), ("1999-01-01", "1999-01-02"), ("2024-01-01", "2026-12-31")]
)
def test_ranges_that_nobody_means_are_refused(first: str, last: str):
    with pytest.raises(Problem, match="invalid"):
        given_range(date.fromisoformat(first), date.fromisoformat(last))
