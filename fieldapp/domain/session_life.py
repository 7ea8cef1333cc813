"""How long a session lives: open, then closing while a phone may still hold unsent records, then closed."""

from datetime import datetime, timedelta
from typing import Protocol

from models.session import SessionState

CLOSING_DAYS = 30


class Life(Protocol):
    """What of a session's row its state depends on."""

    state: SessionState
    member_id: int | None
    expires_at: datetime
    ended_at: datetime | None


def state_now(row: Life, now: datetime) -> SessionState:
    """The state with time counted in: a phone's session that ran out is closing for 30 days, then closed."""
    if row.state == SessionState.OPEN and row.expires_at > now:
        return SessionState.OPEN
    if row.state == SessionState.CLOSED or row.member_id is None:
        return SessionState.CLOSED
    return SessionState.CLOSING if now < sends_until(row) else SessionState.CLOSED


def sends_until(row: Life) -> datetime:
    """When a phone's session that is closing ends for good; of an open one, when it will."""
    return (row.ended_at or row.expires_at) + timedelta(days=CLOSING_DAYS)
