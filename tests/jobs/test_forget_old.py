"""What is kept long enough goes by night, by one worker; no number moves, and the trail says what went."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decode_photos import decode_waiting
from fieldapp.jobs.forget_old import LEASE, forget, forget_in_turn
from fieldapp.services import audit, leases, leftovers
from fieldapp.services.reconciliation import reconcile
from models.audit_event import AuditEvent
from models.counter import VillageCount
from models.visit import Photo, Visit
from tests import build, drill, pictures
from tests.build import World

VISITS, EVENTS = Visit.__table__, AuditEvent.__table__
NOW = datetime.now(UTC)
TODAY = vn_day(NOW)


@pytest.fixture
async def world(db: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("FIELDAPP_RETENTION_AT", "0")
    settings.cache_clear()
    return await build.world(db)


async def test_photos_of_a_year_go_and_no_number_moves(db: Database, world: World) -> None:
    record, content = await drill.send_visit(db, world.member, world.households[0], note="Gặp cả nhà")
    _, other = await drill.send_visit(db, world.member, world.households[1], note="Gặp ở chợ")
    await decode_waiting()
    before = await drill.rows_of(db, VillageCount.__table__)
    async with db.write() as session:
        await audit.write(
            session, [audit.event(None, "account.lock", "account", 1) | {"at": NOW - timedelta(days=740)}]
        )
    assert await forget(TODAY) == {"photos": 0, "words": 0, "bundles": 0, "trail": 1}
    assert (await forget(TODAY + timedelta(days=368)))["photos"] == 2
    async with db.read() as session:
        await leftovers.drop(session)
    assert await drill.rows_of(db, Photo.__table__) == []
    for gone in (content, other):
        assert await photo_store().find_picture(pictures.sha256(gone)) is None
    assert {v["note"] for v in await drill.rows_of(db, VISITS)} == {"Gặp cả nhà", "Gặp ở chợ"}
    assert await forget(TODAY + timedelta(days=735)) == {"photos": 0, "words": 2, "bundles": 0, "trail": 0}
    assert {v["note"] for v in await drill.rows_of(db, VISITS)} == {""}
    assert await drill.rows_of(db, VillageCount.__table__) == before
    async with db.write() as session:
        assert (await reconcile(session)).right
    told = {e["action"]: e["detail"] for e in await drill.rows_of(db, EVENTS) if e["action"].startswith("retention.")}
    assert told == {"retention.trail": {"n": 1}, "retention.photos": {"n": 2}, "retention.words": {"n": 2}}
    assert record["id"]


async def test_a_night_is_one_workers_and_once(db: Database, world: World) -> None:
    async with db.write() as session:
        assert await leases.acquire(session, LEASE, "another", 60)
    assert await forget_in_turn("me") is None
    async with db.write() as session:
        await leases.release(session, LEASE, "another")
        await session.execute(update(EVENTS).values(at=NOW - timedelta(days=800)))
    assert await forget_in_turn("me") is not None
    assert await forget_in_turn("me") is None
    assert await forget_in_turn("another") is None


async def test_nothing_goes_by_day(db: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldapp.jobs.forget_old.utc_now", lambda: datetime(2026, 11, 25, 18, 30, tzinfo=UTC))
    monkeypatch.setenv("FIELDAPP_RETENTION_AT", "2")
    settings.cache_clear()
    assert await forget_in_turn("me") is None
