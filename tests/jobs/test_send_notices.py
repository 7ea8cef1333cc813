"""Telling phones, against a push service of our own: what arrives, who is forgotten, who waits."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, update

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.jobs import send_notices
from fieldapp.services import leases, sessions
from models.member import Member
from models.notice import Notice
from models.push_subscription import PushSubscription
from models.visit import Visit
from tests import build
from tests.build import World
from tests.push_service import Browser, PushService, push_service

NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)
ANSWER = {"title": "Tổ Số", "to": "/m/"}
NOTICES = Notice.__table__


@pytest.fixture
def service(own_settings: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    monkeypatch.setenv("FIELDAPP_NOTICE_CONTACT", "mailto:toso@example.vn")
    settings.cache_clear()
    with push_service(monkeypatch) as running:
        yield running


@pytest.fixture
async def world(db: Database, service: PushService, monkeypatch: pytest.MonkeyPatch) -> World:
    at(monkeypatch, NOON)
    return await build.world(db)


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The hour by which the job goes; what is noted is due at once."""
    monkeypatch.setattr(send_notices, "utc_now", lambda: now)


async def browser_of(db: Database, service: PushService, who: Member, path: str, locale: str = "vi") -> Browser:
    browser = service.browser(path)
    token = await build.sign_in(db, who)
    async with db.write() as session:
        opened = await sessions.find_by_token(session, token)
        assert opened is not None
        address, given = browser.address, {"member_id": who.id, "locale": locale, "session_id": opened.id}
        keys = {"endpoint": address.endpoint, "p256dh": address.p256dh, "auth": address.auth}
        session.add(PushSubscription(id=opened.id, created_at=NOON - timedelta(days=1), **given, **keys))
        opened.expires_at = NOON + timedelta(days=900)
    return browser


async def sent_back(db: Database, world: World, number: int) -> None:
    records = [build.visit(world.member, household) for household in world.households[:number]]
    await build.send(db, world.member, *records)
    verdict = build.decision(world.leader, *[record["id"] for record in records], verdict="send_back")
    await build.send(db, world.leader, verdict)
    await make_due(db)


async def make_due(db: Database) -> None:
    async with db.write() as session:
        early = {"due_at": NOON - timedelta(hours=1), "noted_at": NOON - timedelta(hours=1)}
        await session.execute(update(NOTICES).where(NOTICES.c.due_at.is_not(None)).values(**early))


async def test_the_member_learns_how_many_came_back_and_the_leader_that_a_log_waits(
    db: Database, world: World, service: PushService
) -> None:
    member = await browser_of(db, service, world.member, "/a")
    leader = await browser_of(db, service, world.leader, "/b")
    await sent_back(db, world, 2)
    waiting = build.visit(world.second_member, world.households[5])
    await build.send(db, world.second_member, waiting)
    async with db.write() as session:
        await session.execute(update(Visit.__table__).values(received_at=NOON - timedelta(hours=1)))  # type: ignore
    assert await send_notices.send_in_turn("one") == 2
    assert service.heard(member) == [
        {**ANSWER, "body": "Có 2 phiếu bị trả lại, bấm để xem", "tag": f"returned-{world.member.id}"}
    ]
    assert service.heard(leader) == [
        {**ANSWER, "body": "Có 1 phiếu chờ duyệt, bấm để xem", "tag": f"log-{world.leader.id}", "to": "/m/review/"}
    ]
    assert await send_notices.send_in_turn("one") == 0


async def test_words_are_in_the_language_of_the_phone(db: Database, world: World, service: PushService) -> None:
    browser = await browser_of(db, service, world.member, "/a", "en")
    await sent_back(db, world, 1)
    await send_notices.send_in_turn("one")
    assert service.heard(browser)[0]["body"] == "Visits sent back: 1. Tap to see"


async def test_what_was_settled_meanwhile_is_not_told(db: Database, world: World, service: PushService) -> None:
    await browser_of(db, service, world.member, "/a")
    await sent_back(db, world, 1)
    async with db.write() as session:
        await session.execute(update(Visit.__table__).values(state="withdrawn"))  # type: ignore[arg-type]
    assert await send_notices.send_in_turn("one") == 1
    assert service.arrivals == []
    assert await send_notices.send_in_turn("one") == 0


