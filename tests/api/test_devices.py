"""A leader ends phones of the team over the API: whose they may, in which way, and what the phone may do then."""

import httpx
import pytest
from sqlalchemy import select

from fieldapp.api.app import create_api
from fieldapp.db import Database
from models.account import Account
from models.device import Device
from models.member import Member
from tests import build
from tests.build import World
from tests.conftest import ORIGIN

DEVICES = Device.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def browser() -> httpx.AsyncClient:
    headers = {"Origin": ORIGIN, "X-Slot": "p0"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(create_api()), base_url=ORIGIN, headers=headers)


async def device_of(db: Database, who: Member) -> str:
    async with db.read() as session:
        return str((await session.execute(select(DEVICES.c.id).where(DEVICES.c.member_id == who.id))).scalars().one())


async def end(db: Database, who: Member | Account, device: str, state: str = "closed") -> httpx.Response:
    async with browser() as client:
        await build.enter(client, db, who)
        return await client.post(f"/api/v1/devices/{device}/end", json={"state": state})


async def test_a_phone_that_the_leader_revokes_sends_what_it_holds_and_is_given_nothing(
    db: Database, world: World
) -> None:
    async with browser() as phone:
        await build.enter(phone, db, world.member)
        ended = await end(db, world.leader, await device_of(db, world.member), "closing")
        assert (ended.status_code, ended.json()) == (200, {"names": [world.member.full_name], "others": 0})
        body = build.push_body(build.visit(world.member, world.households[0]))
        sent = await phone.post("/api/v1/sync/push", json=body)
        assert sent.json()["results"][0]["result"] == "created"
        assert (await phone.get("/api/v1/sync/pull")).json()["problem"]["code"] == "session_closed"


async def test_a_lost_phone_is_refused_everything(db: Database, world: World) -> None:
    async with browser() as phone:
        await build.enter(phone, db, world.member)
        assert (await end(db, world.leader, await device_of(db, world.member))).status_code == 200
        assert (await phone.post("/api/v1/sync/push", json=build.push_body())).status_code == 401


async def test_nobody_ends_a_phone_that_is_not_below_them(db: Database, world: World) -> None:
    for somebody in (world.member, world.leader):
        await build.sign_in(db, somebody)
    members, leaders = await device_of(db, world.member), await device_of(db, world.leader)
    assert (await end(db, world.second_member, members)).status_code == 403
    assert (await end(db, world.next_leader, members)).status_code == 403
    assert (await end(db, world.deputy, leaders)).status_code == 403
    assert (await end(db, world.leader, build.record("", world.leader, {})["id"])).status_code == 404
    assert (await end(db, world.leader, members, "open")).status_code == 422
    assert (await end(db, world.deputy, members)).status_code == 200
