"""Phones that are ended: one that was stolen is closed to everybody who shares it, and nobody gains by its name."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.problems import Problem
from fieldapp.services import enrolments
from fieldapp.services.devices import Ended, end_phone
from fieldapp.services.sessions import token_hash
from models.audit_event import AuditEvent
from models.device import Device
from models.member import Member
from models.session import Session, SessionState
from tests import build
from tests.build import World

SESSIONS, DEVICES, EVENTS = Session.__table__, Device.__table__, AuditEvent.__table__
SHARED, OTHER = "5" * 32, "6" * 32


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def join(db: Database, who: Member, phone: str | None = SHARED, device: UUID | None = None) -> UUID:
    """As a phone joins that calls itself so; gives the device."""
    async with db.write() as session:
        token = (await enrolments.make_enrolment(session, None, who.id or 0))[1]
        opened, _ = await enrolments.join(session, token_hash(token), device or uuid4(), "Android", phone)
    assert opened.device_id is not None
    return opened.device_id


async def end(db: Database, world: World, device: UUID, state: SessionState = SessionState.CLOSED) -> Ended:
    who = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        return await end_phone(session, who, device, state)


async def states(db: Database, *devices: UUID) -> Sequence[str]:
    async with db.read() as session:
        rows = await session.execute(select(SESSIONS.c.device_id, SESSIONS.c.state))
        found = {row.device_id: str(row.state) for row in rows}
    return [found[device] for device in devices]


async def stranger_of(db: Database, world: World) -> Member:
    """Somebody of a commune that the officer has nothing to do with."""
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    far = await build.village(db, elsewhere, code="21175001", name="Thôn Trà Lạc")
    return await build.member(db, await build.team(db, elsewhere, far), "Lý Văn Xa")


async def test_a_stolen_phone_is_closed_to_all_who_share_it(db: Database, world: World) -> None:
    one, two = await join(db, world.member), await join(db, world.second_member)
    far = await join(db, await stranger_of(db, world))
    own = await join(db, world.second_member, OTHER)
    ended = await end(db, world, one)
    assert (set(ended.names), ended.others) == ({world.member.full_name, world.second_member.full_name}, 1)
    assert ended.names[0] == world.member.full_name
    assert await states(db, one, two, far, own) == ["closed", "closed", "closed", "open"]
    async with db.read() as session:
        rows = await session.execute(select(EVENTS).where(EVENTS.c.action == "device.end"))
        assert {(row.subject_id, row.detail["state"]) for row in rows} == {(str(d), "closed") for d in (one, two, far)}


async def test_the_link_that_lies_on_a_stolen_phone_lets_nobody_in_again(db: Database, world: World) -> None:
    async with db.write() as session:
        token = (await enrolments.make_enrolment(session, None, world.member.id or 0))[1]
        opened, _ = await enrolments.join(session, token_hash(token), uuid4(), "Android", SHARED)
    await end(db, world, opened.device_id or uuid4())
    async with db.write() as session:
        with pytest.raises(Problem, match="enrolment_spent"):
            await enrolments.join(session, token_hash(token), uuid4(), "Android", SHARED)


async def test_somebody_who_is_closing_on_a_stolen_phone_is_closed_too(db: Database, world: World) -> None:
    one, two = await join(db, world.member), await join(db, world.second_member)
    assert (await end(db, world, two, SessionState.CLOSING)).names == [world.second_member.full_name]
    assert await states(db, one, two) == ["open", "closing"]
    assert (await end(db, world, one)).people == 2
    assert await states(db, one, two) == ["closed", "closed"]
    assert (await end(db, world, one)).people == 0


async def test_phones_that_never_named_themselves_are_ended_one_by_one(db: Database, world: World) -> None:
    one, two = await join(db, world.member, None), await join(db, world.second_member, None)
    assert (await end(db, world, one)).people == 1
    assert await states(db, one, two) == ["closed", "open"]


async def test_the_first_name_of_a_phone_stays(db: Database, world: World) -> None:
    """Whoever joins again under another name stays with the people of the phone, and old devices get a name so."""
    one, two = await join(db, world.member), await join(db, world.second_member, None)
    await join(db, world.second_member, SHARED, two)
    await join(db, world.member, OTHER, one)
    async with db.read() as session:
        assert set((await session.execute(select(DEVICES.c.phone_id))).scalars()) == {SHARED}
    async with db.write() as session:
        await session.execute(update(SESSIONS).values(state=SessionState.OPEN))
    assert (await end(db, world, two)).people == 2


async def test_who_names_the_phone_of_another_is_not_spared(db: Database, world: World) -> None:
    mine, theirs = await join(db, world.member), await join(db, await stranger_of(db, world))
    assert (await end(db, world, mine)).people == 2
    assert await states(db, mine, theirs) == ["closed", "closed"]
