"""The phone's two doors over HTTP: who is let in, how much at once, and what a session that is closing may still do."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.session_life import CLOSING_DAYS
from fieldapp.services.sessions import token_hash
from models.device import Device
from models.member import Member
from models.session import Session, SessionState
from models.visit import Visit
from tests import build, pictures
from tests.build import World

PUSH, PULL = "/api/v1/sync/push", "/api/v1/sync/pull"
SESSIONS = Session.__table__
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def phone(client: httpx.AsyncClient, db: Database, world: World) -> httpx.AsyncClient:
    """The member's phone."""
    return await build.enter(client, db, world.member)


async def push(phone: httpx.AsyncClient, *records: dict[str, Any]) -> httpx.Response:
    return await phone.post(PUSH, json=build.push_body(*records))


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def change_session(db: Database, phone: httpx.AsyncClient, **values: Any) -> None:
    token = phone.cookies[cookie_name("p0")]
    async with db.write() as session:
        await session.execute(update(SESSIONS).where(SESSIONS.c.token_hash == token_hash(token)).values(**values))


async def test_a_visit_goes_there_and_comes_back(phone: httpx.AsyncClient, world: World) -> None:
    record = build.visit(world.member, world.households[0])
    answer = (await push(phone, record)).json()
    assert answer["results"] == [{"id": record["id"], "result": "created"}]
    assert abs(answer["server_time"] - build.millis(datetime.now(UTC))) < 10_000
    page = (await phone.get(PULL)).json()
    assert [visit["id"] for visit in page["visits"]] == [record["id"]]
    assert (page["epoch"], page["more"]) == (answer["epoch"], False)
    assert "visits" not in (await phone.get(PULL, params={"cursor": page["cursor"]})).json()


@on_sqlite
async def test_the_device_is_noted_as_it_reported_itself(db: Database, phone: httpx.AsyncClient, world: World) -> None:
    now = build.millis(datetime.now(UTC))
    body = {"records": [], "device_time": now + 7_200_000, "app_version": "9", "unsent": 31}
    assert (await phone.post(PUSH, json=body)).status_code == 200
    async with db.read() as session:
        query = select(Device).where(Device.__table__.c.member_id == world.member.id)
        device = (await session.execute(query)).scalar_one()
    assert (device.app_version, device.unsent_count) == ("9", 31)
    assert device.clock_offset_ms == pytest.approx(7_200_000, abs=10_000)


@on_sqlite
async def test_too_much_at_once_is_refused_whole(
    db: Database, phone: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_PUSH_MAX_RECORDS", "2")
    monkeypatch.setenv("FIELDAPP_PUSH_MAX_BYTES", "4000")
    settings.cache_clear()
    records = [build.visit(world.member, household) for household in world.households[:3]]
    assert refusal(await push(phone, *records)) == (413, "too_many_records")
    large = build.visit(world.member, world.households[0], note="x" * 5000)
    assert refusal(await push(phone, large)) == (413, "too_large")
    async with db.read() as session:
        assert (await session.execute(select(Visit))).first() is None


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"not json", b'{"records": {}}', b'{"records": [], "device_time": -1}', b"[" * 100_000],
)
@on_sqlite
async def test_what_is_no_push_is_refused(phone: httpx.AsyncClient, content: bytes) -> None:
    answer = await phone.post(PUSH, content=content, headers={"content-type": "application/json"})
    assert refusal(answer) == (422, "invalid")


async def test_a_record_that_is_no_record_does_not_stop_the_push(phone: httpx.AsyncClient, world: World) -> None:
    """Half a character cannot even be said back, so the answer must not try."""
    good = build.visit(world.member, world.households[0])
    odd = [7, {"id": "\ud800"}, build.visit(world.member, world.households[1], note="\x00"), {"id": "x", "\ud800": 1}]
    body = {"records": [*odd, good], "device_time": build.millis(datetime.now(UTC))}
    answer = await phone.post(PUSH, content=json.dumps(body))
    assert [result["result"] for result in answer.json()["results"]] == ["invalid"] * 4 + ["created"]


