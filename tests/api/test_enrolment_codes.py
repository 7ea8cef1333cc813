"""Joining by the short code of an invitation: as good as its link, as short-lived, and hopeless to guess."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select, update

from fieldapp.api.app import create_api
from fieldapp.api.identity import SLOT_HEADER
from fieldapp.db import Database
from fieldapp.domain.card_code import make_short_code
from fieldapp.services.enrolment_codes import MOST_OF_ALL, MOST_OF_ONE
from models.enrolment import Enrolment, EnrolmentGuess
from tests import build
from tests.build import World
from tests.conftest import ORIGIN

API = "/api/v1"
ENROLMENTS, GUESSES = Enrolment.__table__, EnrolmentGuess.__table__
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def browser(address: str = "192.0.2.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_api(), client=(address, 1234))
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN, SLOT_HEADER: "p0"})


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def invitation(db: Database, world: World) -> dict[str, Any]:
    """As the leader's phone shows it."""
    leader = await build.enter(browser(), db, world.leader)
    answer = await leader.post(f"{API}/enrolments", json={"member": world.member.id})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def look(code: str, address: str = "192.0.2.1") -> httpx.Response:
    return await browser(address).post(f"{API}/enrolments/preview", json={"code": code})


async def join(phone: httpx.AsyncClient, **proof: str) -> httpx.Response:
    return await phone.post(f"{API}/enrolments/join", json={**proof, "device": str(uuid4())})


async def test_a_phone_joins_by_the_code_under_the_qr(db: Database, world: World) -> None:
    invited = await invitation(db, world)
    assert (await look(invited["code"])).json()["name"] == world.member.full_name
    phone = browser()
    assert (await join(phone, code=invited["code"].lower().replace("-", " "))).json()["id"] == world.member.id
    first = (await phone.get(f"{API}/sync/pull")).json()
    assert first["me"]["id"] == world.member.id
    assert (await join(browser(), token=invited["link"].split("#")[1])).status_code == 200, "link and code are one"


async def test_a_code_ends_with_its_invitation_and_an_old_one_is_no_guess(db: Database, world: World) -> None:
    invited = await invitation(db, world)
    async with db.write() as session:
        await session.execute(update(ENROLMENTS).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert refusal(await look(invited["code"])) == (410, "enrolment_spent")
    assert refusal(await join(browser(), code=invited["code"])) == (410, "enrolment_spent")
    async with db.read() as session:
        assert (await session.execute(select(func.count()).select_from(GUESSES))).scalar_one() == 0


async def test_whoever_guesses_is_stopped_and_the_right_code_with_them(db: Database, world: World) -> None:
    invited = await invitation(db, world)
    for _ in range(MOST_OF_ONE):
        assert refusal(await look(make_short_code())) == (404, "enrolment_code_wrong")
    stopped = await look(invited["code"])
    assert refusal(stopped) == (429, "enrolment_code_paused")
    assert stopped.headers["retry-after"] == "900"
    assert (await look(invited["code"], "192.0.2.2")).status_code == 200
    async with db.write() as session:
        await session.execute(update(GUESSES).values(at=datetime.now(UTC) - timedelta(minutes=16)))
    assert (await look(invited["code"])).status_code == 200


async def test_the_same_wrong_code_counts_once(db: Database, world: World) -> None:
    invited, misread = await invitation(db, world), make_short_code()
    for _ in range(MOST_OF_ONE):
        assert refusal(await look(misread)) == (404, "enrolment_code_wrong")
        assert refusal(await join(browser(), code=misread)) == (404, "enrolment_code_wrong")
    assert (await look(invited["code"])).status_code == 200
    assert refusal(await look(misread, "192.0.2.2")) == (404, "enrolment_code_wrong")
    async with db.read() as session:
        assert (await session.execute(select(func.count()).select_from(GUESSES))).scalar_one() == 2


async def test_guessing_from_everywhere_pauses_all_codes_and_no_link(db: Database, world: World) -> None:
    invited = await invitation(db, world)
    async with db.write() as session:
        session.add_all([EnrolmentGuess(address=f"198.51.100.{n}") for n in range(MOST_OF_ALL)])
    assert refusal(await look(invited["code"])) == (429, "enrolment_code_paused")
    assert (await join(browser(), token=invited["link"].split("#")[1])).status_code == 200
    async with db.write() as session:
        await session.execute(update(GUESSES).values(at=datetime.now(UTC) - timedelta(minutes=61)))
    assert refusal(await look(make_short_code())) == (404, "enrolment_code_wrong")
    async with db.read() as session:
        assert (await session.execute(select(func.count()).select_from(GUESSES))).scalar_one() == 1, "old ones go"


@on_sqlite
async def test_a_slip_that_the_check_character_sees_is_not_counted(db: Database, world: World) -> None:
    for typed in ("0123-ABC2", "", "K7M2", "ĐƯỜNG 12"):
        assert refusal(await look(typed)) == (404, "enrolment_code_wrong")
    async with db.read() as session:
        assert (await session.execute(select(func.count()).select_from(GUESSES))).scalar_one() == 0
    for body in ({}, {"token": "a" * 43, "code": "0123ABCT"}):
        answer = await browser().post(f"{API}/enrolments/preview", json=body)
        assert refusal(answer) == (422, "invalid")


@on_sqlite
async def test_the_code_is_stored_nowhere(db: Database, world: World) -> None:
    code = (await invitation(db, world))["code"].replace("-", "")
    async with db.read() as session:
        assert code not in str(list(await session.execute(select(ENROLMENTS))))
