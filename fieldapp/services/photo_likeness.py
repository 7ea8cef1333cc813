"""Photos that show the same as one of another household: found when a photo is decoded, flagged on the later visit."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.likeness import Marks, are_alike, near
from fieldapp.domain.visit import GONE
from fieldapp.services import audit, visits
from models.flag import Flag, FlagKind
from models.visit import Photo, PhotoState, Visit

PHOTOS, VISITS = Photo.__table__, Visit.__table__
MARKS = (PHOTOS.c.mark_1, PHOTOS.c.mark_2, PHOTOS.c.mark_3, PHOTOS.c.mark_4)
MOST = 5000
"""Photos that are compared with one: more share a mark only where that says nothing."""

_VISIT = (VISITS.c.id, VISITS.c.root_id, VISITS.c.household_id, VISITS.c.village_id, VISITS.c.made_at)

Later = dict[UUID, tuple[int, UUID]]
"""Visits to be flagged, each with its village and the earlier visit that its photo was seen on."""


async def find_later(session: AsyncSession, sha256: str, marks: Marks | None) -> Later:
    """The visits that a waiting photo makes doubtful once it has these marks: its own, or later ones of others."""
    others = await _list_alike(session, sha256, marks)
    if not others:
        return {}
    waiting = (PHOTOS.c.sha256 == sha256, PHOTOS.c.state == PhotoState.ACCEPTED, VISITS.c.state.not_in(GONE))
    own = await session.execute(select(*_VISIT).join(PHOTOS, PHOTOS.c.visit_id == VISITS.c.id).where(*waiting))
    later: Later = {}
    for mine in own:
        for other in others:
            if mine.root_id != other.root_id and mine.household_id != other.household_id:
                first, second = sorted((mine, other), key=lambda visit: (visit.made_at, visit.id))
                later.setdefault(second.id, (second.village_id, first.id))
    return later


async def _list_alike(session: AsyncSession, sha256: str, marks: Marks | None) -> list[Any]:
    """Standing visits whose photo is alike and yet another; the same bytes were flagged when their visit came."""
    shared = [column.in_(near(mark)) for column, mark in zip(MARKS, marks or (), strict=False) if near(mark)]
    if marks is None or not shared:
        return []
    query = select(PHOTOS.c.id, *MARKS).where(or_(*shared), PHOTOS.c.sha256 != sha256).limit(MOST)
    alike = [row.id for row in await session.execute(query) if are_alike(marks, (row[1], row[2], row[3], row[4]))]
    if not alike:
        return []
    standing = (PHOTOS.c.id.in_(alike), VISITS.c.state.not_in(GONE))
    return list(await session.execute(select(*_VISIT).join(PHOTOS, PHOTOS.c.visit_id == VISITS.c.id).where(*standing)))


async def flag(session: AsyncSession, later: Later, versions: Mapping[int, int]) -> None:
    """Flags these visits, whose villages are locked at these versions; one that was flagged or left is let be."""
    for visit in await _get_standing(session, later.keys()):
        if visit.village_id in versions and await session.get(Flag, (visit.id, FlagKind.PHOTO_SEEN)) is None:
            seen_on = str(later[visit.id][1])
            version = versions[visit.village_id]
            await visits.raise_flag(session, visit, FlagKind.PHOTO_SEEN, version, visit=seen_on)
            event = audit.event(None, "photo.seen", "visit", visit.id, visit.village_id, visit=seen_on)
            await audit.write(session, [event])


async def _get_standing(session: AsyncSession, ids: Collection[UUID]) -> list[Visit]:
    query = select(Visit).where(VISITS.c.id.in_(ids), VISITS.c.state.not_in(GONE)).order_by(VISITS.c.id)
    return list((await session.execute(query.execution_options(populate_existing=True))).scalars()) if ids else []
