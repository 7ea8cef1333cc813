"""What becomes of a push in which something goes wrong: undone, done again with care, and nothing else stopped."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.problems import Problem
from fieldapp.services import push
from fieldapp.services.members import list_postings
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.scopes import raise_villages
from models.flag import Flag, FlagKind
from models.household import Household
from models.sync import Record
from models.visit import Visit
from tests import build, pictures
from tests.build import World

NO_THIRTEEN = {
    True: "CREATE TRIGGER refused BEFORE INSERT ON visit WHEN new.people = 13 BEGIN SELECT RAISE(ABORT, 'no'); END",
    False: "ALTER TABLE visit ADD CONSTRAINT refused CHECK (people <> 13)",
}
"""A rule of the database that the service does not know: a fault of ours, as it would look."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def stored(db: Database, *records: dict[str, Any]) -> list[bool]:
    async with db.read() as session:
        return [await session.get(Visit, UUID(record["id"])) is not None for record in records]


async def test_a_push_without_care_is_given_up_whole(db: Database, world: World) -> None:
    good = build.visit(world.member, world.households[0])
    bad = build.visit(world.member, world.households[1], note="0905123456")
    who = await build.principal(db, world.member)

    async def easily(session: AsyncSession) -> None:
        seats = await list_postings(session, [who.member_id or 0])
        await push.receive_all(session, [push.Parcel(who, None, datetime.now(UTC), [good, bad], seats)], careful=False)

    with pytest.raises(Problem, match="note_identity"):
        await db.write_again(easily)
    assert await stored(db, good) == [False]
    async with db.read() as session:
        assert await session.get(Record, UUID(good["id"])) is None


async def test_pushes_without_fault_are_stored_together(db: Database, world: World) -> None:
    """With two visits to one household, a photo, a flag and a household that is met at the door."""
    door = {"household": str(uuid7()), "village": world.village.id, "number": "77", "head_name": None}
    first = [
        build.visit(world.member, world.households[0], "VNEID", "DVC", photos=pictures.named(pictures.jpeg())),
        build.record("household.add", world.member, door),
        build.visit(world.member, world.households[1]),
    ]
    second = [build.visit(world.second_member, world.households[number]) for number in (0, 2, 3)]
    mine, theirs = await build.principal(db, world.member), await build.principal(db, world.second_member)
    pushed = [(mine, first), (theirs, second)]

    async def store(session: AsyncSession) -> list[list[dict[str, Any]]]:
        parcels = []
        for who, records in pushed:
            seats = await list_postings(session, [who.member_id or 0])
            parcels.append(push.Parcel(who, None, datetime.now(UTC), records, seats))
        return await push.receive_all(session, parcels, careful=False)

    answers = await db.write_again(store)
    assert [[answer["result"] for answer in some] for some in answers] == [["created"] * 3, ["created"] * 3]
    async with db.read() as session:
        homes = [await session.get_one(Household, world.households[number].id) for number in range(4)]
        assert all(home.last_visit_on is not None for home in homes)
        flagged = (await session.execute(select(Flag.visit_id).where(Flag.kind == FlagKind.SAME_DAY))).scalars()
        assert {str(visit) for visit in flagged} == {first[0]["id"], second[0]["id"]}
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_of_pushes_that_are_stored_together_one_that_breaks_costs_the_others_nothing(
    db: Database, client: httpx.AsyncClient, world: World
) -> None:
    await build.enter(client, db, world.member)
    notes = ["", "", "0905123456", "", ""]
    records = [
        build.visit(world.member, home, note=note)
        for home, note in zip(world.households[: len(notes)], notes, strict=True)
    ]
    pushes = [client.post("/api/v1/sync/push", json=build.push_body(record)) for record in [*records, records[0]]]
    answers = [answer.json()["results"][0]["result"] for answer in await asyncio.gather(*pushes)]
    assert answers == ["created", "created", "invalid", "created", "created", "identical"]
    assert await stored(db, *records) == [not note for note in notes]
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_what_the_database_itself_refuses_stays_on_the_phone_and_stops_nothing(
    db: Database, client: httpx.AsyncClient, world: World
) -> None:
    async with db.write() as session:
        await session.execute(text(NO_THIRTEEN[db.is_sqlite]))
    await build.enter(client, db, world.member)
    first, broken, last = (
        build.visit(world.member, home, people=people)
        for home, people in zip(world.households[:3], (1, 13, 2), strict=True)
    )
    answer = await client.post("/api/v1/sync/push", json=build.push_body(first, broken, last))
    assert [r["result"] for r in answer.json()["results"]] == ["created", "failed", "created"]
    assert await stored(db, first, broken, last) == [True, False, True]
    async with db.write() as session:
        assert (await reconcile(session)).right


