"""Passwords by link and by oneself, and the second step of signing in, over HTTP."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pyotp.totp import TOTP
from sqlalchemy import select, update

from fieldapp.api.identity import cookie_name
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.services import second_steps
from fieldapp.services.sessions import token_hash
from models.account import Account, Role
from models.account_link import AccountLink
from models.audit_event import AuditEvent
from models.second_step import RecoveryCode, SecondStep
from models.sync import ServerFact
from tests import build
from tests.api.test_session import API, browser, on_sqlite, refusal, sign_in
from tests.build import PASSWORD, World

LINKS, EVENTS, STEPS, CODES = AccountLink.__table__, AuditEvent.__table__, SecondStep.__table__, RecoveryCode.__table__
ACCOUNTS = Account.__table__
NEW = "mot cau that de nho"


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def admin(db: Database, world: World) -> httpx.AsyncClient:
    return await build.enter(browser(), db, await build.account(db, world.province, Role.ADMIN))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the server's clock of codes."""
    moved = 0.0

    def move(seconds: float) -> None:
        nonlocal moved
        moved += seconds

    monkeypatch.setattr(second_steps, "time", lambda: time.time() + moved)
    return move


async def link_for(admin: httpx.AsyncClient, account: Account) -> str:
    answer = (await admin.post(f"{API}/accounts/{account.id}/link")).json()
    before, _, token = answer["link"].partition("#")
    assert before.endswith("/password/")
    assert answer["qr"].startswith("<svg")
    return token


async def use(token: str, password: str = NEW) -> httpx.Response:
    return await browser("desk").post(f"{API}/account-links/use", json={"token": token, "password": password})


async def code_of(secret: str, periods: int = 0) -> str:
    return TOTP(secret).generate_otp(int(second_steps.time()) // 30 + periods)


async def set_up(desk: httpx.AsyncClient) -> tuple[str, list[str]]:
    """Turns the second step on; gives the phone's secret and the recovery codes."""
    begun = await desk.post(f"{API}/account/second-step", json={"password": PASSWORD})
    secret = begun.json()["secret"]
    on = await desk.post(f"{API}/account/second-step/confirm", json={"code": await code_of(secret, -1)})
    return secret, on.json()["codes"]


async def enter_with(account: Account, code: str, password: str = PASSWORD) -> httpx.Response:
    body = {"username": account.username, "password": password, "code": code}
    return await browser("desk").post(f"{API}/session", json=body)


async def test_a_link_sets_a_password_once(db: Database, world: World, admin: httpx.AsyncClient) -> None:
    officer = world.commune_officer
    desk = await build.enter(browser(), db, officer)
    token = await link_for(admin, officer)
    for _ in range(2):
        seen = await browser("desk").post(f"{API}/account-links/preview", json={"token": token})
        assert seen.json() == {"name": officer.full_name, "username": officer.username}
    assert refusal(await use(token, "short")) == (422, "password_short")
    assert (await use(token)).status_code == 200
    assert refusal(await desk.get(f"{API}/sessions")) == (401, "session_closed")
    assert refusal(await sign_in(browser(), officer)) == (401, "wrong_password")
    assert (await sign_in(browser(), officer, NEW)).status_code == 200
    assert refusal(await use(token, "yet another one")) == (410, "account_link_spent")
    async with db.read() as session:
        assert token not in str((await session.execute(select(LINKS))).all())


async def test_of_two_who_use_a_link_at_once_one_has_used_it(
    db: Database, world: World, admin: httpx.AsyncClient
) -> None:
    token = await link_for(admin, world.commune_officer)
    answers = await asyncio.gather(use(token, NEW), use(token, "cau cua nguoi khac"))
    assert sorted(a.status_code for a in answers) == [200, 410]


@on_sqlite
async def test_a_link_ends_by_time_by_a_newer_one_and_with_its_account(
    db: Database, world: World, admin: httpx.AsyncClient
) -> None:
    first, second = await link_for(admin, world.commune_officer), await link_for(admin, world.commune_officer)
    assert refusal(await use(first)) == (410, "account_link_spent")
    async with db.write() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(LINKS).where(LINKS.c.token_hash == token_hash(second)).values(expires_at=past))
    assert refusal(await use(second)) == (410, "account_link_spent")
    third = await link_for(admin, world.commune_officer)
    async with db.write() as session:
        await session.execute(update(ACCOUNTS).values(blocked_at=datetime.now(UTC)).where(ACCOUNTS.c.role != "admin"))
    assert refusal(await use(third)) == (410, "account_link_spent")
    assert refusal(await use("A" * 43)) == (410, "account_link_spent")


