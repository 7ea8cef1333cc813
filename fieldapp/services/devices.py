"""Phones as they last reported themselves, and how they are taken out of use."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit, sessions
from fieldapp.services.reach import may_end_phone
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
    if not await may_end_phone(session, who, device.member_id):
        raise Problem("forbidden")
    ends = [SessionState.OPEN] if state == SessionState.CLOSING else [SessionState.OPEN, SessionState.CLOSING]
    query = select(Session).where(SESSIONS.c.device_id == device_id, SESSIONS.c.state.in_(ends)).with_for_update()
    rows = (await session.execute(query)).scalars().all()
    for row in rows:
        await sessions.end(session, who, row, state)
    event = audit.event(who, "device.end", "device", device_id, state=state, sessions=len(rows))
    await audit.write(session, [event])
    return len(rows)
