"""What an erased household takes from day logs: all that was said, up to then, of days on which it was visited.

Nobody can tell whether the words are about that household, so they all go.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.household import Household
from models.log_comment import LogComment
from models.visit import Visit

COMMENTS, VISITS, HOUSEHOLDS = LogComment.__table__, Visit.__table__, Household.__table__


async def villages_about(session: AsyncSession, household_id: UUID, at: datetime) -> set[int]:
    """Where something was said that goes with the household."""
    query = select(COMMENTS.c.village_id).where(*_about(household_id, at)).distinct()
    return set((await session.execute(query)).scalars())


async def blank(session: AsyncSession, household_id: UUID, at: datetime, versions: Mapping[int, int]) -> None:
    """Takes the words from the comments; `versions` are of the locked villages, those of others stay as they are."""
    for village_id, version in versions.items():
        mine = (COMMENTS.c.village_id == village_id, *_about(household_id, at))
        gone = {"text": "", "answer": "", "withdrawn_at": at, "scope_version": version}
        await session.execute(update(COMMENTS).where(*mine).values(**gone))


def _about(household_id: UUID, at: datetime) -> tuple[ColumnElement[bool], ...]:
    of_log = (VISITS.c.done_on == COMMENTS.c.day, _done_or_entered(COMMENTS.c.member_id))
    visited = exists().where(VISITS.c.household_id == household_id, VISITS.c.made_at <= at, *of_log)
    return COMMENTS.c.made_at <= at, visited


def _done_or_entered(member_id: Any) -> ColumnElement[bool]:
    return or_(VISITS.c.author_id == member_id, VISITS.c.done_by_id == member_id)


async def is_erased(session: AsyncSession, member_id: int, day: date, made_at: datetime) -> bool:
    """Whether a household of that log was erased after something was said of it."""
    gone = (VISITS.c.made_at <= HOUSEHOLDS.c.erased_at, HOUSEHOLDS.c.erased_at >= made_at)
    query = select(VISITS.c.id).join(HOUSEHOLDS, HOUSEHOLDS.c.id == VISITS.c.household_id)
    found = await session.execute(query.where(VISITS.c.done_on == day, _done_or_entered(member_id), *gone).limit(1))
    return found.first() is not None


async def held_records(session: AsyncSession, household_id: UUID, at: datetime, kept: Mapping[UUID, Any]) -> set[UUID]:
    """Of records that are `kept` whole, by id, those that say or answer something that goes with the household."""
    mine = (VISITS.c.household_id == household_id, VISITS.c.made_at <= at)
    visits = await session.execute(select(VISITS.c.author_id, VISITS.c.done_by_id, VISITS.c.done_on).where(*mine))
    logs = {(who, row.done_on.isoformat()) for row in visits for who in (row.author_id, row.done_by_id) if who}
    payloads = {one: content["payload"] for one, content in kept.items() if isinstance(content.get("payload"), dict)}
    about = {one for one, said in payloads.items() if (said.get("member"), said.get("day")) in logs}
    standing = (await session.execute(select(COMMENTS.c.id).where(*_about(household_id, at)))).scalars()
    comments = {str(one) for one in {*about, *standing}}
    return about | {one for one, said in payloads.items() if said.get("comment") in comments}
