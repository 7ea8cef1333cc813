"""The ledger of erasures: a file outside the database, so that what was erased stays so when an old backup is restored.

One line an erasure, ids only, on the disk before the database hears of it. Lines are added and never changed.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from fieldapp.integrations.disk import sync_folder
from fieldapp.problems import Problem

NAME = "erasures.jsonl"


class Entry(NamedTuple):
    id: UUID
    household_id: UUID
    at: datetime


def append(home: Path, entries: Iterable[Entry]) -> None:
    """Adds those that are not there, for good."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / NAME).open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        whole = content.rfind(b"\n") + 1
        # What a power cut left of a line was never in the database either.
        file.truncate(whole)
        known = {entry.id for entry in _parse(content[:whole])}
        new = {entry.id: entry for entry in entries if entry.id not in known}
        file.write(b"".join(map(_line, new.values())))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(home)


def read(home: Path) -> list[Entry]:
    """All entries, oldest first; a folder without a ledger has none. Raises `backup_damaged`."""
    try:
        content = (home / NAME).read_bytes()
    except FileNotFoundError:
        return []
    return _parse(content[: content.rfind(b"\n") + 1])


def _line(entry: Entry) -> bytes:
    line = {"id": str(entry.id), "household": str(entry.household_id), "at": entry.at.isoformat()}
    return json.dumps(line).encode() + b"\n"


def _parse(content: bytes) -> list[Entry]:
    try:
        lines = [json.loads(line) for line in content.splitlines()]
        return [Entry(UUID(i["id"]), UUID(i["household"]), datetime.fromisoformat(i["at"])) for i in lines]
    except (ValueError, LookupError, TypeError):
        raise Problem("backup_damaged", part=NAME) from None
