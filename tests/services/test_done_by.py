"""A visit that one did and another entered: whose it is in numbers, lists and tables, and who may decide it."""

import pytest
from sqlalchemy import func, select, update

from fieldapp.db import Database
from fieldapp.permissions import Principal
from fieldapp.reports.visit_detail import get_visit
from fieldapp.reports.visit_export import COLUMNS, every_visit
from fieldapp.reports.visit_filter import VisitFilter
from fieldapp.reports.visit_list import list_visits
from fieldapp.services.left import list_left
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from models.counter import VillageCount
from models.member import Member
from models.team import Seat
from tests import build
from tests.build import World

COUNTS, SEATS = VillageCount.__table__, Seat.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def officer(db: Database, world: World) -> Principal:
    return await build.principal(db, world.commune_officer)


async def entered(db: Database, author: Member, doer: Member, world: World, home: int = 0) -> str:
    record = build.visit(author, world.households[home], done_by=doer.id)
    assert [answer["result"] for answer in await build.send(db, author, record)] == ["created"]
    return record["id"]


async def test_the_work_counts_for_whoever_did_it(db: Database, world: World) -> None:
    await entered(db, world.member, world.leader, world)
    await build.send(db, world.member, build.visit(world.member, world.households[1], "VNEID", "DVC"))
    async with db.write() as session:
        by_member = select(COUNTS.c.member_id, func.sum(COUNTS.c.support_count)).group_by(COUNTS.c.member_id)
        counted = {row[0]: row[1] for row in await session.execute(by_member)}
        assert counted == {world.leader.id: 1, world.member.id: 2}
        assert (await reconcile(session)).right


async def test_the_team_is_that_of_whoever_did_it(db: Database, world: World) -> None:
    """Somebody of the commune's own team enters what a member of the village's did."""
    helper = await build.member(db, await build.team(db, world.commune), "Võ Thị Xã")
    visit = await entered(db, helper, world.member, world)
    async with db.read() as session:
        shown = await get_visit(session, await build.principal(db, world.commune_officer), build.UUID(visit))
    assert (shown.visit.team_id, shown.visit.author, shown.visit.done_by) == (
        world.team.id,
        "Võ Thị Xã",
        world.member.full_name,
    )


async def test_lists_and_tables_name_both(db: Database, world: World, officer: Principal) -> None:
    both = await entered(db, world.member, world.leader, world)
    alone = build.visit(world.second_member, world.households[1])
    await build.send(db, world.second_member, alone)
    async with db.read() as session:
        rows = {str(row.id): row for row in (await list_visits(session, officer, VisitFilter())).rows}
        for asked in (
            VisitFilter(member=world.leader.id),
            VisitFilter(member=world.member.id),
            VisitFilter(query="binh"),
        ):
            assert [str(row.id) for row in (await list_visits(session, officer, asked)).rows] == [both], asked
        table = [row async for part in every_visit(session, officer, VisitFilter(), "vi") for row in part]
    names = (world.leader.full_name, world.member.full_name)
    assert (rows[both].done_by, rows[both].author) == names
    assert (rows[alone["id"]].done_by, rows[alone["id"]].author) == (None, world.second_member.full_name)
    told = {row[0]: (row[COLUMNS.index("done_by")], row[COLUMNS.index("author")]) for row in table}
    assert told == {both: names, alone["id"]: (world.second_member.full_name,) * 2}


async def test_phones_are_told_who_did_it(db: Database, world: World) -> None:
    visit = await entered(db, world.member, world.leader, world)
    for who in (world.leader, world.second_member):
        principal = await build.principal(db, who)
        async with db.read() as session:
            (row,) = (await pull(session, principal, ""))["visits"]
        assert (row["id"], row["author"], row["done_by"]) == (visit, world.member.id, world.leader.id)
        assert (row["author_name"], row["done_by_name"]) == (world.member.full_name, world.leader.full_name)


async def test_what_both_leaders_had_a_hand_in_is_left_to_the_commune(
    db: Database, world: World, officer: Principal
) -> None:
    theirs = await entered(db, world.deputy, world.leader, world)
    await entered(db, world.member, world.leader, world, home=1)
    await entered(db, world.deputy, world.member, world, home=2)

    async def left() -> set[str]:
        async with db.read() as session:
            return {str(visit) for visit in (await list_left(session, officer)).visit_ids}

    assert await left() == {theirs}
    long_ago = build.SINCE
    async with db.write() as session:
        await session.execute(update(SEATS).where(SEATS.c.member_id == world.deputy.id).values(valid_to=long_ago))
    assert len(await left()) == 2, "the leader alone is left, who did two of the three"
