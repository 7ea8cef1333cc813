"""The bytes of photos: sent in as many pieces as the network needs, read by those who may see the visit."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request, Response
from starlette.requests import ClientDisconnect

from fieldapp.api.body import read_bytes
from fieldapp.api.document import JPEG
from fieldapp.api.identity import SLOT_HEADER, OpenCaller, SendingCaller
from fieldapp.api.sealed import phone_key
from fieldapp.api.together import Together
from fieldapp.db import database
from fieldapp.domain.visit import MAX_PHOTO_BYTES
from fieldapp.integrations.phone_box import BOX_BYTES
from fieldapp.integrations.photo_store import SEGMENT, photo_store
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import leftovers, photos
from fieldapp.services.photos import PhotoSlot
from fieldapp.services.sessions import Identity
from models.visit import PhotoState

Brought = tuple[Principal, PhotoSlot]
router = APIRouter()
PLACE = "/visits/{visit_id}/photos/{sha256}"
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
BYTES = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
CLIENT_GONE = 499
MAX_BOXED_BYTES = MAX_PHOTO_BYTES + BOX_BYTES
READING_HEADERS = {
    "cache-control": "private, max-age=3600",
    "content-disposition": "inline",
    "cross-origin-resource-policy": "same-origin",
    "vary": SLOT_HEADER,
}


@router.head(PLACE, response_class=Response)
async def find_offset(visit_id: UUID, sha256: Sha256, caller: SendingCaller) -> Response:
    """How much of a photo is here, in the headers."""
    slot = await _get_slot(caller, visit_id, sha256)
    have = slot.bytes if slot.is_filled else await photo_store().have(slot.part)
    return _progress(200, have, slot.state)


@router.patch(PLACE, status_code=204, openapi_extra=BYTES)
async def send_photo(
    visit_id: UUID,
    sha256: Sha256,
    request: Request,
    caller: SendingCaller,
    upload_offset: Annotated[int, Header(ge=0)],
    upload_key: Annotated[str | None, Header(max_length=400)] = None,
) -> Response:
    """Adds the body from `Upload-Offset` on; no session of the database is open while it streams.

    A phone behind a PIN sends a photo whole, as it is closed on it, and names its key in `Upload-Key`.
    """
    slot = await _get_slot(caller, visit_id, sha256)
    try:
        if slot.is_filled:
            await _read_away(request.stream())
            return _progress(204, slot.bytes, slot.state)
        if upload_key is not None:
            content = (await phone_key(upload_key)).open(await read_bytes(request, MAX_BOXED_BYTES), sha256)
            have = await take(slot, content)
        elif upload_offset == 0 and slot.bytes <= SEGMENT:
            have = await _take(slot, request)
        else:
            have = await _append(slot, upload_offset, request)
    except ClientDisconnect:
        return Response(status_code=CLIENT_GONE)
    state = slot.state
    if have == slot.bytes:
        state = await accept(request.app.state.acceptance, caller.principal, slot)
    return _progress(204, have, state)


@router.get(PLACE, response_class=Response, responses=JPEG)
async def read_photo(
    visit_id: UUID, sha256: Sha256, caller: OpenCaller, size: Literal["full", "thumb"] = "full"
) -> Response:
    """A photo that was decoded; `size=thumb` gives the small one of the lists."""
    async with database().read() as db:
        row = await photos.get_for_reading(db, caller.principal, visit_id, sha256)
    picture = row.thumbnail if size == "thumb" else await photo_store().find_picture(sha256)
    if picture is None:
        raise Problem("not_found")
    return Response(picture, media_type="image/jpeg", headers=READING_HEADERS)


async def _get_slot(caller: Identity, visit_id: UUID, sha256: str) -> PhotoSlot:
    async with database().read() as db:
        return await photos.get_slot(db, caller.principal, visit_id, sha256)


async def take(slot: PhotoSlot, content: bytes) -> int:
    """Stores a photo that is here whole, and gives its length. Raises `wrong_size`, `wrong_hash`."""
    if len(content) != slot.bytes:
        raise Problem("wrong_size", most=slot.bytes)
    await photo_store().take(slot.part, content)
    return slot.bytes


async def _take(slot: PhotoSlot, request: Request) -> int:
    """A photo that fits into memory is written once; of one that breaks off, what came is kept to go on from."""
    content = bytearray()
    try:
        async for piece in request.stream():
            content += piece
            if len(content) > slot.bytes:
                break
    except ClientDisconnect:
        with suppress(Problem):
            await photo_store().append(slot.part, 0, once(bytes(content)), slot.bytes)
        raise
    if len(content) < slot.bytes:
        return await photo_store().append(slot.part, 0, once(bytes(content)), slot.bytes)
    return await take(slot, bytes(content))


async def _append(slot: PhotoSlot, offset: int, request: Request) -> int:
    body = request.stream()
    try:
        have = await photo_store().append(slot.part, offset, body, min(slot.bytes, MAX_PHOTO_BYTES))
    except Problem as problem:
        if problem.code == "wrong_offset":
            await _read_away(body)
        raise
    if have == slot.bytes:
        await photo_store().finish(slot.part)
    return have


async def accept(whole: "Together[Brought, PhotoState | None]", author: Principal, slot: PhotoSlot) -> PhotoState:
    """Notes a photo whose original is stored. One that a twin brought too late is dropped.

    Raises `not_found` where the visit was erased meanwhile.
    """
    state = await whole.ask((author, slot))
    if state is None:
        leftovers.note([slot.part])
        raise Problem("not_found")
    if state in photos.DECIDED:
        await photo_store().discard_original(slot.sha256)
    photos.ring_decoder()
    return state


def make_acceptance() -> "Together[Brought, PhotoState | None]":
    """One process's queue of photos that are whole."""
    return Together(_note_together, _note_alone)


async def _note_together(brought: Sequence[Brought]) -> list[PhotoState | None]:
    return await database().write_again(lambda db: photos.accept_all(db, brought))


async def _note_alone(one: Brought) -> PhotoState | None:
    return (await _note_together([one]))[0]


async def once(content: bytes) -> AsyncIterator[bytes]:
    """Bytes that are here already, as a body that streams."""
    yield content


async def _read_away(body: AsyncIterator[bytes]) -> None:
    """Reads what is left of an unwanted body, up to a photo's size: a phone that still sends would not hear us."""
    left = MAX_PHOTO_BYTES
    async for piece in body:
        left -= len(piece)
        if left < 0:
            return


def _progress(status: int, have: int, state: PhotoState) -> Response:
    complete = "false" if state == PhotoState.EXPECTED else "true"
    return Response(
        status_code=status,
        headers={"Upload-Offset": str(have), "Upload-Complete": complete, "Upload-State": state},
    )
