"""Activities and comments on day logs at the desk, past the browser: what is listed, and for whom."""

from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.pages.desk.activities import ActivitiesState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import TODAY, enter
from tests.services.test_village_work import talk


@pytest.fixture
async def world(db: Database) -> World:
    world = await build.world(db)
    await build.send(db, world.member, talk(world.member, world.village, 45))
    await build.send(db, world.next_leader, talk(world.next_leader, world.next_village, 20, "class"))
    gone = talk(world.member, world.village, 9)
    away = build.record("activity.withdraw", world.member, {"activity": gone["id"]})
    await build.send(db, world.member, gone, away)
    return world


async def test_activities_are_listed_counted_and_filtered(db: Database, world: World) -> None:
    state = await enter(db, ActivitiesState, world.commune_officer)
    assert (state.total, state.people, len(state.lines)) == (2, 65, 2)
    for asked, found in (
        ({"kind": "class"}, [20]),
        ({"village": str(world.village.id)}, [45]),
        ({"first": TODAY.isoformat(), "last": TODAY.isoformat(), "kind": "campaign"}, []),
        ({"last": "2020-01-01"}, []),
    ):
        await state.search(asked)
        assert (state.problem, [line.people for line in state.lines]) == ("", found)
    await state.clear()
    assert state.total == 2


async def test_comments_on_day_logs_are_listed(db: Database, world: World) -> None:
    said = {"member": world.member.id, "day": TODAY.isoformat(), "village": world.village.id, "text": "Làm tốt"}
    [answer] = await build.send(db, world.leader, build.record("log.comment", world.leader, said))
    assert answer["result"] == "created"
    state = await enter(db, ActivitiesState, world.commune_officer)
    await state.choose_part("comments")
    assert [(c.text, c.author, c.about) for c in state.comments] == [
        ("Làm tốt", world.leader.full_name, world.member.full_name)
    ]
    assert state.lines == []


async def test_another_commune_sees_nothing_of_it_and_the_province_no_page(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await enter(db, ActivitiesState, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert (stranger.total, stranger.problem) == (0, "")
    await stranger.search({"village": str(world.village.id)})
    assert stranger.lines == []
    assert (await enter(db, ActivitiesState, world.province_officer)).problem == "forbidden"


@pytest.mark.parametrize(
    ("handler", "given"),
    [("search", {"kind": "x"}), ("search", {"first": "31/12"}), ("search", None), ("turn", -1), ("choose_part", "x")],
)
async def test_nonsense_is_refused(db: Database, world: World, handler: str, given: Any) -> None:
    state = await enter(db, ActivitiesState, world.commune_officer)
    await getattr(state, handler)(given)
    assert state.problem == "invalid"
