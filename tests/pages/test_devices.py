"""The page of phones past the browser: which are shown to whom, which were silent, and that a phone is ended there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.pages.desk.devices import DevicesState
from models.account import Role
from models.device import Device
from models.member import Member
from models.team import Seat
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

DEVICES, SEATS = Device.__table__, Seat.__table__
NOW = datetime.now(UTC)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def phone(db: Database, member: Member, **given: Any) -> None:
    await build.sign_in(db, member)
    if not given:
        return
    async with db.write() as session:
        await session.execute(update(DEVICES).where(DEVICES.c.member_id == member.id).values(**given))


async def some_phones(db: Database, world: World) -> None:
    """Heard just now, silent for long with records unsent, and never heard; and one of another commune."""
    await phone(db, world.member, last_contact_at=NOW, unsent_count=0, app_version="1.4")
    await phone(db, world.leader, last_contact_at=NOW - timedelta(days=20), unsent_count=3)
    await phone(db, world.next_leader)
    commune = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    team = await build.team(db, commune, await build.village(db, commune, code="21484001", name="Làng Teng"))
    await phone(db, await build.member(db, team, "Phạm Văn Xa"), last_contact_at=NOW - timedelta(days=13))


async def test_a_commune_sees_its_own_phones_the_longest_silent_first(db: Database, world: World) -> None:
    await some_phones(db, world)
    state = await enter(db, DevicesState, world.commune_officer)
    shown = [(line.member, line.version, line.unsent, line.state) for line in state.lines]
    assert shown == [
        ("Hồ Văn Đức", "", -1, "open"),
        ("Trần Văn Bình", "", 3, "open"),
        ("Đinh Thị Lan", "1.4", 0, "open"),
    ]
    for asked, names in (
        ({"kind": "quiet"}, ["Trần Văn Bình"]),
        ({"kind": "unsent"}, ["Trần Văn Bình"]),
        ({"kind": "never"}, ["Hồ Văn Đức"]),
        ({"query": "dinh lan"}, ["Đinh Thị Lan"]),
        ({"query": "tay hoa"}, ["Hồ Văn Đức"]),
        ({"query": "pham van xa"}, []),
    ):
        await state.search({"query": "", "kind": "", **asked})
        assert [line.member for line in state.lines] == names, asked
    await state.search({"kind": "stolen"})
    assert state.problem == "invalid"
    await state.turn(99)
    assert (state.problem, state.page) == ("", 0)
    assert state.communes == []


async def test_one_is_ended_there_and_then_says_how_long_it_still_sends(db: Database, world: World) -> None:
    await some_phones(db, world)
    state = await enter(db, DevicesState, world.commune_officer)
    one = state.lines[1].id
    await state.end_phone(one, "closing")
    assert (state.ended, state.lines[1].state) == (1, "closing")
    await state.end_phone(one, "closed")
    assert (state.ended, [line.member for line in state.lines]) == (1, ["Hồ Văn Đức", "Đinh Thị Lan"])
    reader = await enter(
        db, DevicesState, await build.account(db, world.commune, Role.COMMUNE_LEADER, username="lanhdao")
    )
    await reader.end_phone(state.lines[0].id, "closed")
    assert (reader.problem, len(reader.lines)) == ("forbidden", 2)


async def test_who_has_left_keeps_a_phone_that_the_commune_must_still_see(db: Database, world: World) -> None:
    await some_phones(db, world)
    async with db.write() as session:
        gone = {"valid_to": NOW.date() - timedelta(days=2)}
        await session.execute(update(SEATS).where(SEATS.c.member_id == world.member.id).values(**gone))
    state = await enter(db, DevicesState, world.commune_officer)
    assert "Đinh Thị Lan" in [line.member for line in state.lines]


@pytest.mark.parametrize("role", [Role.PROVINCE_OFFICER, Role.ADMIN])
async def test_the_province_sees_numbers_and_no_names(db: Database, world: World, role: Role) -> None:
    await some_phones(db, world)
    state = await enter(db, DevicesState, await build.account(db, world.province, role, username="above"))
    shown = [(c.name, c.phones, c.quiet, c.never, c.holding, c.unsent) for c in state.communes]
    assert shown == [("Sơn Tịnh", 3, 1, 1, 1, 3), ("Ba Tơ", 1, 0, 0, 0, 0)]
    await state.search({"query": "lan", "kind": ""})
    assert (state.lines, state.of_commune) == ([], False)


async def test_a_partner_sees_nothing(db: Database, world: World) -> None:
    state = await enter(db, DevicesState, await build.account(db, world.province, Role.PARTNER))
    assert (state.problem, state.communes) == ("forbidden", [])
