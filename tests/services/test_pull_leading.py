"""Who begins to lead a village is given the pictures of what waits there, and who ceases to keeps none of others."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.domain.picture import Picture
from fieldapp.domain.vn_time import vn_day
from fieldapp.services import photos
from fieldapp.services.pull import pull
from fieldapp.services.scopes import village_key
from models.base import utc_now
from models.member import Member
from models.team import Seat, SeatRole
from models.visit import Photo, PhotoState, Visit
from tests import build, pictures
from tests.build import World
from tests.services.test_pull import Phone, set_page
from tests.services.test_village_work import talk

SEATS, PHOTOS = Seat.__table__, Photo.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def seen_visit(db: Database, world: World) -> str:
    """A visit that waits, with a picture that is ready."""
    photo = pictures.named(b"a picture")
    record = build.visit(world.member, world.households[0], photos=photo)
    await build.send(db, world.member, record)
    async with db.write() as session:
        await session.execute(update(PHOTOS).values(state=PhotoState.ACCEPTED))
        await photos.mark_ready(session, photo[0]["sha256"], Picture(64, 48, b"", b"small", None))
    return record["id"]


async def seat(db: Database, who: Member, role: SeatRole) -> None:
    async with db.write() as session:
        await session.execute(update(SEATS).where(SEATS.c.member_id == who.id).values(role=role))


def thumbnails(phone: Phone, visit: str) -> list[bool]:
    return ["thumbnail" in photo for photo in phone.rows["visits"][visit]["photos"]]


@pytest.mark.parametrize("rows", [1, 500])
@pytest.mark.parametrize("role", [SeatRole.LEADER, SeatRole.DEPUTY])
async def test_pictures_come_with_the_office_and_go_with_it(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch, rows: int, role: SeatRole
) -> None:
    set_page(monkeypatch, rows)
    visit = await seen_visit(db, world)
    phone = await Phone(db, world.second_member).pull()
    assert thumbnails(phone, visit) == [False]
    for held, shown in ((role, True), (SeatRole.MEMBER, False)):
        await seat(db, world.second_member, held)
        await phone.pull()
        assert thumbnails(phone, visit) == [shown]
        before = phone.cursor
        assert await phone.page() is False
        assert (phone.cursor, phone.last.get("visits")) == (before, None)


@pytest.mark.parametrize("rows", [1, 500])
async def test_what_went_while_the_office_changed_goes_from_the_phone(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """Withdrawn or decided meanwhile: a phone that begins is not told of that, one that has the row is."""
    set_page(monkeypatch, rows)
    visit = await seen_visit(db, world)
    done = talk(world.member, world.village)
    assert (await build.send(db, world.member, done))[0]["result"] == "created"
    phone = await Phone(db, world.second_member).pull()
    assert (len(phone.rows["activities"]), phone.rows["visits"][visit]["state"]) == (1, "waiting")
    await build.send(db, world.member, build.record("activity.withdraw", world.member, {"activity": done["id"]}))
    await build.send(db, world.leader, build.decision(world.leader, visit))
    long_ago = vn_day(utc_now()) - timedelta(days=100)
    async with db.write() as session:
        await session.execute(update(Visit).values(done_on=long_ago))
    await seat(db, world.second_member, SeatRole.DEPUTY)
    await phone.pull()
    assert (phone.rows["activities"], phone.rows["visits"][visit]["state"]) == ({}, "approved")
    assert (await Phone(db, world.second_member).pull()).rows["visits"] == {}, "one that begins needs nothing old"


async def test_an_office_that_is_lost_in_the_middle_of_a_pull_is_seen(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await seen_visit(db, world)
    set_page(monkeypatch, 13)
    phone = Phone(db, world.leader)
    assert await phone.page() is True
    assert thumbnails(phone, visit) == [True]
    await seat(db, world.leader, SeatRole.MEMBER)
    await phone.pull()
    assert thumbnails(phone, visit) == [False]


async def test_a_cursor_from_before_the_mark_goes_on(db: Database, world: World) -> None:
    phone = await Phone(db, world.leader).pull()
    old = json.loads(base64.urlsafe_b64decode(phone.cursor))
    old["scopes"] = {key: reach[:4] for key, reach in old["scopes"].items()}
    phone.cursor = base64.urlsafe_b64encode(json.dumps(old).encode()).decode()
    assert await phone.page() is False
    assert (phone.last["reset"], phone.last["left"]) == (False, [])
    assert "households" not in phone.last
    await seat(db, world.leader, SeatRole.MEMBER)
    await phone.page()
    assert len(phone.last["households"]) == 12


async def test_a_photo_comes_as_the_visit_named_it(db: Database, world: World) -> None:
    visit = await seen_visit(db, world)
    [photo] = (await Phone(db, world.member).pull()).rows["visits"][visit]["photos"]
    named = pictures.named(b"a picture")[0]
    assert {name: photo[name] for name in named} == named


def cursor(scopes: str) -> str:
    return base64.urlsafe_b64encode(f'{{"epoch":"first-life","scopes":{scopes}}}'.encode()).decode()


@pytest.mark.parametrize(
    "scopes",
    ['{"village:1":[1e999,0,0,""]}', "[" * 5000, '{"\\ud800":[0,0,0,""]}', '{"village:1":[0,0,0,"",[],7,1]}'],
    ids=["infinity", "depth", "half a character", "too much"],
)
@pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
async def test_a_hostile_cursor_starts_from_nothing(db: Database, world: World, scopes: str) -> None:
    who: Any = await build.principal(db, world.member)
    async with db.read() as session:
        answer = await pull(session, who, cursor(scopes))
    json.dumps(answer, ensure_ascii=False).encode()
    assert (answer["reset"], len(answer["households"])) == (True, 12)


async def test_a_village_that_ends_and_begins_to_be_led_while_it_is_left(db: Database, world: World) -> None:
    visit = await seen_visit(db, world)
    phone = await Phone(db, world.leader).pull()
    yesterday = vn_day(utc_now()) - timedelta(days=1)
    for valid_to, role in ((yesterday, SeatRole.LEADER), (None, SeatRole.MEMBER)):
        async with db.write() as session:
            mine = update(SEATS).where(SEATS.c.member_id == world.leader.id)
            await session.execute(mine.values(valid_to=valid_to, role=role))
        await phone.pull()
    assert thumbnails(phone, visit) == [False]
    assert village_key(world.village.id or 0) not in phone.last["left"]
