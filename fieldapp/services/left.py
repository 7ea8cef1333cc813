"""What is left to the commune: visits that nobody else can decide, and those that nobody has decided for too long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.visit import DecisionPayload
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.services import counters, reviews
from fieldapp.services.members import list_postings
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.flag import Flag
from models.team import Seat, SeatRole, Team
from models.visit import Visit, VisitState

VISITS, FLAGS, SEATS, TEAMS = Visit.__table__, Flag.__table__, Seat.__table__, Team.__table__
LEADS = (SeatRole.LEADER, SeatRole.DEPUTY)


def overdue(now: datetime) -> ColumnElement[bool]:
    """Waiting for `undecided_days` since it arrived, or since the commune reopened it."""
    limit = now - timedelta(days=settings().undecided_days)
    return func.coalesce(VISITS.c.reopened_at, VISITS.c.received_at) <= limit


async def left_to(session: AsyncSession, commune_id: int, now: datetime) -> ColumnElement[bool]:
    """The condition that a visit of this commune meets where the commune may decide it.

    Besides what is overdue: visits of a village in which today nobody leads but whoever did or entered them.
    """
    leaders = await _leaders(session, commune_id, now)
    alone = [
        and_(VISITS.c.village_id == village, _is_of_all(sorted(members)))
        for village, members in sorted(leaders.items())
        if len(members) <= 2
    ]
    nobody_else = or_(VISITS.c.village_id.not_in(sorted(leaders)), *alone)
    waiting = and_(VISITS.c.commune_id == commune_id, VISITS.c.state == VisitState.WAITING)
    return and_(waiting, or_(overdue(now), nobody_else))


def _is_of_all(members: Sequence[int]) -> ColumnElement[bool]:
    """Whether each of these, one or two, did the visit or entered it."""
    return and_(*(or_(VISITS.c.author_id == member, VISITS.c.done_by_id == member) for member in members))


async def _leaders(session: AsyncSession, commune_id: int, now: datetime) -> dict[int, set[int]]:
    """Who leads each village of the commune today; a village that nobody leads is not among them."""
    query = (
        select(SEATS.c.member_id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .where(TEAMS.c.commune_id == commune_id, SEATS.c.role.in_(LEADS))
        .distinct()
    )
    members = (await session.execute(query)).scalars().all()
    today = vn_day(now)
    found: dict[int, set[int]] = {}
    for posting in await list_postings(session, members):
        if posting.leads and posting.covers(today):
            found.setdefault(posting.village_id, set()).add(posting.member_id)
    return found


@dataclass(frozen=True)
class Left:
    """What the commune may decide, `total` in all; `overdue` names those whose leader let them lie."""

    visit_ids: Sequence[UUID]
    overdue: frozenset[UUID]
    total: int


async def list_left(session: AsyncSession, who: Principal, limit: int = 100) -> Left:
    """Flagged visits first, then the oldest. Raises `forbidden`."""
    require(who, Action.DECIDE_LEFT, Place(commune_id=who.commune_id))
    assert who.commune_id is not None
    now = utc_now()
    condition = await left_to(session, who.commune_id, now)
    flagged = select(FLAGS.c.visit_id).where(FLAGS.c.visit_id == VISITS.c.id).exists()
    order = (flagged.desc(), VISITS.c.received_at, VISITS.c.id)
    query = select(VISITS.c.id, overdue(now).label("overdue")).where(condition).order_by(*order).limit(limit)
    rows = (await session.execute(query)).all()
    total = (await session.execute(select(func.count()).select_from(VISITS).where(condition))).scalar_one()
    return Left([row.id for row in rows], frozenset(row.id for row in rows if row.overdue), total)


async def decide_left(session: AsyncSession, who: Principal, payload: DecisionPayload) -> dict[str, dict[str, Any]]:
    """An officer's verdict on what is left to the commune: results by visit id, as for a leader's decision.

    Raises `forbidden` for anybody else. A visit that waits for its leader is `leader_decides`.
    """
    require(who, Action.DECIDE_LEFT, Place(commune_id=who.commune_id))
    assert who.commune_id is not None
    now = utc_now()
    ids = [decided.visit for decided in payload.visits]
    versions = await raise_villages(session, (await reviews.villages_of(session, ids)).values())
    condition = await left_to(session, who.commune_id, now)
    left = (await session.execute(select(VISITS.c.id).where(VISITS.c.id.in_(ids), condition))).scalars()
    results, movements = await reviews.decide_visits(session, who, uuid7(), payload, now, versions, frozenset(left))
    await counters.move(session, movements)
    return results
