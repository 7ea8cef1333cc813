"""What the printing page says of each village: its households, and how many cards are in use or still to be bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from models.household import CardState, Household, HouseholdCard
from models.unit import Unit

UNITS, HOUSEHOLDS, CARDS = Unit.__table__, Household.__table__, HouseholdCard.__table__


@dataclass(frozen=True)
class CardStock:
    """`with_card` households have a card in use; `unbound` cards wait for their first scan."""

    village_id: int
    name: str
    households: int
    with_card: int
    unbound: int


async def list_card_stock(session: AsyncSession, who: Principal, commune_id: int, today: date) -> Sequence[CardStock]:
    """The commune's villages of today, by code. Raises `forbidden`."""
    require(who, Action.PRINT_CARD, Place(commune_id=commune_id))
    villages = (
        select(UNITS.c.id, UNITS.c.name)
        .where(
            UNITS.c.parent_id == commune_id,
            and_(UNITS.c.valid_from <= today, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= today)),
        )
        .order_by(UNITS.c.code, UNITS.c.id)
    )
    found = (await session.execute(villages)).all()
    ids = [row.id for row in found]
    households = await _counted(
        session, HOUSEHOLDS.c.village_id, func.count(), HOUSEHOLDS.c.discarded_at.is_(None), ids=ids
    )
    owners = func.count(CARDS.c.household_id.distinct())
    bound = await _counted(session, CARDS.c.village_id, owners, CARDS.c.state == CardState.BOUND, ids=ids)
    unbound = await _counted(session, CARDS.c.village_id, func.count(), CARDS.c.state == CardState.PRINTED, ids=ids)
    return [
        CardStock(row.id, row.name, households.get(row.id, 0), bound.get(row.id, 0), unbound.get(row.id, 0))
        for row in found
    ]


async def _counted(session: AsyncSession, village, measure, condition, *, ids: Sequence[int]) -> dict[int, int]:
    query = select(village, measure).where(village.in_(ids), condition).group_by(village)
    return {row[0]: row[1] for row in await session.execute(query)}