@on_sqlite
async def test_nobody_syncs_without_a_session_or_as_an_officer(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    assert refusal(await push(client)) == (401, "not_signed_in")
    assert refusal(await client.get(PULL)) == (401, "not_signed_in")
    officer = await build.enter(client, db, world.commune_officer)
    assert refusal(await push(officer)) == (403, "forbidden")
    assert refusal(await officer.get(PULL)) == (403, "forbidden")


@on_sqlite
async def test_another_site_cannot_push_with_our_cookie(phone: httpx.AsyncClient, world: World) -> None:
    body = build.push_body(build.visit(world.member, world.households[0]))
    for origin in ("https://evil.example", "null", "http://localhost:8001", ""):
        assert refusal(await phone.post(PUSH, json=body, headers={"Origin": origin})) == (403, "wrong_origin")
    del phone.headers["Origin"]
    assert refusal(await phone.post(PUSH, json=body)) == (403, "wrong_origin")


@on_sqlite
async def test_a_form_that_cannot_name_the_slot_does_nothing(phone: httpx.AsyncClient) -> None:
    del phone.headers[SLOT_HEADER]
    assert refusal(await push(phone)) == (401, "not_signed_in")
    assert refusal(await phone.post(f"{PUSH}?slot=p0", json=build.push_body())) == (401, "not_signed_in")
    assert (await phone.get(PULL, params={"slot": "p0"})).status_code == 200, "an <img> may read"


@on_sqlite
async def test_each_slot_of_a_phone_is_another_person(client: httpx.AsyncClient, db: Database, world: World) -> None:
    for slot, who in (("p0", world.member), ("p1", world.second_member)):
        client.cookies.set(cookie_name(slot), await build.sign_in(db, who))
    record = build.visit(world.second_member, world.households[0])
    as_first = await client.post(PUSH, json=build.push_body(record), headers={SLOT_HEADER: "p0"})
    as_second = await client.post(PUSH, json=build.push_body(record), headers={SLOT_HEADER: "p1"})
    assert as_first.json()["results"][0]["code"] == "not_author"
    assert as_second.json()["results"][0]["result"] == "created"


async def test_a_session_that_is_closing_sends_all_it_holds_and_is_given_nothing(
    db: Database, phone: httpx.AsyncClient, world: World
) -> None:
    await change_session(db, phone, state=SessionState.CLOSING, ended_at=datetime.now(UTC))
    content = pictures.jpeg()
    record = build.visit(world.member, world.households[0], photos=pictures.named(content))
    assert (await push(phone, record)).json()["results"][0]["result"] == "created"
    place = f"/api/v1/visits/{record['id']}/photos/{pictures.sha256(content)}"
    assert (await phone.head(place)).status_code == 200
    assert (await phone.patch(place, content=content, headers={"Upload-Offset": "0"})).status_code == 204
    assert refusal(await phone.get(PULL)) == (401, "session_closed")
    assert refusal(await phone.get("/api/v1/sessions")) == (401, "session_closed")
    assert (await phone.get(place)).status_code == 401


@pytest.mark.parametrize(
    ("values", "may_push"),
    [
        ({"expires_at": timedelta(seconds=-1)}, True),
        ({"expires_at": timedelta(days=-CLOSING_DAYS, hours=1)}, True),
        ({"expires_at": timedelta(days=-CLOSING_DAYS, hours=-1)}, False),
        ({"state": SessionState.CLOSING, "ended_at": timedelta(days=-CLOSING_DAYS, hours=-1)}, False),
        ({"state": SessionState.CLOSED, "ended_at": timedelta(0)}, False),
    ],
    ids=["ran out", "ran out 29 days ago", "ran out 31 days ago", "ended 31 days ago", "stolen"],
)
@on_sqlite
async def test_how_long_a_phone_may_still_send(
    db: Database, phone: httpx.AsyncClient, world: World, values: dict[str, Any], may_push: bool
) -> None:
    now = datetime.now(UTC)
    await change_session(db, phone, **{k: now + v if isinstance(v, timedelta) else v for k, v in values.items()})
    answer = await push(phone, build.visit(world.member, world.households[0]))
    assert answer.status_code == (200 if may_push else 401)
    assert refusal(await phone.get(PULL)) == (401, "session_closed")


@on_sqlite
async def test_a_member_who_is_no_more_is_let_in_nowhere(db: Database, phone: httpx.AsyncClient, world: World) -> None:
    table = Member.__table__
    async with db.write() as session:
        await session.execute(update(table).where(table.c.id == world.member.id).values(discarded_at=datetime.now(UTC)))
    assert refusal(await push(phone)) == (401, "session_closed")
    assert refusal(await phone.get(PULL)) == (401, "session_closed")


@on_sqlite
async def test_after_joining_again_the_queue_goes_on_where_it_stood(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    """The outbox belongs to a member, not to a session: the frozen record is sent by the next one."""
    record = build.visit(world.member, world.households[0])
    first = await build.enter(client, db, world.member)
    await push(first, record)
    await change_session(db, first, state=SessionState.CLOSED, ended_at=datetime.now(UTC))
    assert (await push(first, record)).status_code == 401
    again = await build.enter(client, db, world.member)
    assert (await push(again, record)).json()["results"][0]["result"] == "identical"
    async with db.read() as session:
        assert (await session.get_one(Visit, UUID(record["id"]))).author_id == world.member.id
