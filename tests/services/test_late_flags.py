"""A duplicate flags the earlier visit, asks for another look where it was approved, and moves no number."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.services.late_flags import flag_duplicates
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.scopes import raise_villages
from models.flag import Flag
from models.visit import Visit
from tests import build
from tests.build import World

FLAGS, VISITS = Flag.__table__, Visit.__table__
MORNING = build.millis(datetime(2026, 10, 20, 2, tzinfo=UTC))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def flag(db: Database, world: World, new: dict[str, Any], *platforms: str) -> int:
    async with db.write() as session:
        village = world.village.id or 0
        version = (await raise_villages(session, [village]))[village]
        await flag_duplicates(
            session,
            visit_id=UUID(new["id"]),
            root_id=UUID(new["id"]),
            household_id=world.households[0].id,
            village_id=village,
            day=date(2026, 10, 20),
            platforms=platforms,
            version=version,
            raised_at=datetime.now(UTC),
        )
    return version


async def looks(db: Database, *records: dict[str, Any]) -> list[tuple[bool, bool, int]]:
    """(flagged, look again, scope version) of each visit."""
    async with db.read() as session:
        flagged = set((await session.execute(select(FLAGS.c.visit_id).where(FLAGS.c.kind == "same_day"))).scalars())
        rows = {r.id: r for r in await session.execute(select(VISITS))}
    ids = [UUID(record["id"]) for record in records]
    return [(i in flagged, rows[i].needs_look, rows[i].scope_version) for i in ids]


async def test_the_earlier_visits_are_flagged_once_and_an_approved_one_asks_for_a_look(
    db: Database, world: World
) -> None:
    home = world.households[0]
    approved, waits, other_platform, other_day, gone = (
        build.visit(world.member, home, *platforms, made_at=MORNING + offset)
        for platforms, offset in (
            (("VNEID", "DVC"), 0),
            (("VNEID",), 1000),
            (("SSK",), 2000),
            (("VNEID",), 86_400_000),
            (("VNEID",), 3000),
        )
    )
    await build.send(db, world.member, approved)
    await build.send(db, world.leader, build.decision(world.leader, approved["id"]))
    await build.send(db, world.member, waits, other_platform, other_day, gone)
    await build.send(db, world.member, build.record("visit.withdraw", world.member, {"visit": gone["id"]}))
    async with db.write() as session:
        await session.execute(FLAGS.delete())
        await session.execute(VISITS.update().values(scope_version=0, needs_look=False))
    new = build.visit(world.second_member, home, "VNEID", made_at=MORNING + 4000)
    first = await flag(db, world, new, "VNEID", "DVC")
    again = await flag(db, world, new, "VNEID", "DVC")
    assert again > first
    assert await looks(db, approved, waits) == [(True, True, first), (True, False, first)]
    assert await looks(db, other_platform, other_day, gone) == [(False, False, 0)] * 3
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_a_new_version_does_not_flag_its_own_chain(db: Database, world: World) -> None:
    first = build.visit(world.member, world.households[0], made_at=MORNING)
    await build.send(db, world.member, first)
    await flag(db, world, first, "VNEID")
    assert [(flagged, look) for flagged, look, _ in await looks(db, first)] == [(False, False)]
