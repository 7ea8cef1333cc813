"""The ledger of erasures: a file outside the database, so that what was erased stays so when an old backup is restored.

One line for each household erased and each photo to which consent was taken back, ids only, on the disk before the
database hears of it. Lines are added and never changed.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from fieldapp.integrations.disk import sync_folder
from fieldapp.problems import Problem

NAME = "erasures.jsonl"


class Entry(NamedTuple):
    id: UUID
    household_id: UUID
    at: datetime


class Named(NamedTuple):
    """A record that named a photo; `kind` is what the trail calls it."""

    kind: str
    id: UUID
    village_id: int
    collector_id: int


class PhotoEntry(NamedTuple):
    id: UUID
    commune_id: int
    sha256: str
    records: tuple[Named, ...]
    at: datetime


Line = Entry | PhotoEntry


def append(home: Path, entries: Iterable[Line]) -> None:
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


def read(home: Path) -> list[Line]:
    """All entries, oldest first; a folder without a ledger has none. Raises `backup_damaged`."""
    try:
        content = (home / NAME).read_bytes()
    except FileNotFoundError:
        return []
    return _parse(content[: content.rfind(b"\n") + 1])


def _line(entry: Line) -> bytes:
    said: dict[str, Any] = {"id": str(entry.id), "at": entry.at.isoformat()}
    if isinstance(entry, Entry):
        said["household"] = str(entry.household_id)
    else:
        named = [[one.kind, str(one.id), one.village_id, one.collector_id] for one in entry.records]
        said |= {"commune": entry.commune_id, "photo": entry.sha256, "records": named}
    return json.dumps(said).encode() + b"\n"


def _parse(content: bytes) -> list[Line]:
    try:
        return [_read(json.loads(line)) for line in content.splitlines()]
    except (ValueError, LookupError, TypeError):
        raise Problem("backup_damaged", part=NAME) from None


def _read(said: dict[str, Any]) -> Line:
    id, at = UUID(said["id"]), datetime.fromisoformat(said["at"])
    if "household" in said:
        return Entry(id, UUID(said["household"]), at)
    named = tuple(Named(str(kind), UUID(one), int(village), int(by)) for kind, one, village, by in said["records"])
    return PhotoEntry(id, int(said["commune"]), str(said["photo"]), named, at)
