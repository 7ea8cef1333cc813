"""A village that is continued by another while a push waits for its lock: the push goes on with what stands now."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.services import household_moves
from fieldapp.services.members import Posting, list_postings
from fieldapp.services.push_batch import Batch


async def read_again(session: AsyncSession, batches: Sequence[Batch], locked: Iterable[int]) -> bool:
    """Reads seats and households anew where a locked village has ended since they were read; whether any had."""
    ended = await household_moves.successors(session, locked)
    stale = [batch for batch in batches if any(_is_missing(batch.postings, *end) for end in _days(ended))]
    for batch in stale:
        batch.postings = await list_postings(session, [batch.who.member_id or 0])
        for household in batch.households.values():
            await session.refresh(household)
    return bool(stale)


def _days(ended: dict[int, list[tuple[int, date]]]) -> list[tuple[int, date]]:
    return [(village_id, on) for village_id, became in ended.items() for _, on in became]


def _is_missing(postings: Sequence[Posting], village_id: int, on: date) -> bool:
    mine = (p for p in postings if p.village_id == village_id and p.continued_by is None)
    return any(p.valid_to is None or p.valid_to >= on for p in mine)
