"""The page of announcements, past the browser."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.announcements_state import AnnouncementsState
from models.account import Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

DUE = (vn_day(datetime.now(UTC)) + timedelta(days=3)).isoformat()
WORDS = {"title": "Họp tổ", "text": "Tối thứ Bảy", "audience": "members", "due_on": ""}


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def test_a_commune_announces_looks_who_has_read_and_takes_it_back(db: Database, world: World) -> None:
    state = await enter(db, AnnouncementsState, world.commune_officer)
    await state.send(WORDS | {"due_on": DUE})
    [line] = state.lines
    assert (state.problem, state.done, state.done_params, line.read, line.total) == ("", "sent", {"n": 5}, 0, 5)
    await build.send(db, world.member, build.record("announcement.read", world.member, {"announcement": line.id}))
    await state.open_one(line.id, 0)
    assert [(place.name, place.width, len(place.unread)) for place in state.open.places] == [
        (world.next_team.name, "0%", 1), (world.team.name, "25%", 3),
    ]  # fmt: skip
    await state.withdraw(line.id)
    assert (state.done, state.open.id, state.lines[0].withdrawn) == ("withdrawn", "", True)


async def test_an_officer_who_opens_what_the_province_sent_has_seen_it(db: Database, world: World) -> None:
    province = await enter(db, AnnouncementsState, world.province_officer)
    assert [option.label for option in province.communes] == [world.commune.name]
    await province.send(WORDS | {"audience": "officers", f"tick_{world.commune.id}": "on"})
    assert (province.done, province.done_params, province.lines[0].offices) == ("sent_officers", {"n": 1}, 0)
    commune = await enter(db, AnnouncementsState, world.commune_officer)
    await commune.choose_part("above")
    assert (commune.lines[0].seen, commune.lines[0].title) == (False, "Họp tổ")
    await commune.open_one(commune.lines[0].id, 0)
    assert (commune.lines[0].seen, commune.open.text) == (True, "Tối thứ Bảy")
    await province.open_one(province.lines[0].id, 0)
    assert [(place.name, place.office) for place in province.open.places] == [(world.commune.name, True)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": ""}, "invalid"), ({"title": " "}, "invalid"), ({"text": "x" * 2001}, "invalid"),
        ({"text": "Gọi 0905 123 456"}, "invalid"), ({"due_on": "2020-01-01"}, "invalid"),
        ({"audience": "officers"}, "invalid"), ({"audience": "nobody"}, "invalid"),
    ],
)  # fmt: skip
async def test_what_is_no_announcement_is_refused(db: Database, world: World, given: dict[str, str], code: str) -> None:
    state = await enter(db, AnnouncementsState, world.commune_officer)
    await state.send(WORDS | given)
    assert (state.problem, state.lines) == (code, [])


async def test_a_head_reads_and_others_see_nothing(db: Database, world: World) -> None:
    head = await enter(db, AnnouncementsState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    await head.send(WORDS)
    assert (head.problem, head.lines) == ("forbidden", [])
    for role in (Role.PARTNER, Role.ADMIN):
        state = await enter(db, AnnouncementsState, await build.account(db, world.province, role, username=str(role)))
        assert state.problem == "forbidden"
