"""The proof of the counters finds what is wrong, wherever it stands, and mends it when it is asked to."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Table, select, update

from fieldapp.db import Database
from fieldapp.services.counters import COMMUNE, HOUSEHOLDS, PERIODS, PLATFORMS, VILLAGE
from fieldapp.services.reconciliation import reconcile
from models.counter import PeriodKind
from tests import build
from tests.build import World

on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""

SPOILT = {
    VILLAGE: "support_count", COMMUNE: "independent", PERIODS: "waiting", HOUSEHOLDS: "standing", PLATFORMS: "rung",
}  # fmt: skip
"""A figure of each counter, for tests to spoil."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def rows_of(db: Database, table: Table) -> list[tuple]:
    async with db.read() as session:
        return [tuple(row) for row in await session.execute(select(table))]


async def test_reconciling_finds_a_number_that_is_wrong_and_mends_it(db: Database, world: World) -> None:
    await build.send(db, world.member, *[build.visit(world.member, home) for home in world.households[:4]])
    for table, column in SPOILT.items():
        async with db.write() as session:
            await session.execute(update(table).values({column: table.c[column] + 1}))
            found = await reconcile(session, mend=True)
        assert [name for name, wrong in found.wrong.items() if wrong] == [table.name]
        async with db.write() as session:
            assert (await reconcile(session)).right


@on_sqlite
async def test_a_visit_without_counters_is_found(db: Database, world: World) -> None:
    await build.send(db, world.member, build.visit(world.member, world.households[0]))
    async with db.write() as session:
        for table in (VILLAGE, COMMUNE):
            await session.execute(table.delete())
        found = await reconcile(session)
    assert not found.right
    assert (found.wrong[VILLAGE.name], found.wrong[COMMUNE.name]) == (1, 3)


async def test_looking_for_wrong_numbers_writes_nothing(db: Database, world: World) -> None:
    await build.send(db, world.member, *[build.visit(world.member, home) for home in world.households[:4]])
    async with db.write() as session:
        for table, column in SPOILT.items():
            await session.execute(update(table).values({column: table.c[column] + 1}))
    before = {table.name: await rows_of(db, table) for table in SPOILT}
    async with db.write() as session:
        found = await reconcile(session)
    assert all(found.wrong.values())
    assert {table.name: await rows_of(db, table) for table in SPOILT} == before


async def test_a_household_alone_in_its_stretch_is_proven_like_the_others(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is read in stretches of households; wherever these end, each household is in one of them."""
    monkeypatch.setattr("fieldapp.services.reconciliation.HOMES_AT_ONCE", 1)
    await build.send(db, world.member, *[build.visit(world.member, home) for home in world.households])
    number = len(world.households)
    async with db.write() as session:
        assert (await reconcile(session)).right
        await session.execute(update(PLATFORMS).values(rung=PLATFORMS.c.rung + 1))
        await session.execute(PERIODS.delete())
        found = await reconcile(session, mend=True)
        wrong = {name: rows for name, rows in found.wrong.items() if rows}
        assert wrong == {PERIODS.name: number * len(PeriodKind), PLATFORMS.name: number}
        assert (await reconcile(session)).right


async def test_numbers_of_what_is_nowhere_are_found_and_taken_away(db: Database, world: World) -> None:
    await build.send(db, world.member, build.visit(world.member, world.households[0]))
    nowhere, nobody, day = 999_999, UUID(int=7), date(2026, 7, 1)
    async with db.write() as session:
        for table in SPOILT:
            row = (await session.execute(select(table))).first()
            assert row is not None
            stray = {"village_id": nowhere, "commune_id": nowhere, "part": nowhere, "household_id": nobody}
            new = row._asdict() | {name: value for name, value in stray.items() if name in table.c}
            await session.execute(table.insert(), [new | ({"starts_on": day} if "starts_on" in table.c else {})])
        found = await reconcile(session, mend=True)
        assert found.wrong == {table.name: 1 for table in SPOILT}
        assert (await reconcile(session)).right
