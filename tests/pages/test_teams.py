"""The page of teams past the browser: forms as a browser sends them, lists, and the panel in which things change."""

from datetime import timedelta
from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.teams_state import PAGE, TeamsState
from models.account import Role
from models.base import utc_now
from models.team import SeatKind, SeatRole
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

TODAY = vn_day(utc_now())


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def team_of(state: TeamsState, name: str) -> Any:
    return next(team for team in state.teams if team.name == name)


async def test_an_officer_founds_a_team_fills_it_and_ends_it(db: Database, world: World) -> None:
    state = await enter(db, TeamsState, world.commune_officer)
    await state.open_founding()
    assert (state.panel, [v.label for v in state.villages]) == ("found", [world.village.name, world.next_village.name])
    form = {"name": "Tổ liên thôn", "level": "village", "first": state.today}
    await state.found_team(form)
    assert (state.problem, state.panel) == ("villages_missing", "found"), "the form stays as it was typed"
    await state.found_team(form | {f"tick_{world.village.id}": "on", f"tick_{world.next_village.id}": "on"})
    assert (state.problem, state.panel, state.done, state.done_name) == ("", "", "founded", "Tổ liên thôn")
    team = team_of(state, "Tổ liên thôn")
    assert team.villages == f"{world.village.name}, {world.next_village.name}"
    assert "no_leader" in [warning.kind for warning in team.heard]

    await state.open_place(team.id)
    await state.find_member({"words": "viet"})
    assert [(m.name, m.teams) for m in state.known] == [("Phạm Quốc Việt", world.team.name)]
    await state.choose_member(state.known[0].id)
    seat = {"team": str(team.id), "role": "leader", "kind": "village_head", "position": "", "first": state.today}
    await state.place_member(seat | {"member": str(state.member.id)})
    assert (state.done, state.done_name) == ("placed", "Phạm Quốc Việt")
    await state.open_place(team.id)
    await state.place_member(seat | {"name": "A Thút", "phone": "0000 123 456", "role": "deputy", "kind": ""})
    assert state.problem == "invalid"
    new = seat | {"name": "A Thút", "phone": "0000 123 456", "role": "deputy", "kind": "youth_secretary"}
    await state.place_member(new)
    team = team_of(state, "Tổ liên thôn")
    assert [(s.name, s.role, s.kind, s.number) for s in team.seats] == [
        ("Phạm Quốc Việt", "leader", "village_head", ""),
        ("A Thút", "deputy", "youth_secretary", "0000123456"),
    ]
    assert {"no_leader", "no_deputy"}.isdisjoint(warning.kind for warning in team.heard)

    await state.open_seat(team.id, team.seats[1].id)
    assert state.seat.name == "A Thút"
    await state.end_seat({"id": str(state.seat.id), "last": state.today})
    assert team_of(state, "Tổ liên thôn").seats[1].until == written_day(TODAY)
    await state.open_history(team.id)
    assert [(row.name, row.until) for row in state.served] == [
        ("Phạm Quốc Việt", ""),
        ("A Thút", written_day(TODAY)),
    ]
    await state.open_team(team.id)
    await state.end_team({"id": str(team.id), "last": (TODAY + timedelta(days=1)).isoformat()})
    assert team_of(state, "Tổ liên thôn").until == written_day(TODAY + timedelta(days=1))


async def test_the_lists_are_all_those_with_warnings_and_those_without_a_decision(db: Database, world: World) -> None:
    full = await build.team(db, world.commune, world.next_village, name="Tổ đủ")
    people = [
        (SeatRole.LEADER, SeatKind.PARTY_SECRETARY), (SeatRole.DEPUTY, SeatKind.YOUTH_SECRETARY),
        *((SeatRole.MEMBER, kind) for kind in (SeatKind.POLICE, SeatKind.WOMENS_UNION, SeatKind.FARMERS_UNION)),
        (SeatRole.MEMBER, SeatKind.YOUTH_MEMBER), (SeatRole.MEMBER, SeatKind.TEACHER),
    ]  # fmt: skip
    for number, (role, kind) in enumerate(people):
        await build.member(db, full, f"Người {number}", role, kind=kind)
    state = await enter(db, TeamsState, world.commune_officer)
    assert (state.total, state.warned, state.undecided, state.own_teams) == (3, 2, 3, 0)
    await state.show("warned")
    assert {team.name for team in state.teams} == {world.team.name, world.next_team.name}
    short = team_of(state, world.next_team.name)
    await state.give_reason({"team": str(short.id), "shortfall": "police", "reason": "Công an xã phụ trách"})
    [silenced] = team_of(state, world.next_team.name).silenced
    assert (silenced.reason, silenced.by, silenced.on) == (
        "Công an xã phụ trách", world.commune_officer.full_name, written_day(TODAY),
    )  # fmt: skip
    await state.take_reason_back(str(short.id), "police")
    assert team_of(state, world.next_team.name).silenced == []
    await state.show("nonsense")  # type: ignore[arg-type]
    assert state.problem == "invalid"


async def test_pages_of_fifty_teams(db: Database, world: World) -> None:
    for number in range(PAGE):
        await build.team(db, world.commune, world.village, name=f"Tổ {number:02d}")
    state = await enter(db, TeamsState, world.commune_officer)
    assert (state.total, len(state.teams)) == (PAGE + 2, PAGE)
    await state.turn(1)
    assert (state.page, len(state.teams)) == (1, 2)
    await state.turn(99)
    assert state.page == 1
    await state.turn(-5)
    assert state.page == 0


async def test_others_see_teams_without_numbers_and_change_nothing(db: Database, world: World) -> None:
    await build.member(db, world.team, "Y Hoa")
    async with db.write() as session:
        (await session.get_one(type(world.member), world.member.id)).phone = "0000123456"
    own = await enter(db, TeamsState, world.commune_officer)
    assert "0000123456" in [seat.number for team in own.teams for seat in team.seats]
    head = await enter(db, TeamsState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    assert {seat.number for team in head.teams for seat in team.seats} == {""}
    await head.open_history(head.teams[0].id)
    assert head.problem == ""
    await head.open_history(999)
    assert head.problem == "not_found"
    province = await enter(db, TeamsState, world.province_officer)
    await province.choose_commune(str(world.commune.id))
    assert {seat.number for team in province.teams for seat in team.seats} == {""}


HOSTILE = [None, "", [], {"team": "x"}, {"team": "1", "name": "a\x00", "first": "2026-01-01"}, {"id": "0", "last": "x"}]


@pytest.mark.parametrize("given", HOSTILE)
async def test_forms_that_no_page_sends_are_refused(db: Database, world: World, given: Any) -> None:
    state = await enter(db, TeamsState, world.commune_officer)
    for name in ("found_team", "change_team", "end_team", "place_member", "change_seat", "end_seat", "give_reason"):
        await getattr(state, name)(given)
        assert state.problem == "invalid", name
