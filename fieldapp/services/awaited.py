"""Which held records need wait no longer: what they rest on has come, was sorted, or is of a kind now known."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.record import RecordKind
from fieldapp.domain.visit import SCHEMA_VERSION
from fieldapp.services.holding import HELD, RECORDS
from models.activity import Activity
from models.held import HeldReason
from models.household import Household
from models.log_comment import LogComment
from models.sync import PushResult
from models.visit import Visit

HOUSEHOLDS, VISITS, ACTIVITIES = Household.__table__, Visit.__table__, Activity.__table__
COMMENTS = LogComment.__table__
_OPEN = select(HELD.c.record_id).join(RECORDS, RECORDS.c.id == HELD.c.record_id).where(HELD.c.sorted_at.is_(None))
_BASES = HELD.alias()
_WAITS = HELD.c.reason.in_([HeldReason.BASE_HELD, HeldReason.BASE_MISSING])


async def list_ready(session: AsyncSession) -> list[UUID]:
    """What sorts itself now, what waited for something in the order in which it was made.

    A decision goes on as soon as one of the visits for which it waits has come.
    """
    known = (
        HELD.c.reason == HeldReason.UNKNOWN_KIND,
        RECORDS.c.kind.in_([str(kind) for kind in RecordKind]),
        RECORDS.c.schema_version <= SCHEMA_VERSION,
    )
    ready = list((await session.execute(_OPEN.where(*known))).scalars())
    waiting = _OPEN.add_columns(RECORDS.c.kind, RECORDS.c.detail, _may_go_on(HELD.c.waits_for_id).label("may_go_on"))
    rows = await session.execute(waiting.where(_WAITS).order_by(RECORDS.c.made_at, HELD.c.record_id))
    return [*ready, *[row.record_id for row in rows.all() if row.may_go_on or await _goes_on(session, row)]]


def _may_go_on(thing: Any) -> Any:
    """Whether a visit, household, activity or comment is here, or is not held any more where it was."""
    held = or_(HELD.c.reason == HeldReason.BASE_HELD, exists().where(_BASES.c.makes_id == thing))
    unsorted = exists().where(_BASES.c.makes_id == thing, _BASES.c.sorted_at.is_(None))
    here = or_(*(exists().where(table.c.id == thing) for table in (VISITS, HOUSEHOLDS, ACTIVITIES, COMMENTS)))
    return or_(here, and_(held, ~unsorted))


async def _goes_on(session: AsyncSession, row: Any) -> bool:
    """Whether another visit has come than the one for which a decision was noted to wait."""
    decided = row.detail.get("visits", {}) if row.kind == RecordKind.REVIEW_DECIDE else {}
    awaited = [UUID(name) for name, said in decided.items() if said["result"] == PushResult.HELD]
    here = select(VISITS.c.id).where(VISITS.c.id.in_(awaited)).limit(1)
    return bool(awaited) and (await session.execute(here)).first() is not None
