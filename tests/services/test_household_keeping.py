"""The roster kept by hand, and cards one by one: what phones hear of it, what stays, and who may."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.household_form import ChangedHousehold, MergedHousehold, MovedHousehold, NewHousehold
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports.card_batches import list_batches
from fieldapp.reports.household_detail import get_household
from fieldapp.reports.household_list import HouseholdFilter, Shown, list_households
from fieldapp.services import cards, household_keeping, pull, reconciliation
from models.account import Account, Role
from models.base import utc_now
from models.household import BatchKind, CardState, HouseholdCard, HouseholdState
from models.visit import Visit
from tests import build
from tests.build import World

TODAY = vn_day(utc_now())


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def do(db: Database, who: Account, deed, *given):
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await deed(session, principal, *given)


async def listed(db: Database, who: Account, **asked) -> list[str]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return [row.number for row in (await list_households(session, principal, HouseholdFilter(**asked))).rows]


async def told(db: Database, world: World, cursor: str = "") -> dict:
    async with db.read() as session:
        return await pull.pull(session, await build.principal(db, world.member), cursor)


async def test_a_household_is_added_and_changed_and_phones_hear_of_both(db: Database, world: World) -> None:
    cursor = (await told(db, world))["cursor"]
    form = NewHousehold(village=world.village.id or 0, number=" 20 ", head_name="Đinh  Văn Ké")
    made = await do(db, world.commune_officer, household_keeping.add, form)
    answer = await told(db, world, cursor)
    assert [(home["number"], home["head"]) for home in answer["households"]] == [("20", "Đinh Văn Ké")]
    change = ChangedHousehold(household=made.id, number="20A", head_name="")  # type: ignore[arg-type]
    await do(db, world.commune_officer, household_keeping.change, change)
    answer = await told(db, world, answer["cursor"])
    assert [(home["number"], home["head"]) for home in answer["households"]] == [("20A", None)]
    assert await listed(db, world.commune_officer, query="20a") == ["20A"]


@pytest.mark.parametrize("number", ["1", " 1 "])
async def test_a_number_is_one_households_in_its_village(db: Database, world: World, number: str) -> None:
    for deed, form in (
        (household_keeping.add, NewHousehold(village=world.village.id or 0, number=number)),
        (household_keeping.change, ChangedHousehold(household=world.households[1].id, number=number)),
    ):
        with pytest.raises(Problem, match="number_taken"):
            await do(db, world.commune_officer, deed, form)
    next_door = NewHousehold(village=world.next_village.id or 0, number=number)
    assert (await do(db, world.commune_officer, household_keeping.add, next_door)).number == "1"


async def test_who_moved_away_leaves_the_phones_with_their_card_and_comes_back(db: Database, world: World) -> None:
    home = world.households[0]
    await build.card(db, world.village, home)
    await build.send(db, world.member, build.visit(world.member, home, "VNEID"))
    cursor = (await told(db, world))["cursor"]
    form = MovedHousehold(household=home.id, moved_on=TODAY)
    await do(db, world.commune_officer, household_keeping.move_away, form)
    await do(db, world.commune_officer, household_keeping.move_away, form)
    answer = await told(db, world, cursor)
    assert [(row["id"], row["gone"]) for row in answer["households"]] == [(str(home.id), True)]
    assert [card["state"] for card in answer["cards"]] == ["revoked"]
    assert "1" not in await listed(db, world.commune_officer)
    assert await listed(db, world.commune_officer, shown=Shown.MOVED) == ["1"]
    await do(db, world.commune_officer, household_keeping.come_back, home.id)
    again = await told(db, world, answer["cursor"])
    assert [(row["id"], row["gone"]) for row in again["households"]] == [(str(home.id), False)]
    fresh = await told(db, world)
    assert str(home.id) in {row["id"] for row in fresh["households"] if not row["gone"]}
    assert str(home.id) not in {stone["id"] for stone in fresh.get("tombstones", [])}
    principal = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        detail = await get_household(session, principal, home.id)
    assert (detail.visits, [row.action for row in detail.history]) == (1, ["household.return", "household.move"])


async def test_who_comes_back_to_a_taken_number_is_told_so(db: Database, world: World) -> None:
    home = world.households[0]
    form = MovedHousehold(household=home.id, moved_on=TODAY)
    await do(db, world.commune_officer, household_keeping.move_away, form)
    new = NewHousehold(village=world.village.id or 0, number="1")
    await do(db, world.commune_officer, household_keeping.add, new)
    with pytest.raises(Problem, match="number_taken"):
        await do(db, world.commune_officer, household_keeping.come_back, home.id)


async def test_nobody_moves_tomorrow_and_nobody_gone_is_changed(db: Database, world: World) -> None:
    home = world.households[0]
    form = MovedHousehold(household=home.id, moved_on=TODAY + timedelta(days=1))
    with pytest.raises(Problem, match="invalid"):
        await do(db, world.commune_officer, household_keeping.move_away, form)
    moved = MovedHousehold(household=home.id, moved_on=TODAY)
    await do(db, world.commune_officer, household_keeping.move_away, moved)
    for deed, form in (
        (household_keeping.change, ChangedHousehold(household=home.id, number="99")),
        (household_keeping.merge, MergedHousehold(household=home.id, into="2")),
    ):
        with pytest.raises(Problem, match="household_unknown"):
            await do(db, world.commune_officer, deed, form)


async def test_two_households_that_are_one_take_their_visits_cards_and_numbers_along(
    db: Database, world: World
) -> None:
    gone, stays = world.households[0], world.households[1]
    await build.card(db, world.village, gone)
    for home in (gone, stays):
        await build.send(db, world.member, build.visit(world.member, home, "VNEID"))
    cursor = (await told(db, world))["cursor"]
    into = await do(db, world.commune_officer, household_keeping.merge, MergedHousehold(household=gone.id, into="2"))
    assert into.id == stays.id
    async with db.read() as session:
        visits = (await session.execute(select(Visit.__table__.c.household_id))).scalars().all()
        card = (await session.execute(select(HouseholdCard))).scalar_one()
    async with db.write() as session:
        assert (await reconciliation.reconcile(session)).right
    assert (set(visits), card.household_id) == ({stays.id}, stays.id)
    answer = await told(db, world, cursor)
    assert [row["into"] for row in answer["households"] if row["gone"]] == [str(stays.id)]
    (late,) = await build.send(db, world.member, build.visit(world.member, gone, "DVC"))
    assert late["result"] == "created"
    with pytest.raises(Problem, match="household_unknown"):
        await do(db, world.commune_officer, household_keeping.merge, MergedHousehold(household=stays.id, into="2"))


async def test_one_card_is_printed_anew_and_one_is_ended(db: Database, world: World) -> None:
    home, other = world.households[0], world.households[1]
    kept = await build.card(db, world.village, other)
    principal = await build.principal(db, world.commune_officer)
    printed: list[int] = []
    for _ in range(2):
        async with db.write() as session:
            printing = await cards.prepare(session, principal, world.village.id or 0, BatchKind.KNOWN, 0, home.id)
            await cards.issue(session, principal, printing)
    async with db.read() as session:
        detail = await get_household(session, principal, home.id)
        printed = [card.id for card in detail.cards]
        assert [card.state for card in detail.cards] == [CardState.BOUND, CardState.REVOKED]
        assert (await session.get_one(HouseholdCard, kept.id)).state == CardState.BOUND
    for _ in range(2):
        await do(db, world.commune_officer, cards.revoke, printed[0])
    async with db.read() as session:
        detail = await get_household(session, principal, home.id)
        batches = await list_batches(session, principal, world.commune.id or 0)
    assert {card.state for card in detail.cards} == {CardState.REVOKED}
    assert [row.action for row in detail.history] == ["card.revoke", "card.reissue", "card.reissue"]
    assert [(batch.size, batch.bound, batch.revoked) for batch in batches[:2]] == [(1, 0, 1), (1, 0, 1)]


async def test_a_household_of_another_village_is_not_printed_with_this_one(db: Database, world: World) -> None:
    principal = await build.principal(db, world.commune_officer)
    other = await build.household(db, world.next_village, "1")
    async with db.read() as session:
        with pytest.raises(Problem, match="not_found"):
            await cards.prepare(session, principal, world.village.id or 0, BatchKind.KNOWN, 0, other.id)


async def test_only_the_communes_officer_keeps_its_roster(db: Database, world: World) -> None:
    other = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    stranger = await build.account(db, other, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    home, card = world.households[0], await build.card(db, world.village, world.households[0])
    deeds = (
        (household_keeping.add, NewHousehold(village=world.village.id or 0, number="50")),
        (household_keeping.change, ChangedHousehold(household=home.id, number="50")),
        (household_keeping.move_away, MovedHousehold(household=home.id, moved_on=TODAY)),
        (household_keeping.come_back, home.id),
        (household_keeping.merge, MergedHousehold(household=home.id, into="2")),
        (cards.revoke, card.id),
    )
    for who in (stranger, head, world.province_officer, await build.account(db, world.province, Role.ADMIN)):
        for deed, form in deeds:
            with pytest.raises(Problem, match="forbidden"):
                await do(db, who, deed, form)
    assert len(await listed(db, head)) == 12
    assert await listed(db, stranger) == []
    with pytest.raises(Problem, match="forbidden"):
        await listed(db, world.province_officer)
    async with db.read() as session:
        with pytest.raises(Problem, match="forbidden"):
            await get_household(session, await build.principal(db, stranger), home.id)
    with pytest.raises(Problem, match="household_unknown"):
        await do(db, world.commune_officer, household_keeping.come_back, UUID(int=0))


async def test_the_list_counts_as_people_do_and_finds_without_diacritics(db: Database, world: World) -> None:
    assert await listed(db, world.commune_officer) == [str(n) for n in range(1, 13)]
    await build.household(db, world.next_village, "3", head_name="Đặng Thị Thùy")
    assert await listed(db, world.commune_officer, query="dang thi") == ["3"]
    assert await listed(db, world.commune_officer, query="%") == []
    assert await listed(db, world.commune_officer, village=world.next_village.id) == ["3"]
    await build.card(db, world.village, world.households[0])
    assert "1" not in await listed(db, world.commune_officer, shown=Shown.CARDLESS)
    await build.household(db, world.village, "X", state=HouseholdState.PROVISIONAL)
    assert await listed(db, world.commune_officer, shown=Shown.NEW) == ["X"]
