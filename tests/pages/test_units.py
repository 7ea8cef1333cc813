"""The commune's page of villages, past the browser: what it shows, what its forms do, and who is kept out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.units import UnitsState
from fieldapp.services import household_numbers
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

TODAY = vn_day(datetime.now(UTC))
NEW = {"name": "Thôn Hòa Hợp", "division": "thon", "on": TODAY.isoformat(), "decision": "Quyết định 12/QĐ-UBND"}


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_an_officer_looks_at_a_merge_and_then_merges(db: Database, world: World) -> None:
    await build.household(db, world.next_village, "3")
    state = await enter(db, UnitsState, world.commune_officer)
    assert [(line.name, line.households) for line in state.lines] == [("Thôn Đông Hòa", 12), ("Thôn Tây Hòa", 1)]
    both = {str(world.village.id): "on", str(world.next_village.id): "on"}
    await state.look(NEW | both)
    plan = state.plan
    assert (plan.before, plan.households, plan.renumbered) == ("Thôn Đông Hòa + Thôn Tây Hòa", 13, 1)
    assert [(n.village, n.old, n.new) for n in plan.numbers] == [("Thôn Tây Hòa", "3", "3B")]
    await state.merge({team.value: "on" for team in plan.teams})
    assert (state.problem, state.said, state.said_name, state.plan.name) == ("", "merge", "Thôn Hòa Hợp", "")
    assert [(line.name, line.households, line.since) for line in state.lines] == [
        ("Thôn Hòa Hợp", 13, written_day(TODAY))
    ]
    [change] = state.changes
    assert (change.kind, change.before, change.name) == ("merge", "Thôn Đông Hòa + Thôn Tây Hòa", "Thôn Hòa Hợp")
    assert change.decision == "Quyết định 12/QĐ-UBND"
    await state.open_village(world.village.id or 0)
    assert (state.open.village.name, state.open.village.until != "") == ("Thôn Đông Hòa", True)
    assert [one.name for one in state.open.went_to] == ["Thôn Hòa Hợp"]
    assert [one.kind for one in state.open.changes] == ["merge"]


async def test_villages_are_opened_renamed_and_stopped(db: Database, world: World) -> None:
    state = await enter(db, UnitsState, world.commune_officer)
    await state.add(NEW | {"commune": state.shown, "name": "Thôn Mới"})
    assert (state.problem, state.said, len(state.lines)) == ("", "open", 3)
    await state.rename(NEW | {"village": str(world.village.id), "name": "Thôn Đông"})
    assert (state.problem, state.said_name) == ("", "Thôn Đông")
    await state.stop({"village": str(world.next_village.id), "on": TODAY.isoformat(), "decision": ""})
    assert (state.problem, state.said, state.said_name) == ("", "stop", "Thôn Tây Hòa")
    assert sorted(line.name for line in state.lines) == ["Thôn Mới", "Thôn Đông"]
    assert {change.kind for change in state.changes} == {"open", "rename", "stop"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "unit_two_needed"),
        ({"name": ""}, "invalid"),
        ({"on": "tomorrow"}, "invalid"),
        ({"division": "xa"}, "invalid"),
        ({"on": "2999-01-01"}, ""),
    ],
)
async def test_what_a_form_lacks_is_told(db: Database, world: World, given: dict[str, str], problem: str) -> None:
    state = await enter(db, UnitsState, world.commune_officer)
    both = {str(world.village.id): "on", str(world.next_village.id): "on"}
    await state.look((NEW | both | given) if given else NEW)
    assert state.problem == problem
    if not problem:
        await state.merge({team.value: "on" for team in state.plan.teams})
        assert state.problem == "unit_day_ahead"
        assert state.plan.name != ""


async def test_a_merge_that_nobody_looked_at_is_none(db: Database, world: World) -> None:
    state = await enter(db, UnitsState, world.commune_officer)
    await state.merge({str(world.team.id): "on"})
    assert state.problem == "unit_two_needed"


async def test_the_province_reads_and_the_partner_does_not(db: Database, world: World) -> None:
    state = await enter(db, UnitsState, world.province_officer)
    assert (state.problem, state.lines) == ("", [])
    await state.choose_commune(world.commune.id or 0)
    assert len(state.lines) == 2
    await state.add(NEW | {"commune": state.shown})
    assert state.problem == "forbidden"
    partner = await enter(db, UnitsState, await build.account(db, world.province, Role.PARTNER))
    assert (partner.problem, partner.lines) == ("forbidden", [])


async def test_another_communes_village_is_neither_seen_nor_changed(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    foreign = await build.village(db, elsewhere, code="21175001", name="Thôn Một")
    state = await enter(db, UnitsState, world.commune_officer)
    deeds: list[Any] = [
        lambda: state.open_village(foreign.id or 0),
        lambda: state.rename(NEW | {"village": str(foreign.id)}),
        lambda: state.stop({"village": str(foreign.id), "on": TODAY.isoformat()}),
        lambda: state.add(NEW | {"commune": str(elsewhere.id)}),
    ]
    for deed in deeds:
        await deed()
        assert state.problem == "forbidden"
    assert state.open.village.id == ""
    # The choice of a commune is asked only of those who have one.
    await state.choose_commune(elsewhere.id or 0)
    assert state.shown == str(world.commune.id)


async def test_a_commune_states_how_many_households_a_village_has(db: Database, world: World) -> None:
    """Proposals and shares go by it; without it they go by the roster."""
    state = await enter(db, UnitsState, world.commune_officer)
    village = str(world.village.id)

    async def counted() -> tuple[int, int]:
        async with db.read() as session:
            commune = world.commune.id or 0
            below = await household_numbers.of_villages(session, [world.village.id or 0])
            return below[world.village.id or 0], (await household_numbers.of_communes(session, [commune]))[commune]

    assert await counted() == (12, 12)
    await state.declare({"village": village, "households": "148"})
    assert (state.problem, state.said, state.said_name) == ("", "declare", "Thôn Đông Hòa")
    await state.open_village(world.village.id or 0)
    assert (state.open.village.declared, state.open.village.households) == ("148", 12)
    assert await counted() == (148, 148)
    await state.declare({"village": village, "households": ""})
    assert await counted() == (12, 12)
    await state.declare({"village": village, "households": "0"})
    assert state.problem == "invalid"
    await state.stop({"village": str(world.next_village.id), "on": TODAY.isoformat(), "decision": ""})
    await state.declare({"village": str(world.next_village.id), "households": "5"})
    assert state.problem == "unit_ended"
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    other = await enter(db, UnitsState, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    await other.declare({"village": village, "households": "5"})
    assert other.problem == "forbidden"
