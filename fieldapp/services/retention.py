"""What is kept for a time and then goes: photos, what was written of visits, the trail. Every number stays as it is.

Each step takes a bounded number of rows in the caller's transaction and says how many, so that nobody waits for long.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.integrations.photo_store import Part
from fieldapp.services import audit, leftovers
from fieldapp.services.photo_keepers import KEEPERS, OF_DIFFICULTIES, OF_VISITS, Keeper
from fieldapp.services.photo_tombstones import tell_phones
from fieldapp.services.scopes import raise_villages
from models.activity import Activity
from models.audit_event import AuditEvent
from models.difficulty import Difficulty
from models.review import Review
from models.sync import ServerFact
from models.visit import Visit

VISITS, REVIEWS, EVENTS = Visit.__table__, Review.__table__, AuditEvent.__table__
LAST_DAY = "retention_day"
MOST = 400
"""Rows in one step; a step that gives fewer has found all."""


async def forget_photos(session: AsyncSession, before: date, at: datetime) -> int:
    """Photos of what was done before this day (of difficulties, received before `at`); gives how many went."""
    total = 0
    for keeper in KEEPERS:
        total += await _forget_photos_of(session, keeper, _older(keeper, before, at))
    return total


def _older(keeper: Keeper, before: date, at: datetime) -> ColumnElement[bool]:
    if keeper is OF_DIFFICULTIES:
        return Difficulty.__table__.c.received_at < at
    return (VISITS if keeper is OF_VISITS else Activity.__table__).c.done_on < before


async def _forget_photos_of(session: AsyncSession, keeper: Keeper, older: ColumnElement[bool]) -> int:
    columns = (keeper.photos.c.id, keeper.photos.c.sha256, keeper.owner_id.label("record"), keeper.owners.c.village_id)
    query = select(*columns).join(keeper.owners, keeper.joined).where(older).order_by(keeper.photos.c.id).limit(MOST)
    rows = (await session.execute(query)).all()
    if not rows:
        return 0
    versions = await raise_villages(session, {row.village_id for row in rows})
    await session.execute(delete(keeper.photos).where(keeper.photos.c.id.in_([row.id for row in rows])))
    for village_id, version in versions.items():
        here = {row.record for row in rows if row.village_id == village_id}
        raised = update(keeper.owners).where(keeper.owners.c.id.in_(here)).values(scope_version=version)
        await session.execute(raised)
    await tell_phones(session, {row.sha256 for row in rows}, versions)
    leftovers.leave(session, [Part(row.record, row.sha256) for row in rows])
    await _note(session, "retention.photos", keeper.name, len(rows))
    return len(rows)


async def forget_words(session: AsyncSession, before: date) -> int:
    """Notes of visits, and reasons of decisions on them, of before this day; the visits stay and count."""
    reasons = select(REVIEWS.c.visit_id).where(REVIEWS.c.reason.is_not(None))
    written = or_(VISITS.c.note != "", VISITS.c.reason.is_not(None), VISITS.c.id.in_(reasons))
    query = select(VISITS.c.id, VISITS.c.village_id).where(VISITS.c.done_on < before, written).limit(MOST)
    rows = (await session.execute(query)).all()
    if not rows:
        return 0
    versions = await raise_villages(session, {row.village_id for row in rows})
    for village_id, version in versions.items():
        here = [row.id for row in rows if row.village_id == village_id]
        blank = {"note": "", "reason": None, "scope_version": version}
        await session.execute(update(VISITS).where(VISITS.c.id.in_(here)).values(**blank))
        await session.execute(update(REVIEWS).where(REVIEWS.c.visit_id.in_(here)).values(reason=None))
    await _note(session, "retention.words", "visit", len(rows))
    return len(rows)


async def forget_trail(session: AsyncSession, before: datetime) -> int:
    """Audit rows of before this instant; that they went is a row itself."""
    old = select(EVENTS.c.id).where(EVENTS.c.at < before).order_by(EVENTS.c.id).limit(MOST * 10)
    gone = (await session.execute(delete(EVENTS).where(EVENTS.c.id.in_(old)).returning(EVENTS.c.id))).all()
    if gone:
        await _note(session, "retention.trail", "audit_event", len(gone))
    return len(gone)


async def last_day(session: AsyncSession) -> str:
    """The Vietnamese day of the last whole run, as text; nothing before the first."""
    fact = await session.get(ServerFact, LAST_DAY)
    return fact.value if fact else ""


async def note_day(session: AsyncSession, day: date) -> None:
    await session.merge(ServerFact(key=LAST_DAY, value=day.isoformat()))


async def _note(session: AsyncSession, action: str, kind: str, number: Any) -> None:
    await audit.write(session, [audit.event(None, action, kind, "", n=number)])
