"""What waits at the commune to be sorted, in words that a person can judge, and the log of what came and went."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from models.account import Account
from models.held import HeldReason, HeldRecord
from models.household import Household
from models.member import Member
from models.platform import Platform
from models.sync import PushResult, Record
from models.team import Seat, Team
from models.unit import Unit
from models.visit import Result

HELD, RECORDS, MEMBERS, ACCOUNTS = HeldRecord.__table__, Record.__table__, Member.__table__, Account.__table__
HOUSEHOLDS, UNITS, PLATFORMS = Household.__table__, Unit.__table__, Platform.__table__
SEATS, TEAMS = Seat.__table__, Team.__table__


@dataclass(frozen=True)
class HeldOutcome:
    name_vi: str
    name_en: str
    result: str


@dataclass(frozen=True)
class HeldRow:
    """`made_at` is by the phone's clock as it was corrected at the push; `outcomes` and `people` of a visit."""

    id: UUID
    kind: str
    reason: HeldReason
    author_id: int
    author: str
    made_at: datetime
    received_at: datetime
    village_id: int | None
    village: str
    household_number: str
    head_name: str
    people: int
    note: str
    outcomes: Sequence[HeldOutcome] = field(default_factory=list)
    team_id: int | None = None


@dataclass(frozen=True)
class LogRow:
    """A record that was sorted (`by` is empty where it sorted itself), or one of a closing session (`closing`)."""

    id: UUID
    kind: str
    author: str
    at: datetime
    result: PushResult
    by: str
    reason: str
    closing: bool


async def list_held(session: AsyncSession, who: Principal, limit: int = 100) -> tuple[list[HeldRow], int]:
    """The commune's held records, oldest first, and the number of all. Raises `forbidden`."""
    require(who, Action.SORT_RECORD, Place(commune_id=who.commune_id))
    mine = (HELD.c.commune_id == who.commune_id, HELD.c.sorted_at.is_(None))
    columns = (RECORDS.c.kind, RECORDS.c.payload, RECORDS.c.made_at, RECORDS.c.received_at)
    query = (
        select(HELD, *columns, MEMBERS.c.full_name, UNITS.c.name.label("village"))
        .join(RECORDS, RECORDS.c.id == HELD.c.record_id)
        .join(MEMBERS, MEMBERS.c.id == HELD.c.author_id)
        .outerjoin(UNITS, UNITS.c.id == HELD.c.village_id)
        .where(*mine)
        .order_by(RECORDS.c.received_at, HELD.c.record_id)
    )
    rows = (await session.execute(query.limit(limit))).all()
    total = (await session.execute(select(func.count()).select_from(HELD).where(*mine))).scalar_one()
    homes = await _households(session, [row.payload["payload"].get("household") for row in rows])
    names = {p.code: (p.short_vi, p.short_en) for p in await session.execute(select(PLATFORMS))}
    return [_row(row, homes, names) for row in rows], total


async def list_log(session: AsyncSession, who: Principal, limit: int = 50) -> list[LogRow]:
    """What was sorted, and what phones sent whose session was ending already; newest first. Raises `forbidden`."""
    require(who, Action.SORT_RECORD, Place(commune_id=who.commune_id))
    columns = (RECORDS.c.id, RECORDS.c.kind, RECORDS.c.result, RECORDS.c.detail, RECORDS.c.closing)
    sorted_here = (
        select(*columns, MEMBERS.c.full_name, ACCOUNTS.c.full_name.label("by"), HELD.c.sorted_at.label("at"))
        .join(HELD, HELD.c.record_id == RECORDS.c.id)
        .join(MEMBERS, MEMBERS.c.id == RECORDS.c.author_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == HELD.c.sorted_by_id)
        .where(HELD.c.commune_id == who.commune_id, HELD.c.sorted_at.is_not(None))
        .order_by(HELD.c.sorted_at.desc())
    )
    ours = select(SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
    ours = ours.where(TEAMS.c.commune_id == who.commune_id)
    from_closing = (
        select(*columns, MEMBERS.c.full_name, null().label("by"), RECORDS.c.received_at.label("at"))
        .join(MEMBERS, MEMBERS.c.id == RECORDS.c.author_id)
        .where(RECORDS.c.closing, RECORDS.c.author_id.in_(ours))
        .order_by(RECORDS.c.received_at.desc())
    )
    rows = [
        *(await session.execute(from_closing.limit(limit))).all(),
        *(await session.execute(sorted_here.limit(limit))).all(),
    ]
    newest = sorted({row.id: row for row in rows}.values(), key=lambda row: row.at, reverse=True)
    return [
        LogRow(
            row.id,
            row.kind,
            row.full_name,
            row.at,
            PushResult(row.result),
            row.by or "",
            _text(row.detail.get("reason")) if row.detail.get("code") == "held_refused" else "",
            row.closing,
        )
        for row in newest[:limit]
    ]


async def _households(session: AsyncSession, named: Sequence[Any]) -> dict[str, Any]:
    ids = []
    for name in named:
        try:
            ids.append(UUID(str(name)))
        except ValueError:
            continue
    query = select(HOUSEHOLDS, UNITS.c.name.label("village")).join(UNITS, UNITS.c.id == HOUSEHOLDS.c.village_id)
    return {str(row.id): row for row in await session.execute(query.where(HOUSEHOLDS.c.id.in_(ids)))}


def _row(row: Any, homes: dict[str, Any], names: dict[str, tuple[str, str]]) -> HeldRow:
    """A record of a newer server may say anything: what cannot be read is left out."""
    payload = row.payload["payload"]
    home = homes.get(str(payload.get("household")))
    number = home.number if home else payload.get("number")
    head = home.head_name if home else payload.get("head_name")
    people = payload.get("people")
    return HeldRow(
        id=row.record_id,
        kind=row.kind,
        reason=HeldReason(row.reason),
        author_id=row.author_id,
        author=row.full_name,
        made_at=min(row.made_at + timedelta(milliseconds=row.clock_error_ms), row.received_at),
        received_at=row.received_at,
        village_id=row.village_id,
        village=row.village or (home.village if home else ""),
        household_number=_text(number),
        head_name=_text(head),
        people=people if isinstance(people, int) else 0,
        note=_text(payload.get("note") or payload.get("description") or payload.get("name")),
        outcomes=_outcomes(payload.get("outcomes"), names),
        team_id=row.team_id,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _outcomes(value: Any, names: dict[str, tuple[str, str]]) -> list[HeldOutcome]:
    found = []
    for one in value if isinstance(value, list) else []:
        if isinstance(one, dict) and str(one.get("result")) in set(Result):
            code = str(one.get("platform"))
            vi, en = names.get(code, (code, code))
            found.append(HeldOutcome(vi, en, one["result"]))
    return found
