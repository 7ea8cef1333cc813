"""What officers do to a difficulty: each deed is a step with words, told to the team's phones with their next pull.

The village's scope is locked first, so that of two officers at once the second sees what the first did.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.difficulty import due_day
from fieldapp.domain.difficulty_deeds import INTERNAL, MAX_WORDS, NEED_WORDS, Standing, move
from fieldapp.domain.given import MAX_KEY, Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit, calendar_days
from fieldapp.services.difficulties import days_allowed
from fieldapp.services.scopes import raise_villages
from models.account import Account, Role
from models.base import utc_now
from models.difficulty import Difficulty, DifficultyDeed, DifficultyLevel, DifficultyState, DifficultyStep, Severity
from models.unit import Unit, UnitKind

DIFFICULTIES, STEPS = Difficulty.__table__, DifficultyStep.__table__
ACCOUNTS, UNITS = Account.__table__, Unit.__table__
HANDLERS = {
    DifficultyLevel.COMMUNE: (Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER),
    DifficultyLevel.PROVINCE: (Role.PROVINCE_OFFICER,),
}
LONGEST_WAIT = timedelta(days=366)
_Absent = BeforeValidator(lambda value: value or None)


class DeedForm(BaseModel):
    """`seen` is the last step that whoever sends this has read."""

    difficulty: UUID
    deed: DifficultyDeed
    seen: int = Field(default=0, ge=0, le=MAX_KEY)
    words: NoteText = Field(default="", max_length=MAX_WORDS)
    due_on: Annotated[date | None, _Absent] = None
    handler: Annotated[Key | None, _Absent] = None


def level_of(who: Principal, action: Action = Action.READ_DIFFICULTY) -> DifficultyLevel:
    """The level for which somebody acts. Raises `forbidden` for those who act for none."""
    require(who, action)
    return DifficultyLevel.PROVINCE if reach_of(who, action) is Reach.PROVINCE else DifficultyLevel.COMMUNE


async def act(session: AsyncSession, who: Principal, form: DeedForm) -> None:
    """Does a deed. Raises `not_found`, `forbidden`, `difficulty_changed` where somebody did something meanwhile,
    `difficulty_moved` where this may not be done where it stands, `invalid` with the field that is missing or wrong.
    """
    action = Action.DIRECT_DIFFICULTY if form.deed in INTERNAL else Action.HANDLE_DIFFICULTY
    level = level_of(who, action)
    row, version = await _locked(session, who, form.difficulty, action, level)
    last = select(func.max(STEPS.c.id)).where(STEPS.c.difficulty_id == row.id)
    if form.deed is not DifficultyDeed.COMMENT and (await session.execute(last)).scalar_one() != form.seen:
        raise Problem("difficulty_changed")
    after = move(Standing(DifficultyState(row.state), DifficultyLevel(row.level)), form.deed, level)
    if form.deed in NEED_WORDS and not form.words:
        raise Problem("invalid", "words")
    change = await _change(session, who, row, form, after)
    step = {"deed": form.deed, "state": after.state, "note": form.words, "due_on": change.get("due_on")}
    step |= {"difficulty_id": row.id, "at": utc_now(), "by_account_id": who.account_id}
    await session.execute(insert(STEPS), [step])
    told = {} if form.deed in INTERNAL else {"scope_version": version}
    await session.execute(update(DIFFICULTIES).where(DIFFICULTIES.c.id == row.id).values(**change, **told))
    await audit.write(session, [audit.event(who, f"difficulty.{form.deed}", "difficulty", row.id, row.village_id)])


async def _locked(
    session: AsyncSession, who: Principal, difficulty_id: UUID, action: Action, level: DifficultyLevel
) -> tuple[Any, int]:
    """The row behind the lock of its village, with the village's new version."""
    query = select(DIFFICULTIES).where(DIFFICULTIES.c.id == difficulty_id)
    row = (await session.execute(query)).first()
    if row is None:
        raise Problem("not_found")
    require(who, action, Place(row.village_id, row.commune_id))
    version = (await raise_villages(session, [row.village_id]))[row.village_id]
    row = (await session.execute(query)).one()
    if level is DifficultyLevel.PROVINCE and row.escalated_at is None:
        raise Problem("forbidden")
    return row, version


async def _change(session: AsyncSession, who: Principal, row: Any, form: DeedForm, after: Standing) -> dict[str, Any]:
    """What the deed does to the difficulty itself."""
    deed, change = form.deed, {"state": after.state, "level": after.level}
    if after.level != row.level:
        change["handler_id"] = None
    match deed:
        case DifficultyDeed.ASSIGN:
            change["handler_id"] = await _handler(session, row, form)
        case DifficultyDeed.POSTPONE:
            change["due_on"] = await _new_due_day(session, row, form)
        case DifficultyDeed.ESCALATE:
            change["escalated_at"] = utc_now()
        case DifficultyDeed.SOLVE:
            change["solved_at"] = utc_now()
        case DifficultyDeed.REOPEN:
            calendar = await calendar_days.calendar_of(session, row.commune_id)
            change["solved_at"] = None
            change["due_on"] = due_day(Severity(row.severity), utc_now(), days_allowed(), calendar)
        case DifficultyDeed.TAKE | DifficultyDeed.ANSWER if row.handler_id is None:
            change["handler_id"] = who.account_id
    return change


async def _new_due_day(session: AsyncSession, row: Any, form: DeedForm) -> date:
    """The day that was asked for, or the next on which somebody works."""
    today = vn_day(utc_now())
    if form.due_on is None or not today <= form.due_on <= today + LONGEST_WAIT or form.due_on == row.due_on:
        raise Problem("invalid", "due_on")
    return (await calendar_days.calendar_of(session, row.commune_id)).first(form.due_on)


async def _handler(session: AsyncSession, row: Any, form: DeedForm) -> int:
    names = dict(await list_handlers(session, DifficultyLevel(row.level), row.commune_id))
    if form.handler not in names:
        raise Problem("invalid", "handler")
    return form.handler


async def list_handlers(session: AsyncSession, level: DifficultyLevel, commune_id: int) -> Sequence[tuple[int, str]]:
    """Who may be given a difficulty that this level has, by id and name."""
    query = (
        select(ACCOUNTS.c.id, ACCOUNTS.c.full_name)
        .join(UNITS, UNITS.c.id == ACCOUNTS.c.unit_id)
        .where(ACCOUNTS.c.role.in_(HANDLERS[level]), ACCOUNTS.c.discarded_at.is_(None))
        .order_by(ACCOUNTS.c.full_name, ACCOUNTS.c.id)
    )
    here = ACCOUNTS.c.unit_id == commune_id if level is DifficultyLevel.COMMUNE else UNITS.c.kind == UnitKind.PROVINCE
    return [(row[0], row[1]) for row in await session.execute(query.where(here))]
