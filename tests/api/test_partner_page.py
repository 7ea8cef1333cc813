"""A partner's percentages behind a secret address: percentages alone, to whoever has it, until its day."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from models.account import Account, Role
from models.base import utc_now
from models.partner import Partner
from models.shared_link import SharedLink
from models.unit import Unit
from tests import build
from tests.build import World

PATH, LINKS = "/api/v1/partners", SharedLink.__table__
TODAY = vn_day(utc_now())


@pytest.fixture
async def world(db: Database) -> World:
    """Of 40 households of the commune 11 are reached."""
    world = await build.world(db)
    visits = [build.visit(world.member, home) for home in world.households[:11]]
    await build.send(db, world.member, *visits)
    async with db.write() as session:
        (await session.get_one(Unit, world.commune.id)).households_declared = 40
    return world


async def address(client: httpx.AsyncClient, db: Database, who: Account, company: Partner) -> str:
    """A new address of the company's; nobody is signed in any more then."""
    await build.enter(client, db, who)
    answer = await client.post(f"{PATH}/link", json={"partner": company.id, "days": 30})
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    return answer.json()["secret"]


async def status(client: httpx.AsyncClient, address: str) -> int:
    return (await client.get(address)).status_code


async def test_whoever_has_the_address_reads_percentages_and_nothing_else(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    company = await build.partner(db, name="Bưu điện <tỉnh>", supports=("VNEID", "DVC"))
    page = await client.get(await address(client, db, world.province_officer, company))
    assert page.status_code == 200
    assert "27 %" in page.text
    assert "Bưu điện &lt;tỉnh&gt;" in page.text
    for said in (world.village.name, world.member.full_name, "Nguyễn Văn", ">11<", ">40<"):
        assert said not in page.text
    assert "script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "English" in page.text
    assert (await client.get(f"{page.url}?platform=NONE")).status_code == 404
    assert (await client.get(f"{page.url}?platform=DVC&lang=en")).status_code == 200


async def test_an_address_ends_with_the_next_its_day_the_work_and_when_it_is_taken_back(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    company = await build.partner(db)
    first = await address(client, db, world.province_officer, company)
    second = await address(client, db, world.province_officer, company)
    assert [await status(client, one) for one in (first, second)] == [404, 200]
    async with db.write() as session:
        await session.execute(update(LINKS).values(last_day=TODAY - timedelta(days=1)))
    assert await status(client, second) == 404
    third = await address(client, db, world.province_officer, company)
    assert await status(client, third) == 200
    async with db.write() as session:
        (await session.get_one(Partner, company.id)).active_to = TODAY - timedelta(days=1)
    assert await status(client, third) == 404


async def test_only_who_keeps_the_company_makes_one(client: httpx.AsyncClient, db: Database, world: World) -> None:
    company = await build.partner(db)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who in (world.commune_officer, head):
        await build.enter(client, db, who)
        answer = await client.post(f"{PATH}/link", json={"partner": company.id, "days": 30})
        assert answer.status_code in (403, 404), answer.text
    await build.enter(client, db, world.province_officer)
    assert (await client.post(f"{PATH}/link", json={"partner": company.id, "days": 0})).status_code == 422
