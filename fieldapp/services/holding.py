"""Keeps records that nobody can act on yet, and knows what waits for them. `held` sorts them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.record import Envelope, RecordKind
from fieldapp.domain.vn_time import vn_day
from fieldapp.services.members import Posting
from fieldapp.services.upsert import insert_new
from models.held import HeldReason, HeldRecord
from models.sync import PushResult, Record
from models.unit import Unit

HELD, RECORDS, UNITS = HeldRecord.__table__, Record.__table__, Unit.__table__
REFUSED = (PushResult.INVALID, PushResult.FORBIDDEN)
_STANDING = (
    select(HELD.c.sorted_at, HELD.c.village_id, RECORDS.c.result)
    .join(RECORDS, RECORDS.c.id == HELD.c.record_id)
    .where(HELD.c.makes_id == bindparam("thing"))
)


class Held(Exception):
    """The record is kept, but somebody must sort it. `waits_for` is the visit or household that is itself held."""

    def __init__(self, reason: str, village_id: int | None = None, waits_for: UUID | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.village_id = village_id
        self.waits_for = waits_for


async def require_sorted(session: AsyncSession, thing_id: UUID) -> bool:
    """Whether this visit or household may be looked for: raises `Held` while its record is held itself.

    False where its record was held and then refused, so that it will never be.
    """
    row = (await session.execute(_STANDING, {"thing": thing_id})).first()
    if row is not None and row.sorted_at is None:
        raise Held(HeldReason.BASE_HELD, row.village_id, thing_id)
    return row is None or row.result not in REFUSED


async def keep(
    session: AsyncSession, envelope: Envelope, held: Held, postings: Sequence[Posting], clock_error: timedelta
) -> None:
    """Notes beside the record why it is held, who is to sort it, and how far its phone's clock was off."""
    village_id = held.village_id
    values = why(held) | {
        "record_id": envelope.id,
        "author_id": envelope.author,
        "commune_id": await _commune_of(session, village_id) or _commune_by_seat(envelope, postings),
        "makes_id": _made_by(envelope),
        "clock_error_ms": int(clock_error.total_seconds() * 1000),
        "ruled": [],
        "scope_version": 0,
    }
    await insert_new(session, HELD, values)


async def keep_on(session: AsyncSession, record_id: UUID, held: Held, **ruling: Any) -> None:
    """The record stays held, for another reason than before; what was ruled so far holds on."""
    values = why(held) | ruling
    if held.village_id is not None:
        values["commune_id"] = await _commune_of(session, held.village_id)
    await session.execute(update(HELD).where(HELD.c.record_id == record_id).values(**values))


def why(held: Held) -> dict[str, Any]:
    return {"reason": str(held.reason), "village_id": held.village_id, "waits_for_id": held.waits_for}


def _made_by(envelope: Envelope) -> UUID:
    """The visit that bears the record's id, or the household that a `household.add` names."""
    if envelope.kind == RecordKind.HOUSEHOLD_ADD:
        try:
            return UUID(str(envelope.payload.get("household")))
        except ValueError:
            return envelope.id
    return envelope.id


async def _commune_of(session: AsyncSession, village_id: int | None) -> int | None:
    if village_id is None:
        return None
    return (await session.execute(select(UNITS.c.parent_id).where(UNITS.c.id == village_id))).scalar()


def _commune_by_seat(envelope: Envelope, postings: Sequence[Posting]) -> int | None:
    """Where the author served on the day that the phone named, else where they came last."""
    day = vn_day(envelope.device_made_at)
    ranked = sorted(postings, key=lambda p: (p.covers(day), p.valid_from))
    return ranked[-1].commune_id if ranked else None
