"""Spoken guides: an officer brings the recording in a form, those of the commune fetch it, in pieces where they ask so.

What is served is a recording and nothing else, whatever was brought (domain/sound.py), under a type of ours.
"""

import re
from typing import Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Header, Request, Response

from fieldapp.api.document import SOUND, says, takes_form
from fieldapp.api.form import read_form
from fieldapp.api.identity import SLOT_HEADER, OpenCaller
from fieldapp.api.rates import spend
from fieldapp.api.shapes import NarrationAdded
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.narration import NarrationForm
from fieldapp.domain.sound import MAX_SOUND_BYTES, MEDIA_TYPES, read_sound
from fieldapp.integrations.photo_store import photo_store
from fieldapp.permissions import Action, require
from fieldapp.problems import Problem
from fieldapp.services import narrations
from models.narration import SoundKind

router = APIRouter()
_RANGE = re.compile(r"bytes=([0-9]{0,9})-([0-9]{0,9})")
HEADERS = {
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    "content-disposition": "inline",
    "content-security-policy": "default-src 'none'; sandbox",
    "vary": SLOT_HEADER,
}


@router.post("/narrations", responses=says(NarrationAdded), openapi_extra=takes_form(NarrationForm, "file"))
async def add_narration(request: Request, caller: OpenCaller) -> dict[str, Any]:
    """Adds a recording to a platform's guide in the officer's commune; the same one again changes nothing."""
    require(caller.principal, Action.NARRATE_GUIDE)
    await spend("narration", caller.principal.session_id, settings().rate_account)
    form, file = await read_form(request, NarrationForm, MAX_SOUND_BYTES)
    sound = await to_thread.run_sync(read_sound, file.content)
    await photo_store().keep_file(narrations.name_of(sound), sound.content)
    async with database().write() as db:
        row = await narrations.add(db, caller.principal, form, sound)
        return {"id": str(row.id), "title": row.title, "seconds": row.seconds, "bytes": row.bytes}


@router.get("/narrations/{narration_id}", response_class=Response, responses=SOUND)
async def read_narration(narration_id: UUID, caller: OpenCaller, range_: str = Header("", alias="range")) -> Response:
    """The recording, or the bytes of it that `Range` asks for."""
    async with database().read() as db:
        row = await narrations.get_for_hearing(db, caller.principal, narration_id)
    content = await photo_store().find_file(row.sha256)
    if content is None:
        raise Problem("not_found")
    media_type, size = MEDIA_TYPES[SoundKind(row.kind)], len(content)
    asked = _RANGE.fullmatch(range_.strip())
    if asked is None or asked[0] == "bytes=-":
        return Response(content, media_type=media_type, headers=HEADERS)
    first, last = _bounds(asked[1], asked[2], size)
    if first > last:
        return Response(status_code=416, headers=HEADERS | {"content-range": f"bytes */{size}"})
    headers = HEADERS | {"content-range": f"bytes {first}-{last}/{size}"}
    return Response(content[first : last + 1], 206, headers, media_type)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Of `2-5`, `2-` or `-3` the first and the last byte; the first is behind the last where there is none."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last) if last else size - 1, size - 1)
