"""What phones are to be told: that visits were sent back, that a log waits, that something was announced.

A send-back and an announcement note it in their own transaction. Visits note nothing: what waits for a leader is found
by the clock, along an index of what waits. How many there are is counted when the phone is told, so that what was
settled meanwhile is not told at all. A notice names nobody and no household.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.notice import GATHERS, QUIET, STALE, again, by_day, due
from fieldapp.domain.vn_time import vn_day
from fieldapp.integrations.web_push import Address
from fieldapp.services.announcement_reach import count_unread
from fieldapp.services.members import list_postings, scope_of
from fieldapp.services.report_reminders import count_owed
from fieldapp.services.subscriptions import SESSIONS, SUBSCRIPTIONS, is_open
from fieldapp.services.upsert import dialect_of, insert_for
from models.base import UtcDateTime, utc_now
from models.notice import Notice, NoticeKind
from models.visit import Visit, VisitState

NOTICES, VISITS = Notice.__table__, Visit.__table__
WAITS = VISITS.c.state == literal_column(f"'{VisitState.WAITING}'")
"""Spelled out, since SQLite takes a partial index for nothing else."""


@dataclass(frozen=True)
class Due:
    """Something to tell one phone now."""

    subscription_id: UUID
    member_id: int
    kind: NoticeKind
    noted_at: datetime
    tries: int
    locale: str
    address: Address


async def note_returned(session: AsyncSession, authors: Iterable[int]) -> None:
    """Notes for the phones of these members that visits of theirs were sent back; one statement for any number."""
    if settings().notice_contact:
        now = utc_now()
        phones = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.member_id.in_(sorted(set(authors))))
        await _note(session, NoticeKind.RETURNED, phones, now, by_day(now + GATHERS))


async def note_announced(session: AsyncSession, members: Any) -> None:
    """Notes for the phones of these members, a select of their ids, that something was announced."""
    if settings().notice_contact:
        now = utc_now()
        phones = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.member_id.in_(members))
        await _note(session, NoticeKind.ANNOUNCEMENT, phones, now, by_day(now + GATHERS))


async def note_reports(session: AsyncSession, members: Iterable[int]) -> None:
    """Notes for the phones of these members that they owe a report."""
    if settings().notice_contact:
        now = utc_now()
        phones = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.member_id.in_(sorted(set(members))))
        await _note(session, NoticeKind.REPORT, phones, now, by_day(now + GATHERS))


async def note_logs(session: AsyncSession, now: datetime) -> int:
    """Notes for every leader in whose villages something new waits since they were last told; gives their number."""
    phones = (await session.execute(_leaders_to_ask(now))).all()
    led = await _led(session, {phone.member_id for phone in phones}, now)
    newest = await _newest(session, {village for villages in led.values() for village in villages})
    news = [phone.id for phone in phones if _is_new(phone, led[phone.member_id], newest)]
    if news:
        chosen = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.id.in_(news))
        await _note(session, NoticeKind.LOG, chosen, now, by_day(now))
    return len(news)


async def list_due(session: AsyncSession, now: datetime, limit: int) -> list[Due]:
    """What may be told now, longest due first."""
    query = (
        select(NOTICES, SUBSCRIPTIONS)
        .join(SUBSCRIPTIONS, SUBSCRIPTIONS.c.id == NOTICES.c.subscription_id)
        .join(SESSIONS, is_open(now))
        .where(NOTICES.c.due_at <= now)
        .order_by(NOTICES.c.due_at, NOTICES.c.subscription_id)
        .limit(limit)
    )
    return [
        Due(
            row.subscription_id, row.member_id, NoticeKind(row.kind), row.noted_at, row.tries, row.locale,
            Address(row.endpoint, row.p256dh, row.auth),
        )
        for row in await session.execute(query)
    ]  # fmt: skip


async def hold_back(session: AsyncSession, now: datetime) -> None:
    """Moves what is due and may not be told yet: by night, or where the same was told a while ago."""
    query = select(NOTICES.c.subscription_id, NOTICES.c.kind, NOTICES.c.told_at).where(NOTICES.c.due_at <= now)
    for row in (await session.execute(query)).all():
        later = due(NoticeKind(row.kind), now, row.told_at)
        if later > now:
            await _change(session, row.subscription_id, NoticeKind(row.kind), due_at=later)


async def count(session: AsyncSession, one: Due, now: datetime) -> int:
    """How many visits, announcements or reports it is about at this moment."""
    if one.kind == NoticeKind.ANNOUNCEMENT:
        return await count_unread(session, one.member_id, vn_day(now))
    if one.kind == NoticeKind.REPORT:
        led = (await _led(session, {one.member_id}, now))[one.member_id]
        return await count_owed(session, led, vn_day(now))
    if one.kind == NoticeKind.RETURNED:
        theirs = and_(VISITS.c.author_id == one.member_id, VISITS.c.state == VisitState.RETURNED)
    else:
        led = (await _led(session, {one.member_id}, now))[one.member_id]
        theirs = and_(WAITS, VISITS.c.village_id.in_(sorted(led)), VISITS.c.author_id != one.member_id)
    return (await session.execute(select(func.count()).select_from(VISITS).where(theirs))).scalar_one()


async def settle(session: AsyncSession, one: Due, now: datetime, told: bool) -> None:
    """It was told, or needs no telling any more; what was noted meanwhile is told later."""
    same = NOTICES.c.noted_at == one.noted_at
    told_at = {"told_at": now} if told else {}
    nothing = {"noted_at": None, "due_at": None, "tries": 0}
    if await _change(session, one.subscription_id, one.kind, same, **nothing, **told_at) == 0:
        later = due(one.kind, now, now if told else None)
        await _change(session, one.subscription_id, one.kind, tries=0, due_at=later, **told_at)


async def try_later(session: AsyncSession, one: Due, now: datetime, asked: timedelta | None) -> None:
    """Another time, unless it is old by now."""
    if now - one.noted_at > STALE:
        await settle(session, one, now, told=False)
    else:
        later = again(now, one.tries, asked)
        await _change(session, one.subscription_id, one.kind, tries=one.tries + 1, due_at=later)


def _leaders_to_ask(now: datetime) -> Any:
    """The phones that may be told of a log: nothing is noted for them, and they were not told lately."""
    its = and_(NOTICES.c.subscription_id == SUBSCRIPTIONS.c.id, NOTICES.c.kind == NoticeKind.LOG)
    rested = or_(NOTICES.c.told_at.is_(None), NOTICES.c.told_at <= now - QUIET[NoticeKind.LOG])
    since = func.coalesce(NOTICES.c.told_at, SUBSCRIPTIONS.c.created_at, type_=UtcDateTime)
    return (
        select(SUBSCRIPTIONS.c.id, SUBSCRIPTIONS.c.member_id, since.label("since"))
        .join(SESSIONS, is_open(now))
        .outerjoin(NOTICES, its)
        .where(NOTICES.c.noted_at.is_(None), rested)
    )


async def _led(session: AsyncSession, members: set[int], now: datetime) -> dict[int, set[int]]:
    """The villages in which each of these members decides today, ended ones that theirs continues among them."""
    today = vn_day(now)
    held: dict[int, list] = {member: [] for member in members}
    for posting in await list_postings(session, sorted(members)) if members else ():
        if posting.covers(today):
            held[posting.member_id].append(posting)
    found = {}
    for member, postings in held.items():
        scope = scope_of(postings)
        ended = {village for village, into in scope["continues"].items() if into in scope["led_village_ids"]}
        found[member] = scope["led_village_ids"] | ended
    return found


async def _newest(session: AsyncSession, villages: set[int]) -> dict[int, dict[int, datetime]]:
    """By village and author, when the last of what waits came in."""
    if not villages:
        return {}
    last = func.max(VISITS.c.received_at, type_=UtcDateTime).label("last")
    query = (
        select(VISITS.c.village_id, VISITS.c.author_id, last)
        .where(WAITS, VISITS.c.village_id.in_(sorted(villages)))
        .group_by(VISITS.c.village_id, VISITS.c.author_id)
    )
    found: dict[int, dict[int, datetime]] = {}
    for row in await session.execute(query):
        found.setdefault(row.village_id, {})[row.author_id] = row.last
    return found


def _is_new(phone: Any, villages: set[int], newest: dict[int, dict[int, datetime]]) -> bool:
    """Whether somebody else's visit came to one of the villages since the phone was last told."""
    times = (at for village in villages for author, at in newest.get(village, {}).items() if author != phone.member_id)
    return any(at > phone.since for at in times)


async def _note(session: AsyncSession, kind: NoticeKind, phones: Any, now: datetime, due_at: datetime) -> None:
    """One row for each phone; what is due already stays due then. A phone that is being forgotten is waited for."""
    columns = phones.add_columns(
        literal(str(kind)), literal(now, UtcDateTime), literal(due_at, UtcDateTime), literal_column("0")
    ).order_by(SUBSCRIPTIONS.c.id)
    columns = columns.with_for_update(read=True, key_share=True)
    names = ["subscription_id", "kind", "noted_at", "due_at", "tries"]
    insert = insert_for(dialect_of(session), NOTICES).from_select(names, columns)
    kept = func.coalesce(NOTICES.c.due_at, insert.excluded.due_at)
    change = {"noted_at": insert.excluded.noted_at, "due_at": kept}
    await session.execute(insert.on_conflict_do_update(index_elements=["subscription_id", "kind"], set_=change))


async def _change(session: AsyncSession, phone: UUID, kind: NoticeKind, *where: Any, **values: Any) -> int:
    row = and_(NOTICES.c.subscription_id == phone, NOTICES.c.kind == kind, *where)
    return (await session.execute(update(NOTICES).where(row).values(**values))).rowcount  # type: ignore[attr-defined]
