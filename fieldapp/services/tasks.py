"""Tasks: given by a province to communes and by a commune to teams, marked by those who do them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.note import NoteText
from fieldapp.domain.task import MAX_TEXT, MarkPayload
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.scopes import raise_versions, team_key
from fieldapp.services.team_deeds import TeamDeed
from models.base import utc_now
from models.target import Level
from models.task import Task, TaskState
from models.team import Team
from models.unit import Unit, UnitKind

TASKS, TEAMS, UNITS = Task.__table__, Team.__table__, Unit.__table__
LATEST = timedelta(days=732)


class TaskForm(BaseModel):
    """What is to be done, by when."""

    text: NoteText = Field(min_length=1, max_length=MAX_TEXT)
    due_on: date


async def assign(session: AsyncSession, who: Principal, form: TaskForm, to: Iterable[int]) -> Sequence[Task]:
    """One task for each of these: communes where the province gives it, teams where a commune does.

    Raises `forbidden`, `nothing_chosen`, `not_found` for one that is not below, `invalid` for a day that is over.
    """
    require(who, Action.ASSIGN_TASK)
    chosen, today = sorted(set(to)), vn_day(utc_now())
    if not chosen:
        raise Problem("nothing_chosen")
    if not form.text.strip():
        raise Problem("invalid", "text")
    if not today <= form.due_on <= today + LATEST:
        raise Problem("invalid", "due_on")
    by_province = reach_of(who, Action.ASSIGN_TASK) is Reach.PROVINCE
    if set(chosen) - set((await session.execute(doers(who))).scalars()):
        raise Problem("not_found", "unit")
    if not by_province:
        await raise_versions(session, [team_key(team) for team in chosen])
    rows = [
        Task(
            id=uuid7(),
            level=Level.COMMUNE if by_province else Level.TEAM,
            commune_id=one if by_province else who.commune_id or 0,
            team_id=None if by_province else one,
            text=form.text.strip(),
            due_on=form.due_on,
            made_by_id=who.account_id or 0,
        )
        for one in chosen
    ]
    session.add_all(rows)
    await session.flush()
    await audit.write(session, [audit.event(who, "task.assign", "task", row.id, row.commune_id) for row in rows])
    return rows


def doers(who: Principal) -> Any:
    """The ids of those to whom somebody gives tasks: communes of the province, or teams of one's commune."""
    today = vn_day(utc_now())
    by_province = reach_of(who, Action.ASSIGN_TASK) is Reach.PROVINCE
    table = UNITS if by_province else TEAMS
    valid = table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today)
    if by_province:
        return select(UNITS.c.id).where(UNITS.c.kind == UnitKind.COMMUNE, *valid)
    return select(TEAMS.c.id).where(TEAMS.c.commune_id == who.commune_id, *valid)


async def withdraw(session: AsyncSession, who: Principal, task_id: UUID) -> None:
    """Takes a task back; again it changes nothing. Raises `not_found`, or `forbidden` for what somebody else gives."""
    row = await _get_given(session, who, task_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = utc_now()
        await session.flush()
        await audit.write(session, [audit.event(who, "task.withdraw", "task", row.id, row.commune_id)])


async def _get_given(session: AsyncSession, who: Principal, task_id: UUID) -> Task:
    require(who, Action.ASSIGN_TASK)
    row = await session.get(Task, task_id)
    if row is None:
        raise Problem("not_found")
    require(who, Action.ASSIGN_TASK, Place(commune_id=row.commune_id))
    by_province = reach_of(who, Action.ASSIGN_TASK) is Reach.PROVINCE
    if by_province != (row.level == Level.COMMUNE):
        raise Problem("forbidden")
    if row.team_id is not None:
        await raise_versions(session, [team_key(row.team_id)])
    return row


async def mark_own(session: AsyncSession, who: Principal, task_id: UUID, state: TaskState, note: str) -> None:
    """A commune says how far it is with a task of the province. Raises `not_found`, `forbidden`."""
    row = await session.get(Task, task_id)
    if row is None or row.withdrawn_at is not None:
        raise Problem("not_found")
    require(who, Action.MARK_TASK, Place(commune_id=row.commune_id))
    if row.level != Level.COMMUNE:
        raise Problem("forbidden")
    row.marked_by_account_id = who.account_id
    _stand(row, utc_now(), uuid7(), state, note)
    await session.flush()
    await audit.write(session, [audit.event(who, "task.mark", "task", row.id, row.commune_id, state=str(state))])


async def mark(session: AsyncSession, deed: TeamDeed, payload: MarkPayload) -> None:
    """A team's word from a phone; the one made last stands, of two at once the greater id.

    Raises `forbidden`, `not_found`; one that was taken back is not there any more.
    """
    require(deed.who, Action.MARK_TASK)
    row = await session.get(Task, payload.task, populate_existing=True)
    if row is None or row.team_id != payload.team or row.withdrawn_at is not None:
        raise Problem("not_found", "task")
    if (
        row.marked_at is not None
        and row.marked_id is not None
        and (row.marked_at, row.marked_id) > (deed.made_at, deed.id)
    ):
        return
    row.marked_by_member_id = deed.who.member_id
    _stand(row, deed.made_at, deed.id, payload.state, payload.note)
    await session.flush()


def _stand(row: Task, at: datetime, word: UUID, state: TaskState, note: str) -> None:
    still = row.done_at if row.state == TaskState.DONE else None
    row.done_at = (still or at) if state == TaskState.DONE else None
    row.marked_at, row.marked_id, row.state, row.note = at, word, state, note


async def phone_rows(session: AsyncSession, team_ids: Iterable[int], today: date) -> list[dict[str, Any]]:
    """The tasks of these teams that are open, or not long over."""
    recent = TASKS.c.due_on >= today - timedelta(days=settings().pull_days)
    shown = TASKS.c.withdrawn_at.is_(None), or_(recent, TASKS.c.state != str(TaskState.DONE))
    query = select(TASKS).where(TASKS.c.team_id.in_(list(team_ids)), *shown).order_by(TASKS.c.due_on, TASKS.c.id)
    return [
        {
            "id": str(row.id),
            "team": row.team_id,
            "text": row.text,
            "due": row.due_on.isoformat(),
            "state": row.state,
            "note": row.note,
            "marked": int(row.marked_at.timestamp() * 1000) if row.marked_at else 0,
            "marked_id": str(row.marked_id) if row.marked_id else "",
        }
        for row in await session.execute(query)
    ]
