"""The 72 hours of a breach."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.domain.incident import Clock, clock

FOUND = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reported_after", "now_after", "hours", "late"),
    [
        (None, 0, 72, False),
        (None, 0.5, 71, False),
        (None, 71.9, 0, False),
        (None, 72, 0, False),
        (None, 73.5, 1, True),
        (10, 100, 0, False),
        (72.5, 100, 0, True),
    ],
)
def test_the_clock(reported_after: float | None, now_after: float, hours: int, late: bool) -> None:
    reported = None if reported_after is None else FOUND + timedelta(hours=reported_after)
    assert clock(FOUND, reported, FOUND + timedelta(hours=now_after)) == Clock(DUE, hours, late)
