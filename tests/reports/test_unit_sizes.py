"""How many households communes have by their villages: as declared, else by roster, counted anew every minute."""

import pytest

from fieldapp.db import Database
from fieldapp.reports import unit_sizes
from fieldapp.reports.unit_tree import NamedUnit
from models.unit import Unit
from tests import build


async def test_a_provinces_rosters_are_counted_at_most_once_a_minute(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, clock = await build.world(db), [1000.0]
    monkeypatch.setattr(unit_sizes, "monotonic", lambda: clock[0])
    commune = world.commune.id or 0

    async def counted() -> int:
        async with db.read() as session:
            below = [NamedUnit(commune, world.commune.name)]
            return (await unit_sizes.count_households_below(session, world.province, below))[commune]

    assert await counted() == 12
    async with db.write() as session:
        (await session.get_one(Unit, world.next_village.id)).households_declared = 80
    clock[0] += unit_sizes.KEPT_SECONDS
    assert await counted() == 12
    clock[0] += 1
    assert await counted() == 92
