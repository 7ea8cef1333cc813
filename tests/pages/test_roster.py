"""The pages of lists and of households, past the browser: what they show, what they refuse, and what they take in."""

from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.domain.sheet import Line
from fieldapp.pages.desk.cards import CardsState
from fieldapp.pages.desk.homes import HouseholdsState
from fieldapp.pages.desk.roster import RosterState
from models.account import Role
from models.roster_import import ImportKind
from tests import build
from tests.build import World
from tests.pages.test_desk import TODAY, enter
from tests.services.test_roster_imports import homes, people, stage


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def bring(db: Database, world: World, state: RosterState, kind: ImportKind, lines: list[Line]) -> str:
    row = await stage(db, world.commune_officer, kind, lines)
    await state.brought({"id": str(row.id), "lines": len(lines)})
    return str(row.id)


async def test_a_list_is_looked_at_mended_brought_in_and_undone(db: Database, world: World) -> None:
    state = await enter(db, RosterState, world.commune_officer)
    assert (state.open.id, state.past) == ("", [])
    await bring(db, world, state, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "20", "A"), ("Không có", "", "")))
    assert (state.open.lines, state.open.faulty, state.open.new, state.part) == (2, 1, 1, "faulty")
    assert [(line.line, [(f.column, f.code) for f in line.faults]) for line in state.lines] == [
        (3, [("number", "missing"), ("village", "village_unknown")])
    ]
    await state.apply({"list": state.open.id, "twins": "skip"})
    assert (state.problem, state.problem_params, state.open.state) == ("import_faulty", {"n": 1}, "staged")
    good = await bring(
        db, world, state, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "20", "A"), ("Đông Hòa", "1", ""))
    )
    assert [shown.id for shown in state.past] == [good], "a mended list takes the place of the one before"
    await state.apply({"list": good})
    assert (state.open.state, state.open.added, state.open.skipped, state.problem) == ("applied", 1, 1, "")
    assert [(line.cells, line.deed) for line in state.lines] == [
        (["Thôn Đông Hòa", "20", "A"], "added"),
        (["Đông Hòa", "1", "Nguyễn Văn 1"], "skipped"),
    ]
    await state.undo(good)
    assert (state.open.state, state.open.undone, state.open.stay) == ("undone", 1, 0)
    await state.undo(good)
    assert state.problem == "import_not_applied"


async def test_what_waits_to_be_looked_at_is_there_after_a_reload_and_pages_of_fifty(
    db: Database, world: World
) -> None:
    await stage(
        db, world.commune_officer, ImportKind.HOUSEHOLDS, homes(*(("Đông Hòa", str(n)) for n in range(100, 220)))
    )
    state = await enter(db, RosterState, world.commune_officer)
    assert (state.open.lines, len(state.lines), state.pages) == (120, 50, 3)
    await state.turn(2)
    assert (len(state.lines), state.lines[0].line) == (20, 102)
    await state.discard(state.open.id)
    assert (state.open.id, state.past, state.said) == ("", [], "dropped")


async def test_nobody_else_opens_lists(db: Database, world: World) -> None:
    row = await stage(db, world.commune_officer, ImportKind.MEMBERS, people(("A Thút", "", "Đông Hòa")))
    other = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    state = await enter(db, RosterState, await build.account(db, other, Role.COMMUNE_OFFICER))
    for call in (state.open_list, state.undo, state.discard):
        await call(str(row.id))
        assert (state.problem, state.lines) == ("forbidden", [])
    await state.apply({"list": str(row.id)})
    assert state.problem == "forbidden"
    for role in (Role.COMMUNE_LEADER, Role.PROVINCE_OFFICER, Role.PARTNER, Role.ADMIN):
        unit = world.commune if role == Role.COMMUNE_LEADER else world.province
        who = await build.account(db, unit, role, username=f"x.{role}")
        assert (await enter(db, RosterState, who)).problem == "forbidden"


