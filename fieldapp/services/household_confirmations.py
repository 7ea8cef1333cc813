"""A leader's word on households met at the door: confirmed under their right number, or merged into one that is known.

What was recorded for a merged household follows it: its visits and cards are the other's from then on, the counters of
distinct households move with them, and a visit that is still on its way under the old id finds the other.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.counting import Movement
from fieldapp.domain.household_confirmation import ConfirmationPayload
from fieldapp.domain.search_key import fold
from fieldapp.domain.visit import GONE
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, may
from fieldapp.problems import Problem
from fieldapp.services import erasures, households, late_flags, visits
from fieldapp.services.counters import counted_visits
from fieldapp.services.household_moves import village_on
from fieldapp.services.scopes import raise_villages, village_key
from fieldapp.services.visit_rows import settle_household
from models.base import utc_now
from models.data_request import DataRequest
from models.flag import FlagKind
from models.household import Household, HouseholdCard, HouseholdState
from models.member import Member
from models.sync import Tombstone
from models.visit import Outcome, Visit, VisitState

HOUSEHOLDS, CARDS, REQUESTS = Household.__table__, HouseholdCard.__table__, DataRequest.__table__
VISITS, OUTCOMES = Visit.__table__, Outcome.__table__


async def confirm(
    session: AsyncSession, who: Principal, payload: ConfirmationPayload, made_at: datetime, versions: dict[int, int]
) -> list[Movement]:
    """Takes a leader's answer and says how the counters move.

    The same answer again changes nothing; raises `Superseded` after another answer.

    `who` is the author as the seats of that day say, `versions` are the locked villages' scope versions. Raises
    `household_unknown` (also for an `into` of another village) or `out_of_scope` where the author does not lead.
    """
    household = await session.get(Household, payload.household, populate_existing=True)
    if household is None:
        raise Problem("household_unknown", "household")
    await _require_led(session, who, household, made_at)
    into = await _standing(session, payload.into, household.village_id) if payload.into else None
    if household.state != HouseholdState.PROVISIONAL or household.discarded_at is not None or into is household:
        return await _repeated(session, household, payload, into, made_at)
    version = versions[household.village_id]
    household.confirmed_by_id, household.confirmed_at = who.member_id, made_at
    household.scope_version = version
    if into is not None:
        return await merge(session, household, into, version, versions)
    head = _head(household, payload, made_at)
    household.number, household.head_name = payload.number or household.number, head
    household.key = fold(f"{household.number} {head or ''}")
    household.state = HouseholdState.CONFIRMED
    await session.flush()
    return []


async def _require_led(session: AsyncSession, who: Principal, household: Household, made_at: datetime) -> None:
    """Raises `out_of_scope` where the author led neither its village nor the one in which it stood on that day."""
    if may(who, Action.CONFIRM_HOUSEHOLD, Place(household.village_id)):
        return
    if not may(who, Action.CONFIRM_HOUSEHOLD, Place(await village_on(session, household, vn_day(made_at)))):
        raise Problem("out_of_scope", "household")


def _head(household: Household, payload: ConfirmationPayload, made_at: datetime) -> str | None:
    """The head's name that may be kept: none where the province wants none, or from before its erasure."""
    erased = household.erased_at is not None and made_at <= household.erased_at
    return payload.head_name if settings().head_names and not erased else None


async def _standing(session: AsyncSession, household_id: UUID, village_id: int) -> Household:
    """The household of this id, or the one that it was merged into."""
    found = await session.get(Household, household_id, populate_existing=True)
    if found is not None:
        found = await households.standing(session, found)
    if found is None or found.discarded_at is not None or found.village_id != village_id:
        raise Problem("household_unknown", "into")
    return found


