"""A photo's way as tests take it: named by a visit, then brought, past the API."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.integrations.photo_store import photo_store
from fieldapp.services import photos
from models.member import Member
from models.visit import Photo, PhotoState
from tests import build, pictures
from tests.build import World


async def visit_with(
    db: Database, stage: World, *contents: bytes, author: Member | None = None, household: int = 0, **payload: Any
) -> UUID:
    """A visit that names these photos, by the member and at the first household unless told otherwise."""
    author = author or stage.member
    record = build.visit(author, stage.households[household], photos=pictures.named(*contents), **payload)
    answers = await build.send(db, author, record)
    assert answers[0]["result"] == "created"
    return UUID(record["id"])


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def upload(db: Database, author: Member, visit_id: UUID, content: bytes) -> PhotoState:
    who = await build.principal(db, author)
    async with db.read() as session:
        slot = await photos.get_slot(session, who, visit_id, pictures.sha256(content))
    await photo_store().append(slot.part, 0, once(content), slot.bytes)
    await photo_store().finish(slot.part)
    async with db.write() as session:
        return (await photos.accept_all(session, [(who, slot)]))[0]


async def photo_of(db: Database, visit_id: UUID, content: bytes) -> Photo:
    async with db.read() as session:
        query = select(Photo).where(Photo.visit_id == visit_id, Photo.sha256 == pictures.sha256(content))
        return (await session.execute(query)).scalar_one()
