"""Days, half-months and periods as people in Việt Nam count them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fieldapp.domain.vn_time import exact_period, half_month, month_end, period_start, vn_day
from models.counter import PeriodKind

DAY, MONTH, YEAR = PeriodKind.DAY, PeriodKind.MONTH, PeriodKind.YEAR


def test_the_day_does_not_depend_on_the_zone_that_an_instant_is_written_in() -> None:
    instant = datetime(2026, 6, 30, 17, 0, tzinfo=UTC)
    zones = [timezone(timedelta(hours=hours)) for hours in (-11, -5, 0, 7, 9, 14)]
    assert {vn_day(instant.astimezone(zone)) for zone in zones} == {date(2026, 7, 1)}
    assert vn_day(instant - timedelta(microseconds=1)) == date(2026, 6, 30)


@pytest.mark.parametrize(("day", "first"), [(1, 1), (14, 1), (15, 15), (28, 15)], ids=["first", "14th", "15th", "end"])
def test_a_half_month_begins_on_the_1st_or_the_15th(day: int, first: int) -> None:
    assert half_month(date(2027, 2, day)) == date(2027, 2, first)


def test_half_months_cut_every_year_into_24_without_a_gap() -> None:
    days = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
    halves = [half_month(day) for day in days]
    assert len(set(halves)) == 24
    assert halves == sorted(halves)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_ends_before_the_next_begins(month: int) -> None:
    assert (month_end(date(2028, month, 9)) + timedelta(days=1)).day == 1


def test_a_period_begins_with_its_first_day() -> None:
    day = date(2026, 11, 23)
    assert [period_start(kind, day) for kind in (DAY, MONTH, YEAR)] == [day, date(2026, 11, 1), date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), (DAY, date(2026, 11, 23))),
        (date(2028, 2, 1), date(2028, 2, 29), (MONTH, date(2028, 2, 1))),
        (date(2027, 2, 1), date(2027, 2, 28), (MONTH, date(2027, 2, 1))),
        (date(2026, 1, 1), date(2026, 12, 31), (YEAR, date(2026, 1, 1))),
        (date(2026, 1, 1), date(2026, 3, 31), None),
        (date(2026, 11, 1), date(2026, 11, 29), None),
        (date(2026, 10, 15), date(2026, 11, 14), None),
    ],
)
def test_distinct_households_are_kept_for_days_months_and_years_only(first: date, last: date, expected: object) -> None:
    assert exact_period(first, last) == expected
