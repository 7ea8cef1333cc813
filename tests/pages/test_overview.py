"""Tổng quan: what its address says, the way down and up, pages in an order, the map, targets beside the numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.db import Database
from fieldapp.domain.day_range import Preset, named_range
from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.overview import OverviewState
from fieldapp.services import targets
from fieldapp.services.targets import WHOLE, Cell, Frame
from models.account import Role
from models.target import Measure
from models.team import SeatRole
from models.unit import Region, Terrain
from tests import build
from tests.pages.test_desk import enter, leads_to, open_at, open_session, tab

TODAY = vn_day(datetime.now(UTC))
ON_SQLITE = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
MONTH = named_range(Preset.MONTH, TODAY)


@pytest.fixture
async def world(db: Database) -> build.World:
    return await build.world(db)


async def test_the_overview_goes_down_and_up_again(db: Database, world: build.World):
    await build.send(db, world.member, build.visit(world.member, world.households[0], "VNEID", "DVC"))
    state = await enter(db, OverviewState, world.province_officer)
    assert (state.view.kind, state.view.totals.waiting) == ("province", 2)
    assert state.inside == f"&first={MONTH.first}&last={MONTH.last}"
    await open_at(state, f"/desk/?unit={world.commune.id}{state.inside}")
    assert [crumb.name for crumb in state.view.crumbs] == [world.province.name]
    await open_at(state, f"/desk/?unit={world.village.id}{state.inside}")
    assert [crumb.name for crumb in state.view.crumbs] == [world.province.name, world.commune.name]
    assert [(line.name, line.counts.waiting) for line in state.view.members] == [(world.member.full_name, 2)]
    await open_at(state, f"/desk/?unit={world.province.id}")
    assert state.view.crumbs == []


@ON_SQLITE
async def test_an_address_that_is_sent_shows_the_same(db: Database, world: build.World):
    for number in range(59):
        region = Region.WEST if number % 3 else Region.EAST
        await build.commune(db, world.province, code=f"22{number:03d}", name=f"Xã Đăk {number:02d}", region=region)
    state = await enter(db, OverviewState, world.province_officer)
    assert (state.total, state.pages, len(state.units), state.units[0].name) == (60, 2, 50, world.commune.name)
    await open_at(state, leads_to(await state.turn(1)))
    assert (state.page, len(state.units)) == (1, 10)
    await open_at(state, leads_to(await state.sort("name")))
    assert (state.page, state.units[0].name, state.descending) == (0, "Xã Đăk 58", True)
    await open_at(state, next(way.address for way in state.regions if way.code == "west"))
    await open_at(state, leads_to(await state.look_for({"find": " dak  5 "})))
    await open_at(state, leads_to(await state.choose_days({"first": "2026-03-02", "last": "2026-03-05"})))
    shown = [line.name for line in state.units]
    assert shown == [f"Xã Đăk {n}" for n in (58, 56, 55, 53, 52, 50, 35, 25)] + ["Xã Đăk 05"]
    # Somebody else opens it, some days later: the days are in it, not "this month".
    other = await build.account(db, world.province, Role.PROVINCE_OFFICER, username="tinh.khac")
    theirs = tab(OverviewState, await open_session(db, other))
    await open_at(theirs, state.address)
    assert ([line.name for line in theirs.units], theirs.view.days) == (shown, state.view.days)
    assert (theirs.find, theirs.address, theirs.sorted_by) == ("dak  5", state.address, "name")
    await open_at(theirs, state.address + "&page=7")
    assert theirs.page == 0


@ON_SQLITE
@pytest.mark.parametrize(
    "address", ["unit=0", "unit=x", "first=2026-02-30&last=2026-03-01", "first=2026-03-02&last=2026-03-01",
                "sort=__class__", "look=globe", "region=north", "page=-1", "find=" + "x" * 81, "find=%00"],
)  # fmt: skip
async def test_a_wrong_address_is_refused_by_name(db: Database, world: build.World, address: str):
    state = tab(OverviewState, await open_session(db, world.commune_officer))
    await open_at(state, "/desk/?" + address)
    assert (state.problem, state.view.name) == ("invalid", "")


async def test_ranks_stand_in_their_groups_and_never_from_the_last(db: Database, world: build.World):
    for number, (households, helped) in enumerate([(100, 3), (200, 4), (60, 1), (20, 1)]):
        unit = await build.commune(
            db, world.province, code=f"22{number:03d}", name=f"Xã {number}", terrain=Terrain.MOUNTAIN,
            households_declared=households,
        )  # fmt: skip
        village = await build.village(db, unit, code=f"22{number:03d}-1")
        team = await build.team(db, unit, village)
        member, leader = await build.member(db, team), await build.member(db, team, role=SeatRole.LEADER)
        homes = [await build.household(db, village, str(n)) for n in range(helped)]
        visits = [build.visit(member, home) for home in homes]
        await build.send(db, member, *visits)
        await build.send(db, leader, build.decision(leader, *(visit["id"] for visit in visits)))
    state = tab(OverviewState, await open_session(db, world.province_officer))
    await open_at(state, "/desk/?sort=rank")
    lines = [(line.name, line.rate, line.rank, line.ranked) for line in state.units if line.group == "mountain"]
    assert lines == [("Xã 0", 3.0, 1, 3), ("Xã 1", 2.0, 2, 3), ("Xã 2", 1.7, 3, 3), ("Xã 3", 5.0, 0, 0)]
    assert "turned" not in leads_to(await state.sort("rank"))


@ON_SQLITE
async def test_the_map_has_a_circle_for_each_commune_that_has_a_place(db: Database, world: build.World):
    await build.commune(
        db, world.province, code="21548", name="Đặc khu Lý Sơn", latitude=15.385, longitude=109.115,
        region=Region.EAST, terrain=Terrain.ISLAND,
    )  # fmt: skip
    await build.commune(
        db, world.province, code="23538", name="Xã Ia Tơi", latitude=14.1125, longitude=107.531, region=Region.WEST
    )
    state = tab(OverviewState, await open_session(db, world.province_officer))
    await open_at(state, "/desk/?look=map")
    spots = {mark.line.name: (float(mark.x), float(mark.y)) for mark in state.map.marks}
    assert spots["Đặc khu Lý Sơn"][0] > spots["Xã Ia Tơi"][0]
    assert spots["Đặc khu Lý Sơn"][1] < spots["Xã Ia Tơi"][1]
    assert (state.map.unplaced, state.units, sum(mark.first for mark in state.map.marks)) == (1, [], 1)
    await open_at(state, "/desk/?look=map&region=west")
    assert [mark.line.name for mark in state.map.marks] == ["Xã Ia Tơi"]
    await open_at(state, f"/desk/?look=map&unit={world.commune.id}")
    assert (state.look, state.map.marks) == ("table", [])


async def test_what_the_province_set_no_number_for_is_held_against_the_communes_that_have_one(
    db: Database, world: build.World
):
    other = await build.commune(db, world.province, name="Xã Sơn Tây", code="99999")
    quarter, who = period(Length.QUARTER, TODAY), await build.principal(db, world.province_officer)
    async with db.write() as session:
        frame = Frame(None, quarter, Measure.SUPPORT)
        await targets.allot(session, who, frame, [Cell(other.id or 0, "VNEID", None, 4)])
        await targets.allot(session, who, frame, [Cell(WHOLE, "DVC", None, 50)])
    made = build.millis(datetime.now(UTC) - timedelta(minutes=5))
    await build.send(db, world.member, build.visit(world.member, world.households[0], "VNEID", "DVC", made_at=made))
    state = await enter(db, OverviewState, world.province_officer)
    await state.read_targets()
    assert [(p.code, p.amount, p.done, p.given_to) for p in state.progress.lines] == [
        ("VNEID", 4, 0, 1),
        ("DVC", 50, 1, 0),
    ]


async def test_targets_stand_beside_the_numbers_in_their_own_period(db: Database, world: build.World):
    quarter = period(Length.QUARTER, TODAY)
    who = await build.principal(db, world.province_officer)
    async with db.write() as session:
        frame = Frame(None, quarter, Measure.SUPPORT)
        await targets.allot(session, who, frame, [Cell(world.commune.id or 0, "VNEID", None, 4)])
    made = datetime.now(UTC) - timedelta(minutes=5)
    await build.send(db, world.member, build.visit(world.member, world.households[0], made_at=build.millis(made)))
    for officer in (world.commune_officer, world.province_officer):
        state = await enter(db, OverviewState, officer)
        assert state.progress.lines == []
        await state.read_targets()
        assert [(p.code, p.measure, p.amount, p.done, p.percent, p.lacking) for p in state.progress.lines] == [
            ("VNEID", "support", 4, 1, 25, 3)
        ]
        assert state.progress.lines[0].given_to == (1 if officer is world.province_officer else 0)
    async with db.write() as session:
        await targets.allot(session, who, frame, [Cell(WHOLE, "VNEID", None, 10)])
    await state.read_targets()
    assert (state.progress.lines[0].amount, state.progress.lines[0].given_to) == (10, 0)
    await open_at(state, f"/desk/?unit={world.village.id}")
    await state.read_targets()
    assert (state.problem, state.progress.lines) == ("", [])
    admin = await build.account(db, world.province, Role.ADMIN)
    assert await (await enter(db, OverviewState, admin)).load() == []
