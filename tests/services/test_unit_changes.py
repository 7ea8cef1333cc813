"""Villages are opened, renamed, merged and stopped: what is asked for, who may, and what goes where."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.unit_change import MergeForm, OpenForm, RenameForm, StopForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.services import unit_changes
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.household import Household, HouseholdCard
from models.household_move import HouseholdMove
from models.member import Member
from models.team import TeamVillage
from models.unit import Division, Unit, UnitSuccession
from models.unit_change import UnitChange
from models.visit import Visit
from tests import build
from tests.build import World

HOUSEHOLDS, CARDS, SERVED = Household.__table__, HouseholdCard.__table__, TeamVillage.__table__
MOVES, BECAME, CHANGES = HouseholdMove.__table__, UnitSuccession.__table__, UnitChange.__table__
TODAY = vn_day(datetime.now(UTC))
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def do(db: Database, who: Account, deed: Any, form: Any) -> Any:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await deed(session, principal, form)


async def refusal(db: Database, who: Account, deed: Any, form: Any) -> tuple[str, str | None]:
    with pytest.raises(Problem) as found:
        await do(db, who, deed, form)
    return found.value.code, found.value.field


def merging(world: World, **given: Any) -> MergeForm:
    villages = [world.village.id, world.next_village.id]
    usual = {"villages": villages, "name": "Thôn Hòa Hợp", "division": "thon", "on": TODAY}
    return MergeForm.model_validate(usual | {"teams": [world.team.id, world.next_team.id]} | given)


async def merge(db: Database, world: World, **given: Any) -> Unit:
    return await do(db, world.commune_officer, unit_changes.merge, merging(world, **given))


async def rows(db: Database, query: Any) -> list[tuple]:
    async with db.read() as session:
        return [tuple(row) for row in await session.execute(query)]


async def page(db: Database, who: Member, cursor: str = "") -> dict[str, Any]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await pull(session, principal, cursor)


async def test_a_merge_takes_households_cards_and_teams_along(db: Database, world: World) -> None:
    there = [await build.household(db, world.next_village, number) for number in ("3", "40")]
    card = await build.card(db, world.next_village, there[0])
    spare = await build.card(db, world.village)
    new = await merge(db, world, decision=" Quyết định 12/QĐ-UBND ")
    here = select(HOUSEHOLDS.c.number).where(HOUSEHOLDS.c.village_id == new.id)
    numbers = sorted(row[0] for row in await rows(db, here))
    assert numbers == sorted([*(str(n) for n in range(1, 13)), "3B", "40"])
    keys = await rows(db, select(HOUSEHOLDS.c.number, HOUSEHOLDS.c.key).where(HOUSEHOLDS.c.id == there[0].id))
    assert keys == [("3B", "3b nguyen van 3")]
    stood = await rows(db, select(MOVES.c.village_id, MOVES.c.number, MOVES.c.on).order_by(MOVES.c.village_id))
    assert len(stood) == 14
    assert (world.next_village.id, "3", TODAY) in stood
    where = await rows(db, select(CARDS.c.village_id).where(CARDS.c.id.in_([card.id, spare.id])))
    assert where == [(new.id,), (new.id,)]
    served = select(SERVED.c.team_id, SERVED.c.village_id, SERVED.c.valid_from, SERVED.c.valid_to)
    assert await rows(db, served.order_by(SERVED.c.village_id, SERVED.c.team_id)) == [
        (world.team.id, world.village.id, build.SINCE, YESTERDAY),
        (world.next_team.id, world.next_village.id, build.SINCE, YESTERDAY),
        (world.team.id, new.id, TODAY, None),
        (world.next_team.id, new.id, TODAY, None),
    ]
    became = await rows(db, select(BECAME.c.from_id, BECAME.c.to_id, BECAME.c.on).order_by(BECAME.c.from_id))
    assert became == [(world.village.id, new.id, TODAY), (world.next_village.id, new.id, TODAY)]
    told = await rows(db, select(CHANGES.c.kind, CHANGES.c.unit_id, CHANGES.c.on, CHANGES.c.decision))
    assert told == [("merge", new.id, TODAY, "Quyết định 12/QĐ-UBND")]
    event = AuditEvent.__table__
    [(detail,)] = await rows(db, select(event.c.detail).where(event.c.action == "unit.merge"))
    assert detail["before"] == ["Thôn Đông Hòa", "Thôn Tây Hòa"]


async def test_phones_on_both_sides_carry_the_new_village(db: Database, world: World) -> None:
    home = await build.household(db, world.next_village, "3")
    [answer] = await build.send(db, world.next_leader, record := build.visit(world.next_leader, home))
    assert answer["result"] == "created"
    before = await page(db, world.member)
    new = await merge(db, world)
    after = await page(db, world.member, before["cursor"])
    assert after["left"] == [f"village:{world.village.id}"]
    assert [v["id"] for v in after["me"]["villages"]] == [new.id]
    assert len([h for h in after["households"] if h["village"] == new.id and not h["gone"]]) == 13
    assert [(v["id"], v["village"]) for v in after["visits"]] == [(record["id"], new.id)]
    [answer] = await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    assert answer["result"] == "created"


async def test_a_team_that_was_not_chosen_ends_with_its_village(db: Database, world: World) -> None:
    new = await merge(db, world, teams=[world.team.id])
    assert (await page(db, world.next_leader))["me"]["villages"] == []
    assert [v["id"] for v in (await page(db, world.leader))["me"]["villages"]] == [new.id]


async def test_a_renamed_village_goes_on_under_its_code(db: Database, world: World) -> None:
    form = RenameForm(village=world.village.id, name="Tổ dân phố Đông", division=Division.TO_DAN_PHO, on=TODAY)
    new = await do(db, world.commune_officer, unit_changes.rename, form)
    assert (new.code, new.name, new.valid_from) == (world.village.code, "Tổ dân phố Đông", TODAY)
    seen = await page(db, world.leader)
    assert [v["id"] for v in seen["me"]["villages"]] == [new.id]
    assert {h["number"] for h in seen["households"]} == {str(n) for n in range(1, 13)}
    again = RenameForm(village=new.id or 0, name="Thôn Đông Hòa", division=Division.THON, on=TODAY)
    assert await refusal(db, world.commune_officer, unit_changes.rename, again) == ("unit_day_early", "on")


async def test_a_village_is_opened_with_a_code_of_its_own(db: Database, world: World) -> None:
    form = OpenForm(commune=world.commune.id, name="Thôn Mới", division=Division.THON, on=TODAY)
    new = await do(db, world.commune_officer, unit_changes.open_village, form)
    assert (new.code, new.parent_id, new.key) == ("21172-01", world.commune.id, "thon moi")
    assert await refusal(db, world.commune_officer, unit_changes.open_village, form) == ("unit_name_taken", "name")
    other = form.model_copy(update={"name": "Thôn Mơi"})
    assert (await do(db, world.commune_officer, unit_changes.open_village, other)).code == "21172-02"
    early = form.model_copy(update={"name": "Thôn Xưa", "on": build.SINCE - timedelta(days=1)})
    assert await refusal(db, world.commune_officer, unit_changes.open_village, early) == ("unit_day_early", "on")


async def test_only_an_empty_village_is_stopped(db: Database, world: World) -> None:
    full = StopForm(village=world.village.id, on=TODAY)
    assert await refusal(db, world.commune_officer, unit_changes.stop, full) == ("unit_has_households", "village")
    await do(db, world.commune_officer, unit_changes.stop, StopForm(village=world.next_village.id, on=TODAY))
    assert (await page(db, world.next_leader))["me"]["villages"] == []
    async with db.read() as session:
        assert (await session.get_one(Unit, world.next_village.id)).valid_to == YESTERDAY
    again = StopForm(village=world.next_village.id, on=TODAY)
    assert await refusal(db, world.commune_officer, unit_changes.stop, again) == ("unit_ended", "villages")


async def test_what_a_merge_would_do_is_told_before(db: Database, world: World) -> None:
    home = await build.household(db, world.next_village, "3")
    await build.send(db, world.next_leader, build.visit(world.next_leader, home))
    officer = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        plan = await unit_changes.plan_merge(session, officer, [world.next_village.id, world.village.id])
    assert [village.name for village in plan.villages] == ["Thôn Đông Hòa", "Thôn Tây Hòa"]
    assert (plan.households, plan.waiting) == (13, 1)
    assert [(r.village, r.old, r.new) for r in plan.renumbered] == [("Thôn Tây Hòa", "3", "3B")]
    assert {team_id for team_id, _ in plan.teams} == {world.team.id, world.next_team.id}


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"on": TODAY + timedelta(days=1)}, ("unit_day_ahead", "on")),
        ({"on": build.SINCE}, ("unit_day_early", "on")),
        ({"teams": []}, ("unit_team_missing", "teams")),
        ({"teams": [999_999]}, ("invalid", "teams")),
        ({"villages": [999_999, 999_998]}, ("not_found", "villages")),
    ],
)
async def test_a_merge_that_cannot_be_is_refused(db: Database, world: World, wrong: Any, problem: Any) -> None:
    form = merging(world, **wrong)
    assert await refusal(db, world.commune_officer, unit_changes.merge, form) == problem
    assert await rows(db, select(CHANGES.c.id)) == []


async def test_names_are_taken_only_by_villages_that_stand(db: Database, world: World) -> None:
    third = await build.village(db, world.commune, code="21172003", name="Thôn Bắc")
    taken = merging(world, name="thôn  bắc")
    assert await refusal(db, world.commune_officer, unit_changes.merge, taken) == ("unit_name_taken", "name")
    assert (await merge(db, world, name="Thôn Đông Hòa")).name == "Thôn Đông Hòa"
    late = MergeForm(
        villages=[world.village.id, third.id], name="Thôn Lớn", division=Division.THON, on=TODAY, teams=[world.team.id]
    )
    assert await refusal(db, world.commune_officer, unit_changes.merge, late) == ("unit_ended", "villages")


async def test_nobody_changes_the_villages_of_another_commune(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    foreign = await build.village(db, elsewhere, code="21175001", name="Thôn Một")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who in (stranger, head, world.province_officer):
        assert (await refusal(db, who, unit_changes.merge, merging(world)))[0] == "forbidden"
    mixed = merging(world, villages=[world.village.id, foreign.id])
    assert (await refusal(db, world.commune_officer, unit_changes.merge, mixed))[0] == "forbidden"
    admin = await build.account(db, world.province, Role.ADMIN)
    assert await refusal(db, admin, unit_changes.merge, mixed) == ("invalid", "villages")
    communes = merging(world, villages=[world.commune.id, world.village.id])
    assert await refusal(db, admin, unit_changes.merge, communes) == ("not_found", "villages")
    assert (await do(db, admin, unit_changes.merge, merging(world))).name == "Thôn Hòa Hợp"


async def test_villages_are_merged_and_merged_again(db: Database, world: World) -> None:
    """A phone that was away for both brings what it did before the first, between them, and after."""
    first_day, second_day = TODAY - timedelta(days=10), TODAY - timedelta(days=5)
    third = await build.village(db, world.commune, code="21172003", name="Thôn Bắc")
    one = await merge(db, world, on=first_day)
    form = MergeForm(
        villages=[one.id or 0, third.id], name="Thôn Lớn", division=Division.THON, on=second_day, teams=[world.team.id]
    )
    two = await do(db, world.commune_officer, unit_changes.merge, form)
    days = [(first_day - timedelta(days=1), world.village), (first_day, one), (second_day, two), (TODAY, two)]
    for day, village in days:
        moment = datetime.now(UTC) - (TODAY - day) - timedelta(minutes=1)
        visit = build.visit(world.member, world.households[0], made_at=build.millis(moment))
        [answer] = await build.send(db, world.member, visit)
        assert answer["result"] == "created", (day, answer)
        async with db.read() as session:
            assert (await session.get_one(Visit, UUID(visit["id"]))).village_id == village.id
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_where_one_of_two_was_declared_the_new_village_has_the_households_of_both(
    db: Database, world: World
) -> None:
    async with db.write() as session:
        (await session.get_one(Unit, world.next_village.id)).households_declared = 100
    new = await merge(db, world)
    assert new.households_declared == 100 + len(world.households)


async def test_a_team_that_began_after_the_day_of_a_merge_serves_the_new_village_alone(
    db: Database, world: World
) -> None:
    async with db.write() as session:
        late = TeamVillage(team_id=world.team.id or 0, village_id=world.next_village.id or 0, valid_from=TODAY)
        session.add(late)
    new = await merge(db, world, on=YESTERDAY)
    async with db.read() as session:
        still = (SERVED.c.valid_to.is_(None)) | (SERVED.c.valid_to >= TODAY)
        served = set((await session.execute(select(SERVED.c.village_id).where(still))).scalars())
    assert served == {new.id}