async def test_nobody_is_told_by_night(
    db: Database, world: World, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await browser_of(db, service, world.member, "/a")
    await sent_back(db, world, 1)
    at(monkeypatch, datetime(2026, 11, 25, 14, 0, tzinfo=UTC))
    assert await send_notices.send_in_turn("one") == 0
    at(monkeypatch, datetime(2026, 11, 25, 22, 59, tzinfo=UTC))
    assert await send_notices.send_in_turn("one") == 0
    at(monkeypatch, datetime(2026, 11, 25, 23, 0, tzinfo=UTC))
    assert await send_notices.send_in_turn("one") == 1
    assert len(service.heard(browser)) == 1


async def test_a_phone_that_is_gone_is_forgotten_and_the_others_are_told(
    db: Database, world: World, service: PushService
) -> None:
    gone, dead, well = [await browser_of(db, service, world.member, path) for path in ("/gone", "/dead", "/well")]
    service.answers |= {"/gone": (410, {}), "/dead": (503, {"Retry-After": "600"})}
    await sent_back(db, world, 1)
    assert await send_notices.send_in_turn("one") == 3
    assert [len(service.heard(browser)) for browser in (gone, dead, well)] == [1, 1, 1]
    async with db.read() as session:
        kept = (await session.execute(select(PushSubscription))).scalars()
        assert sorted(row.endpoint.rpartition("/")[2] for row in kept) == ["dead", "well"]
    assert await send_notices.send_in_turn("one") == 0


async def test_one_that_was_out_of_reach_is_told_later(
    db: Database, world: World, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await browser_of(db, service, world.member, "/a")
    service.answers["/a"] = (503, {})
    await sent_back(db, world, 1)
    await send_notices.send_in_turn("one")
    service.answers.clear()
    assert await send_notices.send_in_turn("one") == 0
    at(monkeypatch, NOON + timedelta(minutes=1))
    assert await send_notices.send_in_turn("one") == 1
    assert len(service.heard(browser)) == 2


async def test_of_many_workers_one_tells(db: Database, world: World, service: PushService) -> None:
    browser = await browser_of(db, service, world.member, "/a")
    await sent_back(db, world, 1)
    await asyncio.gather(*(send_notices.send_in_turn(leases.new_holder()) for _ in range(5)))
    assert len(service.heard(browser)) == 1


async def test_the_whole_way_by_the_api(
    client: httpx.AsyncClient, db: Database, world: World, service: PushService
) -> None:
    await build.enter(client, db, world.member)
    await send_notices.send_in_turn("one")
    told = (await client.get("/api/v1/notices")).json()
    assert (len(told["key"]), told["on"]) == (87, False)
    browser = Browser("https://push.example.com/x")
    address = browser.address
    form = {"endpoint": address.endpoint, "p256dh": address.p256dh, "auth": address.auth, "locale": "vi"}
    assert (await client.post("/api/v1/notices", json=form)).status_code == 200
    assert (await client.get("/api/v1/notices")).json() == {**told, "on": True}
    for wrong in (
        {"endpoint": "https://192.168.1.1/x"},
        {"endpoint": "http://push.example.com/x"},
        {"p256dh": "A" * 87},
        {"p256dh": address.p256dh[:-1]},
        {"auth": "A" * 21},
        {"locale": "fr"},
    ):
        assert (await client.post("/api/v1/notices", json=form | wrong)).status_code == 422, wrong
    assert (await client.delete("/api/v1/notices")).status_code == 200
    assert (await client.get("/api/v1/notices")).json() == told
    assert (await client.post("/api/v1/notices", json=form)).status_code == 200
    assert (await client.delete("/api/v1/session")).status_code == 200
    async with db.read() as session:
        assert (await session.execute(select(PushSubscription))).all() == []


async def test_without_a_contact_nothing_runs(
    client: httpx.AsyncClient, db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_NOTICE_CONTACT", "")
    settings.cache_clear()
    await send_notices.run_notices()
    await build.enter(client, db, world.member)
    assert (await client.get("/api/v1/notices")).json() == {"key": "", "on": False}
