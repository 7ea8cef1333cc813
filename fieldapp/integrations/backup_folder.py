"""The folder of backups: each backup a folder of its own with a manifest, and the photos of all of them beside.

    20261124T190000Z-3f9a/            manifest.json, photos.gz, visit.00001 ...
    photos-<seal>/ab/<sha256>.<state>.<sha256 of the file>
    erasures.jsonl                    (`erasure_ledger`)

A backup is written under a draft's name and renamed when all of it is on the disk. Photos are written once: each file
carries its own checksum in its name, so that a listing tells what is there and a reading proves it.
"""

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from fieldapp.domain.archive import MANIFEST, PHOTO_LIST, Manifest, Part, read_manifest, write_manifest
from fieldapp.integrations.disk import DRAFT, sync_folder, write_whole
from fieldapp.integrations.sealing import Opener, Seal
from fieldapp.problems import Problem

PHOTOS = "photos-"
MISSING = "-"
"""Stands for the checksum of a photo whose bytes were not there to be saved."""


class SavedPhoto(NamedTuple):
    """A line of a backup's list of photos, which is in the order of the hashes."""

    sha256: str
    state: str
    checksum: str


class Backup:
    """One backup on the disk, for reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not folder.is_dir():
            raise Problem("backup_unknown", name=folder.name)
        try:
            written = (folder / MANIFEST).read_bytes()
        except OSError:
            raise Problem("backup_foreign") from None
        self.manifest: Manifest = read_manifest(written)

    def read(self, part: Part, opener: Opener) -> bytes:
        """The content of a part. Raises `backup_damaged`, `backup_key_wrong`."""
        self.check(part)
        content = (self.folder / part.name).read_bytes()
        try:
            return gzip.decompress(opener.open(content, self.manifest.seal))
        except (OSError, EOFError):
            raise Problem("backup_damaged", part=part.name) from None

    def check(self, part: Part) -> None:
        """Raises `backup_damaged` where a part is not what was written."""
        path = self.folder / part.name
        if path.parent != self.folder or not path.is_file() or _checksum(path) != part.sha256:
            raise Problem("backup_damaged", part=part.name)

    def is_complete(self) -> bool:
        """Whether all parts are there in their length: cheap, and no proof of what they hold."""
        paths = [(self.folder / part.name, part.bytes) for part in self.manifest.parts]
        return all(path.is_file() and path.stat().st_size == size for path, size in paths)

    def photos(self) -> Iterator[SavedPhoto]:
        """Its list of photos. Raises `backup_damaged`."""
        self.check(next((p for p in self.manifest.parts if p.name == PHOTO_LIST), Part.model_construct(name="")))
        with gzip.open(self.folder / PHOTO_LIST, "rt") as lines:
            for line in lines:
                yield SavedPhoto(*line.split())

    def find_photo(self, photo: SavedPhoto) -> bytes | None:
        """A photo's file as it was saved; None where it is not there or not whole."""
        path = photo_path(self.folder.parent, self.manifest.seal, photo)
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == photo.checksum:
                return content
        return None


