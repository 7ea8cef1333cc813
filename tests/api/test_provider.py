"""Signing in by the province's own provider, against one over HTTP with real keys: honest, and lying in every way."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from fieldapp.api import provider as provider_api
from fieldapp.api.identity import cookie_name
from fieldapp.config import settings
from fieldapp.db import Database
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.provider_attempt import ProviderAttempt
from tests import build
from tests.api.test_session import API, browser, on_sqlite, refusal
from tests.build import World
from tests.oidc_provider import CLIENT, SECRET, TestProvider, running

ACCOUNTS, EVENTS, ATTEMPTS = Account.__table__, AuditEvent.__table__, ProviderAttempt.__table__


@pytest.fixture
async def world(db: Database) -> World:
    world = await build.world(db)
    async with db.write() as session:
        known = update(ACCOUNTS).where(ACCOUNTS.c.id == world.commune_officer.id)
        await session.execute(known.values(provider_name="xa@example.vn"))
    return world


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestProvider]:
    with running() as provider:
        for name, value in (("ISSUER", provider.issuer), ("CLIENT", CLIENT), ("SECRET", SECRET), ("NAME", "SSO tỉnh")):
            monkeypatch.setenv(f"FIELDAPP_OIDC_{name}", value)
        settings.cache_clear()
        provider_api._provider.cache_clear()
        yield provider
    provider_api._provider.cache_clear()


async def begin(desk: httpx.AsyncClient) -> str:
    answer = await desk.get(f"{API}/provider/begin")
    assert answer.status_code == 303
    return answer.headers["location"]


async def come_back(desk: httpx.AsyncClient, brought: dict[str, str]) -> str:
    """Where the browser is led to."""
    answer = await desk.get(f"{API}/provider/answer", params=brought)
    assert answer.status_code == 303
    return answer.headers["location"]


async def sign_in(desk: httpx.AsyncClient, provider: TestProvider) -> str:
    return await come_back(desk, provider.authorize(await begin(desk)))


FAILED, UNKNOWN = "/?problem=provider_failed", "/?problem=provider_unknown"


async def test_an_officer_who_is_known_there_comes_in(db: Database, world: World, provider: TestProvider) -> None:
    desk = browser("desk")
    assert (await desk.get(f"{API}/provider")).json() == {"on": True, "name": "SSO tỉnh"}
    assert await sign_in(desk, provider) == "/desk/"
    assert cookie_name("desk") in desk.cookies
    assert (await desk.get(f"{API}/sessions")).status_code == 200
    async with db.read() as session:
        [event] = (await session.execute(select(EVENTS).where(EVENTS.c.action == "session.open"))).all()
        assert (await session.execute(select(ATTEMPTS))).all() == []
    assert (event.account_id, event.detail) == (world.commune_officer.id, {"way": "provider"})


LIES: list[dict[str, Any]] = [
    {"nonce": "another one"},
    {"nonce": None},
    {"iss": "https://elsewhere.example"},
    {"iss": None},
    {"aud": "another client"},
    {"aud": None},
    {"aud": [CLIENT, "another client"]},
    {"azp": "another client"},
    {"exp": int(time.time()) - 300},
    {"exp": None},
    {"exp": "tomorrow"},
    {"iat": int(time.time()) + 3600},
    {"iat": None},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
]


@pytest.mark.parametrize("lies", LIES, ids=[f"{'-'.join(lies)}-{n}" for n, lies in enumerate(LIES)])
@on_sqlite
async def test_a_token_that_lies_opens_nothing(
    db: Database, world: World, provider: TestProvider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    desk = browser("desk")
    assert await sign_in(desk, provider) == FAILED
    assert cookie_name("desk") not in desk.cookies


@pytest.mark.parametrize("alg", ["none", "stranger", "HS256"])
@on_sqlite
async def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    db: Database, world: World, provider: TestProvider, alg: str
) -> None:
    provider.alg = alg
    assert await sign_in(browser("desk"), provider) == FAILED


@pytest.mark.parametrize(
    "lies",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ["xa@example.vn"]},
        {"email": "nobody@example.vn"},
        {"email": " "},
    ],
    ids=str,
)
@on_sqlite
async def test_who_has_no_account_or_no_verified_name_is_not_made_one(
    db: Database, world: World, provider: TestProvider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    assert await sign_in(browser("desk"), provider) == UNKNOWN
    async with db.read() as session:
        assert len((await session.execute(select(ACCOUNTS))).all()) == 2


async def test_an_answer_is_taken_once_from_the_browser_that_asked_and_in_time(
    db: Database, world: World, provider: TestProvider
) -> None:
    mine, thief = browser("desk"), browser("desk")
    brought = provider.authorize(await begin(mine))
    assert await come_back(thief, brought) == FAILED, "another browser has no cookie of it"
    kept = dict(mine.cookies)
    assert await come_back(mine, brought) == "/desk/"
    again = provider.authorize(f"{provider.issuer}/authorize?" + "&".join(
        f"{name}={value}" for name, value in {
            "state": brought["state"], "nonce": "n", "code_challenge": "c", "code_challenge_method": "S256",
            "redirect_uri": "r",
        }.items()
    ))  # fmt: skip
    for name, value in kept.items():
        thief.cookies.set(name, value)
    assert await come_back(thief, again) == FAILED, "a state is answered once"
    late = browser("desk")
    brought = provider.authorize(await begin(late))
    async with db.write() as session:
        await session.execute(update(ATTEMPTS).values(expires_at=utc_now()))
    assert await come_back(late, brought) == FAILED


@on_sqlite
async def test_a_code_alone_is_worth_nothing(db: Database, world: World, provider: TestProvider) -> None:
    """Whoever saw it go by lacks what the attempt that asked for it keeps."""
    mine, thief = browser("desk"), browser("desk")
    stolen = provider.authorize(await begin(mine))
    own = provider.authorize(await begin(thief))
    assert await come_back(thief, {"code": stolen["code"], "state": own["state"]}) == FAILED
    assert provider.refused == ["verifier"]
    for brought in ({}, {"code": "x"}, {"state": "x"}, {"error": "access_denied", "state": "x"}):
        assert await come_back(browser("desk"), brought) == FAILED


@on_sqlite
async def test_a_name_that_was_given_to_another_person_opens_nothing(
    db: Database, world: World, provider: TestProvider
) -> None:
    assert await sign_in(browser("desk"), provider) == "/desk/"
    provider.person = {**provider.person, "sub": "person-2"}
    assert await sign_in(browser("desk"), provider) == UNKNOWN


@on_sqlite
async def test_a_locked_or_ended_account_stays_shut(db: Database, world: World, provider: TestProvider) -> None:
    for column, where in (("blocked_at", "/?problem=account_blocked"), ("discarded_at", UNKNOWN)):
        async with db.write() as session:
            await session.execute(update(ACCOUNTS).values(**{column: utc_now()}))
        assert await sign_in(browser("desk"), provider) == where


@pytest.mark.parametrize(
    "lies", [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "ftp://x/"}, {"jwks_uri": None}], ids=str
)
@on_sqlite
async def test_a_provider_that_says_it_is_another_is_not_asked(
    db: Database, world: World, provider: TestProvider, lies: dict[str, Any]
) -> None:
    provider.discovery_lies = lies
    answer = await browser("desk").get(f"{API}/provider/begin")
    assert answer.headers["location"] == FAILED


@on_sqlite
async def test_a_role_that_owes_a_second_step_owes_none_where_the_provider_asks(
    db: Database, world: World, provider: TestProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_SECOND_STEP_ROLES", str(Role.COMMUNE_OFFICER))
    settings.cache_clear()
    desk = browser("desk")
    assert await sign_in(desk, provider) == "/desk/"
    assert (await desk.post(f"{API}/enrolments", json={"member": world.member.id})).status_code == 200


@on_sqlite
async def test_where_none_is_set_there_is_no_such_way(db: Database, world: World) -> None:
    assert (await browser("desk").get(f"{API}/provider")).json() == {"on": False, "name": ""}
    for path in ("begin", "answer"):
        assert refusal(await browser("desk").get(f"{API}/provider/{path}")) == (404, "not_found")


@pytest.mark.parametrize("issuer", ["http://sso.example.vn", "javascript:x", "sso.example.vn"])
def test_a_provider_is_asked_over_https_alone(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setenv("FIELDAPP_OIDC_ISSUER", issuer)
    settings.cache_clear()
    with pytest.raises(ValueError, match="oidc_issuer"):
        settings()
