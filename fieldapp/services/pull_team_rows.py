"""The lists of a pull that tell what a team is to reach and to do, given whole: they are short."""

from collections.abc import Sequence, Set
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.services import pull_report_rows, target_counts, tasks, team_targets
from fieldapp.services.team_targets import TARGETS
from models.base import utc_now
from models.target import Measure

MOVE_REPORTS = frozenset({"visits", "activities", "difficulties", "groups", "targets", "tasks"})
"""Where a pull brings any of these, the numbers of reports may have moved."""


async def teams_of(session: AsyncSession, who: Principal) -> list[int]:
    return await team_targets.teams_of(session, who.member_id or 0, vn_day(utc_now()))


async def lists(session: AsyncSession, teams: Sequence[int]) -> dict[str, Any]:
    today = vn_day(utc_now())
    return {
        "targets": await team_targets.phone_rows(session, teams, today),
        "tasks": await tasks.phone_rows(session, teams, today),
    }


async def numbers(
    session: AsyncSession, who: Principal, teams: Sequence[int], told: Set[str], changed: bool
) -> dict[str, Any]:
    """What follows from the rows that a pull brings (`told`), or from a change of the teams' own."""
    answer: dict[str, Any] = {}
    if told & {"targets", "visits"}:
        answer["target_counts"] = await _counts(session, teams)
    if changed or told & MOVE_REPORTS:
        answer |= await pull_report_rows.lists(session, who)
    return answer


async def _counts(session: AsyncSession, teams: Sequence[int]) -> dict[str, int]:
    """How far targets in lượt and in người have come, by their ids: a phone has not all visits of a long period.

    Households it counts by itself. Of those that are over too, for as long as a phone shows them.
    """
    oldest = vn_day(utc_now()) - timedelta(days=settings().pull_days)
    running = TARGETS.c.amount.is_not(None), TARGETS.c.last_day >= oldest
    by_count = TARGETS.c.measure != str(Measure.HOUSEHOLD)
    rows = (await session.execute(select(TARGETS).where(TARGETS.c.team_id.in_(teams), *running, by_count))).all()
    found: dict[str, int] = {}
    for row in rows:
        asked = target_counts.Asked(Measure(row.measure), row.first_day, row.last_day, [row.platform_code])
        found[str(row.id)] = (await target_counts.of_teams(session, asked, [row.team_id])).get(
            (row.team_id, row.platform_code), 0
        )
    return found
