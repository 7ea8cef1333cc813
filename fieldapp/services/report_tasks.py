"""The tasks of a report, as they stand when it is locked: those due in its period, and those marked in it."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.task import standing
from fieldapp.domain.vn_time import VIETNAM
from models.period import Period
from models.target import Level
from models.task import Task

TASKS = Task.__table__


async def of_teams(session: AsyncSession, period: Period, team_ids: Collection[int]) -> list[dict[str, Any]]:
    """What a commune gave to a village's teams: rows of (text, state, note), `state` a `domain/task.Standing`."""
    return await _told(session, period, TASKS.c.team_id.in_(list(team_ids)))


async def of_commune(session: AsyncSession, period: Period, commune_id: int) -> list[dict[str, Any]]:
    """What the province gave to a commune: rows as of `of_teams`."""
    return await _told(session, period, (TASKS.c.commune_id == commune_id) & (TASKS.c.level == str(Level.COMMUNE)))


async def _told(session: AsyncSession, period: Period, whose: Any) -> list[dict[str, Any]]:
    first = datetime.combine(period.first_day, time(), VIETNAM)
    end = datetime.combine(period.last_day + timedelta(days=1), time(), VIETNAM)
    due = TASKS.c.due_on.between(period.first_day, period.last_day)
    marked = and_(TASKS.c.marked_at >= first, TASKS.c.marked_at < end)
    query = select(Task).where(whose, TASKS.c.withdrawn_at.is_(None), or_(due, marked))
    rows = (await session.execute(query.order_by(TASKS.c.due_on, TASKS.c.id))).scalars()
    return [
        {"text": row.text, "state": str(standing(row.state, row.due_on, period.last_day)), "note": row.note}
        for row in rows
    ]
