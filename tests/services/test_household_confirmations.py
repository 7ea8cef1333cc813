"""A leader's word on households met at the door: what follows a merged one, and that counters stay right throughout."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.services.counters import HOUSEHOLDS, PLATFORMS
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from models.counter import PeriodKind
from models.flag import Flag
from models.household import CardState, Household, HouseholdCard, HouseholdState
from models.member import Member
from models.sync import Tombstone
from models.team import Seat, SeatRole
from models.unit import Unit
from models.visit import Visit
from tests import build
from tests.build import World
from tests.services.test_counters import MIDNIGHTS, PLATFORM_SETS, RESULTS, History, _bounded, on_sqlite, play

VISITS, CARDS, FLAGS = Visit.__table__, HouseholdCard.__table__, Flag.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def door(author: Member, village: Any, number: str = "99", **given: Any) -> dict[str, Any]:
    """The `household.add` of somebody who met a household that the roster does not know."""
    payload = {"household": str(uuid7()), "village": village.id, "number": number, "head_name": "Hồ Thị Sen"}
    return build.record("household.add", author, payload | given)


def confirmation(author: Member, household: str | UUID, **answer: Any) -> dict[str, Any]:
    """A leader's word: `into=` another household, or the number that it has."""
    answer = {"into": str(answer["into"])} if "into" in answer else {"number": "99"} | answer
    return build.record("household.confirm", author, {"household": str(household), **answer})


async def met(db: Database, world: World, number: str = "99") -> UUID:
    added = door(world.member, world.village, number)
    assert (await build.send(db, world.member, added))[0]["result"] == "created"
    return UUID(added["payload"]["household"])


def visit(who: Member, household: UUID, *platforms: str, **given: Any) -> dict[str, Any]:
    return build.visit(who, Household(id=household, village_id=0, number="", key=""), *platforms, **given)


async def only(db: Database, record: dict[str, Any], who: Member) -> dict[str, Any]:
    [answer] = await build.send(db, who, record)
    return answer


async def get(db: Database, household: UUID) -> Household:
    async with db.read() as session:
        return await session.get_one(Household, household)


async def counters_are_right(db: Database) -> None:
    async with db.write() as session:
        found = await reconcile(session)
    assert found.right, found.wrong


async def test_a_leader_confirms_a_household_under_its_right_number(db: Database, world: World) -> None:
    home = await met(db, world)
    answer = await only(db, confirmation(world.leader, home, number="13", head_name="Hồ Thị Sen"), world.leader)
    assert answer["result"] == "created"
    row = await get(db, home)
    assert (row.number, row.head_name, row.state) == ("13", "Hồ Thị Sen", HouseholdState.CONFIRMED)
    assert row.confirmed_by_id == world.leader.id
    first = visit(world.member, home)
    await build.send(db, world.member, first)
    async with db.read() as session:
        kinds = (await session.execute(select(FLAGS.c.kind).where(FLAGS.c.visit_id == UUID(first["id"])))).scalars()
        assert "new_household" not in set(kinds)


async def test_what_was_recorded_for_a_merged_household_follows_it(db: Database, world: World) -> None:
    home, known = await met(db, world), world.households[4]
    card = await build.card(db, world.village)
    bind = build.record("card.bind", world.member, {"household": str(home), "card": card.address})
    first, second = visit(world.member, home, "VNEID", "DVC"), visit(world.second_member, home, result="introduced")
    await build.send(db, world.member, bind, first)
    await build.send(db, world.second_member, second)
    await build.send(db, world.leader, build.decision(world.leader, first["id"]))
    assert (await only(db, confirmation(world.leader, home, into=known.id), world.leader))["result"] == "created"
    async with db.read() as session:
        assert set((await session.execute(select(VISITS.c.household_id))).scalars()) == {known.id}
        bound = (await session.execute(select(CARDS.c.household_id, CARDS.c.state))).one()
        assert tuple(bound) == (known.id, CardState.BOUND)
        reached = (await session.execute(select(PLATFORMS.c.household_id, PLATFORMS.c.rung))).all()
        assert {tuple(row) for row in reached} == {(known.id, 2)}
        year = select(HOUSEHOLDS.c.approved, HOUSEHOLDS.c.standing).where(HOUSEHOLDS.c.kind == PeriodKind.YEAR)
        assert [tuple(row) for row in await session.execute(year)] == [(1, 1)]
        stone = (await session.execute(select(Tombstone))).scalar_one()
        assert (stone.kind, stone.row_id) == ("households", str(home))
    merged, stands = await get(db, home), await get(db, known.id)
    assert merged.discarded_at is not None
    assert merged.merged_into_id == known.id
    assert stands.last_visit_on is not None
    await counters_are_right(db)