BAD_DATA = {
    "text": "SELECT cast('no number' AS integer)",
    "json": "SELECT cast('{' AS json)",
    "length": "UPDATE member SET full_name = repeat('x', 100000)",
    "number": "SELECT 1 / 0",
}


@pytest.mark.parametrize("database_template", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", BAD_DATA)
async def test_bad_data_costs_only_the_record_that_brought_it(
    db: Database, client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """PostgreSQL's own words for bad data have no class in SQLAlchemy; SQLite takes nearly everything."""
    first, broken, last = (build.visit(world.member, home) for home in world.households[:3])

    async def act_on(session: AsyncSession, batch: Any, envelope: Any) -> dict[str, Any]:
        if str(envelope.id) == broken["id"]:
            await session.execute(text(BAD_DATA[kind]))
        return await real(session, batch, envelope)

    real = push.act_on
    monkeypatch.setattr(push, "act_on", act_on)
    await build.enter(client, db, world.member)
    answer = await client.post("/api/v1/sync/push", json=build.push_body(first, broken, last))
    assert [r["result"] for r in answer.json()["results"]] == ["created", "failed", "created"]
    assert await stored(db, first, broken, last) == [True, False, True]


@pytest.mark.parametrize("database_template", ["postgresql"], indirect=True)
async def test_of_two_that_lock_each_other_out_both_end_well(db: Database, world: World) -> None:
    """SQLite has one writer, so there it cannot come about. How often one is locked out is the database's affair."""
    ids = [world.village.id or 0, world.next_village.id or 0]
    tries, ended, both_in = 0, 0, asyncio.Barrier(2)

    async def work(session: AsyncSession, order: list[int]) -> None:
        nonlocal tries, ended
        tries += 1
        await raise_villages(session, order[:1])
        if tries <= 2:
            await both_in.wait()
        await raise_villages(session, order[1:])
        ended += 1

    await asyncio.gather(
        db.write_again(lambda session: work(session, ids)), db.write_again(lambda session: work(session, ids[::-1]))
    )
    assert (ended, tries > 2) == (2, True)


async def test_a_card_of_another_commune_is_held_and_leaves_the_visit_that_it_was_to_replace(
    db: Database, world: World
) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    village = await build.village(db, elsewhere, code="21175001", name="Thôn Trà Giang")
    far = await build.card(db, village, await build.household(db, village))
    plain = build.visit(world.member, world.households[0])
    scanned = {"identified_by": "scan", "card": far.address}
    held = build.visit(world.member, world.households[1], **scanned)
    replaced = build.visit(world.member, world.households[0], replaces=plain["id"], **scanned)
    answers = await build.send(db, world.member, plain, held, replaced)
    assert [(a["result"], a.get("reason")) for a in answers] == [
        ("created", None),
        ("held", "card_other_commune"),
        ("held", "card_other_commune"),
    ]
    assert await stored(db, plain, held, replaced) == [True, False, False]
    async with db.read() as session:
        assert (await session.get_one(Visit, UUID(plain["id"]))).state == "waiting"
    async with db.write() as session:
        assert (await reconcile(session)).right
