"""Takes a backup back, all of it or nothing: the way out of a lost disk, and from one database to the other."""

from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.backup import find_backup
from fieldapp.cli.migrate import knows, upgrade
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.i18n import text
from fieldapp.integrations import erasure_ledger
from fieldapp.integrations.backup_folder import Backup
from fieldapp.integrations.erasure_ledger import Line
from fieldapp.integrations.photo_store import photo_store
from fieldapp.integrations.sealing import PLAIN, Opener, read_key_file
from fieldapp.problems import Problem
from fieldapp.services import leftovers, restores


async def run_restore(name: Path, key: Path | None, ledger_lost: bool) -> int:
    """Restores into the database of the settings, which must be empty, and into their photo store.

    Raises the Problems of a backup (`backup_*`), `restore_not_empty`, `restore_broken`, `ledger_short`; the database
    is then as it was.
    """
    backup = find_backup(name)
    if not knows(backup.manifest.revision):
        raise Problem("backup_newer")
    opener = Opener() if backup.manifest.seal == PLAIN else read_key_file(key)
    ledger = _ledger(backup)
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    target = Database(settings().database, foreign_keys=False)
    try:
        async with target.write() as db:
            done = await _restore(db, backup, opener, ledger, ledger_lost)
        async with target.read() as db:
            await leftovers.drop(db)
    finally:
        await target.close()
    erasure_ledger.append(settings().backups, ledger)
    print(text("cli.restored", **done))
    return 0


async def _restore(
    db: AsyncSession, backup: Backup, opener: Opener, ledger: list[Line], ledger_lost: bool
) -> dict[str, Any]:
    connection = await db.connection()
    await restores.clear_target(db)
    await connection.run_sync(upgrade, backup.manifest.revision)
    rows = await restores.load_rows(db, backup, opener)
    await connection.run_sync(upgrade)
    erased, mended = await restores.settle(db, ledger, ledger_lost)
    photos, expected = await restores.load_photos(db, backup, opener, photo_store())
    return {"rows": rows, "photos": photos, "expected": expected, "erased": erased, "mended": mended}


def _ledger(backup: Backup) -> list[Line]:
    """What lies beside the backup, and what this server knows besides."""
    beside, here = erasure_ledger.read(backup.folder.parent), erasure_ledger.read(settings().backups)
    return sorted({entry.id: entry for entry in (*beside, *here)}.values(), key=lambda entry: entry.at)
