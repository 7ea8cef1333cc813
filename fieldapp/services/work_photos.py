"""Photos that an activity or a difficulty names: expected with it, shown to those who may see them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.visit import PhotoPayload
from fieldapp.services import photo_consents
from fieldapp.services.deeds import Deed
from fieldapp.services.photo_keepers import Keeper
from models.visit import PhotoState
from models.work_photo import WorkPhoto

PHOTOS = WorkPhoto.__table__


async def expect(session: AsyncSession, keeper: Keeper, deed: Deed, photos: Sequence[PhotoPayload]) -> None:
    """Keeps a place for each of them; their bytes follow."""
    named = await photo_consents.without_withdrawn(session, deed.posting.commune_id, photos)
    rows = [
        {keeper.owner_id.name: deed.id, **photo.model_dump(exclude={"consent"}), "state": PhotoState.EXPECTED}
        | photo_consents.columns(photo, None, deed.made_at)
        for photo in named
    ]
    if rows:
        await session.execute(insert(PHOTOS), rows)


async def by_owner(session: AsyncSession, keeper: Keeper, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """The photos of these, in the order in which they were named."""
    found: dict[UUID, list[Any]] = {}
    query = select(PHOTOS).where(keeper.owner_id.in_(ids)).order_by(PHOTOS.c.id)
    for row in (await session.execute(query)) if ids else ():
        found.setdefault(row._mapping[keeper.owner_id.name], []).append(row)
    return found
