"""The page of targets, past the browser: a grid that is filled, proposed, saved, taken on; and who may not."""

from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.pages.desk.targets import TargetsState
from models.account import Account, Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter
from tests.services.test_materials import keep
from tests.services.test_targets import acceptance, give, send


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def opened(db: Database, who: Account) -> TargetsState:
    state = await enter(db, TargetsState, who)
    assert state.problem == ""
    return state


def shown(state: TargetsState) -> list[list[tuple[str, str]]]:
    """What stands in the fields of each unit, and its state."""
    return [[(cell.text, cell.state) for cell in line.cells] for line in state.lines]


def field(state: TargetsState, line: int, column: int = 0) -> str:
    return state.lines[line].cells[column].name


async def test_a_province_gives_and_a_commune_gives_on(db: Database, world: World) -> None:
    state = await opened(db, world.province_officer)
    assert (state.columns, state.of_province, state.edits_above) == ([], True, True)
    await state.add_platform({"platform": "VNEID"})
    whole = state.columns[0].above.name
    await state.save({whole: "1.000", field(state, 0): "300", "reason": ""})
    assert (state.saved, state.problem) == (2, "")
    column = state.columns[0]
    assert (column.above.amount, column.given, column.left, column.has_left) == (1000, 300, 700, True)

    state = await opened(db, world.commune_officer)
    assert (state.edits, state.edits_above, state.unaccepted, state.columns[0].above.amount) == (True, False, 1, 300)
    await state.accept()
    assert (state.taken, state.unaccepted, state.columns[0].above.state) == (1, 0, "accepted")
    await state.propose()
    assert (state.proposed, shown(state)) == (2, [[("300", "proposed")], [("0", "proposed")]])
    await state.save({field(state, 0): "200", field(state, 1): "150", "reason": ""})
    assert (state.saved, shown(state)) == (2, [[("200", "given")], [("150", "given")]])
    assert (state.columns[0].left, state.accepted, state.given) == (-50, 0, 2)


async def test_a_change_needs_a_reason_and_stands_in_the_history(db: Database, world: World) -> None:
    target = await give(db, world)
    await send(db, world.leader, acceptance(world.leader, target))
    state = await opened(db, world.commune_officer)
    cell = state.lines[0].cells[0]
    assert (cell.state, cell.by, cell.share) == ("accepted", world.leader.full_name, 0)
    await state.save({cell.name: "150", "reason": " "})
    assert (state.problem, state.saved) == ("reason_missing", -1)
    await state.save({cell.name: "150", "reason": "Thêm hộ mới"})
    assert (state.problem, state.saved, shown(state)[0]) == ("", 1, [("150", "given")])
    await state.open_history(world.team.id or 0, "Tổ")
    assert {(line.step, line.before, line.after) for line in state.history} == {
        ("changed", 120, 150), ("accepted", -1, 120), ("given", -1, 120),
    }  # fmt: skip
    await state.close_history()
    assert state.history == []


async def test_two_officers_do_not_write_over_each_other(db: Database, world: World) -> None:
    await give(db, world)
    first, second = [await opened(db, world.commune_officer) for _ in range(2)]
    await first.save({field(first, 0): "130", "reason": "Một"})
    await second.save({field(second, 0): "140", "reason": "Hai"})
    assert (first.saved, second.problem) == (1, "target_changed")


async def test_another_period_measure_or_line_is_another_grid(db: Database, world: World) -> None:
    await give(db, world)
    state = await opened(db, world.commune_officer)
    days = state.days
    for turn in (state.move(1), state.choose_measure("support"), state.choose_line(True), state.choose_length("year")):
        await turn
        assert (state.problem, state.columns) == ("", [])
    await state.choose_length("quarter")
    await state.choose_measure("household")
    await state.choose_line(False)
    assert (state.days, len(state.columns), state.period_key) == (days, 1, "quarter")
    await state.choose_length("half_year")
    assert state.period_key in ("half_year_1", "half_year_2")


async def test_who_only_reads_finds_no_fields(db: Database, world: World) -> None:
    await give(db, world)
    head = await opened(db, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    assert (head.edits, head.columns[0].given) == (False, 120)
    await head.save({field(head, 0): "1", "reason": "Sửa"})
    assert head.problem == "forbidden"
    province = await opened(db, world.province_officer)
    await province.choose_commune(world.commune.id or 0)
    assert (province.edits, province.of_province, province.columns[0].given) == (False, False, 120)
    await province.save({field(province, 0): "1", "reason": "Sửa"})
    assert province.problem == "forbidden"
    await province.choose_commune(0)
    assert province.of_province
    for role in (Role.PARTNER, Role.ADMIN):
        state = await enter(db, TargetsState, await build.account(db, world.province, role, username=str(role)))
        assert (state.problem, state.lines) == ("forbidden", [])


@pytest.mark.parametrize("typed", ["-1", "1e3", "x", "1,5", "9" * 30, "１２"])
async def test_what_is_no_whole_number_is_refused(db: Database, world: World, typed: str) -> None:
    await give(db, world)
    state = await opened(db, world.commune_officer)
    await state.save({field(state, 0): typed, "reason": "Sửa"})
    assert (state.problem, shown(state)[0]) == ("invalid", [("120", "given")])


@pytest.mark.parametrize(
    ("handler", "given"),
    [
        ("move", [2]), ("move", ["x"]), ("choose_length", ["week"]), ("choose_measure", [None]), ("save", [[1]]),
        ("add_platform", [{"platform": "x'"}]), ("open_history", [{}, ""]), ("turn", ["a"]), ("choose_commune", [[]]),
    ],
)  # fmt: skip
async def test_odd_arguments_are_refused(db: Database, world: World, handler: str, given: list[Any]) -> None:
    state = await opened(db, world.commune_officer)
    await getattr(state, handler)(*given)
    assert state.problem == "invalid"


async def test_names_of_fields_that_were_not_shown_change_nothing(db: Database, world: World) -> None:
    await give(db, world)
    state = await opened(db, world.commune_officer)
    forged = {"c999_VNEID": "5", "c0_VNEID": "5", f"c{world.next_team.id}_NONE": "5", "reason": "Sửa"}
    await state.save(forged)
    assert (state.saved, state.problem) == (0, "")


async def test_numbers_are_given_by_a_paper_of_the_list(db: Database, world: World) -> None:
    letter = await keep(db, world.province_officer, number="335/SKHCN", title="V/v lập Tổ", issued_on="2026-05-12")
    state = await opened(db, world.commune_officer)
    assert [paper.label for paper in state.papers] == ["335/SKHCN · 12/05/2026 · V/v lập Tổ"]
    await state.add_platform({"platform": "VNEID"})
    await state.save({field(state, 0): "40", field(state, 1): "50", "paper": str(letter.id)})
    assert (state.saved, [line.cells[0].paper for line in state.lines]) == (2, ["335/SKHCN"] * 2)
    assert state.cited == ["335/SKHCN · 12/05/2026 · V/v lập Tổ"]
    await state.open_history(state.lines[0].id, state.lines[0].name)
    await state.cite({"paper": ""})
    assert ([line.cells[0].paper for line in state.lines], state.history_of) == (["", "335/SKHCN"], "")
    await state.save({field(state, 0): "41", "reason": "Sửa", "paper": "999"})
    assert state.problem == "not_found"
