"""Phones as they last reported themselves, and how they are taken out of use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit, enrolments, sessions
from fieldapp.services.reach import may_end_phone
from models.base import utc_now
from models.device import Device
from models.member import Member
from models.session import Session, SessionState

DEVICES, SESSIONS, MEMBERS = Device.__table__, Session.__table__, Member.__table__


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


@dataclass(frozen=True)
class Ended:
    """Whose sessions on a phone were ended: names of those in reach of whoever ended it, and how many others."""

    names: Sequence[str] = ()
    others: int = 0

    @property
    def people(self) -> int:
        return len(self.names) + self.others


async def end_phone(session: AsyncSession, who: Principal, device_id: UUID, state: SessionState) -> Ended:
    """Ends a phone's sessions and tells whose: `closing` lets one person send what they hold, `closed` refuses all.

    A phone is `closed` when it was stolen, so it is closed to everybody who shares it, out of reach or not. One that
    is closing already may be closed, never the reverse. Raises `invalid` for any other state, `not_found`, or
    `forbidden` where the member of this device is out of this person's reach.
    """
    if state == SessionState.OPEN:
        raise Problem("invalid", "state")
    device = await session.get(Device, device_id)
    if device is None:
        raise Problem("not_found", "device")
    if not await may_end_phone(session, who, device.member_id):
        raise Problem("forbidden")
    ended = await _end_sessions(session, who, device, state)
    beside = await _beside(session, device) if state == SessionState.CLOSED else []
    for other in beside:
        ended += await _end_sessions(session, who, other, state)
    return await _told(session, who, ended)


async def _beside(session: AsyncSession, device: Device) -> Sequence[Device]:
    """The other devices on the same phone; none where the phone never said what it calls itself."""
    if device.phone_id is None:
        return []
    same = select(Device).where(DEVICES.c.phone_id == device.phone_id, DEVICES.c.id != device.id)
    return (await session.execute(same.order_by(DEVICES.c.id))).scalars().all()


async def _end_sessions(session: AsyncSession, who: Principal, device: Device, state: SessionState) -> list[int]:
    """Ends the sessions of one device; gives its member where there were any."""
    ends = [SessionState.OPEN] if state == SessionState.CLOSING else [SessionState.OPEN, SessionState.CLOSING]
    query = select(Session).where(SESSIONS.c.device_id == device.id, SESSIONS.c.state.in_(ends)).with_for_update()
    rows = (await session.execute(query)).scalars().all()
    for row in rows:
        await sessions.end(session, who, row, state)
        if state == SessionState.CLOSED:
            # A link that no sync has spent would let the phone in again.
            await enrolments.spend(session, row.enrolment_id)
    event = audit.event(who, "device.end", "device", device.id, state=state, sessions=len(rows))
    await audit.write(session, [event])
    return [device.member_id] if rows else []


async def _told(session: AsyncSession, who: Principal, member_ids: Sequence[int]) -> Ended:
    people = dict.fromkeys(member_ids)
    named = [i for i in people if await may_end_phone(session, who, i)]
    rows = await session.execute(select(MEMBERS.c.id, MEMBERS.c.full_name).where(MEMBERS.c.id.in_(named)))
    names = {row.id: row.full_name for row in rows}
    return Ended([names[i] for i in named], len(people) - len(named))
