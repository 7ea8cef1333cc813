"""Where the bytes of photos lie: parts as they arrive, verified originals, and the pictures that people are shown; and
files that somebody brought whole: sounds of spoken guides, papers of decisions.

They never share a name: an original, with whatever hides in it, is in no place that a reader looks at. Parts lie
where originals do, so that any worker of any machine goes on with what another began.
"""

from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from fieldapp.config import settings

LISTED = 500
"""How many names a listing gives at a time."""

SEGMENT = 256 * 1024
"""Bytes that are gathered before they are put: what a worker that is killed loses of a photo on its way."""


class Part(NamedTuple):
    """A photo on its way. Each record's own: to know the hash of another's photo is not to have it."""

    record_id: UUID
    sha256: str


class PhotoStore(Protocol):
    """Pictures keep the SHA-256 of their original as their name, though their own bytes differ from it."""

    async def have(self, part: Part) -> int:
        """How many bytes of the part are here."""
        ...

    async def append(self, part: Part, offset: int, pieces: AsyncIterable[bytes], limit: int) -> int:
        """Adds pieces as they come and gives the part's length, there for good.

        Raises `wrong_offset` with the right one, or `wrong_size` past `limit` bytes, which drops the part. If the
        pieces break off, what came before stays.
        """
        ...

    async def take(self, part: Part, content: bytes) -> None:
        """Makes a photo that came whole an original at once, whatever came of it before. Raises `wrong_hash`."""
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

    async def discard_part(self, part: Part) -> None: ...

    async def discard_parts(self, before: datetime) -> None:
        """Drops parts that nobody added to since then."""
        ...

    def list_originals(self, before: datetime) -> AsyncIterator[list[str]]:
        """Hashes of originals that came before then, some at a time."""
        ...

    def list_pictures(self, before: datetime) -> AsyncIterator[list[str]]:
        """Hashes of pictures that were put there before then, some at a time."""
        ...

    async def keep_file(self, sha256: str, content: bytes) -> None: ...

    async def find_file(self, sha256: str) -> bytes | None: ...

    async def discard_file(self, sha256: str, before: datetime) -> None:
        """Drops a file unless it was put there since then."""
        ...

    def list_files(self, before: datetime) -> AsyncIterator[list[str]]:
        """Hashes of files that were put there before then, some at a time."""
        ...


def photo_store() -> PhotoStore:
    """The store that the settings name."""
    chosen = settings()
    if chosen.photo_bucket:
        key, secret = chosen.s3_key, chosen.s3_secret.get_secret_value()
        return _open_bucket(chosen.photo_bucket, chosen.s3_endpoint, chosen.s3_region, key, secret)
    # Imported when chosen, as the other is: whoever needs one does without the other's memory.
    from fieldapp.integrations.photo_folder import FolderPhotoStore

    return FolderPhotoStore(Path(chosen.photo_store) if chosen.photo_store else chosen.data_dir / "photos")


@lru_cache(maxsize=1)
def _open_bucket(*place: str) -> PhotoStore:
    """Kept, with its connections; a folder needs no keeping."""
    from fieldapp.integrations.photo_bucket import BucketPhotoStore, open_bucket

    return BucketPhotoStore(open_bucket(*place))