class Draft:
    """A backup that is being written; nobody takes it for one before `finish`."""

    def __init__(self, home: Path, seal: Seal, made_at: datetime) -> None:
        self.home, self.seal = home, seal
        name = f"{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:4]}"
        self._folder = home / f"{name}{DRAFT}"
        self._folder.mkdir(parents=True)
        self._target = home / name
        self._photos: tuple[str, dict[tuple[str, str], str]] = ("", {})
        self.parts: list[Part] = []

    def write(self, table: str, rows: int, content: bytes) -> None:
        """Adds a part: some rows of a table, as lines."""
        name = f"{table}.{len(self.parts) + 1:05}"
        self._put(name, table, rows, self.seal.close(gzip.compress(content, 4, mtime=0)))

    def write_photo_list(self, listed: Path, count: int) -> None:
        """Adds the list of photos, which holds hashes only and is not closed."""
        self._put(PHOTO_LIST, "", count, listed.read_bytes())

    def _put(self, name: str, table: str, rows: int, content: bytes) -> None:
        write_whole(self._folder / name, content)
        sha256 = hashlib.sha256(content).hexdigest()
        self.parts.append(Part(name=name, table=table, rows=rows, bytes=len(content), sha256=sha256))

    def find_photo(self, sha256: str, state: str) -> SavedPhoto | None:
        """A photo that an earlier backup saved. Ask in the order of the hashes: one folder is listed at a time."""
        shard = sha256[:2]
        if self._photos[0] != shard:
            self._photos = (shard, _saved_in(self.home / f"{PHOTOS}{self.seal.mark}" / shard))
        checksum = self._photos[1].get((sha256, state))
        return SavedPhoto(sha256, state, checksum) if checksum else None

    def write_photo(self, sha256: str, state: str, content: bytes) -> SavedPhoto:
        closed = self.seal.close(content)
        photo = SavedPhoto(sha256, state, hashlib.sha256(closed).hexdigest())
        path = photo_path(self.home, self.seal.mark, photo)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, closed)
        return photo

    @property
    def scratch(self) -> Path:
        """A file that is gone when the backup is finished."""
        return self._folder / f"scratch{DRAFT}"

    def finish(self, manifest: Manifest) -> Backup:
        """From here on it is a backup."""
        self.scratch.unlink(missing_ok=True)
        (self._folder / f"{self.scratch.name}.gz").unlink(missing_ok=True)
        write_whole(self._folder / MANIFEST, write_manifest(manifest))
        sync_folder(self._folder)
        self._folder.rename(self._target)
        sync_folder(self.home)
        return Backup(self._target)

    def drop(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def photo_path(home: Path, mark: str, photo: SavedPhoto) -> Path:
    return home / f"{PHOTOS}{mark}" / photo.sha256[:2] / ".".join(photo)


def list_backups(home: Path) -> list[Backup]:
    """All that can be read and lack no part, newest first."""
    found = []
    for manifest in home.glob(f"*/{MANIFEST}"):
        if manifest.parent.suffix != DRAFT:
            with suppress(Problem):
                found.append(Backup(manifest.parent))
    return sorted((b for b in found if b.is_complete()), key=lambda b: b.manifest.made_at, reverse=True)


def prune(home: Path, keep: int, drafts_before: datetime) -> list[str]:
    """Drops backups beyond the newest `keep`, what crashes left behind, and photos that no backup names any more.

    Always keeps one backup, and drops none while none is whole. Gives the names of those that went.
    """
    kept = list_backups(home)
    gone = [backup.folder for backup in kept[max(keep, 1) :]]
    kept = kept[: max(keep, 1)]
    for folder in gone:
        shutil.rmtree(folder)
    for path in home.glob(f"*{DRAFT}"):
        if path.stat().st_mtime < drafts_before.timestamp():
            shutil.rmtree(path, ignore_errors=True)
    if kept:
        for photos in home.glob(f"{PHOTOS}*"):
            _prune_photos(photos, [b for b in kept if f"{PHOTOS}{b.manifest.seal}" == photos.name], drafts_before)
    return [folder.name for folder in gone]


def _prune_photos(photos: Path, kept: list[Backup], before: datetime) -> None:
    """Files that are newer than `before` stay: a backup that is being made may be about to name them."""
    lists = groupby(merge(*(b.photos() for b in kept)), lambda photo: photo.sha256[:2])
    shard, needed = next(lists, ("", iter(())))
    for folder in sorted(photos.iterdir()):
        while shard and shard < folder.name:
            shard, needed = next(lists, ("", iter(())))
        names = {".".join(photo) for photo in needed} if shard == folder.name else set()
        for path in folder.iterdir():
            if path.name not in names and path.stat().st_mtime < before.timestamp():
                path.unlink()


def _saved_in(folder: Path) -> dict[tuple[str, str], str]:
    if not folder.is_dir():
        return {}
    names = [path.name.split(".") for path in folder.iterdir() if path.suffix != DRAFT]
    return {(name[0], name[1]): name[2] for name in names if len(name) == 3}


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
