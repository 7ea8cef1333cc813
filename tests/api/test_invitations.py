"""Invitations on paper: a slip for each who has no phone yet, and each slip lets its own person in."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from fieldapp.api import invitations
from fieldapp.api.app import create_api
from fieldapp.db import Database
from fieldapp.problems import Problem
from models.account import Role
from models.base import utc_now
from models.enrolment import Enrolment
from tests import build
from tests.build import World
from tests.conftest import ORIGIN
from tests.papers import SeenPage, read_pdf

SHEETS = "/api/v1/enrolments/sheets"
DEVICE = "018f0000-0000-7000-8000-00000000000{}"


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def desk(client: httpx.AsyncClient, db: Database, stage: World) -> httpx.AsyncClient:
    return await build.enter(client, db, stage.commune_officer)


async def printed(desk: httpx.AsyncClient, team: int | None = None) -> list[SeenPage]:
    answer = await desk.post(SHEETS, json={"team": team})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return read_pdf(answer.content, 250)


async def join(link: str, number: int) -> httpx.Response:
    headers = {"Origin": ORIGIN, "X-Slot": "p0"}
    body = {"token": link.rpartition("#")[2], "device": DEVICE.format(number)}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_api()), base_url=ORIGIN, headers=headers
    ) as phone:
        return await phone.post("/api/v1/enrolments/join", json=body)


async def invitations_of(db: Database) -> list[Enrolment]:
    async with db.read() as session:
        return list((await session.execute(select(Enrolment))).scalars())


async def test_each_of_a_commune_gets_a_slip_that_lets_in_whom_it_names(
    desk: httpx.AsyncClient, db: Database, stage: World
) -> None:
    (page,) = await printed(desk)
    people = [stage.leader, stage.deputy, stage.member, stage.second_member, stage.next_leader]
    assert all(one.full_name in page.words for one in people)
    joined = [(await join(link, number)).json()["id"] for number, link in enumerate(page.addresses)]
    assert sorted(joined) == sorted(one.id for one in people)
    days = {(row.expires_at - utc_now() + timedelta(hours=1)).days for row in await invitations_of(db)}
    assert days == {14}


async def test_who_has_a_phone_gets_no_slip_and_at_last_nobody_does(desk: httpx.AsyncClient, stage: World) -> None:
    (page,) = await printed(desk, stage.next_team.id)
    assert stage.next_leader.full_name in page.words
    assert len(page.addresses) == 1
    await join(page.addresses[0], 1)
    answer = await desk.post(SHEETS, json={"team": stage.next_team.id})
    assert (answer.status_code, answer.json()["problem"]["code"]) == (409, "nobody_to_invite")


async def test_no_invitation_works_whose_paper_failed(
    desk: httpx.AsyncClient, db: Database, stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object) -> bytes:
        raise Problem("busy")

    monkeypatch.setattr(invitations, "invitation_sheet", torn)
    assert (await desk.post(SHEETS, json={})).status_code == 503
    assert await invitations_of(db) == []


@pytest.mark.parametrize("team", [True, False])
async def test_only_the_commune_itself_prints_them(
    client: httpx.AsyncClient, db: Database, stage: World, team: bool
) -> None:
    elsewhere = await build.commune(db, stage.province, code="21025", name="Phường Cẩm Thành")
    others = await build.account(db, elsewhere, Role.COMMUNE_OFFICER, username="khac")
    for who in (others, stage.province_officer, stage.leader, stage.member):
        await build.enter(client, db, who)
        answer = await client.post(SHEETS, json={"team": stage.team.id if team else None})
        # Another commune's officer has nobody to invite at home, and no word of this one.
        expected = (409, "nobody_to_invite") if who is others and not team else (403, "forbidden")
        assert (answer.status_code, answer.json()["problem"]["code"]) == expected
    assert await invitations_of(db) == []
