"""The commune's visits as a list: filtered, searched without diacritics, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from fieldapp.reports.visit_filter import (
    DOERS,
    FLAGS,
    HOUSEHOLDS,
    MEMBERS,
    NUMBER_THEN,
    OUTCOMES,
    VISITS,
    VisitFilter,
    commune_of,
    conditions,
)
from models.flag import FlagKind
from models.platform import Platform
from models.unit import Unit
from models.visit import IdentifiedBy, Photo, PhotoState, Result, VisitState

PHOTOS, UNITS, PLATFORMS = Photo.__table__, Unit.__table__, Platform.__table__
PAGE = 50
NEWEST_FIRST = VISITS.c.done_on.desc(), VISITS.c.made_at.desc(), VISITS.c.id.desc()
SHOWN_OF_A_VISIT = (
    "id", "done_on", "made_at", "received_at", "people", "state", "version", "verified", "identified_by", "needs_look",
)  # fmt: skip


@dataclass(frozen=True)
class OutcomeRow:
    platform: str
    name_vi: str
    name_en: str
    result: Result


@dataclass(frozen=True)
class VisitRow:
    id: UUID
    done_on: date
    made_at: datetime
    received_at: datetime
    village: str
    household_number: str
    head_name: str | None
    author: str
    done_by: str | None
    outcomes: Sequence[OutcomeRow]
    people: int
    state: VisitState
    version: int
    verified: bool
    identified_by: IdentifiedBy
    needs_look: bool
    flags: Sequence[FlagKind]
    photo_count: int


@dataclass(frozen=True)
class VisitPage:
    rows: Sequence[VisitRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def list_visits(session: AsyncSession, who: Principal, asked: VisitFilter) -> VisitPage:
    """One page, newest first; a page past the end gives the last one. Raises `forbidden`."""
    where = conditions(commune_of(who), asked)
    total = (await session.execute(joined(select(func.count())).where(*where))).scalar_one()
    page = min(asked.page, max(0, -(-total // PAGE) - 1))
    return VisitPage(await _rows(session, _chosen(where).limit(PAGE).offset(page * PAGE)), total, page)


async def list_these(session: AsyncSession, who: Principal, visit_ids: Sequence[UUID]) -> list[VisitRow]:
    """These visits of one's commune, in the order given. Raises `forbidden`."""
    mine = [VISITS.c.commune_id == commune_of(who), VISITS.c.id.in_(visit_ids)]
    found = {row.id: row for row in await _rows(session, _chosen(mine))}
    return [found[visit_id] for visit_id in visit_ids if visit_id in found]


async def list_to_look_at(session: AsyncSession, who: Principal, limit: int = 100) -> tuple[list[VisitRow], int]:
    """Approved visits that a flag asks to look at again, newest first, and the number of all. Raises `forbidden`."""
    mine = [VISITS.c.commune_id == commune_of(who), VISITS.c.needs_look, VISITS.c.state == VisitState.APPROVED]
    total = (await session.execute(select(func.count()).select_from(VISITS).where(*mine))).scalar_one()
    return await _rows(session, _chosen(mine).limit(limit)), total


def _chosen(where: Sequence[ColumnElement[bool]]) -> Select:
    columns = (
        *(VISITS.c[name] for name in SHOWN_OF_A_VISIT),
        UNITS.c.name.label("village"),
        NUMBER_THEN.label("household_number"),
        HOUSEHOLDS.c.head_name,
        MEMBERS.c.full_name.label("author"),
        DOERS.c.full_name.label("done_by"),
    )
    return joined(select(*columns)).where(*where).order_by(*NEWEST_FIRST)


def joined(query: Select) -> Select:
    """Visits with what `conditions` are held against."""
    return (
        query.select_from(VISITS)
        .join(HOUSEHOLDS, HOUSEHOLDS.c.id == VISITS.c.household_id)
        .join(MEMBERS, MEMBERS.c.id == VISITS.c.author_id)
        .outerjoin(DOERS, DOERS.c.id == VISITS.c.done_by_id)
        .join(UNITS, UNITS.c.id == VISITS.c.village_id)
    )


async def _rows(session: AsyncSession, query: Select) -> list[VisitRow]:
    found = (await session.execute(query)).all()
    ids = [row.id for row in found]
    outcomes, flags, photos = await outcomes_of(session, ids), await flags_of(session, ids), await _photos(session, ids)
    return [
        VisitRow(
            row.id,
            row.done_on,
            row.made_at,
            row.received_at,
            row.village,
            row.household_number,
            row.head_name,
            row.author,
            row.done_by,
            outcomes.get(row.id, []),
            row.people,
            VisitState(row.state),
            row.version,
            row.verified,
            IdentifiedBy(row.identified_by),
            row.needs_look,
            flags.get(row.id, []),
            photos.get(row.id, 0),
        )
        for row in found
    ]


async def outcomes_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[OutcomeRow]]:
    query = (
        select(OUTCOMES.c.visit_id, OUTCOMES.c.result, PLATFORMS.c.code, PLATFORMS.c.short_vi, PLATFORMS.c.short_en)
        .join(PLATFORMS, PLATFORMS.c.code == OUTCOMES.c.platform_code)
        .where(OUTCOMES.c.visit_id.in_(ids))
        .order_by(OUTCOMES.c.id)
    )
    found: dict[UUID, list[OutcomeRow]] = {}
    for row in await session.execute(query):
        found.setdefault(row.visit_id, []).append(OutcomeRow(row.code, row.short_vi, row.short_en, Result(row.result)))
    return found


async def flags_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[FlagKind]]:
    query = select(FLAGS.c.visit_id, FLAGS.c.kind).where(FLAGS.c.visit_id.in_(ids)).order_by(FLAGS.c.kind)
    found: dict[UUID, list[FlagKind]] = {}
    for row in await session.execute(query):
        found.setdefault(row.visit_id, []).append(FlagKind(row.kind))
    return found


async def _photos(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many photos of each visit can be looked at."""
    query = (
        select(PHOTOS.c.visit_id, func.count())
        .where(PHOTOS.c.visit_id.in_(ids), PHOTOS.c.state == PhotoState.READY)
        .group_by(PHOTOS.c.visit_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}
