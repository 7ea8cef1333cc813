"""Tasks as the desk lists them: those that are late first, then by their day, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.task import Standing, standing
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from models.account import Account
from models.member import Member
from models.target import Level
from models.task import Task, TaskState
from models.team import Team
from models.unit import Unit, UnitKind

TASKS, TEAMS, UNITS, MEMBERS, ACCOUNTS = (m.__table__ for m in (Task, Team, Unit, Member, Account))
PAGE = 50


class Part(StrEnum):
    """What somebody gave to those below, and what the commune itself was given."""

    GIVEN = "given"
    OWN = "own"


@dataclass(frozen=True)
class TaskRow:
    id: UUID
    text: str
    to: str
    due_on: date
    standing: Standing
    note: str
    marked_at: datetime | None
    marked_by: str


@dataclass(frozen=True)
class TaskPage:
    """`counts` is of all pages, whatever standing was asked for."""

    rows: Sequence[TaskRow]
    counts: dict[Standing, int]
    page: int
    pages: int
    total: int


def _scope(who: Principal, part: Part) -> ColumnElement[bool]:
    if reach_of(who, Action.READ_TASK) is Reach.PROVINCE:
        return TASKS.c.level == str(Level.COMMUNE)
    require(who, Action.READ_TASK, Place(commune_id=who.commune_id))
    level = Level.TEAM if part == Part.GIVEN else Level.COMMUNE
    return and_(TASKS.c.commune_id == who.commune_id, TASKS.c.level == str(level))


def _standing(today: date) -> ColumnElement[str]:
    """The rule of `domain/task.py`, for the database."""
    late = and_(TASKS.c.state != str(TaskState.DONE), TASKS.c.due_on < today)
    return case((late, str(Standing.LATE)), else_=TASKS.c.state)


async def list_tasks(
    session: AsyncSession, who: Principal, part: Part, today: date, only: Standing | None = None, page: int = 0
) -> TaskPage:
    """A page of tasks that were not taken back. Raises `forbidden`."""
    require(who, Action.READ_TASK)
    shown = _scope(who, part), TASKS.c.withdrawn_at.is_(None)
    stands = _standing(today).label("stands")
    counted = select(stands, func.count()).where(*shown).group_by("stands")
    counts = dict.fromkeys(Standing, 0)
    counts |= {Standing(word): int(n) for word, n in map(tuple, await session.execute(counted))}
    total = counts[only] if only else sum(counts.values())
    pages = max(1, -(-total // PAGE))
    page = min(max(0, page), pages - 1)
    order = case({str(Standing.LATE): 0, str(Standing.DONE): 2}, value=_standing(today), else_=1)
    query = (
        select(
            TASKS,
            func.coalesce(TEAMS.c.name, UNITS.c.name).label("to_name"),
            func.coalesce(MEMBERS.c.full_name, ACCOUNTS.c.full_name, "").label("marked_by"),
        )
        .join(UNITS, UNITS.c.id == TASKS.c.commune_id)
        .outerjoin(TEAMS, TEAMS.c.id == TASKS.c.team_id)
        .outerjoin(MEMBERS, MEMBERS.c.id == TASKS.c.marked_by_member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == TASKS.c.marked_by_account_id)
        .where(*shown, *([_standing(today) == str(only)] if only else []))
        .order_by(order, TASKS.c.due_on, TASKS.c.text, TASKS.c.id)
    )
    rows = [
        TaskRow(
            row.id, row.text, row.to_name, row.due_on, standing(TaskState(row.state), row.due_on, today), row.note,
            row.marked_at, row.marked_by,
        )
        for row in await session.execute(query.limit(PAGE).offset(page * PAGE))
    ]  # fmt: skip
    return TaskPage(rows, counts, page, pages, total)


async def list_doers(session: AsyncSession, who: Principal, today: date) -> Sequence[tuple[int, str]]:
    """Those to whom somebody may give a task: communes, or the teams of one's commune."""
    require(who, Action.ASSIGN_TASK)
    if reach_of(who, Action.ASSIGN_TASK) is Reach.PROVINCE:
        table, name, mine = UNITS, UNITS.c.name, UNITS.c.kind == UnitKind.COMMUNE
        order = UNITS.c.code
    else:
        table, name, mine = TEAMS, TEAMS.c.name, TEAMS.c.commune_id == who.commune_id
        order = TEAMS.c.key
    valid = table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today)
    rows = await session.execute(select(table.c.id, name).where(mine, *valid).order_by(order, table.c.id))
    return [(int(unit), str(named)) for unit, named in map(tuple, rows)]
