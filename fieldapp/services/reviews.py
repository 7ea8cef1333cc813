"""Decisions on day logs: one verdict over many visits, set-based, a named result for each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.counting import Movement
from fieldapp.domain.review import decide
from fieldapp.domain.visit import DecisionPayload
from fieldapp.permissions import Action, Place, Principal, may
from fieldapp.services import audit, notices
from fieldapp.services.counters import counted_visits
from models.account import Account
from models.base import utc_now
from models.flag import Flag, FlagKind
from models.household import Household
from models.member import Member
from models.review import Review
from models.sync import PushResult
from models.visit import Visit, VisitState

VISITS, FLAGS, REVIEWS = Visit.__table__, Flag.__table__, Review.__table__
MEMBERS, ACCOUNTS, HOUSEHOLDS = Member.__table__, Account.__table__, Household.__table__
KNOWN_FLAGS = {str(kind) for kind in FlagKind}
"""A newer phone may have seen others, and more of them than the record has room for."""


async def villages_of(session: AsyncSession, visit_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The village of each of these visits that is here: what a decision has to lock."""
    rows = await session.execute(select(VISITS.c.id, VISITS.c.village_id).where(VISITS.c.id.in_(visit_ids)))
    return {row.id: row.village_id for row in rows}


async def decide_visits(
    session: AsyncSession,
    who: Principal,
    record_id: UUID,
    payload: DecisionPayload,
    made_at: datetime,
    versions: dict[int, int],
    left: frozenset[UUID] = frozenset(),
) -> tuple[dict[str, dict[str, Any]], list[Movement]]:
    """Results by visit id, and the movements of those where the decision took effect.

    `versions` are the locked villages' scope versions. A leader may not decide a visit that they did or
    entered; an officer decides only what is `left` to the commune.
    """
    ids = [d.visit for d in payload.visits]
    visits = await _load(session, ids)
    results: dict[str, dict[str, Any]] = {}
    taken: list[Any] = []
    for visit_id in ids:
        row = visits.get(visit_id)
        results[str(visit_id)], takes = _judge(who, row, payload, made_at, left)
        if takes:
            taken.append(row)
    movements = await _apply(session, who, record_id, payload, made_at, taken, versions)
    return results, movements


async def _load(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Any]:
    names = (
        "id", "state", "village_id", "commune_id", "author_id", "done_by_id", "household_id", "decided_at",
        "reopened_at",
    )  # fmt: skip
    by = func.coalesce(MEMBERS.c.full_name, ACCOUNTS.c.full_name)
    query = (
        select(*(VISITS.c[name] for name in names), by.label("by"))
        .outerjoin(MEMBERS, MEMBERS.c.id == VISITS.c.decided_by_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == VISITS.c.decided_by_account_id)
        .where(VISITS.c.id.in_(ids))
    )
    return {row.id: row for row in await session.execute(query)}


def _judge(
    who: Principal, row: Any, payload: DecisionPayload, made_at: datetime, left: frozenset[UUID]
) -> tuple[dict[str, Any], bool]:
    if row is None:
        return {"result": PushResult.INVALID, "code": "visit_unknown"}, False
    if code := _forbids(who, row, left):
        return {"result": PushResult.FORBIDDEN, "code": code}, False
    before_reopening = row.reopened_at is not None and made_at <= row.reopened_at
    result, target = decide(VisitState(row.state), payload.verdict, before_reopening)
    answer: dict[str, Any] = {"result": result}
    if result == PushResult.SUPERSEDED:
        at = row.decided_at or row.reopened_at
        answer |= {"state": row.state, "by": row.by, "at": at.isoformat() if at else None}
    return answer, target is not None


def _forbids(who: Principal, row: Any, left: frozenset[UUID]) -> str | None:
    """Why this person may not decide this visit."""
    if who.account_id is not None:
        if not may(who, Action.DECIDE_LEFT, Place(commune_id=row.commune_id)):
            return "out_of_scope"
        return "leader_decides" if row.state == VisitState.WAITING and row.id not in left else None
    if not may(who, Action.REVIEW_VISIT, Place(row.village_id)):
        return "out_of_scope"
    return "own_visit" if who.member_id in (row.author_id, row.done_by_id) else None


async def _apply(
    session: AsyncSession,
    who: Principal,
    record_id: UUID,
    payload: DecisionPayload,
    made_at: datetime,
    taken: list[Any],
    versions: dict[int, int],
) -> list[Movement]:
    if not taken:
        return []
    _, target = decide(VisitState.WAITING, payload.verdict)
    assert target is not None
    ids = [row.id for row in taken]
    counted = await counted_visits(session, ids)
    seen = {d.visit: set(d.flags) for d in payload.visits}
    unseen = await _with_unseen_flags(session, ids, seen)
    common = {
        "state": target,
        "decided_at": made_at,
        "decided_by_id": who.member_id,
        "decided_by_account_id": who.account_id,
        "reason_code": payload.reason_code,
        "reason": payload.reason or None,
    }
    for village_id in sorted({row.village_id for row in taken}):
        mine = [row.id for row in taken if row.village_id == village_id]
        values = {**common, "scope_version": versions[village_id]}
        await session.execute(update(VISITS).where(VISITS.c.id.in_(mine)).values(**values))
        homes = {row.household_id for row in taken if row.village_id == village_id}
        await session.execute(
            update(HOUSEHOLDS).where(HOUSEHOLDS.c.id.in_(homes)).values(scope_version=versions[village_id])
        )
    if unseen and target == VisitState.APPROVED:
        await session.execute(update(VISITS).where(VISITS.c.id.in_(unseen)).values(needs_look=True))
    await session.execute(
        insert(REVIEWS),
        [
            {
                "record_id": record_id,
                "visit_id": row.id,
                "verdict": payload.verdict,
                "reason_code": payload.reason_code,
                "reason": payload.reason or None,
                "flags_seen": ",".join(sorted(seen[row.id] & KNOWN_FLAGS)),
                "by_member_id": who.member_id,
                "by_account_id": who.account_id,
                "made_at": made_at,
                "received_at": utc_now(),
            }
            for row in taken
        ],
    )
    if target == VisitState.RETURNED:
        await notices.note_returned(session, [row.author_id for row in taken])
    events = [audit.event(who, f"visit.{payload.verdict}", "visit", r.id, r.village_id) for r in taken]
    await audit.write(session, events)
    return [Movement(counted[i], VisitState.WAITING, target) for i in ids]


async def _with_unseen_flags(session: AsyncSession, ids: list[UUID], seen: dict[UUID, set[str]]) -> set[UUID]:
    rows = await session.execute(select(FLAGS.c.visit_id, FLAGS.c.kind).where(FLAGS.c.visit_id.in_(ids)))
    return {row.visit_id for row in rows if row.kind not in seen[row.visit_id]}
