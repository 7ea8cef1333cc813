"""Reviewing handed over: a leader's word that a member of the team reviews from a day to a day, and its taking back.

It is a second seat of the member, as a deputy's, so that every rule that goes by the seats of a day goes by it too, and
it ends by itself.
"""

from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from models.base import utc_now
from models.team import Seat, SeatRole

SEATS = Seat.__table__
LONGEST = timedelta(days=92)


async def delegate(session: AsyncSession, who: Principal, member_id: int, first: date, last: date) -> Seat:
    """Hands reviewing over from a day to a day, both included.

    Raises `forbidden` for whoever is not the leader of the member's team (a deputy reviews anyway), `invalid` for days
    that are over, in the wrong order, too many or beyond the member's seat, `delegated_already` for days taken.
    """
    require(who, Action.DELEGATE_REVIEW)
    today = vn_day(utc_now())
    seat = await _seat_below(session, who, member_id, today)
    if first < today:
        raise Problem("invalid", "first")
    if not first <= last <= first + LONGEST or (seat.valid_to is not None and last > seat.valid_to):
        raise Problem("invalid", "last")
    taken = select(SEATS.c.id).where(
        SEATS.c.member_id == member_id,
        SEATS.c.team_id == seat.team_id,
        SEATS.c.delegated_by_id.is_not(None),
        SEATS.c.valid_from <= last,
        SEATS.c.valid_to >= first,
    )
    if (await session.execute(taken)).first() is not None:
        raise Problem("delegated_already")
    row = Seat(
        team_id=seat.team_id,
        member_id=member_id,
        role=SeatRole.DEPUTY,
        delegated_by_id=who.member_id,
        valid_from=first,
        valid_to=last,
    )
    session.add(row)
    await session.flush()
    told = audit.event(who, "review.delegate", "member", member_id, first=first.isoformat(), last=last.isoformat())
    await audit.write(session, [told])
    return row


async def take_back(session: AsyncSession, who: Principal, seat_id: int) -> None:
    """Ends it with today, so that what was decided today holds; one that has not begun is as if it had never been.

    Raises `not_found`, or `forbidden` for whoever does not lead that team.
    """
    require(who, Action.DELEGATE_REVIEW)
    today = vn_day(utc_now())
    row = await session.get(Seat, seat_id, with_for_update=True)
    if row is None or row.delegated_by_id is None:
        raise Problem("not_found")
    if row.team_id not in await _led(session, who, today):
        raise Problem("forbidden")
    if row.valid_from > today:
        await session.execute(delete(SEATS).where(SEATS.c.id == seat_id))
    elif row.valid_to is None or row.valid_to > today:
        row.valid_to = today
    await session.flush()
    await audit.write(session, [audit.event(who, "review.take_back", "member", row.member_id)])


async def _seat_below(session: AsyncSession, who: Principal, member_id: int, today: date) -> Seat:
    """The member's own seat in a team that this person leads; locked, so that no two hand over the same days."""
    query = select(Seat).where(
        SEATS.c.member_id == member_id,
        SEATS.c.team_id.in_(await _led(session, who, today)),
        SEATS.c.role == SeatRole.MEMBER,
        *_held_on(today),
    )
    seat = (await session.execute(query.order_by(SEATS.c.id).with_for_update())).scalars().first()
    if seat is None:
        raise Problem("forbidden")
    return seat


async def _led(session: AsyncSession, who: Principal, today: date) -> list[int]:
    """The teams whose leader, not deputy, this person is."""
    query = select(SEATS.c.team_id).where(
        SEATS.c.member_id == who.member_id, SEATS.c.role == SeatRole.LEADER, *_held_on(today)
    )
    return list((await session.execute(query)).scalars())


def _held_on(today: date):
    return SEATS.c.valid_from <= today, or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today)
