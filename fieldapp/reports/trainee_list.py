"""Members beside training classes: the roster on which attendance is ticked, and who has been taught nothing yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.reports.class_list import CAME, CLASSES, MEMBERS, PAGE, SEATS, TEAMS, UNITS
from fieldapp.reports.course_list import finished_by
from fieldapp.reports.team_list import ROLE_ORDER
from fieldapp.reports.team_standing import current
from models.team import SeatRole


@dataclass(frozen=True)
class Roster:
    """Whose members: a commune's, or those of one of its teams, on a day."""

    commune_id: int
    day: date
    team_id: int | None = None


@dataclass(frozen=True)
class TraineeRow:
    id: int
    name: str
    role: SeatRole
    team: str
    came: bool
    courses: Sequence[str]
    """Online courses that they say they finished, the newest first."""


@dataclass(frozen=True)
class TraineePage:
    rows: Sequence[TraineeRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class CommuneTraining:
    """Members with a seat on a day, and how many of them have come to a class."""

    id: int
    name: str
    members: int
    taught: int


async def list_roster(
    session: AsyncSession, who: Principal, roster: Roster, class_id: int, page: int = 0
) -> TraineePage:
    """Team by team, each with whether they came. Raises `forbidden`."""
    require(who, Action.READ_CLASS, Place(commune_id=roster.commune_id))
    came = select(CAME.c.member_id).where(CAME.c.class_id == class_id, CAME.c.taken_back_at.is_(None))
    return await _page(session, _seated(roster).add_columns(MEMBERS.c.id.in_(came).label("came")), page)


async def list_untaught(session: AsyncSession, who: Principal, roster: Roster, page: int = 0) -> TraineePage:
    """Those who came to no class. Raises `forbidden`."""
    require(who, Action.READ_CLASS, Place(commune_id=roster.commune_id))
    return await _page(session, _seated(roster).where(MEMBERS.c.id.not_in(_taught())), page)


async def ids_on(session: AsyncSession, who: Principal, roster: Roster) -> set[int]:
    """All pages of a roster. Raises `forbidden`."""
    require(who, Action.READ_CLASS, Place(commune_id=roster.commune_id))
    return {row.id for row in await session.execute(_seated(roster))}


async def count_taught(session: AsyncSession, who: Principal, today: date) -> Sequence[CommuneTraining]:
    """Every commune that has members, or one's own; those with the smallest share of taught ones first."""
    require(who, Action.READ_CLASS)
    here = [] if reach_of(who, Action.READ_CLASS) is Reach.PROVINCE else [UNITS.c.id == who.commune_id]
    seats = select(TEAMS.c.commune_id, SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
    seats = seats.join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id).where(*_sits(today))
    seated, taught = seats.distinct().subquery(), _taught().distinct().subquery()
    query = (
        select(
            UNITS.c.id,
            UNITS.c.name,
            func.count(seated.c.member_id).label("members"),
            func.count(taught.c.member_id).label("taught"),
        )
        .join(seated, seated.c.commune_id == UNITS.c.id)
        .outerjoin(taught, taught.c.member_id == seated.c.member_id)
        .where(*here)
        .group_by(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .order_by(UNITS.c.code)
    )
    rows = [CommuneTraining(row.id, row.name, row.members, row.taught) for row in await session.execute(query)]
    return sorted(rows, key=lambda row: row.taught / row.members)


async def list_teams_of(session: AsyncSession, commune_id: int, today: date) -> Sequence[tuple[int, str]]:
    """The commune's teams of today by id and name, its own first."""
    query = select(TEAMS.c.id, TEAMS.c.name).where(TEAMS.c.commune_id == commune_id, current(TEAMS, today))
    rows = await session.execute(query.order_by(TEAMS.c.level, TEAMS.c.key, TEAMS.c.id))
    return [(row.id, row.name) for row in rows]


def _taught() -> Select:
    """Members who came to a class that was not called off."""
    joined = select(CAME.c.member_id).join(CLASSES, CLASSES.c.id == CAME.c.class_id)
    return joined.where(CAME.c.taken_back_at.is_(None), CLASSES.c.withdrawn_at.is_(None))


def _sits(day: date) -> list[ColumnElement[bool]]:
    """Has a place of their own in a team that day; reviewing that was handed over is none."""
    own = SEATS.c.delegated_by_id.is_(None), MEMBERS.c.discarded_at.is_(None)
    return [current(TEAMS, day), current(SEATS, day), *own]


def _seated(roster: Roster) -> Select:
    """Everybody once, under the first of their teams."""
    here = [TEAMS.c.commune_id == roster.commune_id]
    if roster.team_id is not None:
        here.append(TEAMS.c.id == roster.team_id)
    first = (
        select(func.min(SEATS.c.id))
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(*_sits(roster.day), *here)
        .group_by(SEATS.c.member_id)
    )
    return (
        select(MEMBERS.c.id, MEMBERS.c.full_name, SEATS.c.role, TEAMS.c.name.label("team"))
        .select_from(SEATS)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .where(SEATS.c.id.in_(first))
        .order_by(TEAMS.c.level, TEAMS.c.key, TEAMS.c.id, ROLE_ORDER, MEMBERS.c.full_name, SEATS.c.id)
    )


async def _page(session: AsyncSession, query: Select, page: int) -> TraineePage:
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    total = (await session.execute(counted)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(0, page), pages - 1)
    rows = await session.execute(query.limit(PAGE).offset(page * PAGE))
    return TraineePage(await _named(session, rows.all()), total, page, pages)


async def _named(session: AsyncSession, rows: Sequence[Any]) -> list[TraineeRow]:
    courses = await finished_by(session, [row.id for row in rows])
    return [
        TraineeRow(
            row.id, row.full_name, SeatRole(row.role), row.team, bool(getattr(row, "came", False)),
            [title for title, _ in courses.get(row.id, [])],
        )
        for row in rows
    ]  # fmt: skip
