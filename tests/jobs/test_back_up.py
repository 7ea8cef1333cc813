"""The backup by the clock: once a day whatever the number of workers, and never failing in silence."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.vn_time import last_hour
from fieldapp.integrations.backup_folder import list_backups
from fieldapp.jobs import back_up
from fieldapp.services import backups, leases
from models.base import utc_now
from tests import build, drill


@pytest.fixture
async def scheduled(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> drill.Keys:
    await build.world(db)
    monkeypatch.setenv("FIELDAPP_BACKUP_AT", "1")
    return drill.Keys(monkeypatch, tmp_path)


async def test_of_many_workers_one_makes_the_backup_of_the_day(db: Database, scheduled: drill.Keys) -> None:
    answers = await asyncio.gather(*(back_up.back_up_if_due(leases.new_holder()) for _ in range(5)))
    assert sorted(answers) == [False] * 4 + [True]
    assert not await back_up.back_up_if_due(leases.new_holder())
    assert len(list_backups(settings().backups)) == 1


async def test_it_is_due_again_when_the_hour_has_struck(db: Database, scheduled: drill.Keys) -> None:
    assert await back_up.back_up_if_due("one")
    async with db.write() as session:
        (backup,) = list_backups(settings().backups)
        backup.manifest.made_at = last_hour(utc_now(), 1) - backups.LATE_AFTER
        await backups.note_success(session, backup)
    assert await back_up.back_up_if_due("two")
    assert len(list_backups(settings().backups)) == 2


async def test_a_failure_is_told_until_a_backup_is_made(
    client: httpx.AsyncClient, db: Database, scheduled: drill.Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await client.get("/readyz")).json() == {"ok": True, "backup": "late"}
    monkeypatch.setenv("FIELDAPP_BACKUP_KEYS", "")
    settings.cache_clear()
    failed = asyncio.Event()

    async def wait(seconds: float) -> None:
        assert seconds == back_up.RETRY_SECONDS
        failed.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(back_up.anyio, "sleep", wait)
        job = asyncio.create_task(back_up.run_backups())
        await failed.wait()
        job.cancel()
    assert (await client.get("/readyz")).json() == {"ok": True, "backup": "failed"}
    monkeypatch.setenv("FIELDAPP_BACKUP_KEYS", scheduled.public)
    settings.cache_clear()
    assert await back_up.back_up_if_due("next")
    assert (await client.get("/readyz")).json() == {"ok": True, "backup": "fresh"}


async def test_without_an_hour_nothing_runs(client: httpx.AsyncClient, db: Database) -> None:
    await back_up.run_backups()
    assert (await client.get("/readyz")).json() == {"ok": True}


@pytest.mark.parametrize(
    ("now", "struck"),
    [
        (datetime(2026, 11, 24, 18, 0, tzinfo=UTC), datetime(2026, 11, 24, 18, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 17, 59, tzinfo=UTC), datetime(2026, 11, 23, 18, 0, tzinfo=UTC)),
        (datetime(2026, 11, 25, 3, 0, tzinfo=UTC), datetime(2026, 11, 24, 18, 0, tzinfo=UTC)),
    ],
)
def test_the_hour_is_that_of_viet_nam(now: datetime, struck: datetime) -> None:
    assert last_hour(now, 1) == struck
