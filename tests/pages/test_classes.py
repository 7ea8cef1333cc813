"""The page of training classes, past the browser, and the list that it gives away."""

import httpx
import pytest

from fieldapp.db import Database
from fieldapp.pages.desk.classes import ClassesState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import TODAY, enter

GIVEN = {
    "training": "",
    "topic": "=Dịch vụ công",
    "held_on": TODAY.isoformat(),
    "place": "Nhà văn hóa",
    "platform_DVC": "on",
}


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_a_class_is_kept_and_its_people_ticked_many_at_once(
    db: Database, world: World, client: httpx.AsyncClient
) -> None:
    state = await enter(db, ClassesState, world.commune_officer)
    await state.open_form(0)
    await state.keep(GIVEN)
    assert (state.problem, state.done, state.panel, state.lines[0].platforms_vi) == ("", "kept", "", "DVC")
    await state.open_roster(state.lines[0].id)
    assert (state.roster_total, [team.label for team in state.teams]) == (5, [world.team.name, world.next_team.name])
    await state.choose_team(str(world.team.id))
    await state.note_all()
    assert (state.problem, state.done_count, state.chosen.people) == ("", 4, 4)
    await state.note({f"tick_{world.leader.id}": "on", "tick_999": "on"})
    assert (state.done_count, [line.name for line in state.roster if line.came]) == (3, ["Trần Văn Bình"])
    await state.choose_part("untaught")
    assert (state.taught[0].untaught, state.roster_total) == (4, 4)
    await build.enter(client, db, world.commune_officer)
    answer = await client.get(f"/api/v1/exports/class.csv?training={state.lines[0].id}")
    assert (answer.status_code, "Trần Văn Bình" in answer.text, "Lê Thị Hoa" in answer.text) == (200, True, False)
    book = await client.get(f"/api/v1/exports/class.xlsx?training={state.lines[0].id}")
    assert book.content[:2] == b"PK"
    await state.withdraw(state.lines[0].id)
    assert (state.done, state.lines) == ("withdrawn", [])
    assert (await client.get("/api/v1/exports/class.csv?training=1")).status_code == 404


async def test_a_province_chooses_the_commune_and_ticks_there(db: Database, world: World) -> None:
    state = await enter(db, ClassesState, world.province_officer)
    await state.keep(GIVEN)
    await state.open_roster(state.lines[0].id)
    assert (state.roster, [c.label for c in state.communes]) == ([], [world.commune.name])
    await state.note_all()
    assert state.problem == "not_found"
    await state.choose_commune(world.commune.id)
    await state.note_all()
    assert (state.problem, state.done_count) == ("", 5)
    commune = await enter(db, ClassesState, world.commune_officer)
    assert (commune.lines[0].keeps, commune.lines[0].people) == (False, 5)
    await commune.note_all()
    assert commune.problem == "not_found", "nothing is open"
    await commune.open_roster(commune.lines[0].id)
    await commune.note_all()
    assert commune.problem == "forbidden"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"topic": " "}, "invalid"), ({"held_on": "x"}, "invalid"), ({"topic": "gọi 0900 000 000"}, "invalid"),
        ({"platform_NONE": "on"}, "platform_unknown"), ({"training": "77"}, "not_found"),
    ],
)  # fmt: skip
async def test_what_is_no_class_is_refused(db: Database, world: World, given: dict[str, str], code: str) -> None:
    state = await enter(db, ClassesState, world.commune_officer)
    await state.keep(GIVEN | given)
    assert (state.problem, state.lines) == (code, [])


async def test_who_only_reads_keeps_nothing(db: Database, world: World) -> None:
    head = await enter(db, ClassesState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    await head.keep(GIVEN)
    assert (head.problem, head.lines) == ("forbidden", [])
    for role in (Role.PARTNER, Role.ADMIN):
        state = await enter(db, ClassesState, await build.account(db, world.province, role, username=str(role)))
        assert state.problem == "forbidden"


async def test_two_who_tick_one_class_take_nobody_of_the_other_away(db: Database, world: World) -> None:
    one = await enter(db, ClassesState, world.commune_officer)
    await one.keep(GIVEN)
    two = await enter(db, ClassesState, world.commune_officer)
    for state in (one, two):
        await state.open_roster(state.lines[0].id)
    await one.note({f"tick_{world.leader.id}": "on", f"tick_{world.member.id}": "on"})
    await two.note({f"tick_{world.second_member.id}": "on"})
    came = {line.name for line in two.roster if line.came}
    assert came == {world.leader.full_name, world.member.full_name, world.second_member.full_name}
