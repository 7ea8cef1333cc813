"""One push on its way through the server: what is known of it and of its records, and what it has come to so far."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fieldapp.domain.counting import Movement
from fieldapp.domain.record import FUTURE_ALLOWED, Envelope, corrected
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services.credits import posting_for
from fieldapp.services.deeds import Deed
from fieldapp.services.members import Posting, scope_of
from fieldapp.services.visit_rows import VisitRows
from models.account import Role
from models.household import Household

Answer = dict[str, Any]


@dataclass
class Batch:
    """One push while it is worked on.

    `closing` says that its session is ending; `importer` brings it in the author's place; `ruled` which reasons to
    hold a record an officer has settled; `refused` which visits and households it brought in vain; `done` what a
    record that is tried again came to so far.
    """

    who: Principal
    device_id: UUID | None
    device_now: datetime
    received_at: datetime
    postings: list[Posting]
    households: dict[UUID, Household]
    envelopes: list[Envelope]
    versions: dict[int, int] = field(default_factory=dict)
    teams: set[int] = field(default_factory=set)
    """Whose scopes are locked besides those of `versions`."""

    movements: list[Movement] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    closing: bool = False
    importer: Principal | None = None
    ruled: frozenset[str] = frozenset()
    rows: VisitRows = field(default_factory=VisitRows)
    refused: set[UUID] = field(default_factory=set)
    done: Answer = field(default_factory=dict)

    @property
    def clock_error(self) -> timedelta:
        return self.received_at - self.device_now

    def made_at(self, envelope: Envelope) -> datetime:
        return corrected(envelope.device_made_at, self.device_now, self.received_at)

    def author_on(self, day: date) -> Principal:
        """The author as the seats of that day say, so that a word said in office holds after the seat has ended."""
        scope = scope_of([p for p in self.postings if p.covers(day)])
        role = Role.LEADER if scope["led_village_ids"] else Role.MEMBER
        return replace(self.who, role=role, **scope)

    def version(self, village_id: int) -> int:
        """The locked village's version; a village outside the author's reach was never locked."""
        if village_id not in self.versions:
            raise Problem("out_of_scope", "household")
        return self.versions[village_id]

    def require_made(self, envelope: Envelope) -> None:
        if envelope.device_made_at - self.device_now > FUTURE_ALLOWED:
            raise Problem("made_in_future", "made_at")

    def deed(self, envelope: Envelope, village_id: int) -> Deed:
        """Raises as `posting_for`, or `made_in_future`."""
        self.require_made(envelope)
        made_at = self.made_at(envelope)
        posting = posting_for(self.postings, village_id, vn_day(made_at), "village")
        return Deed(
            id=envelope.id,
            author_id=envelope.author,
            device_id=self.device_id,
            made_at=made_at,
            done_on=vn_day(made_at),
            received_at=self.received_at,
            posting=posting,
            version=self.version(posting.village_id),
        )
