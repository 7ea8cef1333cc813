"""Signing in, joining by invitation, one's own sessions; and what nobody can do in another's name."""

import asyncio
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, update

from fieldapp.api.app import create_api
from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.services import enrolments
from fieldapp.services.sessions import token_hash
from models.account import Account
from models.device import Device
from models.enrolment import Enrolment
from models.member import Member
from models.session import Session, SessionState
from tests import build
from tests.build import PASSWORD, World
from tests.conftest import ORIGIN

API = "/api/v1"
SESSIONS, ENROLMENTS, ACCOUNTS = Session.__table__, Enrolment.__table__, Account.__table__
DEVICES = Device.__table__
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def browser(slot: str = "p0") -> httpx.AsyncClient:
    headers = {"Origin": ORIGIN, SLOT_HEADER: slot}
    return httpx.AsyncClient(transport=httpx.ASGITransport(create_api()), base_url=ORIGIN, headers=headers)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def invitation(db: Database, who: Member) -> str:
    async with db.write() as session:
        return (await enrolments.make_enrolment(session, None, who.id or 0))[1]


async def join(phone: httpx.AsyncClient, token: str, device: str | None = None) -> httpx.Response:
    body = {"token": token, "device": device or str(uuid4()), "label": "Android 14 Chrome/140"}
    return await phone.post(f"{API}/enrolments/join", json=body)


async def push(phone: httpx.AsyncClient, *records: dict[str, Any]) -> httpx.Response:
    return await phone.post(f"{API}/sync/push", json=build.push_body(*records))


async def pull(phone: httpx.AsyncClient, cursor: str = "") -> httpx.Response:
    return await phone.get(f"{API}/sync/pull", params={"cursor": cursor})


async def pull_twice(phone: httpx.AsyncClient) -> httpx.Response:
    """The second pull shows that the first one's answer has arrived."""
    return await pull(phone, (await pull(phone)).json()["cursor"])


async def sign_in(desk: httpx.AsyncClient, who: Account, password: str = PASSWORD) -> httpx.Response:
    return await desk.post(f"{API}/session", json={"username": who.username, "password": password})


@on_sqlite
async def test_a_phone_joins_by_a_post_and_looking_does_not_use_it_up(db: Database, world: World) -> None:
    token = await invitation(db, world.member)
    phone = browser()
    for _ in range(2):
        seen = await phone.post(f"{API}/enrolments/preview", json={"token": token})
        assert seen.json() == {"id": world.member.id, "name": "Đinh Thị Lan", "team": world.team.name}
    assert (await phone.get(f"{API}/enrolments/join", params={"token": token})).status_code == 405
    assert (await pull(phone)).status_code == 401
    assert (await join(phone, token)).json()["id"] == world.member.id
    assert (await pull(phone)).json()["me"]["name"] == "Đinh Thị Lan"


async def test_a_second_join_before_the_first_sync_ends_the_first_session(db: Database, world: World) -> None:
    """On an iPhone the installed app does not share Safari's storage, so it joins again by the same link."""
    token = await invitation(db, world.member)
    safari, installed = browser(), browser()
    assert (await join(safari, token)).status_code == 200
    assert (await join(installed, token)).status_code == 200
    assert refusal(await pull(safari)) == (401, "session_closed")
    record = build.visit(world.member, world.households[0])
    assert (await push(safari, record)).json()["results"][0]["result"] == "created", "what it holds is not lost"
    assert (await pull(installed)).status_code == 200


async def test_a_first_answer_that_is_lost_locks_nobody_out(db: Database, world: World) -> None:
    token = await invitation(db, world.member)
    phone = browser()
    await join(phone, token)
    assert (await pull(phone)).status_code == 200
    anew = browser()
    assert (await join(anew, token)).status_code == 200
    assert refusal(await pull(phone)) == (401, "session_closed")
    assert (await pull_twice(anew)).status_code == 200
    assert refusal(await join(browser(), token)) == (410, "enrolment_spent")


