"""The consent of people whose faces are clear: where it is kept, what it goes along with, what takes it away."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from fieldapp.db import Database
from fieldapp.reports.visit_detail import get_visit
from fieldapp.services import erasures
from fieldapp.services.pull import pull
from models.audit_event import AuditEvent
from models.base import utc_now
from models.visit import Photo
from tests import build, drill, pictures
from tests.build import World
from tests.uploads import photo_of

ORAL, SIGNED = {"way": "oral", "text_version": 1}, {"way": "signed", "text_version": 1}
FACE, HAND = pictures.jpeg(80, 60), pictures.jpeg(80, 60)
EARLY = build.millis(utc_now() - timedelta(hours=3))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def named(content: bytes, consent: dict[str, Any] | None = None) -> dict[str, Any]:
    (photo,) = pictures.named(content)
    return photo if consent is None else photo | {"consent": consent}


async def send(db: Database, world: World, *photos: dict[str, Any], **record: Any) -> UUID:
    sent = build.visit(world.member, world.households[0], photos=list(photos), **record)
    (answer,) = await build.send(db, world.member, sent)
    assert answer["result"] == "created"
    return UUID(sent["id"])


async def consent_of(db: Database, visit_id: UUID, content: bytes) -> tuple[Any, ...]:
    photo = await photo_of(db, visit_id, content)
    return photo.consent_way, photo.consent_text, photo.consent_at and build.millis(photo.consent_at)


async def test_a_consent_is_kept_beside_its_photo_with_way_text_and_time(db: Database, world: World) -> None:
    visit = await send(db, world, named(FACE, ORAL), named(HAND), made_at=EARLY)
    way, text, at = await consent_of(db, visit, FACE)
    assert (way, text) == ("oral", 1)
    assert abs(at - EARLY) < 60_000
    assert await consent_of(db, visit, HAND) == (None, None, None)
    (event,) = [e for e in await drill.rows_of(db, AuditEvent.__table__) if e["action"] == "photo.consent"]
    assert (event["subject_id"], event["member_id"]) == (str(visit), world.member.id)
    assert event["detail"] == {"sha256": pictures.sha256(FACE), "way": "oral", "text_version": 1}


@pytest.mark.parametrize("again", [ORAL, None], ids=["named again", "named by no consent"])
async def test_a_photo_that_is_kept_keeps_its_consent_and_the_time_of_it(
    db: Database, world: World, again: dict[str, Any] | None
) -> None:
    first = await send(db, world, named(FACE, ORAL), made_at=EARLY)
    before = await consent_of(db, first, FACE)
    second = await send(db, world, named(FACE, again), named(HAND), replaces=str(first))
    assert await consent_of(db, second, FACE) == before
    assert await consent_of(db, second, HAND) == (None, None, None)


async def test_another_consent_takes_the_place_of_the_first(db: Database, world: World) -> None:
    first = await send(db, world, named(FACE, ORAL), made_at=EARLY)
    second = await send(db, world, named(FACE, SIGNED), replaces=str(first))
    way, _, at = await consent_of(db, second, FACE)
    assert way == "signed"
    assert at - EARLY > 3_000_000


async def test_the_phone_and_the_desk_are_shown_it(db: Database, world: World) -> None:
    visit = await send(db, world, named(FACE, ORAL), named(HAND))
    async with db.read() as session:
        page = await pull(session, await build.principal(db, world.member), "")
        detail = await get_visit(session, await build.principal(db, world.commune_officer), visit)
    (row,) = [v for v in page["visits"] if v["id"] == str(visit)]
    assert [photo.get("consent") for photo in row["photos"]] == [ORAL, None]
    assert [photo.consent_way for photo in detail.photos] == ["oral", None]


async def test_erasing_a_household_takes_consents_away_and_none_comes_back(db: Database, world: World) -> None:
    await send(db, world, named(FACE, ORAL), made_at=EARLY)
    async with db.write() as session:
        await erasures.erase(session, erasures.new_entry(world.households[0]))
    await send(db, world, named(HAND, SIGNED), made_at=EARLY)
    assert [row for row in await drill.rows_of(db, Photo.__table__) if row["consent_way"]] == []
