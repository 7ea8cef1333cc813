"""Households: those of the roster, and those met at the door, which stay provisional until confirmed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.search_key import fold
from fieldapp.domain.visit import HouseholdPayload
from fieldapp.problems import Problem
from models.household import Household, HouseholdState

HOUSEHOLDS = Household.__table__


async def load(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Household]:
    """Households by id; under the id of a merged one stands the household that it was merged into."""
    rows = await session.execute(select(Household).where(HOUSEHOLDS.c.id.in_(list(ids))))
    found = {h.id: h for h in rows.scalars()}
    for household in [h for h in found.values() if h.merged_into_id is not None]:
        found[household.id] = await session.get_one(Household, household.merged_into_id)
    return found


async def follow_merges(session: AsyncSession, found: dict[UUID, Household]) -> None:
    """Reads provisional households anew, once their villages are locked: a leader may have merged one meanwhile."""
    for household_id, household in list(found.items()):
        if household.state == HouseholdState.PROVISIONAL:
            await session.refresh(household)
            if household.merged_into_id is not None:
                found[household_id] = await session.get_one(Household, household.merged_into_id)


async def add_at_the_door(
    session: AsyncSession, payload: HouseholdPayload, member_id: int, version: int, now: datetime
) -> Household:
    """A provisional household. Raises `repeated` where the id is another household already."""
    if await session.get(Household, payload.household) is not None:
        raise Problem("repeated", "household")
    head = payload.head_name if settings().head_names else None
    household = Household(
        id=payload.household,
        village_id=payload.village,
        number=payload.number,
        head_name=head,
        key=fold(f"{payload.number} {head or ''}"),
        state=HouseholdState.PROVISIONAL,
        added_by_id=member_id,
        scope_version=version,
        created_at=now,
    )
    session.add(household)
    await session.flush()
    return household
