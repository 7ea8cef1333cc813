"""The daily backup, made by one of the workers at the hour that the settings name, and tried again when it fails."""

import anyio
import structlog
from anyio import to_thread

from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.vn_time import last_hour
from fieldapp.integrations import backup_folder
from fieldapp.integrations.photo_store import photo_store
from fieldapp.integrations.sealing import read_seal
from fieldapp.problems import Problem
from fieldapp.services import backups, leases
from models.base import utc_now

log = structlog.get_logger("backup")
LEASE = "backup"
LEASE_SECONDS = 900
RENEW_SECONDS = 300
LOOK_AGAIN_SECONDS = 60
RETRY_SECONDS = 900


async def run_backups() -> None:
    """Works until it is cancelled; ends at once where no hour is set."""
    holder = leases.new_holder()
    while settings().backup_at is not None:
        try:
            await back_up_if_due(holder)
            wait = LOOK_AGAIN_SECONDS
        except Exception as error:
            wait = RETRY_SECONDS
            await _tell(error)
        await anyio.sleep(wait)


async def back_up_if_due(holder: str) -> bool:
    """Makes the backup that is due unless another worker does; says whether this one did."""
    if not await _is_due():
        return False
    async with database().write() as db:
        if not await leases.acquire(db, LEASE, holder, LEASE_SECONDS):
            return False
    try:
        # Another worker may have made it between the look and the lease.
        if not await _is_due():
            return False
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_hold, holder)
            await _back_up()
            tasks.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            async with database().write() as db:
                await leases.release(db, LEASE, holder)
    return True


async def _is_due() -> bool:
    hour = settings().backup_at
    if hour is None:
        return False
    async with database().read() as db:
        made_at = await backups.last_backup(db)
    return made_at is None or made_at < last_hour(utc_now(), hour)


async def _hold(holder: str) -> None:
    while True:
        await anyio.sleep(RENEW_SECONDS)
        async with database().write() as db:
            await leases.renew(db, LEASE, holder, LEASE_SECONDS)


async def _back_up() -> None:
    if not settings().backup_keys:
        raise Problem("backup_key_missing")
    seal, home = read_seal(settings().backup_keys), settings().backups
    async with database().read() as db:
        backup = await backups.make(db, home, seal, photo_store())
    async with database().write() as db:
        await backups.note_success(db, backup)
    log.info("backup_made", name=backup.folder.name, parts=len(backup.manifest.parts))
    await to_thread.run_sync(backup_folder.prune, home, settings().backup_keep, utc_now() - backups.DEAD_AFTER)


async def _tell(error: Exception) -> None:
    """In the log and in the database: a backup that fails in silence is none."""
    problems = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
    reason = next((p.code for p in problems if isinstance(p, Problem)), type(problems[0]).__name__)
    log.error("backup_failed", reason=reason)
    try:
        async with database().write() as db:
            await backups.note_failure(db, reason)
    except Exception as second:
        log.error("backup_failure_not_noted", error=type(second).__name__)
