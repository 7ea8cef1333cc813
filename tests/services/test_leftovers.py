"""Bytes of photos that no visit names any more go at once, wherever the name was taken away, and no others."""

from pathlib import Path
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.integrations.photo_store import Part, photo_store
from fieldapp.jobs import decode_photos
from fieldapp.jobs.decode_photos import decode_waiting, drop_leftovers
from fieldapp.services import erasures, leftovers, photos
from models.household import Household
from models.visit import PhotoState
from tests import build, drill, pictures
from tests.build import World
from tests.services.test_erasures import erase
from tests.uploads import once, photo_of, upload, visit_with


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def files() -> list[Path]:
    """All that the store holds."""
    return [path for path in (settings().data_dir / "photos").rglob("*") if path.is_file()]


async def erase_here(db: Database, home: Household) -> None:
    """Within a process that goes on, as a restore or another command would."""
    async with db.write() as session:
        await erasures.erase(session, erasures.new_entry(home))


async def test_a_picture_an_original_and_what_is_on_its_way_go_with_the_erasure(db: Database, world: World) -> None:
    shown, waiting, coming = (pictures.jpeg(80, 60) for _ in range(3))
    visit_id = await visit_with(db, world, shown, waiting, coming)
    await upload(db, world.member, visit_id, shown)
    await decode_waiting()
    await upload(db, world.member, visit_id, waiting)
    await photo_store().append(Part(visit_id, pictures.sha256(coming)), 0, once(coming[:100]), len(coming))
    assert len(files()) == 3
    await erase(db, world.households[0])
    assert files() == []


async def test_what_another_visit_names_stays(db: Database, world: World) -> None:
    content = pictures.jpeg()
    for place in (0, 1):
        await upload(db, world.member, await visit_with(db, world, content, household=place), content)
    await erase(db, world.households[0])
    assert await photo_store().find_original(pictures.sha256(content)) is not None


async def test_an_erasure_that_is_undone_drops_nothing(db: Database, world: World) -> None:
    _, content = await drill.send_visit(db, world.member, world.households[0])

    async def broken() -> None:
        async with db.write() as session:
            async with session.begin_nested():
                await erasures.erase(session, erasures.new_entry(world.households[0]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    assert not leftovers._left
    assert await drop_leftovers() == 0
    assert await photo_store().find_original(pictures.sha256(content)) is not None


async def test_a_merge_with_what_was_erased_drops_the_photos_of_the_other(db: Database, world: World) -> None:
    door = Household(id=uuid7(), village_id=world.village.id or 0, number="99", key="99")
    payload = {"household": str(door.id), "village": door.village_id, "number": "99"}
    assert (await build.send(db, world.member, build.record("household.add", world.member, payload)))[0]["result"]
    _, content = await drill.send_visit(db, world.member, world.households[0])
    await decode_waiting()
    await erase_here(db, door)
    assert await drop_leftovers() == 0
    merge = {"household": str(door.id), "into": str(world.households[0].id)}
    answers = await build.send(db, world.leader, build.record("household.confirm", world.leader, merge))
    assert answers[0]["result"] == "created"
    assert await photo_store().find_picture(pictures.sha256(content)) is not None
    assert await drop_leftovers() == 1
    assert files() == []


async def test_a_photo_that_is_decoded_while_it_is_erased_is_not_shown(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await drill.send_visit(db, world.member, world.households[0])
    decode = decode_photos._process.decode

    async def slowly(original: bytes):
        picture = await decode(original)
        await erase_here(db, world.households[0])
        return picture

    monkeypatch.setattr(decode_photos._process, "decode", slowly)
    assert await decode_waiting() == 0
    await drop_leftovers()
    assert files() == []


async def test_a_photo_that_is_whole_when_its_visit_was_erased_goes(db: Database, world: World) -> None:
    record, content = build.visit(world.member, world.households[0]), pictures.jpeg()
    record["payload"]["photos"] = pictures.named(content)
    assert (await build.send(db, world.member, record))[0]["result"] == "created"
    who, part = await build.principal(db, world.member), Part(UUID(record["id"]), pictures.sha256(content))
    async with db.read() as session:
        slot = await photos.get_slot(session, who, part.record_id, part.sha256)
    await photo_store().append(part, 0, once(content), len(content))
    await erase_here(db, world.households[0])
    await photo_store().finish(part)
    async with db.write() as session:
        assert await photos.accept_all(session, [(who, slot)]) == [None]
    leftovers.note([part])
    assert await drop_leftovers() == 1
    assert files() == []


async def test_what_is_named_again_meanwhile_stays(db: Database, world: World) -> None:
    content = pictures.jpeg()
    visit_id = await visit_with(db, world, content)
    await upload(db, world.member, visit_id, content)
    await erase_here(db, world.households[0])
    again = await visit_with(db, world, content, household=1)
    await upload(db, world.member, again, content)
    assert await drop_leftovers() == 0
    assert (await photo_of(db, again, content)).state == PhotoState.ACCEPTED
    assert await photo_store().find_original(pictures.sha256(content)) is not None
