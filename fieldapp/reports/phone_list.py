"""Phones of a commune's members as they last reported themselves; of the province, how many there are of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.given import PlainText
from fieldapp.domain.search_key import fold
from fieldapp.domain.session_life import CLOSING_DAYS, state_now
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.reports.visit_filter import Chosen
from models.base import utc_now
from models.device import Device
from models.member import Member
from models.session import Session, SessionState
from models.team import Seat, Team
from models.unit import Unit

DEVICES, MEMBERS, SESSIONS = Device.__table__, Member.__table__, Session.__table__
SEATS, TEAMS, UNITS = Seat.__table__, Team.__table__, Unit.__table__
PAGE = 50
QUIET_DAYS = 14


class PhoneKind(StrEnum):
    """`quiet` was not heard for 14 days, `unsent` said that it holds records, `never` was not heard at all."""

    QUIET = "quiet"
    UNSENT = "unsent"
    NEVER = "never"


class PhoneFilter(BaseModel):
    """`query` is held against members and teams; `page` counts from 0."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    query: PlainText = Field(default="", max_length=80)
    kind: Annotated[PhoneKind | None, Chosen] = None
    page: int = Field(default=0, ge=0, le=100_000)

    def chosen(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.model_dump(exclude={"page"}).items() if value}


@dataclass(frozen=True)
class PhoneRow:
    """`unsent` is what the phone said at its last push; None where it never said."""

    id: UUID
    member: str
    team: str
    label: str
    version: str
    last_contact_at: datetime | None
    unsent: int | None
    state: SessionState


@dataclass(frozen=True)
class PhonePage:
    rows: Sequence[PhoneRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class PhoneCounts:
    """Phones of a unit, how many of them are of each kind, and the records that they said they hold."""

    name: str
    phones: int
    quiet: int
    never: int
    holding: int
    unsent: int


async def list_phones(session: AsyncSession, who: Principal, asked: PhoneFilter) -> PhonePage:
    """Of one's own commune, those that were silent for longest first. Raises `forbidden`."""
    if reach_of(who, Action.READ_PHONE) is not Reach.COMMUNE or who.commune_id is None:
        raise Problem("forbidden")
    require(who, Action.READ_PHONE, Place(commune_id=who.commune_id))
    now = utc_now()
    query = _living(now).where(TEAMS.c.commune_id == who.commune_id, *_asked(asked, now))
    total = (await session.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
    page = min(asked.page, max(0, -(-total // PAGE) - 1))
    silent_first = DEVICES.c.last_contact_at.is_not(None), DEVICES.c.last_contact_at, DEVICES.c.id
    found = (await session.execute(query.order_by(*silent_first).limit(PAGE).offset(page * PAGE))).all()
    states = await _states(session, [row.id for row in found], now)
    rows = [
        PhoneRow(
            row.id, row.member, row.team, row.label, row.app_version or "", row.last_contact_at, row.unsent_count,
            states.get(row.id, SessionState.CLOSED),
        )
        for row in found
    ]  # fmt: skip
    return PhonePage(rows, total, page)


async def count_phones(session: AsyncSession, who: Principal) -> Sequence[PhoneCounts]:
    """By commune, for those who reach the province; a phone whose member sits in two communes is one of each.

    Raises `forbidden`.
    """
    if reach_of(who, Action.READ_PHONE) is not Reach.PROVINCE:
        raise Problem("forbidden")
    now = utc_now()
    phones = _living(now).add_columns(TEAMS.c.commune_id).group_by(TEAMS.c.commune_id).subquery()
    unsent = func.coalesce(phones.c.unsent_count, 0)

    def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = (
        select(
            UNITS.c.name,
            func.count(),
            how_many(phones.c.last_contact_at < _quiet_since(now)),
            how_many(phones.c.last_contact_at.is_(None)),
            how_many(unsent > 0),
            func.sum(unsent),
        )
        .select_from(phones)
        .join(UNITS, UNITS.c.id == phones.c.commune_id)
        .group_by(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .order_by(UNITS.c.code)
    )
    return [PhoneCounts(*row) for row in await session.execute(query)]


def _living(now: datetime) -> Select:
    """Phones that may still send something, with their member and a team, one row each."""
    today = vn_day(now)
    ends = func.coalesce(SESSIONS.c.ended_at, SESSIONS.c.expires_at)
    lives = (
        select(SESSIONS.c.device_id)
        .where(SESSIONS.c.state != SessionState.CLOSED, ends > now - timedelta(days=CLOSING_DAYS))
        .where(SESSIONS.c.device_id.is_not(None))
    )
    current = and_(SEATS.c.valid_from <= today, or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today))
    others = SEATS.alias("other")
    sits = and_(others.c.valid_from <= today, or_(others.c.valid_to.is_(None), others.c.valid_to >= today))
    has_left = ~select(others.c.id).where(others.c.member_id == MEMBERS.c.id, sits).exists()
    columns = [DEVICES.c[name] for name in ("id", "label", "app_version", "last_contact_at", "unsent_count")]
    return (
        select(*columns, MEMBERS.c.full_name.label("member"), func.min(TEAMS.c.name).label("team"))
        .join(MEMBERS, MEMBERS.c.id == DEVICES.c.member_id)
        .join(SEATS, SEATS.c.member_id == MEMBERS.c.id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .where(or_(current, has_left), DEVICES.c.id.in_(lives))
        .group_by(*columns, MEMBERS.c.full_name)
    )


def _asked(asked: PhoneFilter, now: datetime) -> list[ColumnElement[bool]]:
    kinds: dict[PhoneKind, ColumnElement[bool]] = {
        PhoneKind.QUIET: DEVICES.c.last_contact_at < _quiet_since(now),
        PhoneKind.UNSENT: DEVICES.c.unsent_count > 0,
        PhoneKind.NEVER: DEVICES.c.last_contact_at.is_(None),
    }
    words = [
        or_(MEMBERS.c.key.contains(word, autoescape=True), TEAMS.c.key.contains(word, autoescape=True))
        for word in fold(asked.query).split()
    ]
    return words + ([kinds[asked.kind]] if asked.kind else [])


def _quiet_since(now: datetime) -> datetime:
    return now - timedelta(days=QUIET_DAYS)


async def _states(session: AsyncSession, ids: Sequence[UUID], now: datetime) -> dict[UUID, SessionState]:
    """Of each phone the best that one of its sessions is."""
    best: dict[UUID, SessionState] = {}
    rank = [SessionState.OPEN, SessionState.CLOSING, SessionState.CLOSED]
    found: Any = (await session.execute(select(Session).where(SESSIONS.c.device_id.in_(ids)))).scalars()
    for row in found:
        state = state_now(row, now)
        best[row.device_id] = min(best.get(row.device_id, state), state, key=rank.index)
    return best
