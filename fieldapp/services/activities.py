"""Activities: taken in as their author says, and taken away again by nobody else."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.activity import ActivityPayload
from fieldapp.problems import Problem
from fieldapp.services import work_photos
from fieldapp.services.deeds import Deed
from fieldapp.services.photo_keepers import OF_ACTIVITIES
from models.activity import Activity
from models.platform import Platform

ACTIVITIES, PLATFORMS = Activity.__table__, Platform.__table__


async def create(session: AsyncSession, deed: Deed, payload: ActivityPayload) -> None:
    """Raises `platform_unknown` where it names a platform that never was ours."""
    known = select(PLATFORMS.c.code).where(PLATFORMS.c.code.in_(payload.platforms))
    if strange := set(payload.platforms) - set((await session.execute(known)).scalars() if payload.platforms else ()):
        raise Problem("platform_unknown", "platforms", platform=min(strange))
    said = payload.model_dump(exclude={"village", "photos"})
    session.add(Activity(**deed.columns, **said, done_on=deed.done_on))
    await session.flush()
    await work_photos.expect(session, OF_ACTIVITIES, deed, payload.photos)


async def get_own(session: AsyncSession, activity_id: UUID, author_id: int) -> Activity:
    """Raises `activity_unknown`, or `not_author` for somebody else's."""
    activity = await session.get(Activity, activity_id)
    if activity is None:
        raise Problem("activity_unknown", "activity")
    if activity.author_id != author_id:
        raise Problem("not_author", "activity")
    return activity


async def withdraw(session: AsyncSession, activity: Activity, version: int, now: datetime) -> None:
    """It counts no more and leaves the phones. Doing it again changes nothing."""
    if activity.withdrawn_at is None:
        activity.withdrawn_at, activity.scope_version = now, version
        await session.flush()


async def villages_of(session: AsyncSession, activity_ids: Iterable[UUID]) -> dict[UUID, int]:
    query = select(ACTIVITIES.c.id, ACTIVITIES.c.village_id).where(ACTIVITIES.c.id.in_(list(activity_ids)))
    return {row.id: row.village_id for row in await session.execute(query)}
