"""Where households stood on a day: what phones bring late belongs to the village of the day on which it was done."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.household import Household
from models.household_move import HouseholdMove
from models.unit import UnitSuccession

MOVES, BECAME = HouseholdMove.__table__, UnitSuccession.__table__


async def village_on(session: AsyncSession, household: Household, day: date) -> int:
    """The village in which the household stood on that day."""
    query = select(MOVES.c.village_id).where(MOVES.c.household_id == household.id, MOVES.c.on > day)
    before = (await session.execute(query.order_by(MOVES.c.on).limit(1))).scalar()
    return household.village_id if before is None else before


async def villages_before(session: AsyncSession, household_ids: Iterable[UUID]) -> set[int]:
    """All villages in which any of these stood earlier."""
    query = select(MOVES.c.village_id).where(MOVES.c.household_id.in_(list(household_ids)))
    return set((await session.execute(query)).scalars())


async def successors(session: AsyncSession, village_ids: Iterable[int]) -> dict[int, list[tuple[int, date]]]:
    """What these became at once, and from which day; several where one was split."""
    query = select(BECAME).where(BECAME.c.from_id.in_(list(village_ids))).order_by(BECAME.c.to_id)
    found: dict[int, list[tuple[int, date]]] = {}
    for row in await session.execute(query):
        found.setdefault(row.from_id, []).append((row.to_id, row.on))
    return found


async def follow(session: AsyncSession, household: Household) -> None:
    """Takes a household that was met in a village that has ended to the one that continues it, as all others were.

    Where a village was split nobody can tell to which part it belongs: it stays.
    """
    while len(became := (await successors(session, [household.village_id])).get(household.village_id, [])) == 1:
        [(after, on)] = became
        session.add(
            HouseholdMove(household_id=household.id, on=on, village_id=household.village_id, number=household.number)
        )
        household.village_id = after
    await session.flush()
