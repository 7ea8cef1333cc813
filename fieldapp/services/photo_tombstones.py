"""Tells phones to drop the bytes of photos that nothing names any more: by the tombstones of their villages."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.services.photo_keepers import PHOTO_TABLES
from fieldapp.services.scopes import village_key
from models.sync import Tombstone

TOMBSTONES = Tombstone.__table__
KIND = "photos"


async def tell_phones(session: AsyncSession, hashes: Iterable[str], versions: Mapping[int, int]) -> None:
    """`versions` are of the villages whose phones may hold them, raised in this transaction."""
    gone = set(hashes)
    for table in PHOTO_TABLES if gone else ():
        gone -= set((await session.execute(select(table.c.sha256).where(table.c.sha256.in_(gone)))).scalars())
    rows = [
        {"scope_key": village_key(village_id), "scope_version": version, "kind": KIND, "row_id": sha256}
        for village_id, version in sorted(versions.items())
        for sha256 in sorted(gone)
    ]
    if rows:
        await session.execute(insert(TOMBSTONES), rows)
