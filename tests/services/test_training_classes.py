"""Training classes: who keeps which, who came, and who has been taught nothing yet."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.domain.training_form import ClassForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.problems import Problem
from fieldapp.reports.class_list import list_attendees, list_classes
from fieldapp.reports.trainee_list import Roster, count_taught, ids_on, list_roster, list_untaught
from fieldapp.services import training_classes
from models.account import Account, Role
from models.team import Seat, SeatRole
from models.training_class import TrainingClass
from models.unit import Unit
from tests import build
from tests.build import World
from tests.services.test_pull import Phone

TODAY = vn_day(datetime.now(UTC))
SEATS = Seat.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def elsewhere(db: Database, world: World) -> tuple[Unit, Account, int]:
    """Another commune, its officer and a member of its team."""
    commune = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    village = await build.village(db, commune, code="21175001", name="Thôn 1")
    member = await build.member(db, await build.team(db, commune, village), "A Thút")
    return commune, await build.account(db, commune, Role.COMMUNE_OFFICER), member.id or 0


def form(**given: Any) -> ClassForm:
    return ClassForm.model_validate({"topic": "Dịch vụ công", "held_on": TODAY, "platforms": ["DVC"]} | given)


async def act(db: Database, who: Account, deed: Any, *given: Any) -> Any:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await deed(session, principal, *given)


async def ask(db: Database, who: Account, question: Any, *given: Any) -> Any:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await question(session, principal, *given)


async def untaught(db: Database, world: World) -> list[str]:
    page = await ask(db, world.commune_officer, list_untaught, Roster(world.commune.id or 0, TODAY))
    return [row.name for row in page.rows]


async def test_who_was_ticked_is_taught_until_it_is_taken_back(db: Database, world: World) -> None:
    who, roster = world.commune_officer, Roster(world.commune.id or 0, TODAY, world.team.id)
    row = await act(db, who, training_classes.keep, form())
    everybody = await ask(db, who, ids_on, roster)
    assert await act(db, who, training_classes.note, row.id, everybody, everybody) == 4
    assert await untaught(db, world) == ["Hồ Văn Đức"]
    leader = world.leader.id or 0
    assert await act(db, who, training_classes.note, row.id, {leader}, set()) == 1
    assert await act(db, who, training_classes.note, row.id, {leader}, set()) == 0
    assert sorted(await untaught(db, world)) == ["Hồ Văn Đức", "Trần Văn Bình"]
    assert await act(db, who, training_classes.note, row.id, {leader}, {leader}) == 1
    came = await ask(db, who, list_roster, roster, row.id)
    assert (came.rows[0].name, came.rows[0].came) == ("Trần Văn Bình", True)
    [taught] = await ask(db, who, count_taught, TODAY)
    assert (taught.members, taught.taught) == (5, 4)
    phone = await Phone(db, world.leader).pull()
    assert phone.me["classes"] == [{"topic": "Dịch vụ công", "day": written_day(TODAY)}]
    assert (await Phone(db, world.next_leader).pull()).me["classes"] == []
    await act(db, who, training_classes.withdraw, row.id)
    assert len(await untaught(db, world)) == 5
    assert (await phone.pull()).me["classes"] == []


async def test_a_province_teaches_all_and_each_commune_reads_its_own(
    db: Database, world: World, elsewhere: tuple[Unit, Account, int]
) -> None:
    commune, officer, stranger = elsewhere
    row = await act(db, world.province_officer, training_classes.keep, form(topic="An toàn mạng"))
    both = {stranger, world.leader.id or 0}
    await act(db, world.province_officer, training_classes.note, row.id, both, both)
    assert [(c.name, c.taught) for c in await ask(db, world.province_officer, count_taught, TODAY)] == [
        (world.commune.name, 1), (commune.name, 1),
    ]  # fmt: skip
    assert [p.name for p in await ask(db, officer, list_attendees, row.id)] == ["A Thút"]
    assert len(await ask(db, world.province_officer, list_attendees, row.id)) == 2
    [seen] = (await ask(db, officer, list_classes)).rows
    assert (seen.topic, seen.commune, seen.own, seen.people) == ("An toàn mạng", "", False, 1)
    await act(db, world.commune_officer, training_classes.keep, form())
    assert (await ask(db, officer, list_classes)).total == 1
    assert (await ask(db, world.province_officer, list_classes)).total == 2


async def test_the_list_names_the_seat_of_that_day(db: Database, world: World) -> None:
    row = await act(db, world.commune_officer, training_classes.keep, form(held_on=TODAY - timedelta(days=9)))
    member = world.member.id or 0
    await act(db, world.commune_officer, training_classes.note, row.id, {member}, {member})
    async with db.write() as session:
        old = update(SEATS).where(SEATS.c.member_id == member).values(valid_to=TODAY - timedelta(days=3))
        await session.execute(old)
        given = {"role": SeatRole.LEADER, "valid_from": TODAY - timedelta(days=2)}
        session.add(Seat(team_id=world.next_team.id, member_id=member, **given))
    [one] = await ask(db, world.commune_officer, list_attendees, row.id)
    assert (one.team, one.role) == (world.team.name, SeatRole.MEMBER)


async def test_nobody_keeps_what_is_anothers(db: Database, world: World, elsewhere: tuple[Unit, Account, int]) -> None:
    commune, officer, stranger = elsewhere
    own = await act(db, world.commune_officer, training_classes.keep, form())
    province = await act(db, world.province_officer, training_classes.keep, form())
    soon = await act(db, world.commune_officer, training_classes.keep, form(held_on=TODAY + timedelta(days=2)))
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    leader = {world.leader.id or 0}
    for who, deed, given, code in (
        (officer, training_classes.keep, (form(training=own.id),), "forbidden"),
        (officer, training_classes.note, (own.id, leader, leader), "forbidden"),
        (world.province_officer, training_classes.keep, (form(training=own.id),), "forbidden"),
        (world.commune_officer, training_classes.withdraw, (province.id,), "forbidden"),
        (world.commune_officer, training_classes.note, (own.id, {stranger}, {stranger}), "not_found"),
        (world.commune_officer, training_classes.note, (own.id, set(), leader), "not_found"),
        (world.commune_officer, training_classes.note, (soon.id, leader, leader), "class_to_come"),
        (world.commune_officer, training_classes.keep, (form(platforms=["NONE"]),), "platform_unknown"),
        (world.commune_officer, training_classes.keep, (form(held_on="1999-01-01"),), "invalid"),
        (world.commune_officer, training_classes.withdraw, (999_999,), "not_found"),
        (head, training_classes.keep, (form(),), "forbidden"),
    ):
        with pytest.raises(Problem, match=code):
            await act(db, who, deed, *given)
    for question, given, code in (
        (list_attendees, (own.id,), "not_found"),
        (list_roster, (Roster(world.commune.id or 0, TODAY), own.id), "forbidden"),
        (list_untaught, (Roster(world.commune.id or 0, TODAY),), "forbidden"),
    ):
        with pytest.raises(Problem, match=code):
            await ask(db, officer, question, *given)
    async with db.read() as session:
        assert (await session.get_one(TrainingClass, own.id)).withdrawn_at is None
    assert [c.id for c in await ask(db, officer, count_taught, TODAY)] == [commune.id]
