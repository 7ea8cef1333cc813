"""Leases: work that one process at a time may do, however many workers there are.

A holder that dies holds nobody up for longer than it asked for. Time is the database's, so that machines whose clocks
differ agree; on SQLite it counts whole seconds. Commit an acquisition before the work begins.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.services.upsert import dialect_of, insert_for
from models.base import UtcDateTime
from models.lease import Lease

LEASES = Lease.__table__


def new_holder() -> str:
    """A name that no other holder has; a process makes one when its job starts and keeps it."""
    return uuid4().hex


async def acquire(session: AsyncSession, name: str, holder: str, seconds: float) -> bool:
    """Takes a lease that is free, has run out or is this holder's already; says whether this holder has it now."""
    now = await _now(session)
    row = {"name": name, "holder": holder, "until": now + timedelta(seconds=seconds)}
    answer = await session.execute(_acquisition(dialect_of(session)), row | {"now": now, "by": holder})
    return answer.first() is not None


async def renew(session: AsyncSession, name: str, holder: str, seconds: float) -> bool:
    """Lengthens a lease from now; False where it is no longer this holder's, who must stop then."""
    until = await _now(session) + timedelta(seconds=seconds)
    held = (LEASES.c.name == name, LEASES.c.holder == holder)
    answer = await session.execute(update(LEASES).where(*held).values(until=until).returning(LEASES.c.name))
    return answer.first() is not None


async def release(session: AsyncSession, name: str, holder: str) -> None:
    """Gives a lease back early; one that is another's by now is left alone."""
    await session.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.holder == holder))


async def _now(session: AsyncSession) -> datetime:
    return (await session.execute(select(func.current_timestamp(type_=UtcDateTime)))).scalar_one()


@lru_cache
def _acquisition(dialect: str) -> Any:
    insert = insert_for(dialect, LEASES)
    free = or_(LEASES.c.until <= bindparam("now", type_=UtcDateTime), LEASES.c.holder == bindparam("by"))
    given = {name: insert.excluded[name] for name in ("holder", "until")}
    taking = insert.on_conflict_do_update(index_elements=[LEASES.c.name], set_=given, where=free)
    return taking.returning(LEASES.c.name)