@pytest.mark.parametrize("first_sync", [push, pull_twice])
async def test_the_first_sync_spends_the_invitation(db: Database, world: World, first_sync: Any) -> None:
    token = await invitation(db, world.member)
    phone, thief = browser(), browser()
    await join(phone, token)
    assert (await first_sync(phone)).status_code == 200
    assert refusal(await join(thief, token)) == (410, "enrolment_spent")
    assert refusal(await thief.post(f"{API}/enrolments/preview", json={"token": token})) == (410, "enrolment_spent")
    assert (await pull(phone)).status_code == 200


@on_sqlite
async def test_an_invitation_that_has_expired_or_never_was_opens_nothing(db: Database, world: World) -> None:
    token = await invitation(db, world.member)
    async with db.write() as session:
        await session.execute(update(ENROLMENTS).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert refusal(await join(browser(), token)) == (410, "enrolment_spent")
    assert refusal(await join(browser(), "A" * 43)) == (404, "enrolment_unknown")
    assert refusal(await join(browser(), "")) == (422, "invalid")


@on_sqlite
async def test_a_phone_of_another_member_gets_a_device_of_its_own(db: Database, world: World) -> None:
    shared = str(uuid4())
    first = await join(browser(), await invitation(db, world.member), shared)
    second = await join(browser(), await invitation(db, world.second_member), shared)
    assert first.json()["device"] == shared != second.json()["device"]


@on_sqlite
async def test_the_secrets_of_cookies_and_invitations_are_stored_nowhere(db: Database, world: World) -> None:
    token = await invitation(db, world.member)
    phone = browser()
    await join(phone, token)
    cookie = phone.cookies[cookie_name("p0")]
    async with db.read() as session:
        rows = [*(await session.execute(select(SESSIONS))), *(await session.execute(select(ENROLMENTS)))]
    assert token_hash(cookie) in str(rows)
    assert cookie not in str(rows)
    assert token not in str(rows)


@on_sqlite
async def test_a_cookie_is_out_of_reach_of_scripts_and_other_sites(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await join(browser("p3"), await invitation(db, world.member))
    [(name, morsel)] = SimpleCookie(answer.headers["set-cookie"]).items()
    assert (name, morsel["httponly"], morsel["samesite"], morsel["path"]) == ("toso-p3", True, "lax", "/")
    monkeypatch.setenv("FIELDAPP_PUBLIC_ORIGIN", "https://toso.example.vn")
    settings.cache_clear()
    secure = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_api()),
        base_url="https://toso.example.vn",
        headers={"Origin": "https://toso.example.vn", SLOT_HEADER: "p0"},
    )
    answer = await join(secure, await invitation(db, world.member))
    [(name, morsel)] = SimpleCookie(answer.headers["set-cookie"]).items()
    assert (name, morsel["secure"], morsel["domain"]) == ("__Host-toso-p0", True, "")
    elsewhere = {"Origin": "http://toso.example.vn", "Host": "toso.example.vn"}
    assert refusal(await secure.post(f"{API}/sync/push", json={}, headers=elsewhere)) == (403, "wrong_origin")


@pytest.mark.parametrize("slot", ["", "p10", "P0", "admin", "p0;"])
@on_sqlite
async def test_a_phone_joins_only_in_a_slot_that_there_is(db: Database, world: World, slot: str) -> None:
    assert refusal(await join(browser(slot), await invitation(db, world.member))) == (401, "not_signed_in")


@on_sqlite
async def test_who_may_invite_whom(db: Database, world: World) -> None:
    async def invite(who: Member | Account, whom: Member) -> int:
        answer = await (await build.enter(browser(), db, who)).post(f"{API}/enrolments", json={"member": whom.id})
        return answer.status_code

    assert await invite(world.leader, world.member) == 200
    assert await invite(world.deputy, world.member) == 200
    assert await invite(world.commune_officer, world.next_leader) == 200
    assert await invite(world.member, world.second_member) == 403
    assert await invite(world.leader, world.next_leader) == 403
    assert await invite(world.province_officer, world.member) == 403
    assert await invite(world.leader, Member(id=10**6, full_name="", key="")) == 404


