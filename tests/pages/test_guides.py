"""The commune's page of spoken guides, past the browser: what it shows, and that only its own officer takes one off."""

import pytest

from fieldapp.db import Database
from fieldapp.pages.desk.guides import GuidesState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter
from tests.recordings import mp3
from tests.services.test_narrations import add, another_commune


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_an_officer_sees_what_the_commune_has_and_takes_it_off(db: Database, world: World) -> None:
    officer, _ = await another_commune(db, world)
    await add(db, officer, mp3(), title="Tiếng Ba Na")
    row = await add(db, world.commune_officer, mp3(65), "DVC", "Tiếng Hrê")
    state = await enter(db, GuidesState, world.commune_officer)
    shown = [(n.title, n.platform, n.lasts, n.size) for n in state.narrations]
    assert shown == [("Tiếng Hrê", "DVC", "1:05", 0.4)]
    assert [option.value for option in state.platforms] == ["VNEID", "DVC", "SSK"]
    await state.remove(str(row.id))
    assert (state.narrations, state.removed, state.problem) == ([], "Tiếng Hrê", "")
    await state.remove(str(row.id))
    assert state.problem == "not_found"
    await state.load()
    assert (state.removed, state.problem) == ("", "")


async def test_nobody_else_takes_it_off_or_opens_the_page(db: Database, world: World) -> None:
    officer, _ = await another_commune(db, world)
    row = await add(db, world.commune_officer, mp3())
    state = await enter(db, GuidesState, officer)
    assert state.narrations == []
    await state.remove(str(row.id))
    assert state.problem == "forbidden"
    for role in (Role.COMMUNE_LEADER, Role.PARTNER, Role.ADMIN):
        unit = world.commune if role == Role.COMMUNE_LEADER else world.province
        state = await enter(db, GuidesState, await build.account(db, unit, role))
        assert (state.problem, state.narrations, state.platforms) == ("forbidden", [], [])
    own = await enter(db, GuidesState, world.commune_officer)
    assert len(own.narrations) == 1


@pytest.mark.parametrize("given", ["", "x", 1, None, {}, "0" * 40])
async def test_what_names_no_recording_is_refused(db: Database, world: World, given: object) -> None:
    state = await enter(db, GuidesState, world.commune_officer)
    await state.remove(given)  # type: ignore[arg-type]
    assert state.problem == "invalid"
