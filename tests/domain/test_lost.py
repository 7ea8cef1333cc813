"""Which things a restore may have taken away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fieldapp.domain.lost import may_be_lost

RESTORED = datetime(2026, 11, 24, 3, tzinfo=UTC)
BEFORE, SOON, LATE = (RESTORED + timedelta(days=days) for days in (-1, 20, 40))


def made(instant: datetime) -> UUID:
    """A UUIDv7 of that instant."""
    return UUID(int=int(instant.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


RANDOM = UUID("0193a5b2-0000-4000-8000-000000000000")
"""Looks like one from before, and tells no time."""


@pytest.mark.parametrize(
    ("thing", "named_at", "lost"),
    [
        (made(BEFORE), BEFORE, True),
        (made(BEFORE), LATE, True),
        (made(LATE), BEFORE, True),
        (made(LATE), SOON, True),
        (made(LATE), LATE, False),
        (RANDOM, SOON, True),
        (RANDOM, LATE, False),
    ],
)
def test_what_is_named_or_was_made_before_a_restore_may_be_lost(thing: UUID, named_at: datetime, lost: bool) -> None:
    assert may_be_lost(thing, named_at, RESTORED) is lost
    assert not may_be_lost(thing, named_at, None)
