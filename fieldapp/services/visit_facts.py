"""What the server knows about a visit as it comes in: from its record, and from what stands in the database.

The statements are made once: to make one costs more than to run it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.card_code import code_hash, parse_scanned, parse_typed
from fieldapp.domain.flags import CardFacts, VisitFacts
from fieldapp.domain.visit import GONE, VisitPayload
from fieldapp.problems import Problem
from fieldapp.services import cards
from fieldapp.services.members import Posting
from fieldapp.services.visit_rows import VisitRows
from models.household import Household, HouseholdCard, HouseholdState
from models.platform import Platform
from models.unit import Unit
from models.visit import IdentifiedBy, Outcome, Photo, PhotoState, Visit, VisitMode

VISITS, OUTCOMES, PHOTOS, PLATFORMS = Visit.__table__, Outcome.__table__, Photo.__table__, Platform.__table__
CARDS, UNITS, HOMES = HouseholdCard.__table__, Unit.__table__, Household.__table__
NEAR = timedelta(minutes=5)
HERE = (PhotoState.ACCEPTED, PhotoState.READY)
"""States of a photo whose bytes have arrived."""

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
    """The seat by which the visit was done: it names the team that the visit is credited to."""
    done_by_id: int | None
    """Whoever did it, where that is not the author."""
    household: Household
    version: int
    """The scope version in this transaction of the village to which the visit belongs."""
    rows: VisitRows
    sorted_out: bool = False
    """Whether an officer has seen the record and taken it in."""

    @property
    def village_id(self) -> int:
        """Where the household stood on that day."""
        return self.posting.village_id


_PLATFORMS = select(PLATFORMS.c.code)
"""Also those that are no longer used: a phone that has not heard of it yet loses nothing."""

_known = _PLATFORMS.where(PLATFORMS.c.code.in_(bindparam("platforms", expanding=True))).subquery()
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
_here = (
    select(PHOTOS.c.id)
    .join(VISITS, VISITS.c.id == PHOTOS.c.visit_id)
    .where(
        PHOTOS.c.sha256.in_(bindparam("photos", expanding=True)),
        VISITS.c.author_id == bindparam("author"),
        PHOTOS.c.state.in_([str(state) for state in HERE]),
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
_erased = select(HOMES.c.erased_at).where(HOMES.c.id == bindparam("household")).scalar_subquery()
"""Asked behind the lock of the village: the household was read before it."""

_nothing = select(literal(1).label("one")).subquery()
_card = (CARDS.c.code_hash == bindparam("code_hash")) | (CARDS.c.short_code == bindparam("short_code"))
_FACTS = select(
    CARDS.c.id.label("card_id"),
    CARDS.c.state.label("card_state"),
    CARDS.c.household_id.label("card_household"),
    CARDS.c.village_id.label("card_village"),
    select(UNITS.c.parent_id).where(UNITS.c.id == CARDS.c.village_id).scalar_subquery().label("card_commune"),
    select(func.count()).select_from(_known).scalar_subquery().label("known"),
    _erased.label("erased_at"),
    _same_day.exists().label("same_day"),
    _seen.exists().label("seen"),
    _here.exists().label("here"),
    _unscanned.scalar_subquery().label("unscanned"),
    _before.scalar_subquery().label("before"),
    _after.scalar_subquery().label("after"),
).select_from(_nothing.outerjoin(CARDS, _card))


@dataclass(frozen=True)
class Found:
    """The facts that flags are raised by, and the card behind the code where there is one."""

    facts: VisitFacts
    card_id: int | None
    card_commune_id: int | None
    erased_at: datetime | None
    """When the household's personal data was last erased."""
    photos_here: bool
    """Whether the author has sent one of the photos before."""


async def gather(session: AsyncSession, taking: Taking, payload: VisitPayload, root_id: UUID) -> Found:
    """What the flags of a visit are raised by; other versions of its own chain do not count.

    Raises `platform_unknown` where an outcome names a platform that never was ours.
    """
    household, photos = taking.household, [p.sha256 for p in payload.photos]
    if taking.rows.concern(household.id, taking.author_id, set(photos)):
        await taking.rows.write(session)
    scanned = parse_scanned(payload.card) if payload.card else None
    given = {
        "root": root_id,
        "household": household.id,
        "author": taking.author_id,
        "day": taking.done_on,
        "made_at": taking.made_at,
        "near_from": taking.made_at - NEAR,
        "near_to": taking.made_at + NEAR,
        "platforms": [o.platform for o in payload.outcomes],
        "photos": photos,
        "code_hash": code_hash(scanned) if scanned else "",
        "short_code": "" if scanned or not payload.card else parse_typed(payload.card) or "",
    }
    row = (await session.execute(_FACTS, given)).one()
    if row.known < len(payload.outcomes):
        raise Problem("platform_unknown", "outcomes", platform=await _first_unknown(session, payload))
    gaps = [abs(at - taking.made_at) for at in (row.before, row.after) if at is not None]
    facts = VisitFacts(
        identified_by=payload.identified_by,
        card=_card_facts(row, household) if payload.card else None,
        provisional_household=household.state == HouseholdState.PROVISIONAL,
        same_day_visit=row.same_day,
        photo_seen=row.seen,
        nearest_other_household=None if payload.mode == VisitMode.COMMUNITY_HOUSE else min(gaps, default=None),
        clock_error=taking.clock_error,
        unscanned_today=row.unscanned + 1,
    )
    return Found(facts, row.card_id, row.card_commune, row.erased_at, row.here)


def _card_facts(row: Row, household: Household) -> CardFacts:
    if row.card_id is None:
        return CardFacts(known=False)
    return cards.facts_of(row.card_state, row.card_household, row.card_village, household)


async def _first_unknown(session: AsyncSession, payload: VisitPayload) -> str:
    known = set((await session.execute(_PLATFORMS)).scalars())
    return min({o.platform for o in payload.outcomes} - known)
