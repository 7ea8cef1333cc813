"""A commune's teams as they stand today: who sits in them, and the phones that each person works on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.session_life import sends_until, state_now
from fieldapp.permissions import Action, Place, Principal, require
from models.base import utc_now
from models.device import Device
from models.member import Member
from models.session import Session, SessionState
from models.team import Seat, SeatRole, Team, TeamLevel, TeamVillage
from models.unit import Unit

TEAMS, SEATS, MEMBERS, SERVED = Team.__table__, Seat.__table__, Member.__table__, TeamVillage.__table__
DEVICES, SESSIONS, UNITS = Device.__table__, Session.__table__, Unit.__table__
RANK = {SessionState.OPEN: 0, SessionState.CLOSING: 1, SessionState.CLOSED: 2}
ROLE_ORDER = case({"leader": 0, "deputy": 1}, value=SEATS.c.role, else_=2)


@dataclass(frozen=True)
class PhoneRow:
    """`unsent` is what the phone said it held at its last push; `state` that of its best session.

    `sends_until` is when a phone that is closing can send no more.
    """

    id: UUID
    label: str
    last_contact_at: datetime | None
    unsent: int | None
    state: SessionState
    sends_until: datetime | None = None


@dataclass(frozen=True)
class SeatRow:
    member_id: int
    name: str
    role: SeatRole
    position: str | None
    reviews_until: date | None
    """The last day of reviewing that the leader handed over, where it goes on today."""
    phones: Sequence[PhoneRow]


@dataclass(frozen=True)
class TeamRow:
    id: int
    name: str
    level: TeamLevel
    villages: Sequence[str]
    seats: list[SeatRow] = field(default_factory=list)


async def list_teams(session: AsyncSession, who: Principal, commune_id: int, today: date) -> Sequence[TeamRow]:
    """The commune's own team first, then those of its villages. Raises `forbidden`."""
    require(who, Action.READ_TEAM, Place(commune_id=commune_id))
    query = select(TEAMS).where(TEAMS.c.commune_id == commune_id, _current(TEAMS, today))
    found = (await session.execute(query.order_by(TEAMS.c.level, TEAMS.c.name, TEAMS.c.id))).all()
    villages = await _villages(session, commune_id, today)
    teams = {t.id: TeamRow(t.id, t.name, TeamLevel(t.level), villages.get(t.id, [])) for t in found}
    seats = (await session.execute(_seats(commune_id, today))).all()
    phones = await _phones(session, {s.member_id for s in seats}, utc_now())
    reviewing = {(s.team_id, s.member_id): s.valid_to for s in seats if s.delegated_by_id is not None}
    for seat in seats:
        if seat.delegated_by_id is None:
            until, its = reviewing.get((seat.team_id, seat.member_id)), phones.get(seat.member_id, [])
            row = SeatRow(seat.member_id, seat.full_name, SeatRole(seat.role), seat.position, until, its)
            teams[seat.team_id].seats.append(row)
    return list(teams.values())


def _seats(commune_id: int, today: date):
    return (
        select(SEATS, MEMBERS.c.full_name)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(
            TEAMS.c.commune_id == commune_id,
            MEMBERS.c.discarded_at.is_(None),
            _current(TEAMS, today),
            _current(SEATS, today),
        )
        .order_by(SEATS.c.team_id, ROLE_ORDER, MEMBERS.c.full_name, SEATS.c.id)
    )


async def _villages(session: AsyncSession, commune_id: int, today: date) -> dict[int, list[str]]:
    query = (
        select(SERVED.c.team_id, UNITS.c.name)
        .join(UNITS, UNITS.c.id == SERVED.c.village_id)
        .join(TEAMS, TEAMS.c.id == SERVED.c.team_id)
        .where(TEAMS.c.commune_id == commune_id, _current(SERVED, today))
        .order_by(UNITS.c.code)
    )
    names: dict[int, list[str]] = {}
    for row in await session.execute(query):
        names.setdefault(row.team_id, []).append(row.name)
    return names


async def _phones(session: AsyncSession, member_ids: set[int], now: datetime) -> dict[int, list[PhoneRow]]:
    """Phones by member: those that may still send something, and those that were closed in the last 30 days."""
    query = (
        select(Device, Session)
        .join(Session, SESSIONS.c.device_id == DEVICES.c.id)
        .where(DEVICES.c.member_id.in_(member_ids))
        .order_by(DEVICES.c.created_at, DEVICES.c.id)
    )
    best: dict[UUID, tuple[Device, Session, SessionState]] = {}
    for phone, life in await session.execute(query):
        state = state_now(life, now)
        if phone.id not in best or RANK[state] < RANK[best[phone.id][2]]:
            best[phone.id] = (phone, life, state)
    phones: dict[int, list[PhoneRow]] = {}
    for phone, life, state in best.values():
        until = sends_until(life)
        if state != SessionState.CLOSED or now < until:
            shown = until if state == SessionState.CLOSING else None
            row = PhoneRow(phone.id, phone.label, phone.last_contact_at, phone.unsent_count, state, shown)
            phones.setdefault(phone.member_id, []).append(row)
    return phones


def _current(table, today: date):
    return and_(table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today))
