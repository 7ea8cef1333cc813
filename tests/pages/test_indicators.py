"""The page of report indicators, past the browser."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.indicators import IndicatorsState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

GIVEN = {
    "section": "common", "source": "manual", "unit": "meeting", "name_vi": "Buổi giao ban", "short_vi": "Giao ban",
    "first": (vn_day(datetime.now(UTC)) + timedelta(days=1)).isoformat(),
}  # fmt: skip


@pytest.fixture
async def world(db: Database) -> World:
    return await build.reporting_world(db)


async def test_the_province_adds_renames_moves_stops_and_restores(db: Database, world: World) -> None:
    state = await enter(db, IndicatorsState, world.province_officer)
    every = state.used
    assert [section.code for section in state.sections][:2] == ["organisation", "propaganda"]
    await state.open_new()
    assert ([option.value for option in state.platforms], state.panel) == (["VNEID", "DVC", "SSK"], "new")
    await state.add(GIVEN)
    assert (state.problem, state.done, state.panel, state.used) == ("", "added", "", every + 1)
    last = state.sections[-1].lines[-1]
    assert (last.code, last.manual, last.words_vi) == ("31", True, "Tổ trưởng nhập khi lập báo cáo")
    await state.open_one("31")
    await state.rename({"code": "31", "name_vi": "Buổi giao ban tổ", "short_vi": "Giao ban"})
    assert (state.done, state.done_name) == ("renamed", "Buổi giao ban tổ")
    await state.move("31", "up")
    assert state.sections[-1].lines[-2].code == "31"
    await state.use("31", False)
    assert (state.done, state.used, [line.code for line in state.retired]) == ("retired", every, ["31"])
    await state.use("31", True)
    assert (state.done, state.used, state.retired) == ("restored", every + 1, [])
    await state.add(GIVEN | {"first": "2020-01-01", "name_vi": "Khác"})
    assert (state.problem, state.used) == ("invalid", every + 1)


async def test_a_commune_reads_how_numbers_are_counted_and_changes_nothing(db: Database, world: World) -> None:
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who in (world.commune_officer, head):
        state = await enter(db, IndicatorsState, who)
        assert (state.of_commune, state.problem, bool(state.sections[0].lines[0].words_vi)) == (True, "", True)
        await state.add(GIVEN)
        assert state.problem == "forbidden"
