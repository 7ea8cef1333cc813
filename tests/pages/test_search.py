"""The search page past the browser: what it shows and where its rows lead."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fieldapp.db import Database
from fieldapp.pages.desk.search import SearchState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_rows_lead_to_their_pages(db: Database, world: World) -> None:
    state = await enter(db, SearchState, world.commune_officer)
    assert (state.groups, state.total) == ([], 0)
    leads = {}
    for query in ("son tinh", "dong hoa", "dinh thi lan", "7"):
        await state.find({"query": query})
        leads |= {hit.kind: hit.address for group in state.groups for hit in group.hits}
    asked = {kind: (urlsplit(to).path, parse_qs(urlsplit(to).query)) for kind, to in leads.items()}
    assert asked == {
        "commune": ("/desk/", {"unit": [str(world.commune.id)]}),
        "village": ("/desk/units/", {"unit": [str(world.village.id)]}),
        "team": ("/desk/teams/", {"commune": [str(world.commune.id)]}),
        "member": ("/desk/teams/", {"commune": [str(world.commune.id)]}),
        "household": ("/desk/visits/", {"village": [str(world.village.id)], "query": ["7"]}),
    }
    await state.load()
    assert state.asked == "7"
    assert state.total == 1


@pytest.mark.parametrize("given", [None, 7, [], {"x": "1"}, "a\x00b"])
async def test_what_is_no_text_is_refused(db: Database, world: World, given: Any) -> None:
    state = await enter(db, SearchState, world.commune_officer)
    await state.typed(given)
    assert (state.problem, state.total) == ("invalid", 0)


async def test_the_partner_has_no_search(db: Database, world: World) -> None:
    state = await enter(db, SearchState, await build.account(db, world.province, Role.PARTNER))
    assert state.problem == "forbidden"
