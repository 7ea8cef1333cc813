"""One difficulty with all that hangs on it: photos, steps, and what whoever looks may do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.difficulty_deeds import INTERNAL, Standing, possible
from fieldapp.permissions import Action, Place, Principal, may, require
from fieldapp.problems import Problem
from fieldapp.reports.difficulty_list import ACCOUNTS, COMMUNES, DIFFICULTIES, MEMBERS, PHOTOS, UNITS, of_province
from fieldapp.reports.visit_detail import PhotoRow
from models.difficulty import DifficultyDeed, DifficultyLevel, DifficultyState, DifficultyStep
from models.visit import PhotoState

STEPS = DifficultyStep.__table__


@dataclass(frozen=True)
class StepRow:
    id: int
    deed: DifficultyDeed
    note: str
    at: datetime
    by: str
    due_on: date | None


@dataclass(frozen=True)
class DifficultyDetail:
    """`difficulty` is the row of the table with the names beside it; photos are for those who may see them."""

    difficulty: Any
    photos: Sequence[PhotoRow]
    steps: Sequence[StepRow]
    deeds: Sequence[DifficultyDeed]


async def get_difficulty(session: AsyncSession, who: Principal, difficulty_id: UUID) -> DifficultyDetail:
    """Raises `not_found`, or `forbidden` for another commune's, and for the province where it was never escalated."""
    level = DifficultyLevel.PROVINCE if of_province(who) else DifficultyLevel.COMMUNE
    names = (
        UNITS.c.name.label("village"),
        COMMUNES.c.name.label("commune"),
        MEMBERS.c.full_name.label("author"),
        ACCOUNTS.c.full_name.label("handler"),
    )
    query = (
        select(DIFFICULTIES, *names)
        .join(UNITS, UNITS.c.id == DIFFICULTIES.c.village_id)
        .join(COMMUNES, COMMUNES.c.id == DIFFICULTIES.c.commune_id)
        .join(MEMBERS, MEMBERS.c.id == DIFFICULTIES.c.author_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == DIFFICULTIES.c.handler_id)
        .where(DIFFICULTIES.c.id == difficulty_id)
    )
    row = (await session.execute(query)).first()
    if row is None:
        raise Problem("not_found")
    place = Place(row.village_id, row.commune_id, row.author_id)
    require(who, Action.READ_DIFFICULTY, place)
    if level is DifficultyLevel.PROVINCE and row.escalated_at is None:
        raise Problem("forbidden")
    standing = Standing(DifficultyState(row.state), DifficultyLevel(row.level))
    actions = {d: Action.DIRECT_DIFFICULTY if d in INTERNAL else Action.HANDLE_DIFFICULTY for d in DifficultyDeed}
    deeds = [deed for deed in possible(standing, level) if may(who, actions[deed], place)]
    return DifficultyDetail(
        row,
        await _photos(session, row.id) if may(who, Action.READ_PHOTO, place) else [],
        await _steps(session, row.id),
        deeds,
    )


async def _photos(session: AsyncSession, difficulty_id: UUID) -> list[PhotoRow]:
    shown = (PHOTOS.c.sha256, PHOTOS.c.state, PHOTOS.c.reason_code, PHOTOS.c.consent_way)
    rows = await session.execute(select(*shown).where(PHOTOS.c.difficulty_id == difficulty_id).order_by(PHOTOS.c.id))
    return [PhotoRow(row.sha256, PhotoState(row.state), row.reason_code, row.consent_way) for row in rows]


async def _steps(session: AsyncSession, difficulty_id: UUID) -> list[StepRow]:
    query = (
        select(STEPS, func.coalesce(ACCOUNTS.c.full_name, MEMBERS.c.full_name).label("by"))
        .outerjoin(MEMBERS, MEMBERS.c.id == STEPS.c.by_member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == STEPS.c.by_account_id)
        .where(STEPS.c.difficulty_id == difficulty_id)
        .order_by(STEPS.c.id)
    )
    return [
        StepRow(row.id, DifficultyDeed(row.deed), row.note, row.at, row.by or "", row.due_on)
        for row in await session.execute(query)
    ]
