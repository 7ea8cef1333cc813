"""The facts that a report's automatic numbers are worked out from, read for all villages of a commune at once."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.indicator import Fact
from fieldapp.services.counters import STANDING
from models.activity import Activity
from models.difficulty import Difficulty
from models.task import Task
from models.visit import Outcome, Visit, VisitState
from models.zalo_group import ZaloGroup

VISITS, OUTCOMES, ACTIVITIES = Visit.__table__, Outcome.__table__, Activity.__table__
DIFFICULTIES, TASKS, GROUPS = Difficulty.__table__, Task.__table__, ZaloGroup.__table__


async def visit_facts(session: AsyncSession, villages: Collection[int], span: DayRange) -> list[Fact]:
    """Outcomes of these villages, and those of the same households elsewhere, of visits that stand."""
    here = VISITS.c.village_id.in_(list(villages)), VISITS.c.done_on.between(span.first, span.last)
    mine = await _facts(session, _outcomes(span).where(VISITS.c.village_id.in_(list(villages))))
    homes = select(VISITS.c.household_id).where(*here, VISITS.c.state.in_(STANDING))
    away = VISITS.c.household_id.in_(homes), VISITS.c.village_id.not_in(list(villages))
    return mine + await _facts(session, _outcomes(span).where(*away))


def _outcomes(span: DayRange) -> Select:
    return (
        select(
            VISITS.c.id, VISITS.c.village_id, VISITS.c.household_id, VISITS.c.done_on, VISITS.c.state,
            VISITS.c.beneficiary, VISITS.c.people, OUTCOMES.c.platform_code, OUTCOMES.c.result,
            OUTCOMES.c.people.label("outcome_people"), OUTCOMES.c.detail,
        )
        .join(OUTCOMES, OUTCOMES.c.visit_id == VISITS.c.id)
        .where(VISITS.c.state.in_(STANDING), VISITS.c.done_on.between(span.first, span.last))
    )  # fmt: skip


async def _facts(session: AsyncSession, query: Select) -> list[Fact]:
    return [
        Fact(
            r.id, r.village_id, r.household_id, r.done_on, VisitState(r.state), r.beneficiary, r.people,
            r.platform_code, r.result, r.outcome_people, frozenset((r.detail or {}).get("steps", ())),
        )
        for r in await session.execute(query)
    ]  # fmt: skip


async def active_members(session: AsyncSession, commune_id: int, span: DayRange) -> frozenset[int]:
    """Who did an approved visit or led an activity in the commune."""
    did = (VISITS.c.commune_id == commune_id, VISITS.c.done_on.between(span.first, span.last))
    doer = select(VISITS.c.author_id, VISITS.c.done_by_id).where(*did, VISITS.c.state == VisitState.APPROVED).distinct()
    found = {by or author for author, by in map(tuple, await session.execute(doer))}
    query = select(ACTIVITIES.c.author_id).where(
        ACTIVITIES.c.commune_id == commune_id,
        ACTIVITIES.c.done_on.between(span.first, span.last),
        ACTIVITIES.c.withdrawn_at.is_(None),
    )
    return frozenset(found | set((await session.execute(query.distinct())).scalars()))


async def activities(session: AsyncSession, commune_id: int, span: DayRange) -> Sequence[Any]:
    """(village_id, kind, people, done_on) of those that were not taken back."""
    columns = ACTIVITIES.c.village_id, ACTIVITIES.c.kind, ACTIVITIES.c.people, ACTIVITIES.c.done_on
    query = select(*columns).where(
        ACTIVITIES.c.commune_id == commune_id,
        ACTIVITIES.c.done_on.between(span.first, span.last),
        ACTIVITIES.c.withdrawn_at.is_(None),
    )
    return (await session.execute(query)).all()


async def difficulties(session: AsyncSession, commune_id: int) -> Sequence[Any]:
    """(village_id, received_at, due_on, solved_at) of all that the commune ever had: they are few."""
    columns = DIFFICULTIES.c.village_id, DIFFICULTIES.c.received_at, DIFFICULTIES.c.due_on, DIFFICULTIES.c.solved_at
    return (await session.execute(select(*columns).where(DIFFICULTIES.c.commune_id == commune_id))).all()


async def tasks(session: AsyncSession, team_ids: Iterable[int]) -> Sequence[Any]:
    """(team_id, due_on, made_at, done_at) of the tasks that these teams were given and that stand."""
    columns = TASKS.c.team_id, TASKS.c.due_on, TASKS.c.made_at, TASKS.c.done_at
    query = select(*columns).where(TASKS.c.team_id.in_(list(team_ids)), TASKS.c.withdrawn_at.is_(None))
    return (await session.execute(query)).all()


async def groups(session: AsyncSession, commune_id: int) -> Sequence[Any]:
    """(village_id, households, counted_on, made_at, id) of every word on a Zalo group, the oldest first."""
    columns = GROUPS.c.village_id, GROUPS.c.households, GROUPS.c.counted_on, GROUPS.c.made_at, GROUPS.c.id
    query = select(*columns).where(GROUPS.c.commune_id == commune_id).order_by(GROUPS.c.made_at, GROUPS.c.id)
    return (await session.execute(query)).all()
