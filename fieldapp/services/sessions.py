"""Sessions: opened by sign-in or joining, found by their cookie, ended by their owner or an officer.

A cookie is 256 random bits; the database holds its SHA-256. Identity is looked up at every request and event.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.session_life import state_now
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit, subscriptions
from fieldapp.services.members import Posting, list_postings, scope_of
from fieldapp.services.officers import officer_of
from fieldapp.services.padding import padded
from models.account import Role
from models.base import utc_now
from models.device import Device
from models.enrolment import Enrolment
from models.member import Member
from models.session import Session, SessionState, SignInWay
from models.sync import ServerFact

SESSIONS, DEVICES, ENROLMENTS = Session.__table__, Device.__table__, Enrolment.__table__
SEEN_EVERY = timedelta(minutes=5)
EPOCH = "epoch"


@dataclass(frozen=True)
class Identity:
    """A session, who it is, and what its requests need to know besides."""

    session: Session
    principal: Principal
    postings: list[Posting] = field(default_factory=list)
    epoch: str = ""
    """The name of this life of the database; a restore gives it another."""
    unspent: bool = False
    """Whether its invitation still works."""
    unsent_count: int | None = None
    """What its phone said at its last push to hold besides."""
    phone_heard_at: datetime | None = None


_IDENTITY = (
    select(
        Session,
        Member,
        select(ServerFact.__table__.c.value).where(ServerFact.__table__.c.key == EPOCH).scalar_subquery(),
        select(ENROLMENTS.c.id)
        .where(ENROLMENTS.c.id == SESSIONS.c.enrolment_id, ENROLMENTS.c.spent_at.is_(None))
        .exists(),
        DEVICES.c.unsent_count,
        DEVICES.c.last_contact_at,
    )
    .outerjoin(Member, Member.__table__.c.id == SESSIONS.c.member_id)
    .outerjoin(DEVICES, DEVICES.c.id == SESSIONS.c.device_id)
    .where(SESSIONS.c.token_hash.in_(bindparam("hashes", expanding=True)))
)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


async def open_session(
    session: AsyncSession,
    *,
    account_id: int | None = None,
    member_id: int | None = None,
    device_id: UUID | None = None,
    enrolment_id: UUID | None = None,
    label: str = "",
    way: SignInWay = SignInWay.PASSWORD,
) -> tuple[Session, str]:
    """A new open session and the secret for its cookie, which is stored nowhere."""
    token = new_token()
    desk = timedelta(hours=settings().desk_session_hours)
    phone = timedelta(days=settings().phone_session_days)
    row = Session(
        id=uuid7(),
        token_hash=token_hash(token),
        account_id=account_id,
        member_id=member_id,
        device_id=device_id,
        enrolment_id=enrolment_id,
        label=label[:200],
        way=way if account_id else None,
        expires_at=utc_now() + (desk if account_id else phone),
    )
    session.add(row)
    await session.flush()
    return row, token


async def open_for_officer(
    session: AsyncSession, account_id: int, label: str, way: SignInWay = SignInWay.PASSWORD
) -> tuple[Principal, str]:
    """Signs an officer in, and writes down that this happened: who that is now, and the secret for the cookie."""
    row, token = await open_session(session, account_id=account_id, label=label, way=way)
    who = await officer_of(session, row)
    await audit.write(session, [audit.event(who, "session.open", "session", row.id, way=way)])
    return who, token


async def find_by_token(session: AsyncSession, token: str) -> Session | None:
    """The session of a cookie, whatever its state."""
    query = select(Session).where(SESSIONS.c.token_hash == token_hash(token))
    return (await session.execute(query)).scalar_one_or_none()


@dataclass(frozen=True)
class Call:
    """Somebody's cookie, and whether its session may be closing."""

    token: str
    closing_too: bool = False


async def identify(session: AsyncSession, call: Call) -> Identity:
    """Whose cookie this is.

    Raises `not_signed_in`, `session_closed` as `principal_of` does, or `busy` on a database without an epoch.
    """
    found = (await identify_all(session, [call]))[0]
    if isinstance(found, Problem):
        raise found
    return found


async def identify_all(session: AsyncSession, calls: Sequence[Call]) -> list[Identity | Problem]:
    """For each cookie whose it is, or the Problem that `identify` raises; two statements for any number of phones."""
    hashes = [token_hash(call.token) for call in calls]
    rows = {row[0].token_hash: row for row in await session.execute(_IDENTITY, {"hashes": padded(hashes)})}
    members = [row[0].member_id for row in rows.values() if row[0].member_id is not None]
    postings: dict[int, list[Posting]] = {member_id: [] for member_id in members}
    for posting in await list_postings(session, members) if members else ():
        postings[posting.member_id].append(posting)
    found = []
    for call, its_hash in zip(calls, hashes, strict=True):
        try:
            found.append(await _identity(session, call, rows.get(its_hash) if call.token else None, postings))
        except Problem as problem:
            found.append(problem)
    return found


