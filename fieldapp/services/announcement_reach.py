"""Whom an announcement reaches and what a phone carries of them: by the seats of today.

So somebody new finds what still stands, and nobody counts who has left.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from models.announcement import Announcement, AnnouncementCommune, AnnouncementReading, Audience
from models.base import utc_now
from models.member import Member
from models.team import Seat, SeatRole, Team

ANNOUNCEMENTS, REACHED = Announcement.__table__, AnnouncementCommune.__table__
READINGS = AnnouncementReading.__table__
SEATS, TEAMS, MEMBERS = Seat.__table__, Team.__table__, Member.__table__
LEADS = SEATS.c.role.in_((str(SeatRole.LEADER), str(SeatRole.DEPUTY)))
ON_PHONES = (Audience.MEMBERS, Audience.LEADERS)


def seated(today: date) -> ColumnElement[bool]:
    """Of seats joined with their teams and members: who is one of a commune's people today."""
    valid = [
        and_(table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today))
        for table in (SEATS, TEAMS)
    ]
    return and_(*valid, MEMBERS.c.discarded_at.is_(None))


def people_of(audience: Audience, communes: Collection[int], today: date) -> Any:
    """The members whom it is for, as a select of their ids."""
    query = (
        select(SEATS.c.member_id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(seated(today), TEAMS.c.commune_id.in_(sorted(communes)))
    )
    return query.where(LEADS) if audience == Audience.LEADERS else query


def carried(commune_id: int, leads: bool, today: date) -> ColumnElement[bool]:
    """What a phone of this commune has: lately told, or due on a day to come. Joined with `REACHED`."""
    oldest = utc_now() - timedelta(days=settings().pull_days)
    audience = ON_PHONES if leads else (Audience.MEMBERS,)
    return and_(
        REACHED.c.commune_id == commune_id,
        ANNOUNCEMENTS.c.withdrawn_at.is_(None),
        ANNOUNCEMENTS.c.audience.in_([str(one) for one in audience]),
        or_(ANNOUNCEMENTS.c.published_at >= oldest, ANNOUNCEMENTS.c.due_on >= today),
    )


def read_by(member_id: int) -> ColumnElement[bool]:
    return and_(READINGS.c.announcement_id == ANNOUNCEMENTS.c.id, READINGS.c.member_id == member_id)


async def count_unread(session: AsyncSession, member_id: int, today: date) -> int:
    """How many of those that a member's phone carries they have not opened."""
    leads = func.max(case((LEADS, 1), else_=0))
    theirs = (
        select(TEAMS.c.commune_id, leads)
        .join_from(SEATS, TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(SEATS.c.member_id == member_id, seated(today))
        .group_by(TEAMS.c.commune_id)
    )
    unread = 0
    for commune_id, leads_there in map(tuple, await session.execute(theirs)):
        query = (
            select(func.count(ANNOUNCEMENTS.c.id))
            .join(REACHED, REACHED.c.announcement_id == ANNOUNCEMENTS.c.id)
            .outerjoin(READINGS, read_by(member_id))
            .where(carried(commune_id, bool(leads_there), today), READINGS.c.id.is_(None))
        )
        unread += (await session.execute(query)).scalar_one()
    return unread
