"""Working days by the Vietnamese calendar: its holidays, exchanged days, and what a province decides besides."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.working_days import WorkCalendar, is_worked_by_all, public_holiday

DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))
DECIDED = st.dictionaries(DAYS, st.booleans(), max_size=30).map(WorkCalendar)
PUBLIC = WorkCalendar()


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-01", False),  # the new year
        ("2026-02-13", True),  # the Friday before Tết
        ("2026-02-16", False),  # the eve of Tết
        ("2026-02-17", False),  # Tết
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2026-04-26", False),  # the Hùng Kings, a Sunday
        ("2026-04-27", False),  # ... made up for on Monday
        ("2026-04-30", False),
        ("2026-05-01", False),
        ("2026-08-22", True),  # a Saturday that is worked
        ("2026-08-31", False),  # ... for the Monday before National Day
        ("2026-09-01", False),
        ("2026-09-02", False),  # National Day
        ("2026-09-03", True),
        ("2026-11-21", False),  # a Saturday
        ("2026-11-25", True),
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2027-02-06", False),
    ],
)
def test_the_public_calendar(day: str, worked: bool) -> None:
    assert is_worked_by_all(date.fromisoformat(day)) is worked


def test_a_holiday_has_a_name() -> None:
    assert "Hùng Vương" in public_holiday(date(2026, 4, 26))
    assert public_holiday(date(2026, 4, 28)) == ""


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-25", 2, "2026-11-27"),  # Wednesday to Friday
        ("2026-11-26", 2, "2026-11-30"),  # over a weekend
        ("2026-11-28", 2, "2026-12-01"),  # told on a Saturday
        ("2026-02-12", 3, "2026-02-24"),  # over Tết
        ("2026-08-28", 1, "2026-09-03"),  # over National Day
        ("2026-08-20", 2, "2026-08-22"),  # a Saturday that is worked counts
        ("2026-11-28", 0, "2026-11-30"),
        ("2026-11-25", 0, "2026-11-25"),
    ],
)
def test_the_day_by_which_something_is_due(start: str, days: int, due: str) -> None:
    assert PUBLIC.after(date.fromisoformat(start), days) == date.fromisoformat(due)


def test_what_was_decided_stands_before_the_public_calendar() -> None:
    storm, saturday = date(2026, 11, 26), date(2026, 11, 28)
    calendar = WorkCalendar({storm: False, saturday: True})
    assert calendar.after(date(2026, 11, 25), 2) == saturday
    assert calendar.between(date(2026, 11, 25), date(2026, 11, 30)) == 3


@given(DAYS, st.integers(1, 60), DECIDED)
def test_a_due_day_is_worked_and_has_so_many_worked_days_up_to_it(day: date, days: int, calendar: WorkCalendar) -> None:
    due = calendar.after(day, days)
    assert calendar.is_worked(due)
    assert calendar.between(day, due) == days


@given(DAYS, st.integers(0, 40), DECIDED)
def test_more_days_are_never_due_earlier(day: date, days: int, calendar: WorkCalendar) -> None:
    assert calendar.after(day, days) <= calendar.after(day, days + 1)
    assert calendar.after(day, days) <= calendar.after(day + timedelta(days=1), days)


@given(DAYS, DAYS, DAYS, DECIDED)
def test_stretches_add_up(a: date, b: date, c: date, calendar: WorkCalendar) -> None:
    first, middle, last = sorted((a, b, c))
    middle, last = min(middle, first + timedelta(days=400)), min(last, first + timedelta(days=800))
    assert calendar.between(first, middle) + calendar.between(middle, last) == calendar.between(first, last)
