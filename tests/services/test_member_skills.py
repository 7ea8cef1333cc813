"""What members master: ticked by their commune, with classes as a hint; what a team lacks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.domain.training_form import ClassForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.teams import TeamsState
from fieldapp.problems import Problem
from fieldapp.reports.skill_list import CommuneSkills, read_skills
from fieldapp.services import member_skills, platforms, training_classes
from models.account import Account, Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

TODAY = vn_day(datetime.now(UTC))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def act(db: Database, who: Account, deed: Any, *given: Any) -> Any:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await deed(session, principal, *given)


async def skills(db: Database, world: World, who: Account | None = None) -> CommuneSkills:
    principal = await build.principal(db, who or world.commune_officer)
    async with db.read() as session:
        return await read_skills(session, principal, world.commune.id or 0)


async def test_a_skill_is_ticked_taken_back_and_ticked_again(db: Database, world: World) -> None:
    leader, member = world.leader.id or 0, world.member.id or 0
    for given in (["VNEID", "DVC"], ["DVC"], ["SSK", "VNEID"]):
        await act(db, world.commune_officer, member_skills.keep, leader, given)
    found = await skills(db, world)
    assert found.of(leader).mastered == {"SSK", "VNEID"}
    assert [p.code for p in found.unmastered([leader, member])] == ["DVC"]
    await act(db, world.province_officer, platforms.retire, "DVC")
    assert (await skills(db, world)).unmastered([leader]) == [], "what is no longer used is missed by nobody"


async def test_a_class_is_a_hint_and_no_skill(db: Database, world: World) -> None:
    who, leader = world.commune_officer, world.leader.id or 0
    form = ClassForm.model_validate({"topic": "Sổ sức khỏe", "held_on": TODAY, "platforms": ["SSK"]})
    row = await act(db, who, training_classes.keep, form)
    await act(db, who, training_classes.note, row.id, {leader}, {leader})
    found = await skills(db, world)
    assert (found.of(leader).taught, found.of(leader).mastered) == ({"SSK": TODAY}, set())
    await act(db, who, training_classes.withdraw, row.id)
    assert (await skills(db, world)).of(leader).taught == {}


async def test_only_the_members_own_commune_says_it(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    officer = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    leader = world.leader.id or 0
    for who, given, code in (
        (officer, (leader, ["VNEID"]), "not_found"),
        (head, (leader, ["VNEID"]), "forbidden"),
        (world.province_officer, (leader, ["VNEID"]), "forbidden"),
        (world.commune_officer, (999_999, ["VNEID"]), "not_found"),
        (world.commune_officer, (leader, ["NONE"]), "platform_unknown"),
    ):
        with pytest.raises(Problem, match=code):
            await act(db, who, member_skills.keep, *given)
    with pytest.raises(Problem, match="forbidden"):
        await skills(db, world, officer)


async def test_the_page_of_teams_says_what_nobody_masters(db: Database, world: World) -> None:
    state = await enter(db, TeamsState, world.commune_officer)
    team = next(t for t in state.teams if t.id == world.team.id)
    assert not team.skilled
    seat = next(s for s in team.seats if s.member == world.leader.id)
    await state.open_skills(team.id, seat.id)
    assert (state.panel, [s.code for s in state.skills]) == ("skills", ["VNEID", "DVC", "SSK"])
    await state.keep_skills({"member": str(seat.member), "platform_VNEID": "on", "platform_SSK": "on"})
    assert (state.problem, state.done, state.done_name, state.panel) == ("", "skills_kept", "Trần Văn Bình", "")
    team = next(t for t in state.teams if t.id == world.team.id)
    assert (team.skilled, team.unmastered_vi) == (True, "DVC")
    assert next(s.mastered_vi for s in team.seats if s.id == seat.id) == "VNEID, SSK"
    await state.keep_skills({"member": str(seat.member), "platform_NONE": "on"})
    assert state.problem == "platform_unknown"
