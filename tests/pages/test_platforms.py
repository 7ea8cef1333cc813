"""The page of platforms, past the browser."""

import pytest

from fieldapp.db import Database
from fieldapp.pages.desk.platforms import PlatformsState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

GIVEN = {
    "platform": "", "name_vi": "Du lịch số", "short_vi": "Du lịch", "pillar": "economy", "icon": "globe",
    "approved": "on", "applies": "everywhere",
}  # fmt: skip


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_a_platform_is_added_changed_stopped_and_used_again(db: Database, world: World) -> None:
    state = await enter(db, PlatformsState, world.province_officer)
    assert [option.label for option in state.communes] == [world.commune.name]
    await state.open_new()
    await state.keep(GIVEN)
    assert (state.problem, state.done, state.panel, state.used) == ("", "added", "", 4)
    assert [[line.short_vi for line in pillar.lines] for pillar in state.pillars] == [
        ["VNEID", "DVC", "SSK"],
        ["Du lịch"],
    ]
    await state.open_one("DU_LICH")
    await state.keep_step({"platform": "DU_LICH", "name_vi": "Đặt phòng", "name_en": "Book a room"})
    assert (state.panel, state.chosen.steps_vi, state.done) == ("change", "Đặt phòng", "step_kept")
    await state.use_step("DU_LICH", "dat_phong", False)
    assert [(s.code) for s in state.chosen.old_steps] == ["dat_phong"]
    await state.keep(GIVEN | {"platform": "DU_LICH", "applies": "some", f"tick_{world.commune.id}": "on"})
    assert (state.done, state.pillars[1].lines[0].where) == ("changed", world.commune.name)
    await state.move("DVC", "up")
    assert [line.code for line in state.pillars[0].lines] == ["DVC", "VNEID", "SSK"]
    await state.retire("DU_LICH")
    assert (state.used, [line.code for line in state.retired]) == (3, ["DU_LICH"])
    await state.restore("DU_LICH")
    assert (state.used, state.retired, state.done) == (4, [], "restored")


async def test_a_commune_reads_and_changes_nothing(db: Database, world: World) -> None:
    other = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    province = await enter(db, PlatformsState, world.province_officer)
    await province.keep(GIVEN | {"applies": "some", f"tick_{other.id}": "on"})
    state = await enter(db, PlatformsState, world.commune_officer)
    assert [line.here for pillar in state.pillars for line in pillar.lines] == [True, True, True, False]
    assert (state.communes, state.of_commune) == ([], True)
    await state.keep(GIVEN | {"short_vi": "Khác"})
    assert (state.problem, state.used) == ("forbidden", 4)
    partner = await enter(db, PlatformsState, await build.account(db, world.province, Role.PARTNER))
    assert (partner.problem, partner.pillars) == ("forbidden", [])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"icon": "<svg>"}, "invalid"), ({"pillar": ""}, "invalid"), ({"short_vi": ""}, "invalid"),
        ({"short_vi": "DVC"}, "name_taken"), ({"applies": "some"}, "communes_missing"),
        ({"platform": "NONE"}, "not_found"), ({"tick_99999999": "on", "applies": "some"}, "communes_missing"),
    ],
)  # fmt: skip
async def test_what_is_no_platform_is_refused(db: Database, world: World, given: dict[str, str], code: str) -> None:
    state = await enter(db, PlatformsState, world.province_officer)
    await state.keep(GIVEN | given)
    assert (state.problem, state.used) == (code, 3)