async def _repeated(
    session: AsyncSession,
    household: Household,
    payload: ConfirmationPayload,
    into: Household | None,
    made_at: datetime,
) -> list[Movement]:
    if into is not None and household.merged_into_id == into.id:
        return []
    head = _head(household, payload, made_at)
    if household.merged_into_id is None and (household.number, household.head_name) == (payload.number, head):
        return []
    member = await session.get(Member, household.confirmed_by_id) if household.confirmed_by_id else None
    at = household.confirmed_at.isoformat() if household.confirmed_at else None
    state = "merged" if household.merged_into_id else household.state
    raise visits.Superseded({"state": state, "by": member.full_name if member else None, "at": at})


async def merge(
    session: AsyncSession, household: Household, into: Household, version: int, versions: dict[int, int]
) -> list[Movement]:
    """Makes one household of two of a village, which is locked, and says how the counters move."""
    household.discarded_at, household.merged_into_id, household.scope_version = utc_now(), into.id, version
    household.head_name, household.key = None, fold(household.number)
    tombstone = {"scope_key": village_key(household.village_id), "scope_version": version}
    session.add(Tombstone(**tombstone, kind="households", row_id=str(household.id)))
    await session.flush()
    followers = update(HOUSEHOLDS).where(HOUSEHOLDS.c.merged_into_id == household.id)
    await session.execute(followers.values(merged_into_id=into.id, scope_version=version))
    owned = update(CARDS).where(CARDS.c.household_id == household.id)
    await session.execute(owned.values(household_id=into.id, scope_version=version))
    asked = update(REQUESTS).where(REQUESTS.c.household_id == household.id)
    await session.execute(asked.values(household_id=into.id))
    movements = await _move_visits(session, household.id, into.id, versions)
    if erased_at := max((at for at in (household.erased_at, into.erased_at) if at is not None), default=None):
        into.erased_at = erased_at
        await erasures.blank_visits(session, into.id, erased_at, versions)
    await settle_household(session, into.id)
    return movements


async def _move_visits(session: AsyncSession, old: UUID, new: UUID, versions: dict[int, int]) -> list[Movement]:
    """Every version of every visit goes along; the counters hear of those that count."""
    rows = (await session.execute(select(Visit).where(VISITS.c.household_id == old))).scalars().all()
    counted = await counted_visits(session, [row.id for row in rows])
    # A household that stood in another village before has visits there, which the push had no reason to lock.
    elsewhere = await raise_villages(session, {row.village_id for row in rows} - versions.keys())
    reached = versions | elsewhere
    movements = []
    for row in rows:
        state, before = VisitState(row.state), counted[row.id]
        movements += [Movement(before, state, None), Movement(replace(before, household_id=new), None, state)]
        row.household_id, row.scope_version = new, reached[row.village_id]
    await session.flush()
    doubled = await _doubled(session, [row.id for row in rows])
    for row in rows:
        if row.id in doubled:
            version = reached[row.village_id]
            await visits.raise_flag(session, row, FlagKind.SAME_DAY, version)
            await late_flags.flag_duplicates(
                session,
                visit_id=row.id,
                root_id=row.root_id,
                household_id=new,
                village_id=row.village_id,
                day=row.done_on,
                platforms=[platform for platform, _, _ in counted[row.id].outcomes],
                version=version,
                raised_at=utc_now(),
            )
    return movements


async def _doubled(session: AsyncSession, visit_ids: list[UUID]) -> set[UUID]:
    """Those of these visits whose household was helped with the same platform on the same day by another one."""
    other, theirs = VISITS.alias(), OUTCOMES.alias()
    twin = (
        select(other.c.id)
        .join(theirs, theirs.c.visit_id == other.c.id)
        .where(
            other.c.household_id == VISITS.c.household_id,
            other.c.done_on == VISITS.c.done_on,
            other.c.root_id != VISITS.c.root_id,
            other.c.state.not_in(GONE),
            theirs.c.platform_code == OUTCOMES.c.platform_code,
        )
    )
    query = (
        select(VISITS.c.id)
        .join(OUTCOMES, OUTCOMES.c.visit_id == VISITS.c.id)
        .where(VISITS.c.id.in_(visit_ids), VISITS.c.state.not_in(GONE), exists(twin))
    )
    return set((await session.execute(query)).scalars())
