"""The page of tasks, past the browser."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.tasks import TasksState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

DUE = (vn_day(datetime.now(UTC)) + timedelta(days=3)).isoformat()


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_a_task_is_given_to_one_or_to_all_and_taken_back(db: Database, world: World) -> None:
    state = await enter(db, TasksState, world.commune_officer)
    assert [option.label for option in state.doers] == [world.team.name, world.next_team.name]
    await state.assign({"text": "Họp tổ", "due_on": DUE, "to": "0"})
    assert (state.done, len(state.lines), state.counts["open"], state.problem) == ("given", 2, 2, "")
    await state.assign({"text": "Dán tờ rơi", "due_on": DUE, "to": str(world.team.id)})
    assert state.total == 3
    await state.withdraw(state.lines[0].id)
    assert (state.done, state.total) == ("withdrawn", 2)
    await state.choose_standing("done")
    assert (state.lines, state.only) == ([], "done")
    await state.choose_standing("done")
    assert (state.total, state.only) == (2, "")


async def test_a_commune_says_how_far_the_provinces_task_is(db: Database, world: World) -> None:
    province = await enter(db, TasksState, world.province_officer)
    await province.assign({"text": "Báo cáo quý", "due_on": DUE, "to": str(world.commune.id)})
    assert (province.problem, province.lines[0].doer) == ("", world.commune.name)
    commune = await enter(db, TasksState, world.commune_officer)
    await commune.choose_part("own")
    await commune.mark({"task": commune.lines[0].id, "state": "done", "note": "Đã gửi"})
    assert (commune.done, commune.lines[0].state, commune.lines[0].note) == ("marked", "done", "Đã gửi")
    await province.mark({"task": commune.lines[0].id, "state": "open", "note": ""})
    assert province.problem == "forbidden"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": ""}, "invalid"), ({"text": "x" * 301}, "invalid"), ({"due_on": ""}, "invalid"),
        ({"due_on": "2020-01-01"}, "invalid"), ({"to": "-1"}, "invalid"), ({"to": "999999"}, "not_found"),
    ],
)  # fmt: skip
async def test_what_is_no_task_is_refused(db: Database, world: World, given: dict[str, str], code: str) -> None:
    state = await enter(db, TasksState, world.commune_officer)
    await state.assign({"text": "x", "due_on": DUE, "to": "0"} | given)
    assert (state.problem, state.lines) == (code, [])


async def test_who_only_reads_gives_nothing(db: Database, world: World) -> None:
    head = await enter(db, TasksState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    await head.assign({"text": "x", "due_on": DUE, "to": "0"})
    assert (head.problem, head.doers) == ("forbidden", [])
    for role in (Role.PARTNER, Role.ADMIN):
        state = await enter(db, TasksState, await build.account(db, world.province, role, username=str(role)))
        assert state.problem == "forbidden"