async def test_two_households_that_were_one_count_once(db: Database, world: World) -> None:
    home, known = await met(db, world), world.households[4]
    records = [build.visit(world.member, known), visit(world.member, home)]
    await build.send(db, world.member, *records)
    await build.send(db, world.leader, confirmation(world.leader, home, into=known.id))
    async with db.read() as session:
        year = select(HOUSEHOLDS.c.standing).where(HOUSEHOLDS.c.kind == PeriodKind.YEAR)
        assert list((await session.execute(year)).scalars()) == [1]
        doubled = select(FLAGS.c.visit_id).where(FLAGS.c.kind == "same_day")
        assert set((await session.execute(doubled)).scalars()) == {UUID(record["id"]) for record in records}
    await counters_are_right(db)


async def test_a_visit_that_comes_late_finds_the_household_that_stands(db: Database, world: World) -> None:
    home, known = await met(db, world), world.households[4]
    other = await met(db, world, "98")
    await build.send(db, world.leader, confirmation(world.leader, home, into=other))
    await build.send(db, world.leader, confirmation(world.leader, other, into=known.id))
    late = visit(world.second_member, home)
    assert (await only(db, late, world.second_member))["result"] == "created"
    async with db.read() as session:
        assert (await session.get_one(Visit, UUID(late["id"]))).household_id == known.id
    await counters_are_right(db)


async def test_visits_that_race_with_a_merge_end_at_the_household_that_stands(db: Database, world: World) -> None:
    homes, known = [await met(db, world, str(90 + n)) for n in range(6)], world.households[4]
    merges = [build.send(db, world.leader, confirmation(world.leader, home, into=known.id)) for home in homes]
    visits = [build.send(db, world.member, visit(world.member, home)) for home in homes]
    answers = await asyncio.gather(*[one for pair in zip(merges, visits, strict=True) for one in pair])
    assert {answer["result"] for [answer] in answers} == {"created"}
    async with db.read() as session:
        assert set((await session.execute(select(VISITS.c.household_id))).scalars()) == {known.id}
    await counters_are_right(db)


@on_sqlite
async def test_who_answers_second_learns_who_was_first(db: Database, world: World) -> None:
    home, known = await met(db, world), world.households[4]
    await build.send(db, world.leader, confirmation(world.leader, home, into=known.id))
    same = await only(db, confirmation(world.deputy, home, into=known.id), world.deputy)
    assert same["result"] == "created"
    other = await only(db, confirmation(world.deputy, home, number="99"), world.deputy)
    assert (other["result"], other["state"], other["by"]) == ("superseded", "merged", world.leader.full_name)
    roster = await only(db, confirmation(world.leader, known.id, number="77"), world.leader)
    assert (roster["result"], roster["by"]) == ("superseded", None)
    twin = await met(db, world, "97")
    await build.send(db, world.leader, confirmation(world.leader, twin, number="97", head_name="Hồ Thị Sen"))
    again = confirmation(world.deputy, twin, number="97", head_name="Hồ Thị Sen")
    assert (await only(db, again, world.deputy))["result"] == "created"


