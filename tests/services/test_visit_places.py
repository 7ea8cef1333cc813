"""Where visits were made: nothing is kept unless the commune asks, and not for long."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import erasures, visit_places
from models.account import Role
from models.base import utc_now
from models.flag import Flag, FlagKind
from models.unit import Unit
from models.visit_place import VisitPlace
from tests import build

UNITS, PLACES = Unit.__table__, VisitPlace.__table__
HERE = {"latitude": 15.18765, "longitude": 108.75432}
FAR = {"latitude": 14.77, "longitude": 108.73}


@pytest.fixture
async def world(db: Database) -> build.World:
    world = await build.world(db)
    await build.commune(db, world.province, code="21484", name="Ba Tơ", latitude=14.77, longitude=108.73)
    async with db.write() as session:
        centre = update(UNITS).where(UNITS.c.id == world.commune.id).values(latitude=15.19, longitude=108.75)
        await session.execute(centre)
    return world


def officer(world: build.World, commune_id: int | None = None) -> Principal:
    account = world.commune_officer
    return Principal(Role.COMMUNE_OFFICER, "", account_id=account.id, commune_id=commune_id or account.unit_id)


async def turn(db: Database, world: build.World, asks: bool) -> None:
    async with db.write() as session:
        await visit_places.ask(session, officer(world), world.commune.id, asks)  # type: ignore[arg-type]


async def kept(db: Database) -> list[tuple[float, float]]:
    async with db.read() as session:
        return [(row.latitude, row.longitude) for row in await session.execute(select(PLACES))]


async def flagged(db: Database) -> list[bool]:
    async with db.read() as session:
        return [True for f in (await session.execute(select(Flag))).scalars() if f.kind == FlagKind.OUTSIDE]


def visit(world: build.World, place: dict, household: int = 0, **given) -> dict:
    return build.visit(world.member, world.households[household], place=place, **given)


async def test_a_place_is_dropped_where_the_commune_does_not_ask(db: Database, world: build.World) -> None:
    await build.send(db, world.member, visit(world, FAR))
    assert (await kept(db), await flagged(db)) == ([], [])


async def test_a_place_is_kept_coarse_and_flags_only_what_lies_elsewhere(db: Database, world: build.World) -> None:
    await turn(db, world, True)
    await build.send(db, world.member, visit(world, HERE), visit(world, FAR, 1))
    assert sorted(await kept(db)) == [(14.77, 108.73), (15.19, 108.75)]
    assert await flagged(db) == [True]


async def test_places_are_forgotten_after_ninety_days_and_when_the_commune_stops_asking(
    db: Database, world: build.World
) -> None:
    await turn(db, world, True)
    await build.send(db, world.member, visit(world, HERE), visit(world, HERE, 1))
    async with db.write() as session:
        ids = (await session.execute(select(PLACES.c.visit_id))).scalars().all()
        long_ago = utc_now() - timedelta(days=91)
        await session.execute(update(PLACES).where(PLACES.c.visit_id == ids[0]).values(at=long_ago))
        assert await visit_places.forget_old(session) == 1
    assert len(await kept(db)) == 1
    await turn(db, world, False)
    assert await kept(db) == []


async def test_an_erasure_takes_the_place_along(db: Database, world: build.World) -> None:
    await turn(db, world, True)
    await build.send(db, world.member, visit(world, HERE))
    async with db.write() as session:
        await erasures.erase(session, erasures.new_entry(world.households[0]))
    assert await kept(db) == []


async def test_only_the_commune_itself_turns_it_on(db: Database, world: build.World) -> None:
    async with db.write() as session:
        with pytest.raises(Problem, match="forbidden"):
            await visit_places.ask(session, officer(world, 999), world.commune.id, True)  # type: ignore[arg-type]
        with pytest.raises(Problem, match="not_found"):
            await visit_places.ask(session, officer(world), world.village.id, True)  # type: ignore[arg-type]