@on_sqlite
async def test_who_may_make_whose_link(db: Database, world: World, admin: httpx.AsyncClient) -> None:
    province = await build.enter(browser(), db, world.province_officer)
    officer = await build.enter(browser(), db, world.commune_officer)

    async def asked(who: httpx.AsyncClient, account_id: int | None) -> int:
        return (await who.post(f"{API}/accounts/{account_id}/link")).status_code

    async with db.read() as session:
        boss = (await session.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.role == Role.ADMIN))).scalar_one()
    assert await asked(province, world.commune_officer.id) == 200
    assert await asked(province, boss) == 403
    assert await asked(province, world.province_officer.id) == 403
    assert await asked(officer, world.commune_officer.id) == 403
    assert await asked(admin, 10**6) == 404


async def test_an_own_password_ends_the_other_sessions_and_asks_for_the_old_one(db: Database, world: World) -> None:
    here, there = browser("desk"), browser("desk")
    for one in (here, there):
        await build.enter(one, db, world.commune_officer)

    async def change(old: str, new: str) -> httpx.Response:
        return await here.post(f"{API}/account/password", json={"old": old, "new": new})

    assert refusal(await change("guessing and guessing", NEW)) == (401, "wrong_password")
    assert refusal(await change(PASSWORD, "short")) == (422, "password_short")
    assert (await change(PASSWORD, NEW)).status_code == 200
    assert (await here.get(f"{API}/sessions")).status_code == 200
    assert refusal(await there.get(f"{API}/sessions")) == (401, "session_closed")
    assert (await sign_in(browser(), world.commune_officer, NEW)).status_code == 200


@on_sqlite
async def test_an_open_desk_is_no_place_to_guess_the_password(db: Database, world: World) -> None:
    desk = await build.enter(browser(), db, world.commune_officer)
    wrong = {"old": "guessing and guessing", "new": NEW}
    for _ in range(5):
        assert refusal(await desk.post(f"{API}/account/password", json=wrong)) == (401, "wrong_password")
    right = {"old": PASSWORD, "new": NEW}
    assert refusal(await desk.post(f"{API}/account/password", json=right)) == (429, "locked_out")
    assert refusal(await sign_in(browser(), world.commune_officer)) == (429, "locked_out")


@on_sqlite
async def test_a_locked_account_says_so_only_to_who_knows_the_password(db: Database, world: World) -> None:
    officer = world.commune_officer
    async with db.write() as session:
        await session.execute(update(ACCOUNTS).values(blocked_at=datetime.now(UTC)))
    assert refusal(await sign_in(browser(), officer)) == (403, "account_blocked")
    assert refusal(await sign_in(browser(), officer, "guessing and guessing")) == (401, "wrong_password")


