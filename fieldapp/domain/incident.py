"""The clock of a breach of personal data: the authority is told within 72 hours of when it was found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

HOURS = 72
LIMIT = timedelta(hours=HOURS)
MAX_WORDS = 1000


@dataclass(frozen=True)
class Clock:
    """`hours` are whole ones: left until it is due, or gone by since. None of either once the authority was told."""

    due_at: datetime
    hours: int = 0
    late: bool = False


def clock(found_at: datetime, reported_at: datetime | None, now: datetime) -> Clock:
    """What the clock shows; of a breach that was told in time or late, which of both."""
    due_at = found_at + LIMIT
    if reported_at is not None:
        return Clock(due_at, 0, reported_at > due_at)
    return Clock(due_at, int(abs(due_at - now) / timedelta(hours=1)), now > due_at)
