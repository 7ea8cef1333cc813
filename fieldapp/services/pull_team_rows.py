"""The lists of a pull that tell what a team is to reach and to do, given whole: they are short."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.services import target_counts, tasks, team_targets
from fieldapp.services.team_targets import TARGETS
from models.base import utc_now
from models.target import Measure


async def teams_of(session: AsyncSession, who: Principal) -> list[int]:
    return await team_targets.teams_of(session, who.member_id or 0, vn_day(utc_now()))


async def lists(session: AsyncSession, teams: Sequence[int]) -> dict[str, Any]:
    today = vn_day(utc_now())
    return {
        "targets": await team_targets.phone_rows(session, teams, today),
        "tasks": await tasks.phone_rows(session, teams, today),
    }


async def counts(session: AsyncSession, teams: Sequence[int]) -> dict[str, int]:
    """How far targets in lượt and in người have come, by their ids: a phone has not all visits of a long period.

    Households it counts by itself.
    """
    running = TARGETS.c.amount.is_not(None), TARGETS.c.last_day >= vn_day(utc_now())
    by_count = TARGETS.c.measure != str(Measure.HOUSEHOLD)
    rows = (await session.execute(select(TARGETS).where(TARGETS.c.team_id.in_(teams), *running, by_count))).all()
    found: dict[str, int] = {}
    for row in rows:
        asked = target_counts.Asked(Measure(row.measure), row.first_day, row.last_day, [row.platform_code])
        found[str(row.id)] = (await target_counts.of_teams(session, asked, [row.team_id])).get(
            (row.team_id, row.platform_code), 0
        )
    return found
