"""That the people whose faces are clear in a photo agreed to it: what is stored beside the photo, and its audit.

A consent goes where its photo goes: on to the next version of the visit that keeps the photo, and away with it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.visit import PhotoPayload
from fieldapp.permissions import Principal
from fieldapp.services import audit
from fieldapp.services.padding import padded
from models.consent_withdrawal import ConsentWithdrawal
from models.visit import Photo

PHOTOS = Photo.__table__
WITHDRAWALS = ConsentWithdrawal.__table__
COLUMNS = ("consent_way", "consent_text", "consent_at")
_AMONG = select(WITHDRAWALS.c.sha256).where(
    WITHDRAWALS.c.commune_id == bindparam("commune"), WITHDRAWALS.c.sha256.in_(bindparam("hashes", expanding=True))
)


async def of_visit(session: AsyncSession, visit_id: UUID) -> dict[str, Any]:
    """The consents that a visit's photos have, by hash."""
    columns = (PHOTOS.c[name] for name in COLUMNS)
    query = select(PHOTOS.c.sha256, *columns).where(PHOTOS.c.visit_id == visit_id, PHOTOS.c.consent_way.is_not(None))
    return {row.sha256: {name: row._mapping[name] for name in COLUMNS} for row in await session.execute(query)}


def columns(photo: PhotoPayload, before: dict[str, Any] | None, made_at: datetime) -> dict[str, Any]:
    """What a photo's row says. A consent that was given `before` keeps its time, unless another one is named."""
    if photo.consent is None:
        return before or dict.fromkeys(COLUMNS)
    named = {"consent_way": photo.consent.way, "consent_text": photo.consent.text_version}
    same = before is not None and all(before[name] == value for name, value in named.items())
    return before if before and same else named | {"consent_at": made_at}


def events(
    who: Principal, name: str, record_id: UUID, village_id: int, photos: Sequence[PhotoPayload]
) -> list[dict[str, Any]]:
    """The audit of the consents that a record names; `name` is what the trail calls it."""
    return [
        audit.event(
            who,
            "photo.consent",
            name,
            record_id,
            village_id,
            sha256=photo.sha256,
            way=photo.consent.way,
            text_version=photo.consent.text_version,
        )
        for photo in photos
        if photo.consent is not None
    ]


async def without_withdrawn(
    session: AsyncSession, commune_id: int, photos: Sequence[PhotoPayload]
) -> list[PhotoPayload]:
    """Of photos that a record names, those to which nobody took back their consent."""
    if not photos:
        return []
    asked = {"commune": commune_id, "hashes": padded(photo.sha256 for photo in photos)}
    gone = set((await session.execute(_AMONG, asked)).scalars())
    return [photo for photo in photos if photo.sha256 not in gone]
