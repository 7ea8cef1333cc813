"""Photos in a folder: on a local disk, or on one that several machines mount."""

import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import uuid4

from anyio import to_thread

from fieldapp.integrations.photo_store import LISTED, SEGMENT, Part
from fieldapp.problems import Problem


class FolderPhotoStore:
    """The store in a folder. Needs no locks: pieces go to their own place and a hash decides at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._accepted = folder / "accepted"
        self._sounds = folder / "sounds"

    async def have(self, part: Part) -> int:
        return await to_thread.run_sync(_length, self._part(part))

    async def append(self, part: Part, offset: int, pieces: AsyncIterable[bytes], limit: int) -> int:
        path, at, gathered = self._part(part), offset, bytearray()
        if (have := await to_thread.run_sync(_length, path)) != offset:
            raise Problem("wrong_offset", offset=have)
        try:
            async for piece in pieces:
                if at + len(gathered) + len(piece) > limit:
                    gathered.clear()
                    await to_thread.run_sync(_discard, path)
                    raise Problem("wrong_size", most=limit)
                gathered += piece
                if len(gathered) >= SEGMENT:
                    at = await to_thread.run_sync(_write, path, at, _taken(gathered))
        finally:
            # Also when the pieces break off: what came is kept. A whole part is made to last when it is finished.
            if gathered or at == offset:
                at = await to_thread.run_sync(_write, path, at, _taken(gathered))
            if at < limit:
                await to_thread.run_sync(_sync, path)
        return at

    async def take(self, part: Part, content: bytes) -> None:
        await to_thread.run_sync(self._take, part, content)

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
        await to_thread.run_sync(_discard_old, self._picture(sha256), before.timestamp())

    async def discard_part(self, part: Part) -> None:
        await to_thread.run_sync(_discard, self._part(part))

    async def discard_parts(self, before: datetime) -> None:
        async for paths in _list(self._incoming, "*.*", before):
            for path in paths:
                await to_thread.run_sync(_discard_old, path, before.timestamp())

    async def list_originals(self, before: datetime) -> AsyncIterator[list[str]]:
        async for paths in _list(self._accepted, "*/*", before):
            yield [path.name for path in paths]

    async def list_pictures(self, before: datetime) -> AsyncIterator[list[str]]:
        async for paths in _list(self._folder, "??/*.jpg", before):
            yield [path.stem for path in paths]

    async def keep_file(self, sha256: str, content: bytes) -> None:
        await to_thread.run_sync(self._put, self._sound(sha256), content)

    async def find_file(self, sha256: str) -> bytes | None:
        return await to_thread.run_sync(_find, self._sound(sha256))

    async def discard_file(self, sha256: str, before: datetime) -> None:
        await to_thread.run_sync(_discard_old, self._sound(sha256), before.timestamp())

    async def list_files(self, before: datetime) -> AsyncIterator[list[str]]:
        async for paths in _list(self._sounds, "*/*", before):
            yield [path.name for path in paths]

    def _part(self, part: Part) -> Path:
        return self._incoming / f"{part.record_id.hex}-{part.sha256}.part"

    def _original(self, sha256: str) -> Path:
        return self._accepted / sha256[:2] / sha256

    def _picture(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.jpg"

    def _sound(self, sha256: str) -> Path:
        return self._sounds / sha256[:2] / sha256

    def _finish(self, part: Part) -> None:
        """Stores the very bytes that were hashed: a twin upload may be writing to the part's file meanwhile."""
        content = _find(self._part(part))
        if content is None:
            raise Problem("wrong_offset", offset=0)
        self._take(part, content)

    def _take(self, part: Part, content: bytes) -> None:
        right = hashlib.sha256(content).hexdigest() == part.sha256
        if right:
            self._put(self._original(part.sha256), content)
        _discard(self._part(part))
        if not right:
            raise Problem("wrong_hash")

    def _put(self, target: Path, content: bytes) -> None:
        """All or nothing, also when the power goes."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        known = target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = self._incoming / f"{uuid4().hex}.draft"
        draft.write_bytes(content)
        _sync(draft)
        draft.replace(target)
        for folder in target.parents[: 1 if known else 3]:
            _sync(folder)


def _taken(gathered: bytearray) -> bytes:
    """What was gathered, which is empty then."""
    content = bytes(gathered)
    gathered.clear()
    return content


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


async def _list(folder: Path, pattern: str, before: datetime) -> AsyncIterator[list[Path]]:
    """Files last written to before an instant, in lists that are never empty."""
    found = _walk(folder, pattern, before.timestamp())
    while some := await to_thread.run_sync(lambda: list(islice(found, LISTED))):
        yield some


def _walk(folder: Path, pattern: str, before: float) -> Iterator[Path]:
    return (path for path in folder.glob(pattern) if _is_old(path, before))


def _is_old(path: Path, before: float) -> bool:
    """Whether a file was last written to before an instant; one that is gone was not."""
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _discard_old(path: Path, before: float) -> None:
    if _is_old(path, before):
        _discard(path)


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
