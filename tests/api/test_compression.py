"""What a first sync costs on the wire, a hard test on bytes; and what is never compressed."""

import httpx
import pytest

from fieldapp.db import Database
from tests import build, rosters

BUDGET = 40_000
VISITS = 100
pytestmark = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""No database decides any of this."""


async def test_the_first_sync_of_300_households_stays_within_its_bytes(client: httpx.AsyncClient, db: Database) -> None:
    world = await build.world(db)
    homes = await rosters.roster(db, world.next_village)
    await build.send(db, world.next_leader, *(build.visit(world.next_leader, home) for home in homes[:VISITS]))
    await build.enter(client, db, world.next_leader)
    pulled = await rosters.pull_all(client)
    print(f"first sync: {pulled.bytes} bytes for {pulled.rows}")
    assert pulled.rows == {"households": rosters.HOMES, "cards": rosters.HOMES, "visits": VISITS}
    assert pulled.bytes <= BUDGET


async def test_a_phone_that_knows_no_gzip_is_answered_all_the_same(client: httpx.AsyncClient, db: Database) -> None:
    world = await build.world(db)
    await build.enter(client, db, world.member)
    answer = await client.get("/api/v1/sync/pull", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert len(answer.json()["households"]) == 12


async def test_only_what_our_own_code_asks_for_is_compressed(client: httpx.AsyncClient, db: Database) -> None:
    world = await build.world(db)
    await build.enter(client, db, world.member)
    ours = await client.get("/api/v1/sync/pull")
    del client.headers["X-Slot"]
    anybodys = await client.get("/api/v1/sync/pull", params={"slot": "p0"})
    assert ours.headers["content-encoding"] == "gzip"
    assert anybodys.status_code == 200
    assert "content-encoding" not in anybodys.headers
    assert (await client.get("/api/v1/openapi.json")).headers.get("content-encoding") is None
