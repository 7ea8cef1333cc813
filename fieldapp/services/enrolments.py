"""Invitations: a leader or officer makes one, the member's phone takes it up by a POST, a sync spends it.

Until a phone has pushed, or shown by its cursor that the first pull arrived, the same link works again: a lost answer
locks nobody out, and an iPhone, whose installed app does not share Safari's storage, can join once more inside the
installed app; the earlier session of the same link is ended then.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.members import Posting, get_member, list_postings
from fieldapp.services.reach import may_invite
from fieldapp.services.sessions import SESSIONS, new_token, open_session, token_hash
from models.base import utc_now
from models.device import Device
from models.enrolment import Enrolment
from models.member import Member
from models.session import Session, SessionState

ENROLMENTS = Enrolment.__table__


async def current_postings(session: AsyncSession, member_id: int) -> list[Posting]:
    today = vn_day(utc_now())
    return [p for p in await list_postings(session, [member_id]) if p.covers(today)]


async def make_enrolment(session: AsyncSession, who: Principal | None, member_id: int) -> tuple[Enrolment, str]:
    """An invitation for a member and its secret. `who` is None only for the command line.

    Raises `not_found`, or `forbidden` where the member is out of this person's reach (`reach.py`).
    """
    await get_member(session, member_id)
    if who is not None and not await may_invite(session, who, member_id):
        raise Problem("forbidden")
    token = new_token()
    row = Enrolment(
        id=uuid7(),
        token_hash=token_hash(token),
        member_id=member_id,
        made_by_account_id=who.account_id if who else None,
        made_by_member_id=who.member_id if who else None,
        expires_at=utc_now() + timedelta(hours=settings().enrolment_hours),
    )
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "enrolment.make", "member", member_id)])
    return row, token


async def get_usable(session: AsyncSession, hashed: str) -> Enrolment:
    """The invitation whose secret has this hash. Raises `enrolment_unknown`, or `enrolment_spent` (used or expired)."""
    query = select(Enrolment).where(ENROLMENTS.c.token_hash == hashed).with_for_update()
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        raise Problem("enrolment_unknown")
    if row.spent_at is not None or row.expires_at <= utc_now():
        raise Problem("enrolment_spent")
    return row


async def is_open(session: AsyncSession, hashed: str) -> bool:
    """Whether the link whose secret has this hash would be taken now."""
    open_now = (ENROLMENTS.c.spent_at.is_(None), ENROLMENTS.c.expires_at > utc_now())
    query = select(ENROLMENTS.c.id).where(ENROLMENTS.c.token_hash == hashed, *open_now)
    return (await session.execute(query)).first() is not None


async def preview(session: AsyncSession, hashed: str) -> tuple[Member, list[Posting]]:
    """Whom an invitation is for; looking does not use it up."""
    row = await get_usable(session, hashed)
    return await get_member(session, row.member_id), await current_postings(session, row.member_id)


async def join(
    session: AsyncSession, hashed: str, device_id: UUID, label: str, phone_id: str | None = None
) -> tuple[Session, str]:
    """Takes the invitation up: a device and its open session, and the secret for the cookie.

    `phone_id` is what the phone calls itself for all of its people. The first one that a device names stays: nobody
    leaves a shared phone by naming another.
    """
    row = await get_usable(session, hashed)
    await session.execute(
        update(SESSIONS)
        .where(SESSIONS.c.enrolment_id == row.id, SESSIONS.c.state == SessionState.OPEN)
        .values(state=SessionState.CLOSING, ended_at=utc_now())
    )
    device = await session.get(Device, device_id)
    if device is not None and device.member_id != row.member_id:
        device_id, device = uuid7(), None
    if device is None:
        session.add(Device(id=device_id, member_id=row.member_id, label=label[:120], phone_id=phone_id))
    elif device.phone_id is None:
        device.phone_id = phone_id
    row.joined_at = utc_now()
    await session.flush()
    opened, secret = await open_session(
        session, member_id=row.member_id, device_id=device_id, enrolment_id=row.id, label=label
    )
    who = Principal(role=None, session_id=str(opened.id), member_id=row.member_id)  # type: ignore[arg-type]
    await audit.write(session, [audit.event(who, "enrolment.join", "device", device_id)])
    return opened, secret


async def is_unspent(session: AsyncSession, enrolment_id: UUID | None) -> bool:
    """Whether a session came from an invitation that its link still opens."""
    row = await session.get(Enrolment, enrolment_id) if enrolment_id is not None else None
    return row is not None and row.spent_at is None


async def spend(session: AsyncSession, enrolment_id: UUID | None) -> None:
    """Marks an invitation as used up: a session that came from it pushed, or pulled with a cursor it was given."""
    if enrolment_id is not None:
        await session.execute(
            update(ENROLMENTS)
            .where(ENROLMENTS.c.id == enrolment_id, ENROLMENTS.c.spent_at.is_(None))
            .values(spent_at=utc_now())
        )


def link(token: str) -> str:
    """The address that a QR or message carries; what stands behind # never leaves the browser."""
    return f"{settings().origin}/m/join/#{token}"
