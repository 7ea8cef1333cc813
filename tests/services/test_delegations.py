"""Reviewing handed over for some days: who may, on which days it holds, what it does not open, how it is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, may
from fieldapp.problems import Problem
from fieldapp.reports.team_list import list_teams
from fieldapp.services.delegations import delegate, take_back
from fieldapp.services.pull import pull
from fieldapp.services.reach import may_end_phone, may_invite
from models.member import Member
from models.team import Seat
from tests import build
from tests.build import World

SEATS = Seat.__table__
TODAY = vn_day(datetime.now(UTC))
DAY = timedelta(days=1)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def hand(db: Database, who: Member, whom: Member, first: date = TODAY, last: date = TODAY + 6 * DAY) -> Seat:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await delegate(session, principal, whom.id or 0, first, last)


async def back(db: Database, who: Member, seat: Seat) -> None:
    principal = await build.principal(db, who)
    async with db.write() as session:
        await take_back(session, principal, seat.id or 0)


async def move(db: Database, seat: Seat, first: date, last: date) -> None:
    async with db.write() as session:
        await session.execute(update(SEATS).where(SEATS.c.id == seat.id).values(valid_from=first, valid_to=last))


async def decide(db: Database, world: World, who: Member, home: int, days_ago: int = 0) -> str:
    """What becomes of this person's approval, made so many days ago, of a visit of somebody else's."""
    record = build.visit(world.second_member, world.households[home])
    await build.send(db, world.second_member, record)
    made_at = build.millis(datetime.now(UTC) - timedelta(days=days_ago, minutes=1))
    decision = build.decision(who, record["id"]) | {"made_at": made_at}
    return (await build.send(db, who, decision))[0]["result"]


async def test_a_member_reviews_on_the_days_of_the_delegation_and_on_no_other(db: Database, world: World) -> None:
    assert await decide(db, world, world.member, 0) == "forbidden"
    seat = await hand(db, world.leader, world.member)
    assert await decide(db, world, world.member, 1) == "created"
    await move(db, seat, TODAY - 5 * DAY, TODAY - 2 * DAY)
    assert await decide(db, world, world.member, 2) == "forbidden", "it has ended by itself"
    assert await decide(db, world, world.member, 3, days_ago=3) == "created", "made in those days, sent later"
    assert await decide(db, world, world.member, 4, days_ago=7) == "forbidden"


async def test_nobody_reviews_their_own_visit_by_delegation(db: Database, world: World) -> None:
    await hand(db, world.leader, world.member)
    record = build.visit(world.member, world.households[0])
    (_, answer) = await build.send(db, world.member, record, build.decision(world.member, record["id"]))
    assert (answer["result"], answer["code"]) == ("forbidden", "own_visit")


async def test_both_phones_are_told_and_the_role_stays(db: Database, world: World) -> None:
    seat = await hand(db, world.leader, world.member, TODAY + DAY, TODAY + 3 * DAY)
    for who in (world.leader, world.member):
        principal = await build.principal(db, who)
        async with db.read() as session:
            me = (await pull(session, principal, ""))["me"]
        (told,) = [person for person in me["people"] if person["id"] == world.member.id]
        days = {"first": (TODAY + DAY).isoformat(), "last": (TODAY + 3 * DAY).isoformat()}
        assert (told["role"], told["delegation"]) == ("member", {"id": seat.id, **days})
        assert me["villages"][0]["led"] is (who is world.leader)
    await move(db, seat, TODAY, TODAY)
    principal = await build.principal(db, world.member)
    async with db.read() as session:
        me = (await pull(session, principal, ""))["me"]
        officer = await build.principal(db, world.commune_officer)
        rows = [s for team in await list_teams(session, officer, world.commune.id or 0, TODAY) for s in team.seats]
    assert (me["role"], me["villages"][0]["led"]) == ("member", True)
    shown = {row.member_id: (row.role, row.reviews_until) for row in rows if row.member_id == world.member.id}
    assert shown == {world.member.id: ("member", TODAY)}
    assert len(rows) == 5


async def test_it_opens_and_ends_no_phones(db: Database, world: World) -> None:
    await hand(db, world.leader, world.member)
    who = await build.principal(db, world.member)
    assert may(who, Action.REVIEW_VISIT, Place(world.village.id))
    async with db.read() as session:
        for other in (world.second_member, world.deputy, world.leader):
            assert not await may_end_phone(session, who, other.id or 0)
            assert not await may_invite(session, who, other.id or 0)
        leader = await build.principal(db, world.leader)
        assert await may_end_phone(session, leader, world.member.id or 0)


@pytest.mark.parametrize(
    ("who", "whom"),
    [("deputy", "member"), ("member", "second_member"), ("next_leader", "member"), ("leader", "deputy"),
     ("leader", "leader"), ("leader", "next_leader")],
)  # fmt: skip
async def test_only_the_leader_hands_over_and_only_to_a_member_of_the_team(
    db: Database, world: World, who: str, whom: str
) -> None:
    with pytest.raises(Problem, match="forbidden"):
        await hand(db, getattr(world, who), getattr(world, whom))


async def test_whoever_reviews_by_delegation_hands_nothing_on(db: Database, world: World) -> None:
    await hand(db, world.leader, world.member)
    with pytest.raises(Problem, match="forbidden"):
        await hand(db, world.member, world.second_member)


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (2, 1), (0, 93)])
async def test_days_that_are_over_turned_round_or_too_many_are_invalid(
    db: Database, world: World, first: int, last: int
) -> None:
    with pytest.raises(Problem, match="invalid"):
        await hand(db, world.leader, world.member, TODAY + first * DAY, TODAY + last * DAY)


async def test_days_are_handed_over_once(db: Database, world: World) -> None:
    await hand(db, world.leader, world.member)
    with pytest.raises(Problem, match="delegated_already"):
        await hand(db, world.leader, world.member, TODAY + 6 * DAY, TODAY + 8 * DAY)
    await hand(db, world.leader, world.second_member)


async def test_taken_back_it_ends_with_today_and_what_has_not_begun_is_gone(db: Database, world: World) -> None:
    seat = await hand(db, world.leader, world.member)
    for stranger in (world.deputy, world.next_leader):
        with pytest.raises(Problem, match="forbidden"):
            await back(db, stranger, seat)
    await back(db, world.leader, seat)
    later = await hand(db, world.leader, world.second_member, TODAY + DAY, TODAY + 2 * DAY)
    await back(db, world.leader, later)
    with pytest.raises(Problem, match="not_found"):
        await back(db, world.leader, later)
    async with db.read() as session:
        handed = select(SEATS.c.id, SEATS.c.valid_to).where(SEATS.c.delegated_by_id.is_not(None))
        assert [tuple(row) for row in await session.execute(handed)] == [(seat.id, TODAY)]
    assert await decide(db, world, world.member, 0) == "created"
