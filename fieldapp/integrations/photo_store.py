"""Where the bytes of photos lie: parts as they arrive, verified originals, and the pictures that people are shown.

The three never share a name: an original, with whatever hides in it, is in no place that a reader looks at.
"""

import hashlib
import os
from collections.abc import AsyncIterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID, uuid4

from anyio import to_thread

from fieldapp.config import settings
from fieldapp.problems import Problem


class Part(NamedTuple):
    """A photo on its way. Each visit's own: to know the hash of another's photo is not to have it."""

    visit_id: UUID
    sha256: str


class PhotoStore(Protocol):
    """Pictures keep the SHA-256 of their original as their name, though their own bytes differ from it."""

    async def have(self, part: Part) -> int:
        """How many bytes of the part are here."""
        ...

    async def append(self, part: Part, offset: int, pieces: AsyncIterable[bytes], limit: int) -> int:
        """Adds pieces as they come and gives the part's length, on the disk for good.

        Raises `wrong_offset` with the right one, or `wrong_size` past `limit` bytes, which drops the part. If the
        pieces break off, what came before stays.
        """
        ...

    async def finish(self, part: Part) -> None:
        """Makes a whole part an original. Raises `wrong_hash`, which drops the part."""
        ...

    async def find_original(self, sha256: str) -> bytes | None: ...

    async def replace(self, sha256: str, picture: bytes) -> None:
        """Puts the decoded picture where readers find it."""
        ...

    async def discard_original(self, sha256: str) -> None: ...

    async def find_picture(self, sha256: str) -> bytes | None: ...

    async def discard_picture(self, sha256: str, before: datetime) -> None:
        """Drops a picture unless it was put there since then."""
        ...

    async def discard_parts(self, before: datetime) -> None:
        """Drops parts that nobody added to since then."""
        ...

    async def list_originals(self, before: datetime) -> list[str]:
        """Hashes of originals that came before then."""
        ...


class FolderPhotoStore:
    """The store on a local disk. Needs no locks: pieces go to their own place and a hash decides at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._accepted = folder / "accepted"

    async def have(self, part: Part) -> int:
        return await to_thread.run_sync(_length, self._part(part))

    async def append(self, part: Part, offset: int, pieces: AsyncIterable[bytes], limit: int) -> int:
        path, at = self._part(part), offset
        await to_thread.run_sync(_write, path, at, b"")
        async for piece in pieces:
            if at + len(piece) > limit:
                await to_thread.run_sync(_discard, path)
                raise Problem("wrong_size", most=limit)
            at = await to_thread.run_sync(_write, path, at, piece)
        await to_thread.run_sync(_sync, path)
        return at

    async def finish(self, part: Part) -> None:
        await to_thread.run_sync(self._finish, part)

    async def find_original(self, sha256: str) -> bytes | None:
        return await to_thread.run_sync(_find, self._original(sha256))

    async def replace(self, sha256: str, picture: bytes) -> None:
        await to_thread.run_sync(self._put, self._picture(sha256), picture)

    async def discard_original(self, sha256: str) -> None:
        await to_thread.run_sync(_discard, self._original(sha256))

    async def find_picture(self, sha256: str) -> bytes | None:
        return await to_thread.run_sync(_find, self._picture(sha256))

    async def discard_picture(self, sha256: str, before: datetime) -> None:
        path = self._picture(sha256)
        if await to_thread.run_sync(_is_old, path, before.timestamp()):
            await to_thread.run_sync(_discard, path)

    async def discard_parts(self, before: datetime) -> None:
        for path in await to_thread.run_sync(_list, self._incoming, "*.*", before.timestamp()):
            await to_thread.run_sync(_discard, path)

    async def list_originals(self, before: datetime) -> list[str]:
        paths = await to_thread.run_sync(_list, self._accepted, "*/*", before.timestamp())
        return [path.name for path in paths]

    def _part(self, part: Part) -> Path:
        return self._incoming / f"{part.visit_id.hex}-{part.sha256}.part"

    def _original(self, sha256: str) -> Path:
        return self._accepted / sha256[:2] / sha256

    def _picture(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.jpg"

    def _finish(self, part: Part) -> None:
        """Stores the very bytes that were hashed: a twin upload may be writing to the part's file meanwhile."""
        path = self._part(part)
        content = _find(path)
        if content is None:
            raise Problem("wrong_offset", offset=0)
        if hashlib.sha256(content).hexdigest() != part.sha256:
            _discard(path)
            raise Problem("wrong_hash")
        self._put(self._original(part.sha256), content)
        _discard(path)

    def _put(self, target: Path, content: bytes) -> None:
        """All or nothing, also when the power goes."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(parents=True, exist_ok=True)
        draft = self._incoming / f"{uuid4().hex}.draft"
        draft.write_bytes(content)
        _sync(draft)
        draft.replace(target)
        for folder in target.parents[:3]:
            _sync(folder)


def photo_store() -> PhotoStore:
    """The store that the settings name."""
    return FolderPhotoStore(settings().data_dir / "photos")


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _list(folder: Path, pattern: str, before: float) -> list[Path]:
    """Files last written to before an instant; one that goes meanwhile is left out."""
    old = []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                old.append(path)
    return old


def _is_old(path: Path, before: float) -> bool:
    """Whether a file was last written to before an instant; one that is gone was not."""
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _write(path: Path, at: int, piece: bytes) -> int:
    """Writes a piece at its place and gives the length after it. Raises `wrong_offset` where that is not the end."""
    have = _length(path)
    if at != have:
        raise Problem("wrong_offset", offset=have)
    if at == 0:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    try:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(piece)
    except FileNotFoundError:
        raise Problem("wrong_offset", offset=0) from None
    return at + len(piece)


def _find(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Makes what was written to a file, or the names in a folder, survive a power cut."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
