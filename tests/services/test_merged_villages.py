"""Villages end and others continue them: what still waits in the old one is seen and decided by somebody."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.reports.visit_list import list_these
from fieldapp.services import left
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.scopes import raise_villages
from models.household import Household
from models.member import Member
from models.team import SeatRole, Team, TeamVillage
from models.unit import Unit, UnitSuccession
from models.visit import Visit
from tests import build
from tests.build import World

HOUSEHOLDS, UNITS, SERVED = Household.__table__, Unit.__table__, TeamVillage.__table__
TODAY = vn_day(datetime.now(UTC))
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def merge(db: Database, world: World, team: Team | None) -> Unit:
    """The first village ended yesterday; its households went to a new one, which this team serves, or none."""
    new = await build.village(db, world.commune, code="21172009", name="Thôn Hòa Hợp", valid_from=TODAY)
    old = world.village.id
    async with db.write() as session:
        await session.execute(update(UNITS).where(UNITS.c.id == old).values(valid_to=YESTERDAY))
        session.add(UnitSuccession(from_id=old, to_id=new.id, on=TODAY))
        if team is not None:
            session.add(TeamVillage(team_id=team.id, village_id=new.id, valid_from=TODAY))
        versions = await raise_villages(session, [old or 0, new.id or 0])
        moved = {"village_id": new.id, "scope_version": versions[new.id or 0]}
        await session.execute(update(HOUSEHOLDS).where(HOUSEHOLDS.c.village_id == old).values(**moved))
    return new


async def waiting(db: Database, author: Member, home: Household) -> dict[str, Any]:
    """A visit of the day before yesterday, when the village still stood."""
    made_at = build.millis(datetime.now(UTC) - timedelta(days=2))
    record = build.visit(author, home, made_at=made_at)
    assert [answer["result"] for answer in await build.send(db, author, record)] == ["created"]
    return record


async def page(db: Database, who: Member, cursor: str = "") -> dict[str, Any]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await pull(session, principal, cursor)


async def left_ids(db: Database, world: World) -> list[str]:
    officer = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        found = await left.list_left(session, officer)
        assert {row.id for row in await list_these(session, officer, found.visit_ids)} == set(found.visit_ids)
    return [str(visit_id) for visit_id in found.visit_ids]


async def state_of(db: Database, record: dict[str, Any]) -> tuple[str, int]:
    async with db.read() as session:
        visit = await session.get_one(Visit, UUID(record["id"]))
    return str(visit.state), visit.village_id


async def assert_numbers_are_right(db: Database) -> None:
    async with db.write() as session:
        found = await reconcile(session)
    assert found.right, found.wrong


async def test_whoever_leads_the_village_that_continues_it_decides_what_waits(db: Database, world: World) -> None:
    record = await waiting(db, world.member, world.households[0])
    new = await merge(db, world, world.next_team)
    seen = await page(db, world.next_leader)
    assert [(v["id"], v["village"]) for v in seen["visits"]] == [(record["id"], new.id)]
    assert {v["id"] for v in seen["me"]["villages"]} == {world.next_village.id, new.id}
    assert seen["more"] is False
    assert await left_ids(db, world) == []
    [answer] = await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    assert (answer["result"], answer["code"]) == ("forbidden", "forbidden")
    [answer] = await build.send(db, world.next_leader, build.decision(world.next_leader, record["id"]))
    assert answer["result"] == "created"
    assert await state_of(db, record) == ("approved", world.village.id)
    news = await page(db, world.next_leader, seen["cursor"])
    assert [(v["id"], v["state"], v["village"]) for v in news["visits"]] == [(record["id"], "approved", new.id)]
    await assert_numbers_are_right(db)


async def test_a_phone_that_had_the_village_before_has_its_visits_again(db: Database, world: World) -> None:
    record = await waiting(db, world.member, world.households[0])
    before = await page(db, world.leader)
    new = await merge(db, world, world.team)
    after = await page(db, world.leader, before["cursor"])
    assert after["left"] == [f"village:{world.village.id}"]
    assert [(v["id"], v["village"]) for v in after["visits"]] == [(record["id"], new.id)]
    assert {h["village"] for h in after["households"]} == {new.id}


async def test_a_correction_in_the_village_that_ended_goes_to_its_household(db: Database, world: World) -> None:
    record = await waiting(db, world.member, world.households[0])
    new = await merge(db, world, world.team)
    mended = build.visit(world.member, world.households[0], replaces=record["id"], people=3)
    mended["made_at"] = build.millis(datetime.now(UTC))
    assert [answer["result"] for answer in await build.send(db, world.member, mended)] == ["created"]
    assert await state_of(db, record) == ("replaced", world.village.id)
    assert await state_of(db, mended) == ("waiting", new.id)
    await assert_numbers_are_right(db)


@pytest.mark.parametrize("led", ["by nobody", "by its author alone", "by another team's"])
async def test_what_nobody_else_decides_is_left_to_the_commune(db: Database, world: World, led: str) -> None:
    """The village that continues it has no team, or none but the author leads there; or its team went elsewhere."""
    author = world.next_leader if led == "by its author alone" else world.member
    if led == "by its author alone":
        async with db.write() as session:
            session.add(TeamVillage(team_id=world.next_team.id, village_id=world.village.id, valid_from=build.SINCE))
    record = await waiting(db, author, world.households[0])
    if led == "by another team's":
        gone = SERVED.c.village_id == world.village.id
        async with db.write() as session:
            await session.execute(update(SERVED).where(gone).values(valid_to=YESTERDAY))
    else:
        await merge(db, world, world.next_team if led == "by its author alone" else None)
    assert await left_ids(db, world) == [record["id"]]
    officer = await build.principal(db, world.commune_officer)
    decision = left.DecisionPayload.model_validate({"visits": [{"visit": record["id"]}], "verdict": "approve"})
    async with db.write() as session:
        results = await left.decide_left(session, officer, decision)
    assert results[record["id"]]["result"] == "created"
    await assert_numbers_are_right(db)


async def test_nothing_new_is_done_in_a_village_that_has_ended(db: Database, world: World) -> None:
    await merge(db, world, world.next_team)
    door = {"household": str(uuid7()), "village": world.village.id, "number": "99"}
    [there] = await build.send(db, world.next_leader, build.record("household.add", world.next_leader, door))
    assert (there["result"], there["code"]) == ("forbidden", "out_of_scope")
    newcomer = await build.member(db, world.next_team, "Võ Văn Minh", SeatRole.MEMBER)
    [answer] = await build.send(db, newcomer, build.visit(newcomer, world.households[0]))
    assert answer["result"] == "created"
