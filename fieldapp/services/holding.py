"""Keeps records that nobody can act on yet, and knows what waits for them. `held` sorts them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.lost import may_be_lost
from fieldapp.domain.record import Envelope, RecordKind
from fieldapp.domain.vn_time import vn_day
from fieldapp.services import losses
from fieldapp.services.members import Posting
from fieldapp.services.scopes import member_key, raise_versions
from fieldapp.services.upsert import insert_new
from models.held import HeldReason, HeldRecord
from models.sync import PushResult, Record
from models.unit import Unit

HELD, RECORDS, UNITS = HeldRecord.__table__, Record.__table__, Unit.__table__
REFUSED = (PushResult.INVALID, PushResult.FORBIDDEN)
_STANDING = (
    select(HELD.c.makes_id, HELD.c.sorted_at, HELD.c.village_id, RECORDS.c.result)
    .join(RECORDS, RECORDS.c.id == HELD.c.record_id)
    .where(HELD.c.makes_id.in_(bindparam("things", expanding=True)))
)


class Held(Exception):
    """The record is kept, but somebody must sort it.

    `waits_for` is the visit or household that is itself held or not here yet; `detail` what of it was done already.
    """

    def __init__(
        self,
        reason: str,
        village_id: int | None = None,
        waits_for: UUID | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.village_id = village_id
        self.waits_for = waits_for
        self.detail = detail or {}


async def list_awaited(session: AsyncSession, things: Iterable[UUID], named_at: datetime) -> dict[UUID, Held | None]:
    """Of visits or households that are not here those that were not merely made up: why a record waits for each.

    None where nobody waits, since its own record was held and then refused. What was lost in a restore may come yet.
    """
    asked = list(things)
    rows = (await session.execute(_STANDING, {"things": asked})).all()
    found: dict[UUID, Held | None] = {}
    for row in rows:
        if row.sorted_at is None:
            found[row.makes_id] = Held(HeldReason.BASE_HELD, row.village_id, row.makes_id)
        elif row.result in REFUSED:
            # A household that was refused may have been made anew, and be held again.
            found.setdefault(row.makes_id, None)
    restored_at = await losses.restored_at(session) if len(found) < len(asked) else None
    lost = [thing for thing in asked if thing not in found and may_be_lost(thing, named_at, restored_at)]
    return found | {thing: Held(HeldReason.BASE_MISSING, waits_for=thing) for thing in lost}


async def is_refused(session: AsyncSession, thing_id: UUID, named_at: datetime) -> bool:
    """Of a visit or household that is not here: whether its record was held and then refused.

    Raises `Held` where it may come yet.
    """
    awaited = await list_awaited(session, [thing_id], named_at)
    if waits := awaited.get(thing_id):
        raise waits
    return thing_id in awaited


async def keep(
    session: AsyncSession, envelope: Envelope, held: Held, postings: Sequence[Posting], clock_error: timedelta
) -> None:
    """Notes beside the record why it is held, who is to sort it, and how far its phone's clock was off.

    The author's scope is locked here behind the villages, as in `held.try_again`.
    """
    village_id, mine = held.village_id, member_key(envelope.author)
    values = why(held) | {
        "record_id": envelope.id,
        "author_id": envelope.author,
        "commune_id": await _commune_of(session, village_id) or _commune_by_seat(envelope, postings),
        "makes_id": made_by(envelope),
        "clock_error_ms": int(clock_error.total_seconds() * 1000),
        "ruled": [],
        "scope_version": (await raise_versions(session, [mine]))[mine],
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


def made_by(envelope: Envelope) -> UUID:
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
