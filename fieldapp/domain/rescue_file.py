"""What a rescue file holds once it is opened: records that a phone could not send, and bytes of photos (docs/sync.md).

Four bytes with the length of the head, the head as JSON, then the photos' bytes in the head's order.
"""

import json
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fieldapp.domain.given import Base64, Key
from fieldapp.domain.visit import MAX_PHOTO_BYTES
from fieldapp.problems import Problem

MAX_FILE_BYTES = 12_000_000
"""A phone begins a further file at two thirds of that."""

MAX_RECORDS, MAX_PHOTOS, MAX_VISITS = 20_000, 2_000, 50
_LENGTH = 4
_TEN_YEARS_MS = 315_360_000_000


class NamedPhoto(BaseModel):
    """A photo, and the visits that it was not sent for."""

    model_config = ConfigDict(extra="ignore")

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=1, le=MAX_PHOTO_BYTES + 64)
    visits: list[UUID] = Field(max_length=MAX_VISITS)


class RescueHead(BaseModel):
    """`made_at` is the phone's clock when it wrote the file, `clock_offset` how far the server's was ahead of it when
    they last met; both in milliseconds. `proof` says that the author's phone wrote it. `key` is there where records and
    photos are in boxes: the phone's own, closed for the server."""

    model_config = ConfigDict(extra="ignore")

    made_at: int = Field(ge=0, le=4_102_444_800_000)
    clock_offset: int = Field(default=0, ge=-_TEN_YEARS_MS, le=_TEN_YEARS_MS)
    author: Key
    device: UUID
    proof: str = Field(pattern=r"^[0-9a-f]{64}$")
    records: list[Any] = Field(max_length=MAX_RECORDS)
    photos: list[NamedPhoto] = Field(max_length=MAX_PHOTOS)
    key: Base64 | None = None


class RescuedPhoto(NamedTuple):
    visit_id: UUID
    sha256: str
    content: bytes


class RescueFile(NamedTuple):
    head: RescueHead
    photos: list[RescuedPhoto]
    """One for each visit that waits for it."""


def read_rescue(opened: bytes) -> RescueFile:
    """Raises `rescue_broken` where the parts do not fit together."""
    begins = _LENGTH + int.from_bytes(opened[:_LENGTH], "big")
    if len(opened) < begins:
        raise Problem("rescue_broken")
    try:
        head = RescueHead.model_validate(json.loads(opened[_LENGTH:begins]))
    except (ValueError, RecursionError, ValidationError):
        raise Problem("rescue_broken") from None
    if begins + sum(photo.bytes for photo in head.photos) != len(opened):
        raise Problem("rescue_broken")
    photos = []
    for named in head.photos:
        content = opened[begins : begins + named.bytes]
        photos += [RescuedPhoto(visit_id, named.sha256, content) for visit_id in named.visits]
        begins += named.bytes
    return RescueFile(head, photos)