async def test_the_second_step_is_asked_for_once_it_is_confirmed(
    db: Database, world: World, clock: Callable[[float], None]
) -> None:
    officer = world.commune_officer
    desk = await build.enter(browser(), db, officer)
    begun = await desk.post(f"{API}/account/second-step", json={"password": PASSWORD})
    assert begun.json()["qr"].startswith("<svg")
    assert (await sign_in(browser(), officer)).status_code == 200, "what no phone has shown yet is not asked for"
    wrong = await desk.post(f"{API}/account/second-step/confirm", json={"code": "000000"})
    assert refusal(wrong) == (401, "code_wrong")
    secret, codes = await set_up(desk)
    assert len(set(codes)) == 10
    assert refusal(await sign_in(browser(), officer)) == (401, "code_needed")
    assert refusal(await enter_with(officer, "", "guessing and guessing")) == (401, "wrong_password")
    assert refusal(await enter_with(officer, "000000")) == (401, "code_wrong")
    assert (await enter_with(officer, f" {await code_of(secret)} ")).status_code == 200
    assert refusal(await desk.post(f"{API}/account/second-step", json={"password": PASSWORD})) == (
        409,
        "second_step_on",
    )


async def test_a_code_is_taken_once_and_not_when_it_is_old(
    db: Database, world: World, clock: Callable[[float], None]
) -> None:
    officer = world.commune_officer
    secret, _ = await set_up(await build.enter(browser(), db, officer))
    clock(60)
    code, next_one = await code_of(secret), await code_of(secret, 1)
    answers = await asyncio.gather(*(enter_with(officer, code) for _ in range(3)))
    assert sorted(a.status_code for a in answers) == [200, 401, 401]
    assert (await enter_with(officer, next_one)).status_code == 200, "a phone's clock may be ahead"
    assert refusal(await enter_with(officer, code)) == (401, "code_wrong"), "what lies before is over"
    later = await code_of(secret, 2)
    clock(150)
    assert refusal(await enter_with(officer, later)) == (401, "code_wrong")
    assert (await enter_with(officer, await code_of(secret, -1))).status_code == 200


@on_sqlite
async def test_codes_are_guessed_no_oftener_than_passwords(
    db: Database, world: World, clock: Callable[[float], None]
) -> None:
    officer = world.commune_officer
    secret, codes = await set_up(await build.enter(browser(), db, officer))
    clock(60)
    for _ in range(4):
        assert refusal(await enter_with(officer, "000000")) == (401, "code_wrong")
    assert refusal(await sign_in(browser(), officer)) == (401, "code_needed"), "the password alone forgives nothing"
    assert refusal(await enter_with(officer, "AAAA-AAAA-AAAA-AAAA")) == (401, "code_wrong")
    for code in (await code_of(secret), codes[0]):
        assert refusal(await enter_with(officer, code)) == (429, "locked_out")


async def test_a_recovery_code_opens_once_however_it_is_typed(
    db: Database, world: World, clock: Callable[[float], None]
) -> None:
    officer = world.commune_officer
    secret, codes = await set_up(await build.enter(browser(), db, officer))
    answers = await asyncio.gather(*(enter_with(officer, codes[0]) for _ in range(2)))
    assert sorted(a.status_code for a in answers) == [200, 401]
    assert (await enter_with(officer, f" {codes[1].lower().replace('-', ' ')}")).status_code == 200
    assert refusal(await enter_with(officer, codes[1])) == (401, "code_wrong")
    other = await build.account(db, world.province, Role.ADMIN)
    await set_up(await build.enter(browser(), db, other))
    assert refusal(await enter_with(other, codes[2])) == (401, "code_wrong"), "each opens its own account"
    async with db.read() as session:
        told = str((await session.execute(select(CODES))).all()) + str((await session.execute(select(STEPS))).all())
        used = (await session.execute(select(EVENTS).where(EVENTS.c.action == "account.recovery_code"))).all()
    assert secret not in told
    assert not [code for code in codes if code in told or code.replace("-", "") in told]
    assert len(used) == 2


