"""Where a push may write: its villages are locked before anything is done, all of them at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.record import NAMES_VILLAGE, Envelope, RecordKind
from fieldapp.services import activities, log_comments, reviews
from fieldapp.services.credits import reached
from fieldapp.services.push_batch import Batch
from fieldapp.services.scopes import village_key


async def villages_of(session: AsyncSession, batch: Batch) -> set[int]:
    """Every village that the batch may write to: only these may be locked, and all of them at once.

    A household, visit, activity or comment that it names, does not make and cannot find may be on its way in another
    transaction, in any village where the author ever served: then all of these are locked, so that the other one is
    waited for.
    """
    envelopes = batch.envelopes
    mine = {p.village_id for p in batch.postings}
    placed = [e for e in envelopes if e.kind in NAMES_VILLAGE]
    homes, named, done = ids_of(envelopes, "household"), _visits_named(envelopes), ids_of(envelopes, "activity")
    changed = {e.replaces for e in envelopes if e.kind == RecordKind.LOG_COMMENT and e.replaces}
    said = ids_of(envelopes, "comment") | changed
    visited = await reviews.villages_of(session, list(named)) if named else {}
    visited |= await activities.villages_of(session, done) if done else {}
    visited |= await log_comments.villages_of(session, said) if said else {}
    made = ids_of(placed, "household") | {e.id for e in envelopes}
    if (homes | named | done | said) - batch.households.keys() - visited.keys() - made:
        return mine
    villages = set(visited.values()) | {v for v in (e.payload.get("village") for e in placed) if type(v) is int}
    stand = {h.id: h.village_id for h in batch.households.values() if h.id in homes}
    return await reached(session, batch.postings, villages, stand)


def _visits_named(envelopes: list[Envelope]) -> set[UUID]:
    """The visits that are decided, withdrawn or replaced."""
    named = ids_of(envelopes, "visit") | {e.replaces for e in envelopes if e.replaces}
    for envelope in envelopes:
        decided = envelope.payload.get("visits")
        if envelope.kind == RecordKind.REVIEW_DECIDE and isinstance(decided, list):
            for one in decided[:1000]:
                try:
                    named.add(UUID(str(one["visit"])))
                except (KeyError, TypeError, ValueError):
                    continue
    return named


def ids_of(envelopes: list[Envelope], name: str) -> set[UUID]:
    ids = set()
    for envelope in envelopes:
        try:
            ids.add(UUID(str(envelope.payload.get(name))))
        except ValueError:
            continue
    return ids


def keys_of(villages: Sequence[set[int]]) -> set[str]:
    return {village_key(village) for mine in villages for village in mine}
