"""A commune's teams as they stand today: who sits in them, and the phones that each person works on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import in_order
from fieldapp.domain.session_life import sends_until, state_now
from fieldapp.permissions import Action, Place, Principal, may, require
from fieldapp.problems import Problem
from fieldapp.reports.team_standing import Standing, current, list_standings
from models.base import utc_now
from models.device import Device
from models.member import Member
from models.session import Session, SessionState
from models.team import Seat, SeatKind, SeatRole, Team, TeamLevel, TeamVillage
from models.unit import Unit

TEAMS, SEATS, MEMBERS, SERVED = Team.__table__, Seat.__table__, Member.__table__, TeamVillage.__table__
DEVICES, SESSIONS, UNITS = Device.__table__, Session.__table__, Unit.__table__
RANK = {SessionState.OPEN: 0, SessionState.CLOSING: 1, SessionState.CLOSED: 2}
MOST_SERVED = 50
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
    """`phone` is the member's own number, for those who may change teams; `phones` what they work on."""

    id: int
    member_id: int
    name: str
    role: SeatRole
    kind: SeatKind | None
    position: str | None
    phone: str
    since: date
    until: date | None
    reviews_until: date | None
    """The last day of reviewing that the leader handed over, where it goes on today."""
    phones: Sequence[PhoneRow]


@dataclass(frozen=True)
class TeamRow:
    id: int
    name: str
    level: TeamLevel
    since: date
    until: date | None
    villages: Sequence[tuple[int, str]]
    standing: Standing
    seats: list[SeatRow] = field(default_factory=list)


async def list_teams(session: AsyncSession, who: Principal, commune_id: int, today: date) -> Sequence[TeamRow]:
    """The commune's own team first, then those of its villages. Raises `forbidden`."""
    require(who, Action.READ_TEAM, Place(commune_id=commune_id))
    query = select(TEAMS).where(TEAMS.c.commune_id == commune_id, current(TEAMS, today))
    rows = (await session.execute(query.order_by(TEAMS.c.id))).all()
    found = sorted(rows, key=lambda team: (team.level, in_order(team.name)))
    villages, stand = await _villages(session, commune_id, today), await list_standings(session, today, commune_id)
    shows_number = may(who, Action.MANAGE_TEAM, Place(commune_id=commune_id))
    teams = {
        t.id: TeamRow(t.id, t.name, TeamLevel(t.level), t.valid_from, t.valid_to, villages.get(t.id, []), stand[t.id])
        for t in found
    }
    seats = (await session.execute(_seats(commune_id, today))).all()
    phones = await _phones(session, {s.member_id for s in seats}, utc_now())
    reviewing = {(s.team_id, s.member_id): s.valid_to for s in seats if s.delegated_by_id is not None}
    for seat in seats:
        if seat.delegated_by_id is None:
            until, its = reviewing.get((seat.team_id, seat.member_id)), phones.get(seat.member_id, [])
            number = (seat.phone or "") if shows_number else ""
            teams[seat.team_id].seats.append(_seat_row(seat, number, until, its))
    return list(teams.values())


def _seat_row(seat: Any, number: str, reviews_until: date | None, phones: Sequence[PhoneRow]) -> SeatRow:
    kind = SeatKind(seat.kind) if seat.kind else None
    who = (seat.id, seat.member_id, seat.full_name, SeatRole(seat.role), kind, seat.position, number)
    return SeatRow(*who, seat.valid_from, seat.valid_to, reviews_until, phones)


def _seats(commune_id: int, today: date):
    return (
        select(SEATS, MEMBERS.c.full_name, MEMBERS.c.phone)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(
            TEAMS.c.commune_id == commune_id,
            MEMBERS.c.discarded_at.is_(None),
            current(TEAMS, today),
            current(SEATS, today),
        )
        .order_by(SEATS.c.team_id, ROLE_ORDER, MEMBERS.c.full_name, SEATS.c.id)
    )


async def _villages(session: AsyncSession, commune_id: int, today: date) -> dict[int, list[tuple[int, str]]]:
    query = (
        select(SERVED.c.team_id, UNITS.c.id, UNITS.c.name)
        .join(UNITS, UNITS.c.id == SERVED.c.village_id)
        .join(TEAMS, TEAMS.c.id == SERVED.c.team_id)
        .where(TEAMS.c.commune_id == commune_id, current(SERVED, today))
        .order_by(UNITS.c.code)
    )
    names: dict[int, list[tuple[int, str]]] = {}
    for row in await session.execute(query):
        names.setdefault(row.team_id, []).append((row.id, row.name))
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


@dataclass(frozen=True)
class ServedRow:
    """A seat that somebody had in a team, with its days; `until` is None where it goes on."""

    name: str
    role: SeatRole
    kind: SeatKind | None
    since: date
    until: date | None


async def list_served(session: AsyncSession, who: Principal, team_id: int) -> Sequence[ServedRow]:
    """Who served in a team and when, the newest first. Raises `not_found`, `forbidden`."""
    team = await session.get(Team, team_id)
    if team is None:
        raise Problem("not_found")
    require(who, Action.READ_TEAM, Place(commune_id=team.commune_id))
    query = (
        select(SEATS, MEMBERS.c.full_name)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(SEATS.c.team_id == team_id, SEATS.c.delegated_by_id.is_(None))
        .order_by(SEATS.c.valid_from.desc(), ROLE_ORDER, MEMBERS.c.full_name, SEATS.c.id)
        .limit(MOST_SERVED)
    )
    return [
        ServedRow(s.full_name, SeatRole(s.role), SeatKind(s.kind) if s.kind else None, s.valid_from, s.valid_to)
        for s in await session.execute(query)
    ]
