"""The directory of partner companies, and the one page that their people have, past the browser."""

import pytest

from fieldapp.components.desk_shell import ACTIONS
from fieldapp.db import Database
from fieldapp.pages.desk.overview import OverviewState
from fieldapp.pages.desk.partners import PartnersState
from fieldapp.pages.desk.percentages import PercentagesState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter, leads_to, open_session, tab

FORM = {"name": "Bưu điện", "kind": "post", "active_from": "2026-01-01", "active_to": "", "agreement_on": ""}


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_the_province_adds_changes_and_ends_a_company(db: Database, world: World) -> None:
    state = await enter(db, PartnersState, world.province_officer)
    await state.begin()
    await state.save(FORM | {"platform_VNEID": "on"})
    assert (state.problem, state.panel, state.done) == ("communes_missing", True, "")
    await state.save(FORM | {"platform_VNEID": "on", f"tick_{world.commune.id}": "on"})
    assert (state.problem, state.panel, state.done, state.total) == ("", False, "added", 1)
    [line] = state.lines
    assert (line.name, line.places, line.platforms, line.standing) == ("Bưu điện", "Sơn Tịnh", ["VNEID"], "active")
    await state.open_one(line.id)
    assert (state.open.name, state.open.own) == ("Bưu điện", True)
    await state.save(
        FORM | {"partner": str(line.id), "platform_DVC": "on", "everywhere": "on", "active_to": "2026-02-01"}
    )
    assert (state.done, state.lines[0].standing, state.lines[0].everywhere) == ("changed", "ended", True)
    await state.search({"standing": "active"})
    assert state.lines == []
    await state.clear()
    assert state.total == 1


async def test_a_commune_keeps_its_own_and_reads_the_others(db: Database, world: World) -> None:
    theirs = await build.partner(db)
    state = await enter(db, PartnersState, world.commune_officer)
    assert (state.of_commune, state.communes, [line.own for line in state.lines]) == (True, [], [False])
    await state.save(FORM | {"platform_VNEID": "on"})
    assert [(line.name, line.own, line.of_commune) for line in state.lines] == [
        ("Bưu điện", True, True), ("Công ty viễn thông", False, False),
    ]  # fmt: skip
    await state.save(FORM | {"platform_VNEID": "on", "partner": str(theirs.id)})
    assert state.problem == "forbidden"


async def test_a_partner_comes_to_its_page_and_has_no_other(db: Database, world: World) -> None:
    company = await build.partner(db, world.commune, supports=("VNEID", "DVC"))
    who = await build.account(db, world.province, Role.PARTNER, partner_id=company.id)
    first = tab(OverviewState, await open_session(db, who))
    assert leads_to(await first.load()) == "/desk/percentages/"
    assert first.units == []
    state = await enter(db, PercentagesState, who)
    assert (state.company, [line.name for line in state.lines]) == ("Công ty viễn thông", ["Sơn Tịnh"])
    assert [option.value for option in state.platforms] == ["VNEID", "DVC"]
    assert {name for name, action in ACTIONS.items() if action in state.allowed} == {
        "percentages", "account", "sessions",
    }  # fmt: skip
    await state.choose_platform("DVC")
    assert (state.platform, state.lines[0].reached.word, state.lines[0].reached.percent) == ("DVC", "percent", 0)
    await state.choose_platform("SSK")
    assert (state.problem, state.lines) == ("not_found", [])
