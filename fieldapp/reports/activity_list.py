"""What a commune's teams did for many at once, and what was said of their days: two lists to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.given import Key
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.reports.visit_filter import Chosen
from models.activity import Activity, ActivityKind
from models.log_comment import LogComment
from models.member import Member
from models.platform import Platform
from models.unit import Unit
from models.visit import PhotoState
from models.work_photo import WorkPhoto

ACTIVITIES, COMMENTS, PHOTOS = Activity.__table__, LogComment.__table__, WorkPhoto.__table__
UNITS, MEMBERS, PLATFORMS = Unit.__table__, Member.__table__, Platform.__table__
ABOUT = MEMBERS.alias("about")
PAGE = 50


class ActivityFilter(BaseModel):
    """`page` counts from 0."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[ActivityKind | None, Chosen] = None
    village: Annotated[Key | None, Chosen] = None
    first: Annotated[date | None, Chosen] = None
    last: Annotated[date | None, Chosen] = None
    page: int = Field(default=0, ge=0, le=100_000)


@dataclass(frozen=True)
class ActivityRow:
    """`people` came (lượt người), None where nobody could count them; photos are those that can be looked at."""

    id: UUID
    kind: ActivityKind
    done_on: date
    village: str
    author: str
    people: int | None
    platforms: Sequence[tuple[str, str]]
    note: str
    photos: Sequence[str]


@dataclass(frozen=True)
class CommentRow:
    id: UUID
    day: date
    village: str
    author: str
    about: str
    text: str
    answer: str
    at: datetime


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    total: int
    page: int
    pages: int
    people: int = 0


async def list_activities(session: AsyncSession, who: Principal, asked: ActivityFilter) -> Page:
    """Newest first, without those that were withdrawn; `people` came to all of them. Raises `forbidden`."""
    where = [ACTIVITIES.c.commune_id == _commune(who), ACTIVITIES.c.withdrawn_at.is_(None)]
    if asked.kind is not None:
        where.append(ACTIVITIES.c.kind == asked.kind)
    where += _within(ACTIVITIES, ACTIVITIES.c.done_on, asked)
    query = select(func.count(), func.coalesce(func.sum(ACTIVITIES.c.people), 0)).where(*where)
    total, people = (await session.execute(query)).one()
    page, pages = _place(total, asked.page)
    chosen = (
        select(ACTIVITIES, UNITS.c.name.label("village"), MEMBERS.c.full_name)
        .join(UNITS, UNITS.c.id == ACTIVITIES.c.village_id)
        .join(MEMBERS, MEMBERS.c.id == ACTIVITIES.c.author_id)
        .where(*where)
        .order_by(ACTIVITIES.c.done_on.desc(), ACTIVITIES.c.id.desc())
    )
    rows = (await session.execute(chosen.offset(page * PAGE).limit(PAGE))).all()
    photos, names = await _photos(session, [row.id for row in rows]), await _platforms(session)
    found = [
        ActivityRow(
            row.id,
            ActivityKind(row.kind),
            row.done_on,
            row.village,
            row.full_name,
            row.people,
            [names.get(code, (code, code)) for code in row.platforms],
            row.note,
            photos.get(row.id, []),
        )
        for row in rows
    ]
    return Page(found, total, page, pages, people)


async def list_comments(session: AsyncSession, who: Principal, asked: ActivityFilter) -> Page:
    """What leaders said of day logs, newest first; what was taken away is left out. Raises `forbidden`."""
    where = [COMMENTS.c.commune_id == _commune(who), COMMENTS.c.withdrawn_at.is_(None)]
    where += _within(COMMENTS, COMMENTS.c.day, asked)
    total = (await session.execute(select(func.count()).select_from(COMMENTS).where(*where))).scalar_one()
    page, pages = _place(total, asked.page)
    chosen = (
        select(COMMENTS, UNITS.c.name.label("village"), MEMBERS.c.full_name, ABOUT.c.full_name.label("about"))
        .join(UNITS, UNITS.c.id == COMMENTS.c.village_id)
        .join(MEMBERS, MEMBERS.c.id == COMMENTS.c.author_id)
        .join(ABOUT, ABOUT.c.id == COMMENTS.c.member_id)
        .where(*where)
        .order_by(COMMENTS.c.day.desc(), COMMENTS.c.id.desc())
    )
    rows = await session.execute(chosen.offset(page * PAGE).limit(PAGE))
    found = [
        CommentRow(row.id, row.day, row.village, row.full_name, row.about, row.text, row.answer, row.made_at)
        for row in rows
    ]
    return Page(found, total, page, pages)


def _commune(who: Principal) -> int:
    require(who, Action.READ_ACTIVITY, Place(commune_id=who.commune_id))
    assert who.commune_id is not None
    return who.commune_id


def _within(table: Table, day: Any, asked: ActivityFilter) -> list[ColumnElement[bool]]:
    found = []
    if asked.village is not None:
        found.append(table.c.village_id == asked.village)
    if asked.first is not None:
        found.append(day >= asked.first)
    if asked.last is not None:
        found.append(day <= asked.last)
    return found


def _place(total: int, page: int) -> tuple[int, int]:
    pages = max(1, -(-total // PAGE))
    return min(page, pages - 1), pages


async def _photos(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    query = select(PHOTOS.c.activity_id, PHOTOS.c.sha256).where(
        PHOTOS.c.activity_id.in_(ids), PHOTOS.c.state == PhotoState.READY
    )
    found: dict[UUID, list[str]] = {}
    for row in (await session.execute(query.order_by(PHOTOS.c.id))) if ids else ():
        found.setdefault(row.activity_id, []).append(row.sha256)
    return found


async def _platforms(session: AsyncSession) -> dict[str, tuple[str, str]]:
    rows = await session.execute(select(PLATFORMS.c.code, PLATFORMS.c.short_vi, PLATFORMS.c.short_en))
    return {row.code: (row.short_vi, row.short_en) for row in rows}
