"""Training classes as the desk lists them, and who came to one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.reports.team_standing import current
from models.member import Member
from models.platform import Platform
from models.team import Seat, SeatRole, Team
from models.training_class import ClassAttendance, TrainingClass
from models.unit import Unit

CLASSES, CAME = TrainingClass.__table__, ClassAttendance.__table__
SEATS, TEAMS, MEMBERS = Seat.__table__, Team.__table__, Member.__table__
UNITS, PLATFORMS = Unit.__table__, Platform.__table__
PAGE = 50


@dataclass(frozen=True)
class ClassRow:
    """`commune` is empty for a class of the province; `people` are those of the reader's reach who came."""

    id: int
    topic: str
    platforms: Sequence[tuple[str, str, str]]
    held_on: date
    place: str
    organiser: str
    trainer: str
    commune: str
    own: bool
    people: int


@dataclass(frozen=True)
class ClassPage:
    rows: Sequence[ClassRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Attendee:
    """Name, and the place that the person had in a team on that day, else the latest."""

    name: str
    role: SeatRole
    position: str
    team: str
    commune: str


async def list_classes(session: AsyncSession, who: Principal, page: int = 0) -> ClassPage:
    """The newest first: a commune's own and the province's; to the province all. Raises `forbidden`."""
    require(who, Action.READ_CLASS)
    query = _classes(who)
    total = (await session.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(0, page), pages - 1)
    ordered = query.order_by(CLASSES.c.held_on.desc(), CLASSES.c.id.desc())
    rows = (await session.execute(ordered.limit(PAGE).offset(page * PAGE))).all()
    return ClassPage(await _rows(session, who, rows), total, page, pages)


async def get_class(session: AsyncSession, who: Principal, class_id: int) -> ClassRow:
    """Raises `not_found`, also for one of another commune; `forbidden`."""
    require(who, Action.READ_CLASS)
    found = (await session.execute(_classes(who).where(CLASSES.c.id == class_id))).all()
    if not found:
        raise Problem("not_found")
    return (await _rows(session, who, found))[0]


async def list_attendees(session: AsyncSession, who: Principal, class_id: int) -> Sequence[Attendee]:
    """Who came, by commune, team and name; of the province's classes a commune reads its own people alone.

    Raises as `get_class`.
    """
    row = await get_class(session, who, class_id)
    then = current(SEATS, row.held_on)
    query = (
        select(
            MEMBERS.c.id, MEMBERS.c.full_name, SEATS.c.role, SEATS.c.position,
            TEAMS.c.name.label("team"), UNITS.c.name.label("commune"), UNITS.c.code,
        )
        .select_from(CAME)
        .join(MEMBERS, MEMBERS.c.id == CAME.c.member_id)
        .join(SEATS, SEATS.c.member_id == MEMBERS.c.id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(UNITS, UNITS.c.id == TEAMS.c.commune_id)
        .where(CAME.c.class_id == class_id, CAME.c.taken_back_at.is_(None), SEATS.c.delegated_by_id.is_(None))
        .where(*_mine(who))
        .order_by(then.desc(), SEATS.c.id.desc())
    )  # fmt: skip
    best: dict[int, Any] = {}
    for one in await session.execute(query):
        best.setdefault(one.id, one)
    lines = sorted(best.values(), key=lambda one: (one.code, one.team, one.full_name))
    return [Attendee(one.full_name, SeatRole(one.role), one.position or "", one.team, one.commune) for one in lines]


def _classes(who: Principal) -> Select:
    query = select(CLASSES, UNITS.c.name.label("commune")).outerjoin(UNITS, UNITS.c.id == CLASSES.c.commune_id)
    query = query.where(CLASSES.c.withdrawn_at.is_(None))
    if reach_of(who, Action.READ_CLASS) is Reach.PROVINCE:
        return query
    return query.where(or_(CLASSES.c.commune_id.is_(None), CLASSES.c.commune_id == who.commune_id))


def _mine(who: Principal) -> list[Any]:
    return [] if reach_of(who, Action.READ_CLASS) is Reach.PROVINCE else [TEAMS.c.commune_id == who.commune_id]


async def _rows(session: AsyncSession, who: Principal, rows: Sequence[Any]) -> list[ClassRow]:
    people = await _people(session, who, [row.id for row in rows])
    known = await session.execute(select(PLATFORMS.c.code, PLATFORMS.c.short_vi, PLATFORMS.c.short_en))
    names = {row.code: (row.short_vi, row.short_en) for row in known}
    return [
        ClassRow(
            row.id, row.topic, [(code, *names.get(code, (code, code))) for code in row.platforms], row.held_on,
            row.place, row.organiser, row.trainer, row.commune or "", row.commune_id == who.commune_id,
            people.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip


async def _people(session: AsyncSession, who: Principal, ids: Collection[int]) -> dict[int, int]:
    query = select(CAME.c.class_id, func.count().label("people")).where(
        CAME.c.class_id.in_(ids), CAME.c.taken_back_at.is_(None)
    )
    if mine := _mine(who):
        here = select(SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id).where(*mine)
        query = query.where(CAME.c.member_id.in_(here))
    return {row.class_id: row.people for row in await session.execute(query.group_by(CAME.c.class_id))}
