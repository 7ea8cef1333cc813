"""What a leader's phone is told of the team's phones, and that nobody else is told anything."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.services import devices
from fieldapp.services.pull import pull
from models.base import utc_now
from models.device import Device
from models.member import Member
from models.session import Session, SessionState
from tests import build
from tests.build import World

DEVICES, SESSIONS = Device.__table__, Session.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def told(db: Database, who: Member) -> dict[int, Any]:
    """By member: their phones, or None where this person is told nothing of them."""
    sender = await build.principal(db, who)
    async with db.read() as session:
        people = (await pull(session, sender, ""))["me"]["people"]
    return {person["id"]: person.get("devices") for person in people}


async def phone_of(db: Database, who: Member) -> Device:
    await build.sign_in(db, who)
    async with db.read() as session:
        query = select(Device).where(DEVICES.c.member_id == who.id).order_by(DEVICES.c.created_at.desc())
        return (await session.execute(query)).scalars().first()  # type: ignore[return-value]


async def test_a_leader_is_told_of_the_phones_of_those_below(db: Database, world: World) -> None:
    phone = await phone_of(db, world.member)
    async with db.write() as session:
        await devices.mark_contact(session, phone.id, "1", 3, utc_now())
    people = await told(db, world.leader)
    assert people.keys() == {m.id for m in (world.leader, world.deputy, world.member, world.second_member)}
    (shown,) = people[world.member.id or 0]
    assert (shown["id"], shown["label"], shown["unsent"]) == (str(phone.id), "Android", 3)
    assert abs(shown["heard"] - build.millis(utc_now())) < 60_000
    assert "sends_until" not in shown
    assert people[world.second_member.id or 0] == []
    assert people[world.leader.id or 0] is None


async def test_a_deputy_is_told_of_members_and_not_of_the_leader(db: Database, world: World) -> None:
    for somebody in (world.leader, world.member):
        await build.sign_in(db, somebody)
    people = await told(db, world.deputy)
    assert people[world.leader.id or 0] is None
    assert len(people[world.member.id or 0]) == 1
    assert set((await told(db, world.member)).values()) == {None}


async def test_a_phone_that_closes_says_until_when_it_sends_and_one_that_is_closed_is_gone(
    db: Database, world: World
) -> None:
    phone = await phone_of(db, world.member)
    leader = await build.principal(db, world.leader)
    async with db.write() as session:
        await devices.end_phone(session, leader, phone.id, SessionState.CLOSING)
    (shown,) = (await told(db, world.leader))[world.member.id or 0]
    assert shown["sends_until"] > build.millis(utc_now() + timedelta(days=29))
    async with db.write() as session:
        await devices.end_phone(session, leader, phone.id, SessionState.CLOSED)
    assert (await told(db, world.leader))[world.member.id or 0] == []


async def test_a_session_that_ran_out_long_ago_is_no_phone_in_use(db: Database, world: World) -> None:
    await phone_of(db, world.member)
    async with db.write() as session:
        long_ago = utc_now() - timedelta(days=31)
        await session.execute(
            update(SESSIONS).where(SESSIONS.c.member_id == world.member.id).values(expires_at=long_ago)
        )
    assert (await told(db, world.leader))[world.member.id or 0] == []
