"""What a leader's phone is told about the phones of its people: those in use, and what each last said of itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.session_life import sends_until, state_now
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, may
from fieldapp.services.members import list_postings
from fieldapp.services.reach import reaches
from models.base import utc_now
from models.device import Device
from models.session import Session, SessionState

DEVICES, SESSIONS = Device.__table__, Session.__table__
Row = dict[str, Any]


async def with_phones(session: AsyncSession, who: Principal, people: list[Row]) -> list[Row]:
    """Adds `devices` to those whose phones this person may end; the others stay as they are."""
    if not may(who, Action.END_PHONE):
        return people
    phones = await _phones(session, await _below(session, who, [person["id"] for person in people]), utc_now())
    return [person | ({"devices": phones[person["id"]]} if person["id"] in phones else {}) for person in people]


async def _below(session: AsyncSession, who: Principal, member_ids: list[int]) -> list[int]:
    today = vn_day(utc_now())
    postings = [p for p in await list_postings(session, member_ids) if p.covers(today)]
    seats = {member_id: [p for p in postings if p.member_id == member_id] for member_id in member_ids}
    own = seats.pop(who.member_id or 0, [])
    return [member_id for member_id, theirs in seats.items() if reaches(who, Action.END_PHONE, member_id, own, theirs)]


async def _phones(session: AsyncSession, member_ids: list[int], now: datetime) -> dict[int, list[Row]]:
    """By member; a phone that was closed for good is none of theirs any more."""
    query = (
        select(Device, Session)
        .join(Session, SESSIONS.c.device_id == DEVICES.c.id)
        .where(DEVICES.c.member_id.in_(member_ids), SESSIONS.c.state != SessionState.CLOSED)
        .order_by(DEVICES.c.created_at, DEVICES.c.id, SESSIONS.c.created_at)
    )
    lives: dict[UUID, tuple[Device, list[Session]]] = {}
    for phone, life in await session.execute(query):
        if state_now(life, now) != SessionState.CLOSED:
            lives.setdefault(phone.id, (phone, []))[1].append(life)
    phones: dict[int, list[Row]] = {member_id: [] for member_id in member_ids}
    for phone, its in lives.values():
        is_open = any(state_now(life, now) == SessionState.OPEN for life in its)
        until = None if is_open else _millis(max(map(sends_until, its)))
        phones[phone.member_id].append(_phone(phone) | ({"sends_until": until} if until else {}))
    return phones


def _phone(phone: Device) -> Row:
    heard = phone.last_contact_at and _millis(phone.last_contact_at)
    return {"id": str(phone.id), "label": phone.label, "heard": heard, "unsent": phone.unsent_count}


def _millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
