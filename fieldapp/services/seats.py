"""Seats as the commune gives them: somebody known or new sits down in a team, changes place, leaves on a day.

Another role is another seat, from today on, since what somebody might do is judged by the seat of the day; what they
stand for and their post are only descriptions and change in place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.phone_number import read_phone
from fieldapp.domain.search_key import fold, nfc
from fieldapp.domain.team_form import SeatChange, SeatForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.teams import check_day, end_seats, get_own, touch
from models.base import utc_now
from models.member import Member
from models.team import Seat, SeatRole, Team

SEATS, MEMBERS, TEAMS = Seat.__table__, Member.__table__, Team.__table__
MAX_FOUND = 20


@dataclass(frozen=True)
class KnownMember:
    id: int
    name: str
    teams: Sequence[str]


async def place(session: AsyncSession, who: Principal, form: SeatForm) -> Seat:
    """Gives somebody a seat from a day on.

    Raises `forbidden`, `not_found`, `team_ended`, `name_missing`, `phone_wrong`, `member_known` for a new person who
    is here already, `seated_already`, `day_wrong`.
    """
    team = await get_own(session, who, form.team)
    check_day(form.first, team.valid_from)
    member_id = form.member or (await _add_member(session, who, team.commune_id, form)).id or 0
    if form.member is not None:
        await _require_known(session, team.commune_id, form.member)
    goes_on = or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= form.first)
    own = (SEATS.c.team_id == team.id, SEATS.c.member_id == member_id, SEATS.c.delegated_by_id.is_(None))
    if (await session.execute(select(SEATS.c.id).where(*own, goes_on))).first() is not None:
        raise Problem("seated_already", "member")
    row = Seat(
        team_id=form.team,
        member_id=member_id,
        role=form.role,
        kind=form.kind,
        position=nfc(form.position) or None,
        valid_from=form.first,
        valid_to=team.valid_to,
    )
    session.add(row)
    await touch(session, team)
    await _note(
        session, who, "seat.give", team, member_id, role=row.role, stands_for=row.kind, first=form.first.isoformat()
    )
    return row


async def change(session: AsyncSession, who: Principal, form: SeatChange) -> Seat:
    """Puts right who somebody is and what their seat is. Raises as `place`."""
    seat, team = await _get_own(session, who, form.seat)
    member = await session.get_one(Member, seat.member_id, with_for_update=True)
    before = {"role": seat.role, "stands_for": seat.kind}
    member.full_name, member.phone = _name(form.name), _phone(form.phone)
    member.key = fold(member.full_name)
    seat.kind, seat.position = form.kind, nfc(form.position) or None
    if form.role != seat.role:
        seat = await _new_role(session, seat, form.role)
    await touch(session, team)
    await _note(session, who, "seat.change", team, seat.member_id, before=before, role=seat.role, stands_for=seat.kind)
    return seat


async def end(session: AsyncSession, who: Principal, seat_id: int, last: date) -> None:
    """Ends a seat with this day, and the reviewing that was handed over to whoever has it. Raises `day_wrong`."""
    seat, team = await _get_own(session, who, seat_id)
    check_day(last, seat.valid_from)
    theirs = (SEATS.c.team_id == seat.team_id) & (SEATS.c.member_id == seat.member_id)
    await session.flush()
    await end_seats(session, theirs & (SEATS.c.delegated_by_id.is_not(None)), last)
    await session.execute(update(SEATS).where(SEATS.c.id == seat_id).values(valid_to=last))
    await session.refresh(seat)
    await touch(session, team)
    await _note(session, who, "seat.end", team, seat.member_id, last=last.isoformat())


async def search(session: AsyncSession, who: Principal, words: str) -> Sequence[KnownMember]:
    """Those who have or had a seat in the officer's commune and whose name has these words, whatever the diacritics."""
    require(who, Action.MANAGE_TEAM, Place(commune_id=who.commune_id))
    if not (key := fold(words)):
        return []
    today = vn_day(utc_now())
    here = (
        select(SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id).where(TEAMS.c.commune_id == who.commune_id)
    )
    query = (
        select(MEMBERS.c.id, MEMBERS.c.full_name)
        .where(MEMBERS.c.id.in_(here), MEMBERS.c.discarded_at.is_(None), MEMBERS.c.key.contains(key, autoescape=True))
        .order_by(MEMBERS.c.key, MEMBERS.c.id)
        .limit(MAX_FOUND)
    )
    found = (await session.execute(query)).all()
    seated = (SEATS.c.valid_from <= today, or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today))
    sits = select(SEATS.c.member_id, TEAMS.c.name).join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
    sits = sits.where(SEATS.c.member_id.in_([row.id for row in found]), SEATS.c.delegated_by_id.is_(None), *seated)
    names: dict[int, list[str]] = {}
    for row in await session.execute(sits.order_by(SEATS.c.id)):
        names.setdefault(row.member_id, []).append(row.name)
    return [KnownMember(row.id, row.full_name, names.get(row.id, [])) for row in found]


