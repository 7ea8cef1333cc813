"""Printings of a commune's cards, and what became of the cards of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from models.account import Account
from models.household import BatchKind, CardBatch, CardState, HouseholdCard
from models.unit import Unit

BATCHES, CARDS, UNITS, ACCOUNTS = CardBatch.__table__, HouseholdCard.__table__, Unit.__table__, Account.__table__
LATEST = 50


@dataclass(frozen=True)
class BatchRow:
    """`unbound` cards wait for their first scan, `bound` ones are in use, `revoked` ones open nothing any more."""

    id: int
    created_at: datetime
    village: str
    kind: BatchKind
    size: int
    by: str
    unbound: int
    bound: int
    revoked: int


async def list_batches(session: AsyncSession, who: Principal, commune_id: int) -> Sequence[BatchRow]:
    """The newest printings of a commune. Raises `forbidden`."""
    require(who, Action.PRINT_CARD, Place(commune_id=commune_id))
    query = (
        select(BATCHES, UNITS.c.name.label("village"), ACCOUNTS.c.full_name)
        .join(UNITS, UNITS.c.id == BATCHES.c.village_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == BATCHES.c.made_by_account_id)
        .where(UNITS.c.parent_id == commune_id)
        .order_by(BATCHES.c.created_at.desc(), BATCHES.c.id.desc())
        .limit(LATEST)
    )
    found = (await session.execute(query)).all()
    states = (CardState.PRINTED, CardState.BOUND, CardState.REVOKED)
    counts = (func.sum(case((CARDS.c.state == state, 1), else_=0)) for state in states)
    counted = select(CARDS.c.batch_id, *counts).where(CARDS.c.batch_id.in_([row.id for row in found]))
    became = {row[0]: row[1:] for row in await session.execute(counted.group_by(CARDS.c.batch_id))}
    return [
        BatchRow(
            row.id, row.created_at, row.village, BatchKind(row.kind), row.size, row.full_name or "",
            *(int(n) for n in became.get(row.id, (0, 0, 0))),
        )
        for row in found
    ]  # fmt: skip
