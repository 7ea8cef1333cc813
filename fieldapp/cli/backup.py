"""Backups from the terminal: making, checking and proving them, and the pair of keys."""

import os
from pathlib import Path
from typing import Any

from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.i18n import text
from fieldapp.integrations.backup_folder import MISSING, Backup, list_backups, prune
from fieldapp.integrations.photo_store import photo_store
from fieldapp.integrations.sealing import PLAIN, Seal, make_key, read_key_file, read_seal
from fieldapp.problems import Problem
from fieldapp.services import backups, leases
from models.base import utc_now

LEASE, LEASE_SECONDS = "backup", 3600


async def run_backup(to: Path | None, plain: bool) -> int:
    """Raises `backup_key_missing`, `backup_key_wrong`, `backup_running`. Old backups go where the schedule's lie."""
    seal, holder = _seal(plain), leases.new_holder()
    home = (to or settings().backups).absolute()
    async with database().write() as db:
        if not await leases.acquire(db, LEASE, holder, LEASE_SECONDS):
            raise Problem("backup_running")
    try:
        async with database().read() as db:
            backup = await backups.make(db, home, seal, photo_store())
        async with database().write() as db:
            await backups.note_success(db, backup)
    finally:
        async with database().write() as db:
            await leases.release(db, LEASE, holder)
        await database().close()
    missing = sum(photo.checksum == MISSING for photo in backup.photos())
    print(text("cli.backup_made", path=backup.folder, missing=missing, **_sizes(backup)))
    for name in prune(home, settings().backup_keep, utc_now() - backups.DEAD_AFTER) if to is None else ():
        print(text("cli.backup_pruned", name=name))
    return 0


def _seal(plain: bool) -> Seal:
    if plain:
        return Seal()
    if not settings().backup_keys:
        raise Problem("backup_key_missing")
    return read_seal(settings().backup_keys)


def _sizes(backup: Backup) -> dict[str, Any]:
    parts = backup.manifest.parts
    return {
        "rows": sum(part.rows for part in parts if part.table),
        "photos": sum(part.rows for part in parts if not part.table),
    }


def check_backups() -> int:
    """For monitoring: exit code 0 where a whole backup lies in the folder that is not late, else 1."""
    newest = next(iter(list_backups(settings().backups)), None)
    if newest is None or utc_now() - newest.manifest.made_at > backups.LATE_AFTER:
        print(text("cli.backup_late", hours=int(backups.LATE_AFTER.total_seconds() // 3600)))
        return 1
    print(text("cli.backup_fresh", at=newest.manifest.made_at.isoformat(timespec="minutes")))
    return 0


def find_backup(name: Path) -> Backup:
    """A backup by its path, or by its name in the folder of backups. Raises `backup_unknown`."""
    return Backup((name if name.is_dir() else settings().backups / name).absolute())


def verify(name: Path, key: Path | None) -> int:
    """Reads all of a backup: checksums always, content and counts where a key opens it."""
    backup, opener = find_backup(name), read_key_file(key)
    mark = backup.manifest.seal
    opens = mark == PLAIN or key is not None
    for part in backup.manifest.parts:
        if opens and part.table:
            if backup.read(part, opener).count(b"\n") != part.rows:
                raise Problem("backup_damaged", part=part.name)
        else:
            backup.check(part)
    wrong = 0
    for photo in backup.photos():
        if photo.checksum != MISSING:
            closed = backup.find_photo(photo)
            wrong += closed is None
            if closed is not None and opens:
                opener.open(closed, mark)
    if wrong:
        print(text("cli.backup_photos_wrong", n=wrong))
        return 1
    print(text("cli.backup_right" if opens else "cli.backup_right_closed", **_sizes(backup)))
    return 0


def write_key(path: Path) -> int:
    """Makes a pair of keys; the secret one goes to a new file that only its owner reads."""
    public, secret = make_key()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# public key: {public}\n{secret}\n")
    print(text("cli.backup_key", public=public, path=path))
    return 0