async def _identity(session: AsyncSession, call: Call, found: Any, postings: dict[int, list[Posting]]) -> Identity:
    if found is None:
        raise Problem("not_signed_in")
    row, member, epoch, unspent, unsent_count, heard_at = found
    if epoch is None:
        raise Problem("busy")
    if member is None:
        return Identity(row, await principal_of(session, row, closing_too=call.closing_too), epoch=epoch)
    _require_usable(row, call.closing_too)
    mine = postings[row.member_id]
    return Identity(row, _member(row, member, mine), mine, epoch, unspent, unsent_count, heard_at)


async def principal_of(session: AsyncSession, row: Session | None, *, closing_too: bool = False) -> Principal:
    """Who this session is. Raises `not_signed_in`, or `session_closed` when it has ended."""
    if row is None:
        raise Problem("not_signed_in")
    _require_usable(row, closing_too)
    if row.account_id is not None:
        return await officer_of(session, row)
    assert row.member_id is not None
    member = await session.get(Member, row.member_id)
    return _member(row, member, await list_postings(session, [row.member_id]))


def _require_usable(row: Session, closing_too: bool) -> None:
    state = state_now(row, utc_now())
    if state == SessionState.CLOSED or (state == SessionState.CLOSING and not closing_too):
        raise Problem("session_closed")


async def principal_by_id(session: AsyncSession, session_id: str) -> Principal:
    """Who the session with this id is: for the desk, whose requests carry the id that the edge looked up."""
    try:
        row = await session.get(Session, UUID(session_id))
    except ValueError:
        row = None
    return await principal_of(session, row)


def _member(row: Session, member: Member | None, ever: list[Posting]) -> Principal:
    if member is None or member.discarded_at is not None:
        raise Problem("session_closed")
    today = vn_day(utc_now())
    postings = [p for p in ever if p.covers(today)]
    scope = scope_of(postings)
    return Principal(
        role=Role.LEADER if scope["led_village_ids"] else Role.MEMBER,
        session_id=str(row.id),
        member_id=member.id,
        commune_id=postings[0].commune_id if postings else None,
        name=member.full_name,
        **scope,
    )


def is_due(row: Session) -> bool:
    """Whether the last note that this session is in use is five minutes old: more often nobody needs to know."""
    return utc_now() - row.last_seen_at >= SEEN_EVERY


async def mark_seen(session: AsyncSession, row: Session) -> None:
    """Notes that the session is in use, and that its phone was heard."""
    now = utc_now()
    await session.execute(update(SESSIONS).where(SESSIONS.c.id == row.id).values(last_seen_at=now))
    if row.device_id is not None:
        await session.execute(update(DEVICES).where(DEVICES.c.id == row.device_id).values(last_contact_at=now))


async def list_own(session: AsyncSession, who: Principal) -> list[Session]:
    """The open sessions of this person, newest first."""
    own = SESSIONS.c.account_id == who.account_id if who.account_id else SESSIONS.c.member_id == who.member_id
    query = select(Session).where(own, SESSIONS.c.state == SessionState.OPEN).order_by(SESSIONS.c.last_seen_at.desc())
    return [s for s in (await session.execute(query)).scalars() if state_now(s, utc_now()) == SessionState.OPEN]


async def end_own(session: AsyncSession, who: Principal, session_id: UUID) -> None:
    """Ends one of one's own sessions at once. Raises `not_found` for anybody else's."""
    row = await session.get(Session, session_id)
    if row is None or row.account_id != who.account_id or row.member_id != who.member_id:
        raise Problem("not_found")
    await end(session, who, row, SessionState.CLOSED)


async def end(session: AsyncSession, who: Principal | None, row: Session, state: SessionState) -> None:
    """Ends a session: `closing` lets a phone still push what it holds, `closed` refuses everything."""
    row.state = state
    row.ended_at = utc_now()
    await session.flush()
    await subscriptions.end_of(session, row.id)
    await audit.write(session, [audit.event(who, "session.end", "session", row.id, state=state)])


async def end_all_of(session: AsyncSession, who: Principal | None, account_id: int, but: UUID | None = None) -> int:
    """Ends the open sessions of an account, all but one where one is named; gives how many those were."""
    query = select(Session).where(SESSIONS.c.account_id == account_id, SESSIONS.c.state == SessionState.OPEN)
    rows = [row for row in (await session.execute(query.with_for_update())).scalars() if row.id != but]
    for row in rows:
        await end(session, who, row, SessionState.CLOSED)
    return len(rows)


async def get_session(session: AsyncSession, session_id: UUID) -> Session:
    return await session.get_one(Session, session_id)
