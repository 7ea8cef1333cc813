"""How difficulties are dealt with, in numbers: what is open and overdue, what was solved in time, and how fast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_high
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.reports.difficulty_list import of_province
from models.difficulty import Difficulty, DifficultyState
from models.unit import Unit

DIFFICULTIES, UNITS = Difficulty.__table__, Unit.__table__
WINDOW = timedelta(days=90)
MOST = 20_000


class Solved(NamedTuple):
    received_at: datetime
    solved_at: datetime
    due_on: date


@dataclass(frozen=True)
class Figures:
    """`in_time` of `solved` within the last 90 days; `median_days` are working days, None where none was solved."""

    open: int
    overdue: int
    solved: int
    in_time: int
    median_days: int | None


@dataclass(frozen=True)
class CommuneFigures:
    name: str
    open: int
    overdue: int
    escalated: int


async def read_figures(session: AsyncSession, who: Principal, now: datetime, calendar: WorkCalendar) -> Figures:
    """Of one's commune, or of the whole province. Raises `forbidden`."""
    where, today = _mine(who), vn_day(now)
    is_open = DIFFICULTIES.c.state != DifficultyState.SOLVED
    late = case((DIFFICULTIES.c.due_on < today, 1), else_=0)
    row = (await session.execute(select(func.count(), func.sum(late)).where(is_open, *where))).one()
    columns = (DIFFICULTIES.c.received_at, DIFFICULTIES.c.solved_at, DIFFICULTIES.c.due_on)
    lately = select(*columns).where(DIFFICULTIES.c.solved_at >= now - WINDOW, *where).limit(MOST)
    solved = [Solved(*found) for found in await session.execute(lately)]
    return Figures(row[0], row[1] or 0, len(solved), count_in_time(solved), median_days(solved, calendar))


def count_in_time(solved: Sequence[Solved]) -> int:
    return sum(vn_day(one.solved_at) <= one.due_on for one in solved)


def median_days(solved: Sequence[Solved], calendar: WorkCalendar) -> int | None:
    """Working days from the receipt to the solution, of the one in the middle."""
    days = [calendar.between(vn_day(one.received_at), vn_day(one.solved_at)) for one in solved]
    return median_high(days) if days else None


async def list_communes(session: AsyncSession, who: Principal, now: datetime) -> Sequence[CommuneFigures]:
    """For the province, communes with something open: those with most overdue first, the first fifty."""
    if not of_province(who):
        return []
    overdue = func.sum(case((DIFFICULTIES.c.due_on < vn_day(now), 1), else_=0))
    escalated = func.sum(case((DIFFICULTIES.c.state == DifficultyState.ESCALATED, 1), else_=0))
    query = (
        select(UNITS.c.name, func.count().label("open"), overdue.label("overdue"), escalated.label("escalated"))
        .join(DIFFICULTIES, DIFFICULTIES.c.commune_id == UNITS.c.id)
        .where(DIFFICULTIES.c.state != DifficultyState.SOLVED)
        .group_by(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .order_by(overdue.desc(), func.count().desc(), UNITS.c.code)
        .limit(50)
    )
    return [CommuneFigures(row.name, row.open, row.overdue, row.escalated) for row in await session.execute(query)]


def _mine(who: Principal) -> list[ColumnElement[bool]]:
    if of_province(who):
        return []
    if who.commune_id is None:
        raise Problem("forbidden")
    return [DIFFICULTIES.c.commune_id == who.commune_id]
