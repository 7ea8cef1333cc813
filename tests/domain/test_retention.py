"""Months back from a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.retention import months_before


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-11-25", 12, "2025-11-25"),
        ("2026-11-25", 24, "2024-11-25"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_months_before(day: str, months: int, before: str) -> None:
    assert months_before(date.fromisoformat(day), months) == date.fromisoformat(before)


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), st.integers(0, 120), st.integers(0, 120))
def test_longer_is_earlier_and_never_by_more_than_its_months(day: date, months: int, more: int) -> None:
    assert months_before(day, months + more) <= months_before(day, months)
    assert 28 * months <= (day - months_before(day, months)).days <= 31 * months
