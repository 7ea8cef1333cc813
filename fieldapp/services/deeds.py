"""What is known of a record about a village when it is taken in, whatever it tells."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fieldapp.services.members import Posting


@dataclass(frozen=True)
class Deed:
    id: UUID
    author_id: int
    device_id: UUID | None
    made_at: datetime
    done_on: date
    received_at: datetime
    posting: Posting
    version: int
    """The village's scope version in this transaction."""

    @property
    def columns(self) -> dict[str, Any]:
        """What every table of such records has."""
        return {
            "id": self.id,
            "author_id": self.author_id,
            "device_id": self.device_id,
            "team_id": self.posting.team_id,
            "village_id": self.posting.village_id,
            "commune_id": self.posting.commune_id,
            "made_at": self.made_at,
            "received_at": self.received_at,
            "scope_version": self.version,
        }