async def _add_member(session: AsyncSession, who: Principal, commune_id: int, form: SeatForm) -> Member:
    name, phone = _name(form.name), _phone(form.phone)
    if phone is not None:
        same = (MEMBERS.c.key == fold(name), MEMBERS.c.phone == phone, MEMBERS.c.discarded_at.is_(None))
        here = SEATS.c.member_id == MEMBERS.c.id, TEAMS.c.id == SEATS.c.team_id, TEAMS.c.commune_id == commune_id
        if (await session.execute(select(MEMBERS.c.id).where(*same, *here))).first() is not None:
            raise Problem("member_known", "phone", name=name)
    row = Member(full_name=name, key=fold(name), phone=phone)
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "member.add", "member", row.id, commune_id)])
    return row


async def _require_known(session: AsyncSession, commune_id: int, member_id: int) -> None:
    """Only those of the commune are found by its officers; others answer as if they were not there."""
    query = (
        select(SEATS.c.id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id).join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
    )
    query = query.where(
        SEATS.c.member_id == member_id, TEAMS.c.commune_id == commune_id, MEMBERS.c.discarded_at.is_(None)
    )
    if (await session.execute(query)).first() is None:
        raise Problem("not_found", "member")


async def _get_own(session: AsyncSession, who: Principal, seat_id: int) -> tuple[Seat, Team]:
    """A seat that goes on, with its team; what is handed over is its leader's. Raises `not_found`, as `get_own`."""
    seat = await session.get(Seat, seat_id, with_for_update=True)
    if seat is None or seat.delegated_by_id is not None:
        raise Problem("not_found")
    team = await get_own(session, who, seat.team_id)
    if seat.valid_to is not None and seat.valid_to < vn_day(utc_now()):
        raise Problem("not_found")
    return seat, team


async def _new_role(session: AsyncSession, seat: Seat, role: SeatRole) -> Seat:
    """The seat ends with yesterday and another begins; one that has not yet been held a day is simply another."""
    today = vn_day(utc_now())
    if seat.valid_from >= today:
        seat.role = role
        return seat
    after = Seat(
        team_id=seat.team_id,
        member_id=seat.member_id,
        role=role,
        kind=seat.kind,
        position=seat.position,
        valid_from=today,
        valid_to=seat.valid_to,
    )
    seat.valid_to = today - timedelta(days=1)
    session.add(after)
    await session.flush()
    return after


def _phone(typed: str) -> str | None:
    """Raises `phone_wrong` where something is there and no number."""
    phone = read_phone(typed)
    if phone is None and typed.strip():
        raise Problem("phone_wrong", "phone")
    return phone


def _name(name: str) -> str:
    if not (clean := nfc(name)):
        raise Problem("name_missing", "name")
    return clean


async def _note(session: AsyncSession, who: Principal, action: str, team: Team, member_id: int, **detail: Any) -> None:
    told = audit.event(who, action, "member", member_id, team.commune_id, team=team.id, **detail)
    await audit.write(session, [told])
