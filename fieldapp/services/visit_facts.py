"""What the server knows about a visit as it comes in: from its record, and from what stands in the database.

The statements are made once: to make one costs more than to run it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.flags import VisitFacts
from fieldapp.domain.visit import VisitPayload
from fieldapp.services import cards
from fieldapp.services.members import Posting
from models.household import Household, HouseholdCard, HouseholdState
from models.platform import Platform
from models.visit import IdentifiedBy, Outcome, Photo, Visit, VisitMode, VisitState

VISITS, OUTCOMES, PHOTOS, PLATFORMS = Visit.__table__, Outcome.__table__, Photo.__table__, Platform.__table__
NEAR = timedelta(minutes=5)
GONE = (VisitState.REPLACED, VisitState.WITHDRAWN)
SCANNED = (IdentifiedBy.SCAN, IdentifiedBy.STILL)


@dataclass(frozen=True)
class Taking:
    """What is known about a record when it is taken in."""

    id: UUID
    author_id: int
    device_id: UUID | None
    device_made_at: datetime
    made_at: datetime
    done_on: date
    clock_error: timedelta
    received_at: datetime
    posting: Posting
    household: Household
    platforms: frozenset[str]
    """Codes that an outcome may name."""
    version: int
    """The village's scope version in this transaction."""


_PLATFORMS = select(PLATFORMS.c.code).where(PLATFORMS.c.discarded_at.is_(None))
_other = and_(VISITS.c.root_id != bindparam("root"), *(VISITS.c.state != state for state in GONE))
_same_day = (
    select(VISITS.c.id)
    .join(OUTCOMES, OUTCOMES.c.visit_id == VISITS.c.id)
    .where(
        VISITS.c.household_id == bindparam("household"),
        VISITS.c.done_on == bindparam("day"),
        _other,
        OUTCOMES.c.platform_code.in_(bindparam("platforms", expanding=True)),
    )
)
_seen = (
    select(PHOTOS.c.id)
    .join(VISITS, VISITS.c.id == PHOTOS.c.visit_id)
    .where(
        PHOTOS.c.sha256.in_(bindparam("photos", expanding=True)),
        VISITS.c.root_id != bindparam("root"),
    )
)
_unscanned = select(func.count()).where(
    VISITS.c.author_id == bindparam("author"),
    VISITS.c.done_on == bindparam("day"),
    _other,
    *(VISITS.c.identified_by != way for way in SCANNED),
)
_elsewhere = and_(VISITS.c.author_id == bindparam("author"), VISITS.c.household_id != bindparam("household"), _other)
_before = select(func.max(VISITS.c.made_at)).where(
    _elsewhere, VISITS.c.made_at.between(bindparam("near_from"), bindparam("made_at"))
)
_after = select(func.min(VISITS.c.made_at)).where(
    _elsewhere, VISITS.c.made_at.between(bindparam("made_at"), bindparam("near_to"))
)
_FACTS = select(
    _same_day.exists().label("same_day"),
    _seen.exists().label("seen"),
    _unscanned.scalar_subquery().label("unscanned"),
    _before.scalar_subquery().label("before"),
    _after.scalar_subquery().label("after"),
)


async def known_platforms(session: AsyncSession) -> frozenset[str]:
    return frozenset((await session.execute(_PLATFORMS)).scalars())


async def gather(
    session: AsyncSession, taking: Taking, payload: VisitPayload, card: HouseholdCard | None, root_id: UUID
) -> VisitFacts:
    """What the flags of a visit are raised by; other versions of its own chain do not count."""
    household = taking.household
    given = {
        "root": root_id,
        "household": household.id,
        "author": taking.author_id,
        "day": taking.done_on,
        "made_at": taking.made_at,
        "near_from": taking.made_at - NEAR,
        "near_to": taking.made_at + NEAR,
        "platforms": [o.platform for o in payload.outcomes],
        "photos": [p.sha256 for p in payload.photos],
    }
    row = (await session.execute(_FACTS, given)).one()
    gaps = [abs(at - taking.made_at) for at in (row.before, row.after) if at is not None]
    return VisitFacts(
        identified_by=payload.identified_by,
        card=cards.facts_of(card, household.id, household.village_id) if payload.card else None,
        provisional_household=household.state == HouseholdState.PROVISIONAL,
        same_day_visit=row.same_day,
        photo_seen=row.seen,
        nearest_other_household=None if payload.mode == VisitMode.COMMUNITY_HOUSE else min(gaps, default=None),
        clock_error=taking.clock_error,
        unscanned_today=row.unscanned + 1,
    )