@on_sqlite
async def test_an_invitation_stands_behind_the_hash_of_its_link(db: Database, world: World) -> None:
    leader = await build.enter(browser(), db, world.leader)
    answer = (await leader.post(f"{API}/enrolments", json={"member": world.member.id})).json()
    before, _, token = answer["link"].partition("#")
    assert before == f"{ORIGIN}/m/join/"
    assert answer["qr"].startswith("<svg")
    assert (await join(browser(), token)).status_code == 200


async def test_an_officer_signs_in_and_out(db: Database, world: World) -> None:
    desk = browser("desk")
    answer = await sign_in(desk, world.commune_officer)
    assert answer.json() == {"name": "Phạm Văn Thành", "role": "commune_officer", "owes_second_step": False}
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert (await desk.get(f"{API}/sessions")).status_code == 200
    cookie = desk.cookies[cookie_name("desk")]
    assert (await desk.delete(f"{API}/session")).status_code == 200
    desk.cookies.set(cookie_name("desk"), cookie)
    assert refusal(await desk.get(f"{API}/sessions")) == (401, "session_closed")


async def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(db: Database, world: World) -> None:
    officer = world.commune_officer
    for _ in range(4):
        assert refusal(await sign_in(browser(), officer, "guessing and guessing")) == (401, "wrong_password")
    assert (await sign_in(browser(), officer)).status_code == 200, "the right one begins the count anew"
    for _ in range(5):
        assert refusal(await sign_in(browser(), officer, "guessing and guessing")) == (401, "wrong_password")
    answer = await sign_in(browser(), officer)
    assert refusal(answer) == (429, "locked_out")
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    assert (await sign_in(browser(), world.province_officer)).status_code == 200
    async with db.write() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == officer.id).values(locked_until=past))
    assert (await sign_in(browser(), officer)).status_code == 200


@on_sqlite
async def test_an_unknown_name_is_answered_like_a_wrong_password(db: Database, world: World) -> None:
    nobody = Account(username="nobody", password_hash="", full_name="", role=world.commune_officer.role, unit_id=1)
    assert refusal(await sign_in(browser(), nobody)) == refusal(
        await sign_in(browser(), world.commune_officer, "x" * 12)
    )


async def test_guesses_that_come_at_once_are_counted_all_the_same(db: Database, world: World) -> None:
    officer = world.commune_officer
    guesses = [sign_in(browser(), officer, "guessing and guessing") for _ in range(8)]
    codes = sorted(refusal(answer)[1] for answer in await asyncio.gather(*guesses))
    assert codes == ["locked_out"] * 3 + ["wrong_password"] * 5
    assert refusal(await sign_in(browser(), officer)) == (429, "locked_out")


@on_sqlite
async def test_a_guess_writes_nothing_for_a_name_that_nobody_has(db: Database, world: World) -> None:
    nobody = Account(username="nobody", password_hash="", full_name="", role=world.commune_officer.role, unit_id=1)
    async with db.write():
        # The only writer is taken: whoever waits for it would wait for ever.
        assert refusal(await asyncio.wait_for(sign_in(browser(), nobody), 30)) == (401, "wrong_password")


@on_sqlite
async def test_a_phones_cookie_outlives_its_session_by_the_days_that_it_may_still_send(
    db: Database, world: World
) -> None:
    answer = await join(browser(), await invitation(db, world.member))
    [morsel] = SimpleCookie(answer.headers["set-cookie"]).values()
    assert int(morsel["max-age"]) == (180 + 30) * 86_400


@on_sqlite
async def test_names_are_the_same_in_any_case_and_spacing(db: Database, world: World) -> None:
    body = {"username": f"  {world.commune_officer.username.upper()} ", "password": PASSWORD}
    assert (await browser().post(f"{API}/session", json=body)).status_code == 200


