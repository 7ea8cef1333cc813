"""The page of a period's reports, past the browser: papers of the period in one file."""

import pytest

from fieldapp.db import Database
from fieldapp.jobs import make_bundles
from fieldapp.pages.desk.reports import ReportsState
from models.base import utc_now
from tests.build import World
from tests.pages.test_desk import enter
from tests.services.test_bundles import here, reported, world

__all__ = ["here", "world"]


async def test_an_officer_asks_for_all_papers_sees_how_far_they_are_and_asks_no_second_time(
    db: Database, world: World
) -> None:
    await reported(db, world)
    state = await enter(db, ReportsState, world.commune_officer)
    assert (state.bundles, state.bundling) == ([], False)
    for _ in range(2):
        await state.bundle("docx")
        [line] = state.bundles
        assert (state.done, state.problem, state.bundling) == ("bundled", "", True)
        assert (line.file, line.state, line.done, line.count, line.by) == (
            "docx", "waiting", 0, 3, world.commune_officer.full_name,
        )  # fmt: skip
    assert await make_bundles.make_in_turn("me", utc_now()) == 1
    await state.look()
    [line] = state.bundles
    assert (line.state, line.done, line.size, state.bundling) == ("ready", 3, "0,1", False)
    await state.bundle("exe")
    assert state.problem == "invalid"


@pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
async def test_where_there_is_no_period_the_page_says_so(db: Database, world: World) -> None:
    state = await enter(db, ReportsState, world.province_officer)
    await state.bundle("pdf")
    assert state.problem == "not_found"
