"""The commune's second look: a decided visit is reopened with a reason, or looked at and left as it stands."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.counting import Movement
from fieldapp.domain.note import holds_identity
from fieldapp.domain.search_key import nfc
from fieldapp.domain.visit import MAX_DECIDED
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, counters, reviews
from fieldapp.services.counters import counted_visits
from fieldapp.services.reviews import HOUSEHOLDS, REVIEWS, VISITS
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.review import SecondLook
from models.visit import VisitState

REOPENED = "reopened"
"""The reason code of a visit that waits again; the reason itself is the officer's words."""

MAX_REASON = 300
DECIDED = (VisitState.APPROVED, VisitState.RETURNED)


async def reopen(session: AsyncSession, who: Principal, visit_ids: Sequence[UUID], reason: str) -> int:
    """Makes decided visits wait again and gives the number of those that did; one that waits already is left alone.

    Raises `not_found`, `forbidden`, or `reason_missing`.
    """
    words = nfc(reason.strip())[:MAX_REASON]
    if not words:
        raise Problem("reason_missing", "reason")
    if holds_identity(words):
        raise Problem("note_identity", "reason")
    found, versions = await _locked(session, who, visit_ids)
    rows = [row for row in found if row.state in DECIDED]
    counted = await counted_visits(session, [row.id for row in rows])
    change = {
        "state": VisitState.WAITING,
        "needs_look": False,
        "decided_at": None,
        "decided_by_id": None,
        "decided_by_account_id": who.account_id,
        "reopened_at": utc_now(),
        "reason_code": REOPENED,
        "reason": words,
    }
    await _change(session, who, rows, versions, SecondLook.REOPEN, change)
    await counters.move(session, [Movement(counted[r.id], VisitState(r.state), VisitState.WAITING) for r in rows])
    return len(rows)


async def keep(session: AsyncSession, who: Principal, visit_ids: Sequence[UUID]) -> int:
    """Notes that visits were looked at again and stand; gives the number of those that asked for a look."""
    found, versions = await _locked(session, who, visit_ids)
    rows = [row for row in found if row.needs_look]
    await _change(session, who, rows, versions, SecondLook.KEEP, {"needs_look": False})
    return len(rows)


async def _locked(
    session: AsyncSession, who: Principal, visit_ids: Sequence[UUID]
) -> tuple[Sequence[Any], dict[int, int]]:
    """The visits, and the versions of their villages, which are locked. Raises `not_found` or `forbidden`."""
    require(who, Action.REOPEN_VISIT)
    ids = list(dict.fromkeys(visit_ids))
    if len(ids) > MAX_DECIDED:
        raise Problem("invalid", "visits")
    versions = await raise_villages(session, (await reviews.villages_of(session, ids)).values())
    names = ("id", "state", "village_id", "commune_id", "household_id", "needs_look")
    rows = (await session.execute(select(*(VISITS.c[n] for n in names)).where(VISITS.c.id.in_(ids)))).all()
    if len(rows) < len(ids):
        raise Problem("not_found")
    for row in rows:
        require(who, Action.REOPEN_VISIT, Place(row.village_id, row.commune_id))
    return rows, versions


async def _change(
    session: AsyncSession,
    who: Principal,
    rows: Sequence[Any],
    versions: dict[int, int],
    verdict: SecondLook,
    change: dict[str, Any],
) -> None:
    """Writes the change with its review and audit rows; visits and households come with the next pull."""
    if not rows:
        return
    for village_id in sorted({row.village_id for row in rows}):
        here = [row for row in rows if row.village_id == village_id]
        version = {"scope_version": versions[village_id]}
        await session.execute(update(VISITS).where(VISITS.c.id.in_([r.id for r in here])).values(**change, **version))
        homes = HOUSEHOLDS.c.id.in_({row.household_id for row in here})
        await session.execute(update(HOUSEHOLDS).where(homes, HOUSEHOLDS.c.village_id == village_id).values(**version))
    deed = {
        "record_id": uuid7(),
        "verdict": verdict,
        "reason": change.get("reason"),
        "flags_seen": "",
        "by_account_id": who.account_id,
        "made_at": utc_now(),
        "received_at": utc_now(),
    }
    await session.execute(insert(REVIEWS), [deed | {"visit_id": row.id} for row in rows])
    await audit.write(session, [audit.event(who, f"visit.{verdict}", "visit", r.id, r.village_id) for r in rows])