@on_sqlite
async def test_ending_it_asks_for_the_password_and_the_codes_end_too(
    db: Database, world: World, clock: Callable[[float], None]
) -> None:
    officer = world.commune_officer
    desk = await build.enter(browser(), db, officer)
    assert (
        refusal(await desk.post(f"{API}/account/second-step/end", json={"password": PASSWORD}))[1] == "second_step_off"
    )
    _, codes = await set_up(desk)
    wrong = await desk.post(f"{API}/account/second-step/end", json={"password": "guessing and guessing"})
    assert refusal(wrong) == (401, "wrong_password")
    assert (await desk.post(f"{API}/account/second-step/end", json={"password": PASSWORD})).status_code == 200
    assert (await sign_in(browser(), officer)).status_code == 200
    await set_up(desk)
    assert refusal(await enter_with(officer, codes[0])) == (401, "code_wrong")


@pytest.mark.parametrize("named", ["", "a key that stands in no database"])
@on_sqlite
async def test_the_rows_alone_tell_no_secret(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("FIELDAPP_SECOND_STEP_KEY", named)
    settings.cache_clear()
    officer = world.commune_officer
    secret, codes = await set_up(await build.enter(browser(), db, officer))
    other = await build.account(db, world.province, Role.ADMIN)
    await set_up(await build.enter(browser(), db, other))
    async with db.write() as session:
        closed = (await session.execute(select(STEPS.c.secret).where(STEPS.c.account_id == officer.id))).scalar_one()
        assert secret not in closed
        # Who can write rows, and cannot read the key, puts a secret that they know into nobody else's place.
        await session.execute(update(STEPS).where(STEPS.c.account_id == other.id).values(secret=closed, last_period=0))
        facts = (await session.execute(select(ServerFact.__table__.c.key))).scalars().all()
    assert refusal(await enter_with(other, await code_of(secret))) == (401, "code_wrong")
    assert (second_steps.KEY_FACT in facts) == (named == "")
    monkeypatch.setenv("FIELDAPP_SECOND_STEP_KEY", "another key")
    settings.cache_clear()
    assert refusal(await enter_with(officer, await code_of(secret, 1))) == (401, "code_wrong")
    assert (await enter_with(officer, codes[0])).status_code == 200, "paper outlives the key"


@on_sqlite
async def test_a_role_that_must_has_nothing_else_before_it_is_set_up(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_SECOND_STEP_ROLES", "admin commune_officer")
    settings.cache_clear()
    officer = world.commune_officer
    desk = browser("desk")
    assert (await sign_in(desk, officer)).json()["owes_second_step"] is True
    assert refusal(await desk.post(f"{API}/enrolments", json={"member": world.member.id})) == (403, "forbidden")
    assert (await desk.get(f"{API}/sessions")).status_code == 200
    await set_up(desk)
    assert (await desk.post(f"{API}/enrolments", json={"member": world.member.id})).status_code == 200
    province = browser("desk")
    assert (await sign_in(province, world.province_officer)).json()["owes_second_step"] is False


async def test_signing_in_is_written_down_with_the_network_and_no_address(db: Database, world: World) -> None:
    from tests.api.wire import app

    transport = httpx.ASGITransport(app(), client=("203.0.113.77", 5000))
    desk = httpx.AsyncClient(transport=transport, base_url=browser().base_url, headers=browser("desk").headers)
    await sign_in(desk, world.commune_officer)
    assert cookie_name("desk") in desk.cookies
    for _ in range(5):
        await sign_in(desk, world.province_officer, "guessing and guessing")
    async with db.read() as session:
        found = {e.action: e for e in (await session.execute(select(EVENTS).order_by(EVENTS.c.id))).all()}
    opened, locked = found["session.open"], found["account.lock"]
    assert (opened.account_id, opened.unit_id, opened.network) == (
        world.commune_officer.id, world.commune.id, "203.0.113.0/24",
    )  # fmt: skip
    assert (locked.account_id, locked.subject_id, locked.network) == (
        None, str(world.province_officer.id), "203.0.113.0/24",
    )  # fmt: skip
    assert "203.0.113.77" not in str(found)
