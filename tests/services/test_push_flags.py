"""The facts behind the flags, gathered from what the server holds: who was where, when, and with which card."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from models.flag import Flag
from models.household import CardState, HouseholdCard
from models.visit import Visit
from tests import build, pictures
from tests.build import World

FLAGS, CARDS = Flag.__table__, HouseholdCard.__table__
MORNING = datetime(2026, 10, 20, 2, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def at(minutes: float) -> int:
    """Minutes after nine in the morning of a day in October."""
    return build.millis(MORNING + timedelta(minutes=minutes))


async def flags_of(db: Database, records: Iterable[dict[str, Any]]) -> list[set[str]]:
    """The flags of each visit, but for the one that says that no card was scanned."""
    ids = [UUID(record["id"]) for record in records]
    found: dict[UUID, set[str]] = {i: set() for i in ids}
    async with db.read() as session:
        for row in await session.execute(select(FLAGS).where(FLAGS.c.visit_id.in_(ids))):
            found[row.visit_id].add(str(row.kind))
    return [found[i] - {"no_scan"} for i in ids]


async def test_the_same_household_and_platform_on_one_day(db: Database, world: World) -> None:
    home, member, second = world.households[0], world.member, world.second_member
    first = build.visit(member, home, "VNEID", "DVC", made_at=at(0))
    again = build.visit(second, home, "DVC", made_at=at(60))
    other_platform = build.visit(second, home, "SSK", made_at=at(90))
    next_day = build.visit(second, home, "VNEID", made_at=at(24 * 60))
    mended = build.visit(member, home, "VNEID", replaces=first["id"], made_at=at(0))
    await build.send(db, member, first)
    await build.send(db, second, again, other_platform, next_day)
    await build.send(db, member, mended)
    records = [first, again, other_platform, next_day, mended]
    assert await flags_of(db, records) == [{"same_day"}, {"same_day"}, set(), set(), set()]


@on_sqlite
async def test_a_visit_that_was_withdrawn_is_no_duplicate(db: Database, world: World) -> None:
    home = world.households[0]
    first, again = (build.visit(world.member, home, made_at=at(minutes)) for minutes in (0, 30))
    await build.send(db, world.member, first)
    await build.send(db, world.member, build.record("visit.withdraw", world.member, {"visit": first["id"]}), again)
    assert await flags_of(db, [again]) == [set()]


async def test_two_households_within_a_minute(db: Database, world: World) -> None:
    homes, member = world.households, world.member
    first = build.visit(member, homes[0], made_at=at(0))
    rushed = build.visit(member, homes[1], made_at=at(0.9))
    honest = build.visit(member, homes[2], made_at=at(1.9))
    colleague = build.visit(world.second_member, homes[3], made_at=at(1.9))
    gathering = build.visit(member, homes[4], mode="community_house", made_at=at(2))
    await build.send(db, member, first, rushed, honest, gathering)
    await build.send(db, world.second_member, colleague)
    records = [first, rushed, honest, gathering, colleague]
    assert await flags_of(db, records) == [set(), {"too_close"}, set(), set(), set()]


async def test_many_households_of_a_day_without_a_scan(db: Database, world: World) -> None:
    records = [
        build.visit(world.member, home, made_at=at(10 * n)) for n, home in enumerate(world.households[:6])
    ]  # fmt: skip
    next_day = build.visit(world.member, world.households[6], made_at=at(24 * 60))
    await build.send(db, world.member, *records, next_day)
    many = {"many_unscanned"}
    assert await flags_of(db, [*records, next_day]) == [set(), set(), set(), set(), many, many, set()]


async def test_a_photo_that_another_visit_had_before(db: Database, world: World) -> None:
    photo = pictures.named(b"a picture")
    first = build.visit(world.member, world.households[0], photos=photo, made_at=at(0))
    mended = build.visit(world.member, world.households[0], photos=photo, replaces=first["id"], made_at=at(0))
    again = build.visit(world.second_member, world.households[1], photos=photo, made_at=at(60))
    await build.send(db, world.member, first, mended)
    await build.send(db, world.second_member, again)
    assert await flags_of(db, [first, mended, again]) == [set(), set(), {"photo_seen"}]


async def test_every_way_in_which_a_card_can_be_wrong(db: Database, world: World) -> None:
    home, neighbour = world.households[0], world.households[1]
    cards = {
        "own": (await build.card(db, world.village, home)).address,
        "bindable": (await build.card(db, world.village)).address,
        "revoked": (await build.card(db, world.village, home, state=CardState.REVOKED)).address,
        "neighbours": (await build.card(db, world.village, neighbour)).address,
        "elsewhere": (await build.card(db, world.next_village)).address,
        "nobodys": "HTTPS://TOSO.EXAMPLE.VN/H/7K3QWX9D2MPZ4RTA0",
        "no card": "https://zalo.me/0905",
    }
    records = [
        build.visit(world.member, home, identified_by="scan", card=card, made_at=at(24 * 60 * n))
        for n, card in enumerate(cards.values())
    ]
    answers = await build.send(db, world.member, *records)
    assert {answer["result"] for answer in answers} == {"created"}
    assert dict(zip(cards, await flags_of(db, records), strict=True)) == {
        "own": set(),
        "bindable": set(),
        "revoked": {"card_revoked"},
        "neighbours": {"card_other_household"},
        "elsewhere": {"card_other_village"},
        "nobodys": {"card_unknown"},
        "no card": {"card_unknown"},
    }


async def test_what_was_verified_stays_so_whatever_became_of_the_card(db: Database, world: World) -> None:
    home = world.households[0]
    card = await build.card(db, world.village, home)
    first = build.visit(world.member, home, identified_by="scan", card=card.address, made_at=at(0))
    await build.send(db, world.member, first)
    async with db.write() as session:
        await session.execute(update(CARDS).values(state=CardState.REVOKED))
    mended = build.visit(world.member, home, identified_by="scan", replaces=first["id"], people=2, made_at=at(0))
    again = build.visit(world.member, home, identified_by="scan", replaces=mended["id"], people=3, made_at=at(0))
    await build.send(db, world.member, mended, again)
    assert await flags_of(db, [first, mended, again]) == [set(), set(), set()]
    async with db.read() as session:
        visit = await session.get_one(Visit, UUID(again["id"]))
    assert (visit.verified, visit.card_id) == (True, card.id)
