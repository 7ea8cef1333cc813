"""Leases: one holder at a time, and none for ever."""

import asyncio

from fieldapp.db import Database
from fieldapp.services import leases


async def _acquire(db: Database, holder: str, seconds: float = 60) -> bool:
    async with db.write() as session:
        return await leases.acquire(session, "backup", holder, seconds)


async def test_of_many_at_once_one_has_the_lease(db: Database) -> None:
    answers = await asyncio.gather(*(_acquire(db, leases.new_holder()) for _ in range(8)))
    assert sorted(answers) == [False] * 7 + [True]


async def test_a_lease_that_ran_out_is_free(db: Database) -> None:
    assert await _acquire(db, "dead", seconds=0)
    assert await _acquire(db, "alive")
    assert not await _acquire(db, "dead")


async def test_its_holder_may_take_it_again_and_lengthen_it(db: Database) -> None:
    assert await _acquire(db, "mine", seconds=0)
    async with db.write() as session:
        assert await leases.renew(session, "backup", "mine", 60)
        assert not await leases.renew(session, "backup", "other", 60)
    assert not await _acquire(db, "other")
    assert await _acquire(db, "mine")


async def test_only_its_holder_gives_it_back(db: Database) -> None:
    assert await _acquire(db, "mine")
    for holder, free in (("other", False), ("mine", True)):
        async with db.write() as session:
            await leases.release(session, "backup", holder)
        assert await _acquire(db, "next") is free


async def test_leases_of_other_names_are_other_leases(db: Database) -> None:
    assert await _acquire(db, "mine")
    async with db.write() as session:
        assert await leases.acquire(session, "sweep", "other", 60)
