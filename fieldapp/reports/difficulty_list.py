"""Difficulties as the desk's board shows them: those of a commune, or what was escalated to the province."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.permissions import Action, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.reports.visit_filter import Chosen
from models.account import Account
from models.difficulty import Difficulty, DifficultyKind, DifficultyState, Severity
from models.member import Member
from models.unit import Unit
from models.visit import PhotoState
from models.work_photo import WorkPhoto

DIFFICULTIES, PHOTOS, UNITS = Difficulty.__table__, WorkPhoto.__table__, Unit.__table__
MEMBERS, ACCOUNTS = Member.__table__, Account.__table__
COMMUNES = UNITS.alias("commune")
PAGE = 50
"""Of one book: more than a commune of our largest sample has in two years."""

S = DifficultyState


class View(StrEnum):
    """What the board shows: all that is open, what is overdue, one state."""

    OPEN = "open"
    OVERDUE = "overdue"
    REPORTED = "reported"
    HANDLING = "handling"
    ESCALATED = "escalated"
    SOLVED = "solved"


class DifficultyFilter(BaseModel):
    """`place` is a village for the commune, a commune for the province; `page` counts from 0."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    view: View = View.OPEN
    kind: Annotated[DifficultyKind | None, Chosen] = None
    severity: Annotated[Severity | None, Chosen] = None
    place: Annotated[Key | None, Chosen] = None
    query: PlainText = Field(default="", max_length=80)
    page: int = Field(default=0, ge=0, le=100_000)


@dataclass(frozen=True)
class DifficultyRow:
    id: UUID
    kind: DifficultyKind
    severity: Severity
    description: str
    village: str
    commune: str
    author: str
    handler: str
    received_at: datetime
    due_on: date
    state: DifficultyState
    photo_count: int


@dataclass(frozen=True)
class Page:
    rows: Sequence[DifficultyRow]
    total: int
    page: int
    pages: int


async def list_difficulties(session: AsyncSession, who: Principal, asked: DifficultyFilter, today: date) -> Page:
    """One page: what is open before what is solved, what is due first before what is due later. Raises `forbidden`."""
    where = [*_mine(who), *_view(asked.view, today), *_rest(who, asked)]
    total = (await session.execute(select(func.count()).select_from(DIFFICULTIES).where(*where))).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(asked.page, pages - 1)
    rows = await session.execute(_chosen().where(*where).offset(page * PAGE).limit(PAGE))
    return Page([_row(row) for row in rows], total, page, pages)


async def list_every_difficulty(session: AsyncSession, who: Principal, days: DayRange) -> Sequence[DifficultyRow]:
    """All that was received in these days, in the order in which it came. Raises `forbidden`."""
    received = DIFFICULTIES.c.received_at
    span = received >= _midnight(days.first), received < _midnight(days.last + timedelta(days=1))
    query = _chosen().where(*_mine(who), *span).order_by(None).order_by(received, DIFFICULTIES.c.id)
    return [_row(row) for row in await session.execute(query)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)


async def count_by_view(session: AsyncSession, who: Principal, asked: DifficultyFilter, today: date) -> dict[View, int]:
    """How many there are in each view of what is otherwise asked for."""
    late = (DIFFICULTIES.c.state != S.SOLVED) & (DIFFICULTIES.c.due_on < today)
    query = select(DIFFICULTIES.c.state, func.count(), func.sum(case((late, 1), else_=0)))
    found = await session.execute(query.where(*_mine(who), *_rest(who, asked)).group_by(DIFFICULTIES.c.state))
    rows = {row[0]: (row[1], row[2] or 0) for row in found}
    numbers = {View(state): rows.get(state, (0, 0))[0] for state in S}
    numbers[View.OPEN] = sum(n for state, (n, _) in rows.items() if state != S.SOLVED)
    numbers[View.OVERDUE] = sum(late for _, late in rows.values())
    return numbers


async def list_places(session: AsyncSession, who: Principal) -> Sequence[tuple[int, str]]:
    """The villages of one's commune, or for the province the communes: by id and name."""
    if of_province(who):
        escalated = select(DIFFICULTIES.c.commune_id).where(*_mine(who)).distinct()
        query = select(UNITS.c.id, UNITS.c.name).where(UNITS.c.id.in_(escalated))
    else:
        query = select(UNITS.c.id, UNITS.c.name).where(UNITS.c.parent_id == who.commune_id)
    return [(row[0], row[1]) for row in await session.execute(query.order_by(UNITS.c.code, UNITS.c.id))]


def of_province(who: Principal) -> bool:
    """Whether somebody reads what was escalated, and not a commune's own. Raises `forbidden` for who reads neither."""
    require(who, Action.READ_DIFFICULTY)
    return reach_of(who, Action.READ_DIFFICULTY) is Reach.PROVINCE


def _mine(who: Principal) -> list[ColumnElement[bool]]:
    """The province reads what was ever escalated to it; of the rest it knows numbers."""
    if of_province(who):
        return [DIFFICULTIES.c.escalated_at.is_not(None)]
    if who.commune_id is None:
        raise Problem("forbidden")
    return [DIFFICULTIES.c.commune_id == who.commune_id]


def _view(view: View, today: date) -> list[ColumnElement[bool]]:
    if view is View.OPEN:
        return [DIFFICULTIES.c.state != S.SOLVED]
    if view is View.OVERDUE:
        return [DIFFICULTIES.c.state != S.SOLVED, DIFFICULTIES.c.due_on < today]
    return [DIFFICULTIES.c.state == str(view)]


def _rest(who: Principal, asked: DifficultyFilter) -> list[ColumnElement[bool]]:
    column = DIFFICULTIES.c.commune_id if of_province(who) else DIFFICULTIES.c.village_id
    held = ((DIFFICULTIES.c.kind, asked.kind), (DIFFICULTIES.c.severity, asked.severity), (column, asked.place))
    words = [DIFFICULTIES.c.key.contains(word, autoescape=True) for word in fold(asked.query).split()]
    return [c == value for c, value in held if value is not None] + words


def _chosen() -> Select:
    photos = (
        select(func.count())
        .where(PHOTOS.c.difficulty_id == DIFFICULTIES.c.id, PHOTOS.c.state == PhotoState.READY)
        .scalar_subquery()
    )
    names = (
        UNITS.c.name.label("village"),
        COMMUNES.c.name.label("commune"),
        MEMBERS.c.full_name.label("author"),
        ACCOUNTS.c.full_name.label("handler"),
        photos.label("photo_count"),
    )
    return (
        select(DIFFICULTIES, *names)
        .join(UNITS, UNITS.c.id == DIFFICULTIES.c.village_id)
        .join(COMMUNES, COMMUNES.c.id == DIFFICULTIES.c.commune_id)
        .join(MEMBERS, MEMBERS.c.id == DIFFICULTIES.c.author_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == DIFFICULTIES.c.handler_id)
        .order_by(
            DIFFICULTIES.c.state == S.SOLVED, DIFFICULTIES.c.solved_at.desc(), DIFFICULTIES.c.due_on, DIFFICULTIES.c.id
        )
    )


def _row(row) -> DifficultyRow:
    return DifficultyRow(
        row.id,
        DifficultyKind(row.kind),
        Severity(row.severity),
        row.description,
        row.village,
        row.commune,
        row.author,
        row.handler or "",
        row.received_at,
        row.due_on,
        DifficultyState(row.state),
        row.photo_count,
    )