@pytest.mark.parametrize("given", ["", "x", None, 7, {}, {"id": "x"}])
async def test_what_names_no_list_is_refused(db: Database, world: World, given: Any) -> None:
    state = await enter(db, RosterState, world.commune_officer)
    for call in (state.brought, state.open_list, state.apply, state.undo, state.discard, state.choose_part):
        await call(given)
        assert state.problem == "invalid", call
    await state.choose_part("all")
    assert state.problem == "not_found"


async def test_households_are_found_kept_and_shown_with_their_cards(db: Database, world: World) -> None:
    await build.card(db, world.village, world.households[2])
    state = await enter(db, HouseholdsState, world.commune_officer)
    assert (len(state.lines), state.total, [v.label for v in state.villages]) == (
        12,
        12,
        ["Thôn Đông Hòa", "Thôn Tây Hòa"],
    )
    await state.search("van 3")
    assert [(line.number, line.has_card) for line in state.lines] == [("3", True)]
    await state.open_home(state.lines[0].id)
    assert (state.open.number, [card.state for card in state.open.cards]) == ("3", ["bound"])
    await state.revoke_card(state.open.cards[0].id)
    assert ([card.state for card in state.open.cards], state.said) == (["revoked"], "revoked")
    await state.change({"household": state.open.id, "number": "3", "head_name": "Y Hoa"})
    assert (state.open.head, state.said, state.lines) == ("Y Hoa", "changed", [])
    await state.search("")
    await state.move({"household": state.open.id, "moved_on": TODAY.isoformat()})
    assert (state.open.here, len(state.lines), state.said) == (False, 11, "moved")
    await state.show("moved")
    assert [line.number for line in state.lines] == ["3"]
    await state.come_back(state.open.id)
    assert (state.open.here, state.lines) == (True, [])
    await state.show("here")
    await state.add({"village": str(world.next_village.id), "number": "1", "head_name": ""})
    assert (state.open.number, state.open.village, state.said) == ("1", "Thôn Tây Hòa", "added")
    await state.choose_village(str(world.next_village.id))
    assert [line.number for line in state.lines] == ["1"]
    await state.add({"village": str(world.next_village.id), "number": "1", "head_name": ""})
    assert (state.problem, state.problem_params) == ("number_taken", {"number": "1"})
    await state.choose_village("")
    assert len(state.lines) == 13


async def test_leaders_of_the_commune_read_households_and_nobody_above_sees_them(db: Database, world: World) -> None:
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    state = await enter(db, HouseholdsState, head)
    assert len(state.lines) == 12
    await state.add({"village": str(world.village.id), "number": "50", "head_name": ""})
    assert state.problem == "forbidden"
    for role in (Role.PROVINCE_OFFICER, Role.PARTNER, Role.ADMIN):
        who = await build.account(db, world.province, role, username=f"x.{role}")
        shut = await enter(db, HouseholdsState, who)
        assert (shut.problem, shut.lines) == ("forbidden", [])
        await shut.open_home(str(world.households[0].id))
        assert (shut.problem, shut.open.id) == ("forbidden", "")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"village": "1"},
        {"village": "0", "number": "1"},
        {"village": "1", "number": " "},
        {"village": "1", "number": "0905123456"},
    ],
)
async def test_a_household_that_cannot_be_is_refused(db: Database, world: World, form: dict[str, str]) -> None:
    state = await enter(db, HouseholdsState, world.commune_officer)
    await state.add(form)
    assert state.problem == "invalid"
    assert state.total == 12


async def test_the_printing_page_says_what_became_of_each_printing(db: Database, world: World) -> None:
    await build.card(db, world.village, world.households[0])
    await build.card(db, world.village)
    state = await enter(db, CardsState, world.commune_officer)
    assert [(b.kind, b.size, b.bound, b.unbound) for b in state.batches] == [("anonymous", 1, 0, 1), ("known", 1, 1, 0)]
