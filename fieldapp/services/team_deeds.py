"""What is known of a record about a team when it is taken in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fieldapp.permissions import Principal


@dataclass(frozen=True)
class TeamDeed:
    """`who` is its author as one of the team's leaders; `made_at` the moment at which it was said."""

    id: UUID
    who: Principal
    made_at: datetime

    def is_older(self, at: datetime | None, word: UUID | None) -> bool:
        """Whether a word that was said at that moment stands before this one; of two at once the greater id does."""
        return at is not None and word is not None and (at, word) > (self.made_at, self.id)
