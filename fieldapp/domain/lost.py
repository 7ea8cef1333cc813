"""What a restore from a backup may have taken away, and a phone may still bring back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

RETURNING = timedelta(days=30)
"""How long after a restore most phones need to come back: until then one may name what it does not know to be lost."""

_SINCE_1970 = 80
"""The bits of a UUIDv7 that stand behind its milliseconds."""


def may_be_lost(thing_id: UUID, named_at: datetime, restored_at: datetime | None) -> bool:
    """Whether a visit or household that is not here may have been, before the last restore.

    `named_at` is when the record that names it was made. Where nothing was ever restored, nothing is lost.
    """
    if restored_at is None:
        return False
    return named_at <= restored_at + RETURNING or _is_from_before(thing_id, restored_at)


def _is_from_before(thing_id: UUID, instant: datetime) -> bool:
    """By the time that its own id tells; ids that tell none were made by no phone of ours."""
    made_ms = thing_id.int >> _SINCE_1970
    return thing_id.version == 7 and made_ms <= (instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)