@on_sqlite
async def test_no_other_site_signs_anybody_in(db: Database, world: World) -> None:
    stranger = browser()
    stranger.headers["Origin"] = "https://evil.example"
    token = await invitation(db, world.member)
    assert refusal(await sign_in(stranger, world.commune_officer)) == (403, "wrong_origin")
    assert refusal(await join(stranger, token)) == (403, "wrong_origin")
    preview = await stranger.post(f"{API}/enrolments/preview", json={"token": token})
    assert refusal(preview) == (403, "wrong_origin")


async def test_everyone_sees_and_ends_their_own_sessions_and_nobody_elses(db: Database, world: World) -> None:
    mine, my_other = browser(), browser()
    for phone in (mine, my_other):
        await build.enter(phone, db, world.member)
    theirs = await build.enter(browser(), db, world.second_member)
    listed = (await mine.get(f"{API}/sessions")).json()["sessions"]
    assert sorted(one["this"] for one in listed) == [False, True]
    [foreign] = (await theirs.get(f"{API}/sessions")).json()["sessions"]
    for session_id in (foreign["id"], str(uuid4())):
        assert refusal(await mine.delete(f"{API}/sessions/{session_id}")) == (404, "not_found")
    assert (await theirs.get(f"{API}/sessions")).status_code == 200
    other = next(one["id"] for one in listed if not one["this"])
    assert (await mine.delete(f"{API}/sessions/{other}")).status_code == 200
    assert refusal(await my_other.get(f"{API}/sessions")) == (401, "session_closed")
    assert [one["this"] for one in (await mine.get(f"{API}/sessions")).json()["sessions"]] == [True]


@on_sqlite
async def test_a_desk_session_that_ran_out_is_over(db: Database, world: World) -> None:
    desk = await build.enter(browser(), db, world.commune_officer)
    async with db.write() as session:
        await session.execute(update(SESSIONS).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert refusal(await desk.get(f"{API}/sessions")) == (401, "session_closed")
    assert refusal(await desk.delete(f"{API}/session")) == (401, "session_closed")


@on_sqlite
async def test_an_account_that_is_no_more_is_let_in_nowhere(db: Database, world: World) -> None:
    desk = await build.enter(browser(), db, world.commune_officer)
    async with db.write() as session:
        await session.execute(update(ACCOUNTS).values(discarded_at=datetime.now(UTC)))
    assert refusal(await desk.get(f"{API}/sessions")) == (401, "session_closed")
    assert refusal(await sign_in(browser(), world.commune_officer)) == (401, "wrong_password")


@on_sqlite
async def test_signing_out_a_phone_refuses_it_and_leaves_the_others(db: Database, world: World) -> None:
    phone, other = browser(), browser()
    for one in (phone, other):
        await build.enter(one, db, world.member)
    assert (await phone.delete(f"{API}/session")).status_code == 200
    async with db.read() as session:
        states = (await session.execute(select(SESSIONS.c.state))).scalars().all()
    assert sorted(states) == [SessionState.CLOSED, SessionState.OPEN]
    assert (await pull(other)).status_code == 200


async def test_a_phone_says_its_name_when_it_joins_and_nobody_hears_it(db: Database, world: World) -> None:
    phone, name = browser(), "0123456789abcdef" * 2
    body = {"token": await invitation(db, world.member), "device": str(uuid4()), "phone": name}
    for wrong in ("x", name.upper(), name + "0", 7):
        assert refusal(await phone.post(f"{API}/enrolments/join", json=body | {"phone": wrong})) == (422, "invalid")
    joined = await phone.post(f"{API}/enrolments/join", json=body)
    async with db.read() as session:
        assert (await session.execute(select(DEVICES.c.phone_id))).scalars().all() == [name]
    for answer in (joined, await pull(phone), await push(phone), await phone.get(f"{API}/sessions")):
        assert answer.status_code == 200
        assert name not in answer.text
