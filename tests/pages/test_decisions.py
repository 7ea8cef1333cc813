"""The page of decisions past the browser: what it lists, its form, and that others only read."""

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.decisions_state import DecisionsState
from models.account import Role
from models.base import utc_now
from models.decision import Decision, DecisionTeam
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

TODAY = vn_day(utc_now())


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def decided(db: Database, world: World, number: str = "45/QĐ-UBND", *teams: int, **given: object) -> int:
    usual = {
        "commune_id": world.commune.id, "number": number, "key": number.lower(), "issued_on": TODAY,
        "effective_on": TODAY, "signer": "Phạm Văn Thành", "summary": "Thành lập",
        "added_by_id": world.commune_officer.id,
    }  # fmt: skip
    async with db.write() as session:
        row = Decision(**(usual | given))
        session.add(row)
        await session.flush()
        session.add_all(DecisionTeam(decision_id=row.id or 0, team_id=team) for team in teams)
    return row.id or 0


async def test_the_page_lists_decisions_and_the_teams_that_lack_one(db: Database, world: World) -> None:
    state = await enter(db, DecisionsState, world.commune_officer)
    assert (state.decisions, state.undecided, state.total) == ([], 2, 0)
    first = await decided(db, world, "45/QĐ-UBND", world.team.id or 0)
    await state.load()
    [row] = state.decisions
    assert (row.number, row.issued, row.teams, row.has_file) == (
        "45/QĐ-UBND", written_day(TODAY), [world.team.name], False,
    )  # fmt: skip
    assert state.undecided == 1
    assert [team.decision for team in state.teams] == ["", "45/QĐ-UBND"], "those without one come first"
    await state.write(0)
    assert (state.writing, state.open.id, [older.label for older in state.older]) == (True, 0, ["45/QĐ-UBND"])
    await state.tick_all()
    assert state.all_ticked
    await state.kept({"number": "46/QĐ-UBND", "teams": 1, "warnings": 3, "silenced": 0})
    assert (state.writing, state.done, state.done_params["n"]) == (False, "kept_warned", 3)
    await state.write(first)
    assert (state.open.number, state.open.team_ids, state.older) == ("45/QĐ-UBND", [world.team.id], [])
    await state.close()
    assert not state.writing
    await state.write(999)
    assert (state.problem, state.writing) == ("not_found", False)
    await state.kept({"number": 5, "teams": "x"})
    assert (state.done, state.done_params["teams"]) == ("kept", 0)


async def test_others_read_and_write_nothing(db: Database, world: World) -> None:
    await decided(db, world, "45/QĐ-UBND", world.team.id or 0)
    head = await enter(db, DecisionsState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    assert [row.number for row in head.decisions] == ["45/QĐ-UBND"]
    await head.write(0)
    assert head.problem == "forbidden"
    province = await enter(db, DecisionsState, world.province_officer)
    assert province.decisions == []
    await province.choose_commune(str(world.commune.id))
    assert [row.number for row in province.decisions] == ["45/QĐ-UBND"]
    elsewhere = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    stranger = await enter(db, DecisionsState, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    await stranger.choose_commune(world.commune.id or 0)
    assert stranger.decisions == []


async def test_pages_of_fifty_decisions(db: Database, world: World) -> None:
    for number in range(52):
        await decided(db, world, f"{number}/QĐ-UBND")
    state = await enter(db, DecisionsState, world.commune_officer)
    assert (state.total, len(state.decisions)) == (52, 50)
    await state.turn(1)
    assert len(state.decisions) == 2
    await state.turn(-3)
    assert (state.page, len(state.decisions)) == (0, 50)
