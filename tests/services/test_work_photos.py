"""Photos of activities and difficulties: expected, brought, decoded and shown by the same steps as those of visits."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decode_photos import decode_waiting, sweep_orphans
from fieldapp.problems import Problem
from fieldapp.services import leftovers, photos
from models.audit_event import AuditEvent
from models.base import utc_now
from models.member import Member
from models.visit import PhotoState
from models.work_photo import WorkPhoto
from tests import build, drill, pictures
from tests.build import World
from tests.services.test_pull import Phone
from tests.services.test_village_work import talk, trouble
from tests.uploads import photo_of, upload, visit_with

KINDS = {"activities": talk, "difficulties": trouble}
FACE, HAND = pictures.jpeg(80, 60), pictures.jpeg(80, 60)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def named(db: Database, world: World, kind: str, *contents: bytes, **consent: Any) -> UUID:
    """An activity or difficulty of the member that names these photos, all with the consent if there is one."""
    record = KINDS[kind](world.member, world.village)
    record["payload"]["photos"] = [photo | consent for photo in pictures.named(*contents)]
    answers = await build.send(db, world.member, record)
    assert [answer["result"] for answer in answers] == ["created"]
    return UUID(record["id"])


async def rows_of(db: Database) -> list[WorkPhoto]:
    async with db.read() as session:
        return list((await session.execute(select(WorkPhoto).order_by(WorkPhoto.__table__.c.id))).scalars())


async def shown_to(db: Database, who: Member, kind: str, record_id: UUID) -> list[dict[str, Any]]:
    return (await Phone(db, who).pull()).rows[kind][str(record_id)]["photos"]


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_brought_decoded_and_shown_to_its_author_and_who_leads(
    db: Database, world: World, kind: str
) -> None:
    record_id = await named(db, world, kind, FACE, HAND)
    phone = await Phone(db, world.leader).pull()
    assert [photo["state"] for photo in phone.rows[kind][str(record_id)]["photos"]] == ["expected", "expected"]
    assert await upload(db, world.member, record_id, FACE) == PhotoState.ACCEPTED
    await phone.pull()
    assert [photo["state"] for photo in phone.rows[kind][str(record_id)]["photos"]] == ["accepted", "expected"]
    assert await decode_waiting() == 1
    seen = (await phone.pull()).rows[kind][str(record_id)]["photos"]
    assert [photo["sha256"] for photo in seen] == [pictures.sha256(FACE), pictures.sha256(HAND)]
    assert seen[0]["thumbnail"].startswith("data:image/jpeg;base64,")
    assert await shown_to(db, world.member, kind, record_id) == seen
    others = await shown_to(db, world.second_member, kind, record_id)
    assert [("thumbnail" in photo, photo["state"]) for photo in others] == [(False, "ready"), (False, "expected")]


async def test_only_those_who_may_see_photos_read_it(db: Database, world: World) -> None:
    record_id = await named(db, world, "activities", HAND)
    await upload(db, world.member, record_id, HAND)
    await decode_waiting()
    for who in (world.member, world.leader, world.deputy, world.commune_officer):
        reader = await build.principal(db, who)
        async with db.read() as session:
            assert (await photos.get_for_reading(session, reader, record_id, pictures.sha256(HAND))).thumbnail
    for who in (world.second_member, world.next_leader, world.province_officer):
        reader = await build.principal(db, who)
        async with db.read() as session:
            with pytest.raises(Problem, match="forbidden"):
                await photos.get_for_reading(session, reader, record_id, pictures.sha256(HAND))


async def test_only_its_author_sends_it(db: Database, world: World) -> None:
    record_id = await named(db, world, "difficulties", HAND)
    with pytest.raises(Problem, match="forbidden"):
        await upload(db, world.second_member, record_id, HAND)
    with pytest.raises(Problem, match="not_found"):
        await upload(db, world.member, record_id, FACE)


async def test_a_consent_is_kept_beside_it_and_audited(db: Database, world: World) -> None:
    record_id = await named(db, world, "activities", FACE, consent={"way": "signed", "text_version": 1})
    (photo,) = await rows_of(db)
    assert (photo.consent_way, photo.consent_text, photo.activity_id) == ("signed", 1, record_id)
    assert photo.consent_at is not None
    (event,) = [e for e in await drill.rows_of(db, AuditEvent.__table__) if e["action"] == "photo.consent"]
    assert (event["subject_kind"], event["subject_id"]) == ("activity", str(record_id))
    (shown,) = await shown_to(db, world.leader, "activities", record_id)
    assert shown["consent"] == {"way": "signed", "text_version": 1}


async def test_the_same_bytes_on_a_visit_and_an_activity_are_settled_together(db: Database, world: World) -> None:
    visit_id = await visit_with(db, world, HAND)
    record_id = await named(db, world, "activities", HAND)
    await upload(db, world.member, visit_id, HAND)
    await upload(db, world.member, record_id, HAND)
    assert await decode_waiting() == 2
    assert (await photo_of(db, visit_id, HAND)).state == PhotoState.READY
    assert [photo.state for photo in await rows_of(db)] == [PhotoState.READY]
    again = await named(db, world, "difficulties", HAND)
    await upload(db, world.member, again, HAND)
    assert await decode_waiting() == 1


async def test_what_is_no_picture_is_refused_with_its_reason(db: Database, world: World) -> None:
    broken = b"no picture at all"
    record_id = await named(db, world, "difficulties", broken)
    await upload(db, world.member, record_id, broken)
    assert await decode_waiting() == 1
    (shown,) = await shown_to(db, world.leader, "difficulties", record_id)
    assert (shown["state"], shown["reason"]) == ("refused", "photo_not_image")


async def test_what_an_activity_names_is_swept_by_nobody(db: Database, world: World) -> None:
    record_id = await named(db, world, "activities", HAND, FACE)
    await upload(db, world.member, record_id, HAND)
    await decode_waiting()
    await upload(db, world.member, record_id, FACE)
    leftovers.note([photos_part(record_id, HAND)])
    async with db.read() as session:
        assert await leftovers.drop(session) == 0
    await sweep_orphans(utc_now())
    assert await photo_store().find_picture(pictures.sha256(HAND)) is not None
    assert await photo_store().find_original(pictures.sha256(FACE)) is not None


def photos_part(record_id: UUID, content: bytes) -> Any:
    return photos.Part(record_id, pictures.sha256(content))


async def test_a_crash_between_bytes_and_verdict_asks_for_it_again(db: Database, world: World) -> None:
    record_id = await named(db, world, "activities", HAND)
    await upload(db, world.member, record_id, HAND)
    await photo_store().discard_original(pictures.sha256(HAND))
    assert await decode_waiting() == 1
    assert [photo.state for photo in await rows_of(db)] == [PhotoState.EXPECTED]
    assert await upload(db, world.member, record_id, HAND) == PhotoState.ACCEPTED
