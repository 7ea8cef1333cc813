"""One push on its way through the server: what is known of it, and what it has come to so far."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fieldapp.domain.counting import Movement
from fieldapp.domain.record import Envelope
from fieldapp.permissions import Principal
from fieldapp.services.members import Posting
from fieldapp.services.visit_rows import VisitRows
from models.household import Household

Answer = dict[str, Any]


@dataclass
class Batch:
    """One push while it is worked on.

    `closing` says that its session is ending; `ruled` which reasons to hold a record an officer has settled; `refused`
    which visits and households it brought in vain; `done` what a record that is tried again came to so far.
    """

    who: Principal
    device_id: UUID | None
    device_now: datetime
    received_at: datetime
    postings: list[Posting]
    households: dict[UUID, Household]
    envelopes: list[Envelope]
    versions: dict[int, int] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    closing: bool = False
    ruled: frozenset[str] = frozenset()
    rows: VisitRows = field(default_factory=VisitRows)
    refused: set[UUID] = field(default_factory=set)
    done: Answer = field(default_factory=dict)

    @property
    def clock_error(self) -> timedelta:
        return self.received_at - self.device_now
