"""Phones as they last reported themselves, and how they are taken out of use."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, may
from fieldapp.problems import Problem
from fieldapp.services import audit, sessions
from fieldapp.services.members import list_postings
from models.base import utc_now
from models.device import Device
from models.session import Session, SessionState

DEVICES, SESSIONS = Device.__table__, Session.__table__


_CONTACT = (
    update(DEVICES)
    .where(DEVICES.c.id == bindparam("phone"))
    .values({name: bindparam(name) for name in ("last_contact_at", "app_version", "unsent_count", "clock_offset_ms")})
)


async def mark_contact(
    session: AsyncSession, device_id: UUID | None, app_version: str, unsent: int | None, device_now: datetime
) -> None:
    """Notes that a phone was heard, with its version, what it still holds, and how far its clock is off."""
    if device_id is None:
        return
    now = utc_now()
    offset = max(-(2**31), min(2**31 - 1, int((device_now - now).total_seconds() * 1000)))
    values = {"last_contact_at": now, "app_version": app_version, "unsent_count": unsent, "clock_offset_ms": offset}
    await session.execute(_CONTACT, {"phone": device_id, **values})


async def end_phone(session: AsyncSession, who: Principal, device_id: UUID, state: SessionState) -> int:
    """Ends a phone's sessions and gives their number: `closing` lets it send what it holds, `closed` refuses all.

    A phone that is closing already may be closed (it turned out to be stolen), never the reverse. Raises
    `invalid` for any other state, `not_found`, or `forbidden` where its member is out of this person's reach.
    """
    if state == SessionState.OPEN:
        raise Problem("invalid", "state")
    device = await session.get(Device, device_id)
    if device is None:
        raise Problem("not_found", "device")
    if not any(may(who, Action.END_PHONE, place) for place in await _places(session, device.member_id)):
        raise Problem("forbidden")
    ends = [SessionState.OPEN] if state == SessionState.CLOSING else [SessionState.OPEN, SessionState.CLOSING]
    query = select(Session).where(SESSIONS.c.device_id == device_id, SESSIONS.c.state.in_(ends)).with_for_update()
    rows = (await session.execute(query)).scalars().all()
    for row in rows:
        await sessions.end(session, who, row, state)
    event = audit.event(who, "device.end", "device", device_id, state=state, sessions=len(rows))
    await audit.write(session, [event])
    return len(rows)


async def _places(session: AsyncSession, member_id: int) -> Sequence[Place]:
    """Where a member serves today; of one who has left, where they served before."""
    postings = await list_postings(session, [member_id])
    today = vn_day(utc_now())
    current = [p for p in postings if p.covers(today)]
    return [Place(p.village_id, p.commune_id) for p in current or postings] or [Place()]
