"""Households: those of the roster, and those met at the door, which stay provisional until confirmed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.search_key import fold
from fieldapp.domain.visit import HouseholdPayload
from fieldapp.problems import Problem
from fieldapp.services import erasures
from fieldapp.services.scopes import village_key
from models.base import utc_now
from models.household import Household, HouseholdState
from models.sync import Tombstone

HOUSEHOLDS, TOMBSTONES = Household.__table__, Tombstone.__table__


def key_of(number: str, head: str | None) -> str:
    """What a household is found by."""
    return fold(f"{number} {head or ''}")


async def load(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Household]:
    rows = await session.execute(select(Household).where(HOUSEHOLDS.c.id.in_(list(ids))))
    return {h.id: h for h in rows.scalars()}


async def read_anew(session: AsyncSession, ids: set[UUID], found: dict[UUID, Household]) -> dict[UUID, Household]:
    """What was `found` of these, read again now that the villages are locked.

    A provisional household may have been merged meanwhile, and one that was missing may have been made: its first try
    was still in flight, or it was held and is taken in now.
    """
    for household in found.values():
        if household.state == HouseholdState.PROVISIONAL:
            await session.refresh(household)
    missing = ids - found.keys()
    return found | await load(session, missing) if missing else found


async def standing(session: AsyncSession, household: Household) -> Household:
    """The household itself, or the one that it was merged into."""
    while household.merged_into_id is not None:
        household = await session.get_one(Household, household.merged_into_id)
    return household


async def add_at_the_door(
    session: AsyncSession, payload: HouseholdPayload, member_id: int, version: int, now: datetime
) -> Household:
    """A provisional household. Raises `repeated` where the id is another household already."""
    if await session.get(Household, payload.household) is not None:
        raise Problem("repeated", "household")
    erased_at = await erasures.erased_at(session, payload.household)
    head = payload.head_name if settings().head_names and erased_at is None else None
    household = Household(
        id=payload.household,
        village_id=payload.village,
        number=payload.number,
        head_name=head,
        key=key_of(payload.number, head),
        state=HouseholdState.PROVISIONAL,
        added_by_id=member_id,
        scope_version=version,
        created_at=now,
        erased_at=erased_at,
    )
    session.add(household)
    await session.flush()
    return household


async def take_off(
    session: AsyncSession, homes: Sequence[Any], versions: Mapping[int, int], moved_on: date | None = None
) -> None:
    """Takes households off the rosters of their villages, which are locked: phones forget them with the next pull.

    They stay in the record, since a visit to them may be on its way. `moved_on` is the day on which they moved away.
    """
    gone = {"discarded_at": utc_now(), "moved_on": moved_on}
    for village_id, version in versions.items():
        ids = [home.id for home in homes if home.village_id == village_id]
        if ids:
            change = gone | {"scope_version": version}
            await session.execute(update(HOUSEHOLDS).where(HOUSEHOLDS.c.id.in_(ids)).values(**change))
            stone = {"scope_key": village_key(village_id), "scope_version": version, "kind": "households"}
            await session.execute(insert(TOMBSTONES), [stone | {"row_id": str(home)} for home in ids])
