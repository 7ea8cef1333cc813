"""Bytes of photos that a record named and names no more: dropped at once after the commit that took the name away.

What a crash leaves behind is found by the sweep (jobs/decode_photos.py).
"""

from collections.abc import Iterable

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from fieldapp.integrations.photo_store import Part, photo_store
from fieldapp.services import photos
from fieldapp.services.photo_keepers import KEEPERS
from models.base import utc_now

_left: set[Part] = set()
"""What transactions of this process have left; a visit may have named some of it again."""


def leave(session: AsyncSession, parts: Iterable[Part]) -> None:
    """Notes photos from which this transaction takes their name, once it is committed."""
    given = list(parts)

    @event.listens_for(session.sync_session, "after_commit")
    def _committed(ended: Session) -> None:
        # A savepoint that is released says the same, and the whole may yet be undone.
        if given and not ended.in_nested_transaction():
            note(given)


def note(parts: Iterable[Part]) -> None:
    """Has the decoder, if this process runs one, look at photos whose name may be gone."""
    _left.update(parts)
    photos.ring_decoder()


async def drop(session: AsyncSession) -> int:
    """Drops what was left and no record names; gives the number of photos."""
    parts, before = set(_left), utc_now()
    if not parts:
        return 0
    hashes = {part.sha256 for part in parts}
    named: set[Part] = set()
    for keeper in KEEPERS:
        query = select(keeper.owner_id, keeper.photos.c.sha256).where(keeper.photos.c.sha256.in_(hashes))
        named |= {Part(*row) for row in await session.execute(query.where(keeper.owner_id.is_not(None)))}
    unnamed = hashes - {part.sha256 for part in named}
    for part in parts - named:
        await photo_store().discard_part(part)
    for sha256 in unnamed:
        await photo_store().discard_picture(sha256, before)
        await photo_store().discard_original(sha256)
    _left.difference_update(parts)
    return len(unnamed)
