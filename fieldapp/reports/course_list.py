"""Online courses in a member's training record: finished by their own word, which nobody checked."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.material import CourseDone, Material

MATERIALS, DONE = Material.__table__, CourseDone.__table__


async def finished_by(session: AsyncSession, member_ids: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    """By member the courses that they say they finished, and when they said so, the newest first."""
    query = (
        select(DONE.c.member_id, MATERIALS.c.title, DONE.c.done_at)
        .join(MATERIALS, MATERIALS.c.id == DONE.c.material_id)
        .where(DONE.c.member_id.in_(list(member_ids)))
        .order_by(DONE.c.done_at.desc(), DONE.c.material_id)
    )
    found: dict[int, list[tuple[str, datetime]]] = {}
    for row in await session.execute(query):
        found.setdefault(row.member_id, []).append((row.title, row.done_at))
    return found
