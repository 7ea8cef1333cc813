"""Spoken guides of a commune: added and taken off by its officers, heard by those of the commune.

Phones are given the whole list of their commune whenever it has changed: it is short. Bytes that no row names any more
are swept with those of photos (jobs/decode_photos.py), so that taking off and adding the same at once loses nothing.
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.narration import MAX_NARRATIONS, NarrationForm
from fieldapp.domain.sound import Sound
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.scopes import commune_key, raise_versions
from models.narration import Narration
from models.platform import Platform

NARRATIONS, PLATFORMS = Narration.__table__, Platform.__table__


def name_of(sound: Sound) -> str:
    """Under which its bytes are kept."""
    return hashlib.sha256(sound.content).hexdigest()


async def add(session: AsyncSession, who: Principal, form: NarrationForm, sound: Sound) -> Narration:
    """Adds a recording whose bytes are kept already to the guides of the officer's commune.

    The same one again is the one that is there. Raises `forbidden`, `platform_unknown`, `narrations_full`.
    """
    require(who, Action.NARRATE_GUIDE, Place(commune_id=who.commune_id))
    platform = await session.get(Platform, form.platform)
    if platform is None or platform.discarded_at is not None or not platform.approved:
        raise Problem("platform_unknown", "platform")
    commune_id, sha256 = who.commune_id or 0, name_of(sound)
    await raise_versions(session, [commune_key(commune_id)])
    mine = (NARRATIONS.c.commune_id == commune_id, NARRATIONS.c.platform_code == form.platform)
    there = await session.execute(select(Narration).where(*mine, NARRATIONS.c.sha256 == sha256))
    if (known := there.scalar_one_or_none()) is not None:
        return known
    count = select(func.count()).select_from(NARRATIONS).where(NARRATIONS.c.commune_id == commune_id)
    if (await session.execute(count)).scalar_one() >= MAX_NARRATIONS:
        raise Problem("narrations_full", most=MAX_NARRATIONS)
    row = Narration(
        id=uuid7(),
        commune_id=commune_id,
        platform_code=form.platform,
        title=form.title,
        kind=sound.kind,
        sha256=sha256,
        bytes=len(sound.content),
        seconds=sound.seconds,
        added_by_id=who.account_id or 0,
    )
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "narration.add", "narration", row.id, commune_id, title=row.title)])
    return row


async def remove(session: AsyncSession, who: Principal, narration_id: UUID) -> None:
    """Takes a recording off. Raises `not_found`, or `forbidden` for another commune's."""
    row = await session.get(Narration, narration_id)
    if row is None:
        raise Problem("not_found")
    require(who, Action.NARRATE_GUIDE, Place(commune_id=row.commune_id))
    await raise_versions(session, [commune_key(row.commune_id)])
    event = audit.event(who, "narration.remove", "narration", row.id, row.commune_id, title=row.title)
    await session.delete(row)
    await session.flush()
    await audit.write(session, [event])


async def get_for_hearing(session: AsyncSession, who: Principal, narration_id: UUID) -> Narration:
    """Raises `not_found`, or `forbidden` for those of another commune."""
    row = await session.get(Narration, narration_id)
    if row is None:
        raise Problem("not_found")
    require(who, Action.HEAR_GUIDE, Place(commune_id=row.commune_id))
    return row


async def list_of(session: AsyncSession, commune_id: int) -> Sequence[Narration]:
    """The commune's recordings, platform by platform in the order of their tiles."""
    query = select(Narration).join(PLATFORMS, PLATFORMS.c.code == NARRATIONS.c.platform_code)
    query = query.where(NARRATIONS.c.commune_id == commune_id)
    order = (PLATFORMS.c.position, NARRATIONS.c.title, NARRATIONS.c.id)
    return (await session.execute(query.order_by(*order))).scalars().all()


async def phone_rows(session: AsyncSession, commune_id: int) -> list[dict[str, Any]]:
    return [
        {
            "id": str(row.id),
            "platform": row.platform_code,
            "title": row.title,
            "kind": row.kind,
            "sha256": row.sha256,
            "bytes": row.bytes,
            "seconds": row.seconds,
        }
        for row in await list_of(session, commune_id)
    ]
