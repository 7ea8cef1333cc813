"""Takes in what a phone could not send and somebody else brings in a file: the author stays the author (docs/sync.md).

Records go the way of every push, judged by the author's seats, some at a time; a second time they are `identical`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.record import RecordKind
from fieldapp.domain.rescue_file import RescueHead
from fieldapp.domain.session_life import state_now
from fieldapp.integrations.rescue_seal import RescueKey
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit, rescue_keys
from fieldapp.services.members import list_postings
from fieldapp.services.push import Parcel, receive_all
from fieldapp.services.push_kinds import Answer
from fieldapp.services.reach import may_rescue
from models.account import Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.device import Device
from models.member import Member
from models.session import Session, SessionState
from models.sync import PushResult

EVENTS, SESSIONS = AuditEvent.__table__, Session.__table__
RECORDS_AT_ONCE = 50
TOLD = ("id", "result", "code", "field")
"""What an importer hears of a record: not what it says, and not what it met."""

_TAKEN = {PushResult.CREATED}
_KNOWN = {PushResult.IDENTICAL, PushResult.SUPERSEDED}


@dataclass(frozen=True)
class Author:
    """Whose records a file holds, and the phone that they were made on, where it is still known."""

    who: Principal
    device_id: UUID | None


@dataclass
class Counts:
    """What became of a file: records now here, here before, and to look at; photos likewise, and left out."""

    records: int = 0
    records_known: int = 0
    look: list[Answer] = field(default_factory=list)
    photos: int = 0
    photos_known: int = 0
    photos_left: int = 0

    def add(self, raw_records: Sequence[Any], answers: Sequence[Answer]) -> None:
        for raw, answer in zip(raw_records, answers, strict=True):
            if answer["result"] in _TAKEN:
                self.records += 1
            elif answer["result"] in _KNOWN:
                self.records_known += 1
            else:
                kind = raw.get("kind") if isinstance(raw, dict) else None
                told = {name: answer[name] for name in TOLD if name in answer}
                self.look.append({"kind": kind if kind in list(RecordKind) else "", **told})


async def seal_for(session: AsyncSession, phone: Session) -> dict[str, str]:
    """What the phone of this session closes its files with, and proves itself with. Raises `forbidden` at a desk."""
    if phone.member_id is None or phone.device_id is None:
        raise Problem("forbidden")
    key = await rescue_keys.find(session) or await rescue_keys.make_once(session)
    return {"key": key.public, "proof": key.proof_of(phone.member_id, phone.device_id)}


async def get_author(session: AsyncSession, importer: Principal, key: RescueKey, head: RescueHead) -> Author:
    """Raises `forbidden` out of the importer's reach, `rescue_unproven`, `rescue_phone_closed`."""
    if not await may_rescue(session, importer, head.author):
        raise Problem("forbidden")
    if not key.proves(head.proof, head.author, head.device):
        raise Problem("rescue_unproven")
    if await _is_stolen(session, head.device):
        raise Problem("rescue_phone_closed")
    member = await session.get(Member, head.author)
    if member is None:
        raise Problem("not_found")
    device = await session.get(Device, head.device)
    known = device is not None and device.member_id == head.author
    return Author(
        Principal(Role.MEMBER, "", member_id=head.author, name=member.full_name), head.device if known else None
    )


async def _is_stolen(session: AsyncSession, device_id: UUID) -> bool:
    """Whether somebody closed this phone, and nobody has let it in again since. Signing out closes no phone."""
    ended = select(EVENTS.c.detail).where(EVENTS.c.action == "device.end", EVENTS.c.subject_id == str(device_id))
    details = (await session.execute(ended)).scalars().all()
    if not any(detail.get("state") == SessionState.CLOSED for detail in details):
        return False
    rows = (await session.execute(select(Session).where(SESSIONS.c.device_id == device_id))).scalars()
    return all(state_now(row, utc_now()) == SessionState.CLOSED for row in rows)


def portions(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(records), RECORDS_AT_ONCE):
        yield records[begin : begin + RECORDS_AT_ONCE]


async def take_in(
    session: AsyncSession, importer: Principal, author: Author, device_now: datetime, raw_records: Sequence[Any]
) -> list[Answer]:
    """An answer for each record, as a push by the author would have it. `device_now`: see `device_clock`."""
    postings = await list_postings(session, [author.who.member_id or 0])
    parcel = Parcel(author.who, author.device_id, device_now, list(raw_records), postings, importer=importer)
    return (await receive_all(session, [parcel], careful=True))[0]


def device_clock(head: RescueHead, now: datetime) -> datetime:
    """What the phone's clock shows now: by its offset when it last met the server, and not before it wrote the file."""
    written = datetime.fromtimestamp(head.made_at / 1000, now.tzinfo)
    return max(now - timedelta(milliseconds=head.clock_offset), written)


async def note(session: AsyncSession, importer: Principal, author: Author, counts: Counts, sha256: str) -> None:
    """Writes down who brought whose file, and what came of it."""
    detail = {"records": counts.records, "known": counts.records_known, "look": len(counts.look)}
    photos = {"photos": counts.photos, "photos_left": counts.photos_left, "sha256": sha256}
    event = audit.event(
        importer, "record.rescue", "member", author.who.member_id, importer.commune_id, **detail, **photos
    )
    await audit.write(session, [event])
