"""What runs by the clock over photos: by one worker at a time, and over nothing that is still in use."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.integrations.photo_store import Part, photo_store
from fieldapp.jobs.decode_photos import DECODING, decode_in_turn, sweep_in_turn, sweep_orphans
from fieldapp.services import leases
from models.visit import PhotoState
from tests import build, pictures
from tests.build import World
from tests.uploads import once, photo_of, upload, visit_with

MONTH = timedelta(days=30)


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
def after() -> Callable[[timedelta], datetime]:
    """The instant before which things are swept, as the clock says so much later."""
    return lambda passed: datetime.now(UTC) + passed - MONTH


async def test_what_waits_is_decoded_by_whoever_has_the_turn(db: Database, stage: World) -> None:
    content = pictures.jpeg()
    visit_id = await visit_with(db, stage, content)
    await upload(db, stage.member, visit_id, content)
    async with db.write() as session:
        assert await leases.acquire(session, DECODING, "another worker", 60)
    assert await decode_in_turn() == 0
    assert (await photo_of(db, visit_id, content)).state == PhotoState.ACCEPTED
    async with db.write() as session:
        await leases.release(session, DECODING, "another worker")
    assert await decode_in_turn() == 1
    assert (await photo_of(db, visit_id, content)).state == PhotoState.READY


async def test_many_workers_settle_each_photo_once(db: Database, stage: World) -> None:
    contents = [pictures.jpeg(64, 48) for _ in range(5)]
    visit_id = await visit_with(db, stage, *contents)
    for content in contents:
        await upload(db, stage.member, visit_id, content)
    assert sum(await asyncio.gather(*(decode_in_turn() for _ in range(4)))) == len(contents)
    for content in contents:
        assert (await photo_of(db, visit_id, content)).state == PhotoState.READY


async def test_a_photo_that_cannot_be_settled_ends_the_turn(db: Database, stage: World) -> None:
    content = pictures.jpeg()
    visit_id = await visit_with(db, stage, content)
    await upload(db, stage.member, visit_id, content)
    sha256 = pictures.sha256(content)
    (settings().data_dir / "photos" / sha256[:2] / f"{sha256}.jpg").mkdir(parents=True)
    assert await decode_in_turn() == 0
    async with db.write() as session:
        assert await leases.acquire(session, DECODING, "another worker", 60)


async def test_the_store_is_swept_once_a_day(db: Database, after: Callable[[timedelta], datetime]) -> None:
    assert await sweep_in_turn(after(timedelta()))
    assert not await sweep_in_turn(after(timedelta()))


async def test_a_picture_stays_as_long_as_a_visit_names_it(
    db: Database, stage: World, after: Callable[[timedelta], datetime]
) -> None:
    content, orphan = pictures.jpeg(), pictures.sha256(b"named by no visit")
    visit_id = await visit_with(db, stage, content)
    await upload(db, stage.member, visit_id, content)
    await decode_in_turn()
    await photo_store().replace(orphan, b"picture")
    await sweep_orphans(after(timedelta(days=29)))
    assert await photo_store().find_picture(orphan) is not None
    await sweep_orphans(after(timedelta(days=31)))
    assert await photo_store().find_picture(orphan) is None
    assert await photo_store().find_picture(pictures.sha256(content)) is not None


async def test_a_part_is_swept_only_when_nobody_added_to_it_for_a_month(
    db: Database, stage: World, after: Callable[[timedelta], datetime]
) -> None:
    content = pictures.jpeg()
    part = Part(await visit_with(db, stage, content), pictures.sha256(content))
    await photo_store().append(part, 0, once(content[:100]), len(content))
    await sweep_orphans(after(timedelta(days=29)))
    assert await photo_store().have(part) == 100
    await sweep_orphans(after(timedelta(days=31)))
    assert await photo_store().have(part) == 0
    assert await upload(db, stage.member, part.record_id, content) == PhotoState.ACCEPTED


async def test_a_picture_put_there_meanwhile_is_not_swept(db: Database) -> None:
    """Between the listing and the discarding somebody may have brought the same photo again."""
    sha256 = pictures.sha256(b"brought again")
    await photo_store().replace(sha256, b"old")
    path = settings().data_dir / "photos" / sha256[:2] / f"{sha256}.jpg"
    os.utime(path, (0, 0))
    before = datetime.now(UTC) - MONTH
    listing = photo_store().list_pictures(before)
    assert await anext(listing) == [sha256]
    await photo_store().replace(sha256, b"new")
    await photo_store().discard_picture(sha256, before)
    assert await photo_store().find_picture(sha256) == b"new"
