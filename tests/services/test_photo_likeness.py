"""A photo that was shown for another household: found whatever was done to it, flagged on the later visit."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from PIL import ImageEnhance
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.jobs.decode_photos import decode_waiting
from fieldapp.services.reconciliation import reconcile
from models.flag import Flag, FlagKind
from models.member import Member
from models.visit import Visit, VisitState
from tests import build, pictures
from tests.build import World
from tests.uploads import upload, visit_with

SCENE = pictures.scene(Random(1))
FIRST = pictures.saved(SCENE)
AGAIN = pictures.saved(ImageEnhance.Brightness(SCENE.reduce(2)).enhance(0.8), 60)
OTHER = pictures.saved(pictures.scene(Random(2)))


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


def minutes_ago(minutes: int) -> int:
    return build.millis(datetime.now(UTC) - timedelta(minutes=minutes))


async def shown(
    db: Database, stage: World, content: bytes, household: int, minutes: int, author: Member | None = None
) -> UUID:
    """A visit so many minutes ago, whose photo has arrived and was decoded."""
    given = {"author": author, "household": household, "made_at": minutes_ago(minutes)}
    visit_id = await visit_with(db, stage, content, **given)
    await upload(db, author or stage.member, visit_id, content)
    assert await decode_waiting() == 1
    return visit_id


async def seen(db: Database) -> dict[UUID, str]:
    """The visits that were flagged for their photo, each with the visit that it was seen on."""
    async with db.read() as session:
        rows = await session.execute(select(Flag).where(Flag.kind == FlagKind.PHOTO_SEEN))
        return {flag.visit_id: flag.detail["visit"] for flag in rows.scalars()}


async def visit_of(db: Database, visit_id: UUID) -> Visit:
    async with db.read() as session:
        return await session.get_one(Visit, visit_id)


async def test_a_photo_of_another_household_made_anew_is_found(db: Database, stage: World) -> None:
    first = await shown(db, stage, FIRST, 0, 60)
    version = (await visit_of(db, first)).scope_version
    second = await shown(db, stage, AGAIN, 1, 30, stage.second_member)
    assert await seen(db) == {second: str(first)}
    assert (await visit_of(db, first)).scope_version == version
    assert not (await visit_of(db, second)).needs_look


async def test_it_is_the_later_visit_that_is_flagged_whichever_photo_comes_first(db: Database, stage: World) -> None:
    later = await shown(db, stage, FIRST, 0, 30)
    version = (await visit_of(db, later)).scope_version
    earlier = await shown(db, stage, AGAIN, 1, 60)
    assert await seen(db) == {later: str(earlier)}
    assert (await visit_of(db, later)).scope_version > version


async def test_after_approval_it_asks_for_another_look_and_moves_no_number(db: Database, stage: World) -> None:
    later = await shown(db, stage, FIRST, 0, 30)
    answers = await build.send(db, stage.leader, build.decision(stage.leader, later))
    assert answers[0]["result"] == "created"
    await shown(db, stage, AGAIN, 1, 60)
    flagged = await visit_of(db, later)
    assert (flagged.state, flagged.needs_look) == (VisitState.APPROVED, True)
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_another_scene_is_not(db: Database, stage: World) -> None:
    await shown(db, stage, FIRST, 0, 60)
    await shown(db, stage, OTHER, 1, 30)
    assert await seen(db) == {}


async def test_the_same_household_may_look_the_same(db: Database, stage: World) -> None:
    await shown(db, stage, FIRST, 0, 60)
    await shown(db, stage, AGAIN, 0, 30)
    assert await seen(db) == {}


async def test_a_plain_photo_is_like_no_other(db: Database, stage: World) -> None:
    for household in (0, 1):
        await shown(db, stage, pictures.red_above_blue(comment=bytes([household])), household, 60 - household)
    assert await seen(db) == {}


@pytest.mark.parametrize("withdrawn", ["earlier", "later"])
async def test_a_visit_that_was_withdrawn_does_not_count(db: Database, stage: World, withdrawn: str) -> None:
    first = await shown(db, stage, FIRST, 0, 60)
    second = await visit_with(db, stage, AGAIN, household=1, made_at=minutes_ago(30))
    await upload(db, stage.member, second, AGAIN)
    gone = first if withdrawn == "earlier" else second
    record = build.record("visit.withdraw", stage.member, {"visit": str(gone)})
    assert (await build.send(db, stage.member, record))[0]["result"] == "created"
    assert await decode_waiting() == 1
    assert await seen(db) == {}


async def test_a_visit_in_another_village_is_flagged_there(db: Database, stage: World) -> None:
    """Both villages are locked and raised, so that the phones of both are told."""
    away = await build.household(db, stage.next_village, "1")
    record = build.visit(
        stage.next_leader, away, photos=pictures.named(FIRST), made_at=minutes_ago(30), identified_by="list"
    )
    assert (await build.send(db, stage.next_leader, record))[0]["result"] == "created"
    later = UUID(record["id"])
    await upload(db, stage.next_leader, later, FIRST)
    await decode_waiting()
    version = (await visit_of(db, later)).scope_version
    earlier = await shown(db, stage, AGAIN, 1, 60)
    assert await seen(db) == {later: str(earlier)}
    assert (await visit_of(db, later)).scope_version > version


async def test_the_next_version_that_keeps_the_photo_is_flagged_too(db: Database, stage: World) -> None:
    await shown(db, stage, FIRST, 0, 60)
    second = await shown(db, stage, AGAIN, 1, 30)
    home = stage.households[1]
    with_it = build.visit(stage.member, home, photos=pictures.named(AGAIN), replaces=str(second))
    assert (await build.send(db, stage.member, with_it))[0]["result"] == "created"
    without = build.visit(stage.member, home, replaces=with_it["id"])
    assert (await build.send(db, stage.member, without))[0]["result"] == "created"
    async with db.read() as session:
        flagged = await session.execute(select(Flag.visit_id).where(Flag.kind == FlagKind.PHOTO_SEEN))
        assert set(flagged.scalars()) == {second, UUID(with_it["id"])}