@on_sqlite
async def test_nobody_answers_for_a_village_that_they_do_not_lead(db: Database, world: World) -> None:
    home = await met(db, world)
    for who in (world.member, world.next_leader):
        answer = await only(db, confirmation(who, home), who)
        assert (answer["result"], answer["code"]) == ("forbidden", "out_of_scope")
    far = await build.household(db, world.next_village, "5")
    answer = await only(db, confirmation(world.leader, home, into=far.id), world.leader)
    assert (answer["result"], answer["code"], answer["field"]) == ("invalid", "household_unknown", "into")


@on_sqlite
async def test_a_leader_is_told_who_met_a_household_and_phones_hear_that_it_went(db: Database, world: World) -> None:
    home = await met(db, world)
    leader = await build.principal(db, world.leader)
    async with db.read() as session:
        first = await pull(session, leader, "")
    [row] = [h for h in first["households"] if h["new"]]
    assert (row["by"], row["id"]) == (world.member.full_name, str(home))
    assert abs(row["made_at"] - build.millis(datetime.now(UTC))) < 600_000
    await build.send(db, world.leader, confirmation(world.leader, home, into=world.households[0].id))
    async with db.read() as session:
        after = await pull(session, leader, first["cursor"])
    gone = next(h for h in after["households"] if h["id"] == str(home))
    assert (gone["gone"], gone["into"]) == (True, str(world.households[0].id))
    assert {"kind": "households", "id": str(home)} in after["tombstones"]


class Doors(History):
    """A history in which members also meet households at the door, and leaders confirm and merge them."""

    villages: Sequence[Unit] = ()

    async def step(self, draw: st.DataObject) -> None:
        deed = draw.draw(st.sampled_from(["add", "confirm", "merge", "other", "other", "other"]))
        who = draw.draw(st.sampled_from(self.people))
        if deed == "other":
            await super().step(draw)
        elif deed == "add":
            await self.meet(who, draw)
        else:
            home, other = (draw.draw(st.sampled_from(self.households)) for _ in range(2))
            answer = {"into": other.id} if deed == "merge" else {"number": "99"}
            await self.send(who, confirmation(who, home.id, **answer))

    async def meet(self, who: Member, draw: st.DataObject) -> None:
        added = door(who, draw.draw(st.sampled_from(self.villages)))
        given = added["payload"]
        row = Household(id=UUID(given["household"]), village_id=given["village"], number="99", key="99")
        self.households.append(row)
        moment = draw.draw(st.sampled_from(MIDNIGHTS))
        platforms, result = draw.draw(st.sampled_from(PLATFORM_SETS)), draw.draw(st.sampled_from(RESULTS))
        await self.send(who, added, build.visit(who, row, *platforms, result=result, made_at=build.millis(moment)))

    async def again(self, draw: st.DataObject) -> None:
        """One history more; households of the one before are left alone."""
        del self.households[3:]
        await play(self, draw)


@pytest.fixture
async def history(db: Database, world: World) -> AsyncIterator[Doors]:
    """Leaders and members of a team that serves both villages."""
    both = await build.team(db, world.commune, world.village, world.next_village)
    people = [world.leader, world.deputy, world.member]
    async with db.write() as session:
        for who in people:
            role = SeatRole.MEMBER if who is world.member else SeatRole.LEADER
            session.add(Seat(team_id=both.id, member_id=who.id, role=role, valid_from=build.SINCE))
    far = await build.household(db, world.next_village, "1")
    principals = {who.id or 0: await build.principal(db, who) for who in people}
    history = Doors(db, people, principals, [*world.households[:2], far])
    history.villages = [world.village, world.next_village]
    yield history
    assert history.results.keys() >= {"created", "superseded", "forbidden"}, "the histories said too little"


@on_sqlite
@_bounded(20)
@given(draw=st.data())
async def test_counters_equal_the_visits_whatever_was_merged(history: Doors, draw: st.DataObject) -> None:
    await history.again(draw)


@pytest.mark.parametrize("database_template", ["postgresql"], indirect=True)
@_bounded(20)
@given(draw=st.data())
async def test_counters_equal_the_visits_whatever_was_merged_on_a_server(history: Doors, draw: st.DataObject) -> None:
    await history.again(draw)
