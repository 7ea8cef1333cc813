"""Announcements as the desk lists them, and who has opened one: a commune sees people by team, the province numbers.

Counted are those whom it is for by the seats of today: whoever came later is among them, whoever left is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Principal, require
from fieldapp.reports.team_standing import current
from models.account import Account
from models.announcement import Announcement, AnnouncementCommune, AnnouncementReading, Audience
from models.member import Member
from models.team import Seat, SeatRole, Team
from models.unit import Unit

ANNOUNCEMENTS, REACHED = Announcement.__table__, AnnouncementCommune.__table__
READINGS, ACCOUNTS, UNITS = AnnouncementReading.__table__, Account.__table__, Unit.__table__
SEATS, TEAMS, MEMBERS = Seat.__table__, Team.__table__, Member.__table__
LEADS = SEATS.c.role.in_((str(SeatRole.LEADER), str(SeatRole.DEPUTY)))
PAGE, PLACES = 20, 50


class Part(StrEnum):
    """What one's own unit sent, and what the province sent to one's commune."""

    OWN = "own"
    ABOVE = "above"


@dataclass(frozen=True)
class AnnouncementRow:
    """`read` of `total` members; of `communes` so many whose officers opened it; `seen`: by whoever asks."""

    id: UUID
    title: str
    audience: Audience
    everywhere: bool
    communes: int
    due_on: date | None
    published_at: datetime
    withdrawn: bool
    read: int
    total: int
    offices: int
    seen: bool


@dataclass(frozen=True)
class AnnouncementPage:
    rows: Sequence[AnnouncementRow]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class PlaceRow:
    """A team with those who have not opened it, or a commune; `office`: whether an officer of it has."""

    name: str
    read: int
    total: int
    unread: list[str] = field(default_factory=list)
    office: bool = False


@dataclass(frozen=True)
class AnnouncementDetail:
    """`places` are a page of them, those with the smallest share first."""

    row: Announcement
    read: int
    total: int
    places: Sequence[PlaceRow]
    page: int
    pages: int
    count: int


async def list_announcements(
    session: AsyncSession, who: Principal, part: Part, today: date, page: int = 0
) -> AnnouncementPage:
    """The newest first. Raises `forbidden`."""
    require(who, Action.READ_ANNOUNCEMENT)
    own = ANNOUNCEMENTS.c.unit_id == who.unit_id
    here = select(REACHED.c.announcement_id).where(REACHED.c.commune_id == who.commune_id)
    above = and_(~own, ANNOUNCEMENTS.c.id.in_(here), ANNOUNCEMENTS.c.withdrawn_at.is_(None))
    shown = own if part == Part.OWN else above
    total = (await session.execute(select(func.count()).select_from(ANNOUNCEMENTS).where(shown))).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = max(0, min(page, pages - 1))
    query = select(ANNOUNCEMENTS).where(shown).order_by(ANNOUNCEMENTS.c.published_at.desc(), ANNOUNCEMENTS.c.id.desc())
    rows = (await session.execute(query.limit(PAGE).offset(page * PAGE))).all()
    return AnnouncementPage(await _counted(session, who, rows, today), page, pages, total)


async def _counted(
    session: AsyncSession, who: Principal, rows: Sequence[Any], today: date
) -> Sequence[AnnouncementRow]:
    ids = [row.id for row in rows]
    reached: dict[UUID, list[int]] = {}
    for one in await session.execute(select(REACHED).where(REACHED.c.announcement_id.in_(ids))):
        if who.commune_id in (None, one.commune_id):
            reached.setdefault(one.announcement_id, []).append(one.commune_id)
    people = await _people(session, {commune for communes in reached.values() for commune in communes}, today)
    read = {row[0]: int(row[1]) for row in await session.execute(_read(ids, who.commune_id, today))}
    office = select(READINGS.c.announcement_id, func.count(ACCOUNTS.c.unit_id.distinct())).join(
        ACCOUNTS, ACCOUNTS.c.id == READINGS.c.account_id
    )
    office = office.where(READINGS.c.announcement_id.in_(ids)).group_by(READINGS.c.announcement_id)
    offices = {row[0]: int(row[1]) for row in await session.execute(office)}
    mine = READINGS.c.account_id == who.account_id, READINGS.c.announcement_id.in_(ids)
    seen = set((await session.execute(select(READINGS.c.announcement_id).where(*mine))).scalars())
    return [
        AnnouncementRow(
            row.id, row.title, Audience(row.audience), row.everywhere, len(reached.get(row.id, ())), row.due_on,
            row.published_at, row.withdrawn_at is not None, read.get(row.id, 0),
            sum(people.get((commune, Audience(row.audience)), 0) for commune in reached.get(row.id, ())),
            offices.get(row.id, 0), row.id in seen,
        )
        for row in rows
    ]  # fmt: skip


def _seated(today: date) -> ColumnElement[bool]:
    return and_(current(SEATS, today), current(TEAMS, today), MEMBERS.c.discarded_at.is_(None))


async def _people(session: AsyncSession, communes: Iterable[int], today: date) -> dict[tuple[int, Audience], int]:
    """How many members each commune has, and how many of them lead."""
    query = (
        select(
            TEAMS.c.commune_id,
            func.count(SEATS.c.member_id.distinct()),
            func.count(case((LEADS, SEATS.c.member_id)).distinct()),
        )
        .join_from(SEATS, TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(_seated(today), TEAMS.c.commune_id.in_(sorted(communes)))
        .group_by(TEAMS.c.commune_id)
    )
    found: dict[tuple[int, Audience], int] = {}
    for commune, members, leaders in map(tuple, await session.execute(query)):
        found |= {(commune, Audience.MEMBERS): members, (commune, Audience.LEADERS): leaders}
    return found


def _of_audience() -> ColumnElement[bool]:
    """Of seats joined with an announcement: whether it is for them."""
    audience = ANNOUNCEMENTS.c.audience
    return or_(audience == Audience.MEMBERS, and_(audience == Audience.LEADERS, LEADS))


def _seats(today: date, *columns: Any) -> Select:
    """The seats of those whom announcements are for, with the reading of each where there is one."""
    mine = and_(READINGS.c.announcement_id == ANNOUNCEMENTS.c.id, READINGS.c.member_id == SEATS.c.member_id)
    return (
        select(*columns)
        .join_from(ANNOUNCEMENTS, REACHED, REACHED.c.announcement_id == ANNOUNCEMENTS.c.id)
        .join(TEAMS, TEAMS.c.commune_id == REACHED.c.commune_id)
        .join(SEATS, SEATS.c.team_id == TEAMS.c.id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .outerjoin(READINGS, mine)
        .where(_seated(today), _of_audience())
    )


def _read(ids: Sequence[UUID], commune_id: int | None, today: date) -> Select:
    query = (
        select(READINGS.c.announcement_id, func.count(READINGS.c.member_id.distinct()))
        .join_from(READINGS, ANNOUNCEMENTS, ANNOUNCEMENTS.c.id == READINGS.c.announcement_id)
        .join(SEATS, SEATS.c.member_id == READINGS.c.member_id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .join(
            REACHED,
            and_(REACHED.c.announcement_id == ANNOUNCEMENTS.c.id, REACHED.c.commune_id == TEAMS.c.commune_id),
        )
        .where(READINGS.c.announcement_id.in_(ids), _seated(today), _of_audience())
        .group_by(READINGS.c.announcement_id)
    )
    return query if commune_id is None else query.where(TEAMS.c.commune_id == commune_id)


async def read_announcement(
    session: AsyncSession, who: Principal, row: Announcement, today: date, page: int = 0
) -> AnnouncementDetail:
    """Who has opened one that this person may read (`services/announcements.py`). Raises `forbidden`."""
    require(who, Action.READ_ANNOUNCEMENT)
    places = await (_communes(session, row, today) if who.commune_id is None else _teams(session, who, row, today))
    places.sort(key=lambda place: (place.read / place.total if place.total else 1, place.office, place.name))
    [counts] = await _counted(session, who, [row], today)
    pages = max(1, -(-len(places) // PLACES))
    page = max(0, min(page, pages - 1))
    shown = places[page * PLACES : (page + 1) * PLACES]
    return AnnouncementDetail(row, counts.read, counts.total, shown, page, pages, len(places))


async def _teams(session: AsyncSession, who: Principal, row: Announcement, today: date) -> list[PlaceRow]:
    person = MEMBERS.c.id.label("member"), MEMBERS.c.full_name, READINGS.c.id.label("reading")
    columns = TEAMS.c.id, TEAMS.c.name, *person
    query = _seats(today, *columns).where(ANNOUNCEMENTS.c.id == row.id, TEAMS.c.commune_id == who.commune_id)
    names: dict[int, str] = {}
    people: dict[int, dict[int, tuple[str, bool]]] = {}
    for seat in await session.execute(query.order_by(TEAMS.c.key, MEMBERS.c.full_name)):
        names[seat.id] = seat.name
        people.setdefault(seat.id, {})[seat.member] = (seat.full_name, seat.reading is not None)
    return [
        PlaceRow(
            names[team],
            sum(read for _, read in theirs.values()),
            len(theirs),
            [name for name, read in theirs.values() if not read],
        )
        for team, theirs in people.items()
    ]


async def _communes(session: AsyncSession, row: Announcement, today: date) -> list[PlaceRow]:
    counts = (TEAMS.c.commune_id, func.count(READINGS.c.member_id.distinct()), func.count(SEATS.c.member_id.distinct()))
    query = _seats(today, *counts).where(ANNOUNCEMENTS.c.id == row.id).group_by(TEAMS.c.commune_id)
    people = {commune: (read, total) for commune, read, total in map(tuple, await session.execute(query))}
    seen = select(ACCOUNTS.c.unit_id).join(READINGS, READINGS.c.account_id == ACCOUNTS.c.id)
    offices = set((await session.execute(seen.where(READINGS.c.announcement_id == row.id))).scalars())
    named = select(UNITS.c.id, UNITS.c.name).join(REACHED, REACHED.c.commune_id == UNITS.c.id)
    communes = await session.execute(named.where(REACHED.c.announcement_id == row.id).order_by(UNITS.c.code))
    return [PlaceRow(unit.name, *people.get(unit.id, (0, 0)), office=unit.id in offices) for unit in communes]
