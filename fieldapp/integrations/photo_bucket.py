"""Photos in a bucket of S3-compatible storage.

A part is a row of objects, each named by the offset at which it begins and made only where none is: of two uploads of
one photo, one goes on and the other hears `wrong_offset`. So any worker of any machine may take the next request.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import S3Store

from fieldapp.integrations.photo_store import LISTED, SEGMENT, Part
from fieldapp.problems import Problem

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

INCOMING, ACCEPTED, SHOWN, SOUNDS = "incoming", "accepted", "shown", "sounds"


def open_bucket(bucket: str, endpoint: str, region: str, key: str, secret: str) -> S3Store:
    """A bucket, with a prefix behind its first slash. Without a key, the credentials of the machine or of AWS_*."""
    name, _, prefix = bucket.partition("/")
    config: S3Config = {"region": region}
    if endpoint:
        config["endpoint"] = endpoint
    if key:
        config["access_key_id"] = key
        config["secret_access_key"] = secret
    client: ClientConfig = {"allow_http": endpoint.startswith("http://"), "timeout": "30s"}
    return S3Store(name, prefix=prefix.strip("/") or None, config=config, client_options=client)


class BucketPhotoStore:
    """The store in a bucket. An object is there whole or not at all."""

    def __init__(self, bucket: S3Store) -> None:
        self._bucket = bucket

    async def have(self, part: Part) -> int:
        return _end(await self._segments(part))

    async def append(self, part: Part, offset: int, pieces: AsyncIterable[bytes], limit: int) -> int:
        have = await self.have(part)
        if offset != have:
            raise Problem("wrong_offset", offset=have)
        at, gathered = offset, bytearray()
        try:
            async for piece in pieces:
                if at + len(gathered) + len(piece) > limit:
                    gathered.clear()
                    await self.discard_part(part)
                    raise Problem("wrong_size", most=limit)
                gathered += piece
                if len(gathered) >= SEGMENT:
                    at = await self._put_segment(part, at, gathered)
        finally:
            # Also when the pieces break off: what came is kept.
            at = await self._put_segment(part, at, gathered)
        return at

    async def finish(self, part: Part) -> None:
        segments = await self._segments(part)
        content = b"".join([await self._get(path) or b"" for path, _ in segments])
        if not content:
            raise Problem("wrong_offset", offset=0)
        await self.take(part, content)

    async def take(self, part: Part, content: bytes) -> None:
        right = hashlib.sha256(content).hexdigest() == part.sha256
        if right:
            await self._put(_original(part.sha256), content)
        await self.discard_part(part)
        if not right:
            raise Problem("wrong_hash")

    async def find_original(self, sha256: str) -> bytes | None:
        return await self._get(_original(sha256))

    async def replace(self, sha256: str, picture: bytes) -> None:
        await self._put(_picture(sha256), picture)

    async def discard_original(self, sha256: str) -> None:
        await self._bucket.delete_async(_original(sha256))

    async def find_picture(self, sha256: str) -> bytes | None:
        return await self._get(_picture(sha256))

    async def discard_picture(self, sha256: str, before: datetime) -> None:
        await self._discard_old(_picture(sha256), before)

    async def discard_part(self, part: Part) -> None:
        paths = [o["path"] async for some in self._list(_folder(part)) for o in some]
        if paths:
            await self._bucket.delete_async(paths)

    async def discard_parts(self, before: datetime) -> None:
        """A part is as old as the newest of its objects."""
        objects = [o async for some in self._list(INCOMING) for o in some]
        for _, group in groupby(sorted(objects, key=lambda o: o["path"]), lambda o: o["path"].rpartition("/")[0]):
            segments = list(group)
            if max(o["last_modified"] for o in segments) < before:
                await self._bucket.delete_async([o["path"] for o in segments])

    async def list_originals(self, before: datetime) -> AsyncIterator[list[str]]:
        async for names in self._old_names(ACCEPTED, before):
            yield names

    async def list_pictures(self, before: datetime) -> AsyncIterator[list[str]]:
        async for names in self._old_names(SHOWN, before):
            yield [name.removesuffix(".jpg") for name in names]

    async def keep_file(self, sha256: str, content: bytes) -> None:
        await self._put(_sound(sha256), content)

    async def find_file(self, sha256: str) -> bytes | None:
        return await self._get(_sound(sha256))

    async def discard_file(self, sha256: str, before: datetime) -> None:
        await self._discard_old(_sound(sha256), before)

    async def list_files(self, before: datetime) -> AsyncIterator[list[str]]:
        async for names in self._old_names(SOUNDS, before):
            yield names

    async def _discard_old(self, path: str, before: datetime) -> None:
        with suppress(NotFoundError, FileNotFoundError):
            if (await self._bucket.head_async(path))["last_modified"] < before:
                await self._bucket.delete_async(path)

    async def _old_names(self, folder: str, before: datetime) -> AsyncIterator[list[str]]:
        async for some in self._list(folder):
            if names := [o["path"].rpartition("/")[2] for o in some if o["last_modified"] < before]:
                yield names

    async def _list(self, folder: str) -> AsyncIterator[Sequence]:
        async for some in self._bucket.list(folder, chunk_size=LISTED):
            yield some

    async def _segments(self, part: Part) -> list[tuple[str, int]]:
        """Path and length of each object of a part, as far as they follow each other from 0."""
        found = sorted([(o["path"], o["size"]) async for some in self._list(_folder(part)) for o in some])
        row, at = [], 0
        for path, size in found:
            if int(path.rpartition("/")[2]) == at:
                row.append((path, size))
                at += size
        return row

    async def _put_segment(self, part: Part, at: int, gathered: bytearray) -> int:
        """Puts what was gathered and empties it; gives the offset after it. Raises `wrong_offset` where one is."""
        if not gathered:
            return at
        content = bytes(gathered)
        gathered.clear()
        try:
            await self._put(f"{_folder(part)}/{at:012}", content, new=True)
        except AlreadyExistsError:
            raise Problem("wrong_offset", offset=await self.have(part)) from None
        return at + len(content)

    async def _put(self, path: str, content: bytes, new: bool = False) -> None:
        mode = "create" if new else "overwrite"
        await self._bucket.put_async(path, content, mode=mode, use_multipart=False)

    async def _get(self, path: str) -> bytes | None:
        try:
            return bytes(await (await self._bucket.get_async(path)).bytes_async())
        except (NotFoundError, FileNotFoundError):
            return None


def _end(segments: Sequence[tuple[str, int]]) -> int:
    return sum(size for _, size in segments)


def _folder(part: Part) -> str:
    return f"{INCOMING}/{part.record_id.hex}-{part.sha256}"


def _original(sha256: str) -> str:
    return f"{ACCEPTED}/{sha256[:2]}/{sha256}"


def _picture(sha256: str) -> str:
    return f"{SHOWN}/{sha256[:2]}/{sha256}.jpg"


def _sound(sha256: str) -> str:
    return f"{SOUNDS}/{sha256[:2]}/{sha256}"
