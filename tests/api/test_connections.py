"""Tokens of programs and webhooks over HTTP: who makes them, what they open, when they end."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.services import api_tokens, webhooks
from models.account import Account, Role
from models.api_token import ApiToken
from models.audit_event import AuditEvent
from models.webhook import Webhook
from tests import build
from tests.build import World

TOKENS, ACCOUNTS = ApiToken.__table__, Account.__table__
SUMMARY, VISITS = "/api/v1/exports/summary.csv", "/api/v1/exports/visits.csv"
DAYS = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def make(client: httpx.AsyncClient, **given: Any) -> httpx.Response:
    form = {"name": "Bảng số liệu", "scopes": ["summary.read"], "days": 30} | given
    return await client.post("/api/v1/tokens", json=form)


async def token(client: httpx.AsyncClient, db: Database, who: Account, *scopes: str) -> str:
    await build.enter(client, db, who)
    answer = await make(client, scopes=list(scopes or ("summary.read",)))
    assert answer.status_code == 200, answer.text
    return answer.json()["secret"]


async def read(client: httpx.AsyncClient, path: str, secret: str, **given: Any) -> httpx.Response:
    """As a program reads: without a cookie, without a slot."""
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {secret}"}
    return await client.get(path, params=given, headers={**dict.fromkeys(("X-Slot", "Origin"), ""), **headers})


async def test_a_program_reads_what_its_officer_chose(client: httpx.AsyncClient, db: Database, world: World) -> None:
    secret = await token(client, db, world.commune_officer)
    units = await read(client, "/api/v1/units", secret)
    assert units.status_code == 200, units.text
    assert {unit["code"] for unit in units.json()["units"]} >= {world.commune.code, world.village.code}
    assert world.province.code not in {unit["code"] for unit in units.json()["units"]}
    summary = await read(client, SUMMARY, secret, unit=world.commune.id, **DAYS)
    assert (summary.status_code, summary.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert code(await read(client, VISITS, secret)) == (403, "forbidden")
    async with db.read() as session:
        found = select(AuditEvent).where(AuditEvent.__table__.c.action == "export.summary")
        assert [row.account_id for row in (await session.execute(found)).scalars()] == [world.commune_officer.id]


async def test_a_token_reaches_no_further_than_its_officer(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    elsewhere = await build.commune(db, world.province, code="21000", name="Nơi khác")
    secret = await token(client, db, world.commune_officer, "summary.read", "visit.read")
    assert code(await read(client, SUMMARY, secret, unit=elsewhere.id, **DAYS)) == (403, "forbidden")
    assert (await read(client, VISITS, secret)).status_code == 200


@pytest.mark.parametrize(
    ("role", "scopes", "refused"),
    [
        (Role.PROVINCE_OFFICER, ["visit.read"], (403, "forbidden")),
        (Role.PARTNER, ["summary.read"], (403, "forbidden")),
        (Role.COMMUNE_OFFICER, ["record.sort"], (403, "forbidden")),
        (Role.COMMUNE_OFFICER, ["token.manage"], (403, "forbidden")),
        (Role.COMMUNE_OFFICER, ["everything"], (422, "invalid")),
        (Role.COMMUNE_OFFICER, [], (422, "invalid")),
    ],
)
async def test_nobody_gives_a_program_more_than_they_have(
    client: httpx.AsyncClient, db: Database, world: World, role: Role, scopes: list[str], refused: tuple[int, str]
) -> None:
    unit = world.commune if role == Role.COMMUNE_OFFICER else world.province
    await build.enter(client, db, await build.account(db, unit, role, username="other"))
    assert code(await make(client, scopes=scopes)) == refused


@pytest.mark.parametrize("given", [{"days": 0}, {"days": 400}, {"name": ""}, {"name": "x" * 61}, {"name": "\0"}])
async def test_a_form_that_cannot_be_is_refused(
    client: httpx.AsyncClient, db: Database, world: World, given: dict[str, Any]
) -> None:
    await build.enter(client, db, world.commune_officer)
    assert code(await make(client, **given)) == (422, "invalid")


async def test_a_token_ends_with_its_day_with_its_account_and_when_it_is_revoked(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    officer = world.commune_officer
    late, dropped, revoked = [await token(client, db, officer) for _ in range(3)]
    who = await build.principal(db, officer)
    async with db.write() as session:
        newest = (await api_tokens.list_own(session, who))[0]
        await api_tokens.end_own(session, who, newest.id)
        oldest = (await api_tokens.list_own(session, who))[-1]
        await session.execute(
            update(TOKENS).where(TOKENS.c.id == oldest.id).values(ends_at=datetime.now(UTC) - timedelta(seconds=1))
        )
    assert code(await read(client, "/api/v1/units", revoked)) == (401, "not_signed_in")
    assert code(await read(client, "/api/v1/units", late)) == (401, "not_signed_in")
    assert (await read(client, "/api/v1/units", dropped)).status_code == 200
    async with db.write() as session:
        await session.execute(
            update(ACCOUNTS).where(ACCOUNTS.c.id == officer.id).values(discarded_at=datetime.now(UTC))
        )
    assert code(await read(client, "/api/v1/units", dropped)) == (401, "not_signed_in")


@pytest.mark.parametrize("secret", ["", "toso_", "toso_" + "A" * 43, "x" * 5000, "đ"])
async def test_what_is_no_token_opens_nothing(client: httpx.AsyncClient, world: World, secret: str) -> None:
    client.cookies.clear()
    headers = {b"authorization": f"Bearer {secret}".encode()}
    answer = await client.get("/api/v1/units", headers=headers)  # type: ignore[arg-type]
    assert code(answer) == (401, "not_signed_in")


async def test_a_token_writes_nothing(client: httpx.AsyncClient, db: Database, world: World) -> None:
    secret = await token(client, db, world.commune_officer)
    client.cookies.clear()
    answer = await client.post("/api/v1/tokens", json={}, headers={"Authorization": f"Bearer {secret}"})
    assert code(answer) == (401, "not_signed_in")


async def test_somebody_has_at_most_ten(client: httpx.AsyncClient, db: Database, world: World) -> None:
    await build.enter(client, db, world.commune_officer)
    for _ in range(api_tokens.MOST_OF_ONE):
        assert (await make(client)).status_code == 200
    assert code(await make(client)) == (409, "tokens_full")


async def test_use_is_noted_and_nobody_ends_anothers(client: httpx.AsyncClient, db: Database, world: World) -> None:
    secret = await token(client, db, world.commune_officer)
    await read(client, "/api/v1/units", secret)
    mine = await build.principal(db, world.commune_officer)
    other = await build.principal(db, await build.account(db, world.commune, Role.COMMUNE_LEADER, username="head"))
    async with db.write() as session:
        [row] = await api_tokens.list_own(session, mine)
        assert row.used_at is not None
        assert await api_tokens.list_own(session, other) == []
        with pytest.raises(Exception, match="not_found"):
            await api_tokens.end_own(session, other, row.id)


async def test_the_province_makes_a_webhook_and_sees_its_key_once(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, await build.account(db, world.province, Role.PROVINCE_OFFICER, username="so"))
    form = {"unit": world.province.id, "address": " https://example.vn/told ", "topics": ["visits", "visits", "teams"]}
    answer = await client.post("/api/v1/webhooks", json=form)
    assert answer.status_code == 200, answer.text
    async with db.read() as session:
        row = await session.get_one(Webhook, UUID(answer.json()["id"]))
    assert (row.address, row.topics, row.secret) == (
        "https://example.vn/told",
        ["teams", "visits"],
        answer.json()["secret"],
    )
    renewed = await client.post("/api/v1/webhooks/secret", json={"webhook": answer.json()["id"]})
    assert renewed.json()["secret"] != row.secret
    async with db.read() as session:
        trail = (await session.execute(select(AuditEvent.__table__.c.detail))).scalars().all()
    assert not any("whsec_" in str(detail) for detail in trail)


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"address": "http://example.vn"}, (422, "webhook_address")),
        ({"address": "https://a:b@example.vn"}, (422, "webhook_address")),
        ({"topics": []}, (422, "invalid")),
        ({"topics": ["people"]}, (422, "invalid")),
        ({"unit": 999999}, (404, "not_found")),
        ({"unit": 2**31}, (422, "invalid")),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(
    client: httpx.AsyncClient, db: Database, world: World, given: dict[str, Any], refused: tuple[int, str]
) -> None:
    await build.enter(client, db, await build.account(db, world.province, Role.ADMIN, username="so"))
    form = {"unit": world.province.id, "address": "https://example.vn/told", "topics": ["visits"]} | given
    assert code(await client.post("/api/v1/webhooks", json=form)) == refused


async def test_a_unit_has_at_most_twenty(client: httpx.AsyncClient, db: Database, world: World) -> None:
    await build.enter(client, db, await build.account(db, world.province, Role.ADMIN, username="so"))
    form = {"unit": world.commune.id, "address": "https://example.vn/told", "topics": ["visits"]}
    for _ in range(webhooks.MOST_OF_ONE):
        assert (await client.post("/api/v1/webhooks", json=form)).status_code == 200
    assert code(await client.post("/api/v1/webhooks", json=form)) == (409, "webhooks_full")
    unknown = await client.post("/api/v1/webhooks/secret", json={"webhook": str(uuid4())})
    assert code(unknown) == (404, "not_found")
