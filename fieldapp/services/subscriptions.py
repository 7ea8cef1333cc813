"""Which phones want to be told, and the key by which their push services know this server.

A subscription belongs to a session and ends with it. Its address opens that phone to whoever has it and the key, so no
answer, log or backup holds it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.notice import is_reachable
from fieldapp.integrations.web_push import Address, Sender, is_address, new_key
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services.upsert import insert_new
from models.base import utc_now
from models.push_subscription import PushSubscription
from models.session import Session, SessionState
from models.sync import ServerFact

SUBSCRIPTIONS, SESSIONS, FACTS = PushSubscription.__table__, Session.__table__, ServerFact.__table__
KEY = "notice_key"


@dataclass(frozen=True)
class Wish:
    """What a phone asks for: where it is told, and in which language."""

    address: Address
    locale: str


async def make_key(session: AsyncSession) -> None:
    """Makes the key of this database once, whoever starts first; a restored database keeps its own."""
    if await find_key(session) is None:
        await insert_new(session, FACTS, {"key": KEY, "value": new_key()})


async def find_key(session: AsyncSession) -> str | None:
    return (await session.execute(select(FACTS.c.value).where(FACTS.c.key == KEY))).scalar_one_or_none()


async def find_sender(session: AsyncSession) -> Sender | None:
    """Who tells, or None where nobody is told anything: no contact is set, or nothing has started yet."""
    key = await find_key(session) if settings().notice_contact else None
    return Sender(key, settings().notice_contact) if key else None


async def put(session: AsyncSession, who: Principal, session_id: UUID, wish: Wish) -> None:
    """Has this session told from now on, in place of whatever it asked for before.

    Raises `forbidden`, `not_found` where nobody is told anything, `invalid` for an address that no browser makes.
    """
    require(who, Action.RECEIVE_NOTICE)
    if await find_sender(session) is None:
        raise Problem("not_found", "key")
    if not is_reachable(wish.address.endpoint):
        raise Problem("invalid", "endpoint")
    if not is_address(wish.address):
        raise Problem("invalid", "keys")
    assert who.member_id is not None
    row = await _of(session, session_id)
    if row is None:
        row = PushSubscription(
            id=uuid7(), session_id=session_id, member_id=who.member_id, endpoint="", p256dh="", auth="", locale=""
        )
        session.add(row)
    row.endpoint, row.p256dh, row.auth = wish.address.endpoint, wish.address.p256dh, wish.address.auth
    row.locale = wish.locale
    await session.flush()


async def drop(session: AsyncSession, who: Principal, session_id: UUID) -> None:
    """Tells this session nothing any more. Raises `forbidden`."""
    require(who, Action.RECEIVE_NOTICE)
    await end_of(session, session_id)


async def is_on(session: AsyncSession, session_id: UUID) -> bool:
    return await _of(session, session_id) is not None


async def end_of(session: AsyncSession, session_id: UUID) -> None:
    await session.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.session_id == session_id))


async def forget(session: AsyncSession, subscription_id: UUID) -> None:
    """Its push service knows this phone no longer."""
    await session.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == subscription_id))


async def drop_ended(session: AsyncSession, now: datetime) -> int:
    """Forgets the phones whose session is open no longer; gives their number."""
    ended = select(SESSIONS.c.id).where(or_(SESSIONS.c.state != SessionState.OPEN, SESSIONS.c.expires_at <= now))
    dropped = await session.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.session_id.in_(ended)))
    return dropped.rowcount  # type: ignore[attr-defined]


def is_open(now: datetime | None = None):
    """The condition that a subscription's session meets while it may be told."""
    now = now or utc_now()
    return and_(
        SESSIONS.c.id == SUBSCRIPTIONS.c.session_id, SESSIONS.c.state == SessionState.OPEN, SESSIONS.c.expires_at > now
    )


async def _of(session: AsyncSession, session_id: UUID) -> PushSubscription | None:
    query = select(PushSubscription).where(SUBSCRIPTIONS.c.session_id == session_id)
    return (await session.execute(query)).scalar_one_or_none()
