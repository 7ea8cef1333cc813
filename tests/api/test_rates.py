"""How often an address, a user name and a session may ask, and that one of them costs no other anything."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import update

from fieldapp.api import rates
from fieldapp.api.app import create_api
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.services import enrolments
from models.base import utc_now
from models.enrolment import Enrolment
from tests import build, valkey
from tests.build import PASSWORD
from tests.conftest import ORIGIN

pytestmark = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
API = "/api/v1"


@pytest.fixture(autouse=True)
def three_a_minute(own_settings: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("ADDRESS", "ACCOUNT", "SESSION"):
        monkeypatch.setenv(f"FIELDAPP_RATE_{name}", "3")
    monkeypatch.setenv("FIELDAPP_SIGN_IN_ATTEMPTS", "99")
    settings.cache_clear()
    # A minute that ends in the middle of a test would begin another count.
    now = time.time() // 60 * 60 + 30
    within = SimpleNamespace(time=lambda: now)
    for module in ("storage.memory", "strategies"):
        monkeypatch.setattr(f"limits.aio.{module}.time", within)
    rates.forget()
    yield
    rates.forget()


def browser(address: str = "203.0.113.1", slot: str = "desk") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_api(), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN, "X-Slot": slot})


async def status(client: httpx.AsyncClient, method: str, path: str, **given: object) -> int:
    return (await client.request(method, path, **given)).status_code  # type: ignore[arg-type]


DOORS = {
    "sign-in": ("POST", f"{API}/session", {"username": "nobody", "password": "x"}),
    "looking": ("POST", f"{API}/enrolments/preview", {"token": "x" * 43}),
    "joining": (
        "POST",
        f"{API}/enrolments/join",
        {"token": "x" * 43, "device": "018f0000-0000-7000-8000-000000000000"},
    ),
    "card": ("GET", "/h/ABC", None),
}


@pytest.mark.parametrize("door", DOORS)
async def test_one_address_is_held_back_and_another_is_not(
    db: Database, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    monkeypatch.setenv("FIELDAPP_RATE_ACCOUNT", "0")
    settings.cache_clear()
    method, path, body = DOORS[door]
    codes = [await status(browser(), method, path, json=body) for _ in range(5)]
    assert 429 not in codes[:3]
    assert codes[3:] == [429, 429]
    assert await status(browser("203.0.113.2"), method, path, json=body) != 429
    answer = await browser().request(method, path, json=body)
    assert answer.json() == {"problem": {"code": "rate_limited", "params": {"seconds": 60}}}
    assert answer.headers["retry-after"] == "60"


async def test_links_that_work_are_not_held_back_by_others_behind_the_same_address(db: Database) -> None:
    world = await build.world(db)
    look = ("POST", f"{API}/enrolments/preview")
    join = ("POST", f"{API}/enrolments/join")
    phone = {"device": "018f0000-0000-7000-8000-000000000000"}
    for door in (look, join):
        junk = [await status(browser(slot="p0"), *door, json={"token": "x" * 43} | phone) for _ in range(4)]
        assert junk == [404, 404, 404, 429]
    for who in (world.member, world.second_member, world.leader, world.deputy):
        async with db.write() as session:
            token = (await enrolments.make_enrolment(session, None, who.id or 0))[1]
        assert await status(browser(slot="p0"), *look, json={"token": token}) == 200
        joins = [await status(browser(slot="p0"), *join, json={"token": token} | phone) for _ in range(4)]
        assert joins == [200, 200, 200, 429], "one invitation is held back by itself"
        async with db.write() as session:
            await session.execute(update(Enrolment.__table__).values(spent_at=utc_now()))
        assert await status(browser(slot="p0"), *look, json={"token": token}) == 429, "a link that ended counts as none"


async def test_the_addresses_of_one_ipv6_household_count_as_one(db: Database) -> None:
    codes = [await status(browser(f"2001:db8:0:7::{number}"), "GET", "/h/ABC") for number in range(4)]
    assert codes == [404, 404, 404, 429]
    assert await status(browser("2001:db8:0:8::1"), "GET", "/h/ABC") == 404


async def test_one_user_name_is_held_back_from_every_address(db: Database) -> None:
    world = await build.world(db)
    names = (world.commune_officer.username, f" {world.commune_officer.username.upper()} ")
    codes = [
        await status(
            browser(f"203.0.113.{number}"),
            "POST",
            f"{API}/session",
            json={"username": names[number % 2], "password": "x"},
        )
        for number in range(5)
    ]
    assert codes == [401, 401, 401, 429, 429]
    other = {"username": world.province_officer.username, "password": PASSWORD}
    assert await status(browser("203.0.113.9"), "POST", f"{API}/session", json=other) == 200


async def test_a_session_that_asks_too_often_waits_and_others_do_not(db: Database) -> None:
    world = await build.world(db)
    phone = await build.enter(browser(slot="p0"), db, world.member)
    assert [await status(phone, "GET", f"{API}/sync/pull") for _ in range(4)] == [200, 200, 200, 429]
    assert await status(phone, "POST", f"{API}/sync/push", json=build.push_body()) == 429
    other = await build.enter(browser(slot="p0"), db, world.second_member)
    assert await status(other, "GET", f"{API}/sync/pull") == 200


async def test_without_redis_behind_its_address_nobody_is_refused(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    assert [await status(browser(), "GET", "/h/ABC") for _ in range(5)] == [404] * 5


async def test_processes_that_share_a_redis_count_together(
    db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with valkey.server() as address:
        monkeypatch.setenv("FIELDAPP_REDIS_URL", address)
        settings.cache_clear()
        codes = []
        for _ in range(5):
            # A process that has just begun knows nothing of what others counted.
            rates.forget()
            codes.append(await status(browser(), "GET", "/h/ABC"))
    assert codes == [404, 404, 404, 429, 429]
