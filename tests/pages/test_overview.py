"""Tổng quan: down to a village and up again, by pages, in an order."""

from fieldapp.db import Database
from fieldapp.pages.desk.overview import OverviewState
from tests import build
from tests.pages.test_desk import enter


async def test_the_overview_goes_down_and_up_again(db: Database):
    world = await build.world(db)
    await build.send(db, world.member, build.visit(world.member, world.households[0], "VNEID", "DVC"))
    state = await enter(db, OverviewState, world.province_officer)
    assert (state.view.kind, state.view.totals.waiting) == ("province", 2)
    await state.open_unit(world.commune.id)
    assert [crumb.name for crumb in state.view.crumbs] == [world.province.name]
    await state.open_unit(world.village.id)
    assert [crumb.name for crumb in state.view.crumbs] == [world.province.name, world.commune.name]
    assert [(line.name, line.counts.waiting) for line in state.view.members] == [(world.member.full_name, 2)]
    await state.open_unit(world.province.id)
    assert state.view.crumbs == []


async def test_a_page_of_the_overview_has_fifty_units_and_sorting_is_over_all(db: Database):
    world = await build.world(db)
    for number in range(59):
        await build.commune(db, world.province, code=f"22{number:03d}", name=f"Xã {number:02d}")
    state = await enter(db, OverviewState, world.province_officer)
    assert (state.total, state.pages, len(state.view.units)) == (60, 2, 50)
    await state.sort("name")
    first = [line.name for line in state.view.units]
    await state.turn(1)
    assert (state.page, len(state.view.units)) == (1, 10)
    await state.sort("name")
    assert (state.page, state.view.units[0].name) == (0, "Xã 58")
    assert first[:2] == [world.commune.name, "Xã 00"]
    await state.turn(7)
    assert state.page == 1
