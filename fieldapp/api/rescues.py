"""Rescue files: what a phone could not send, brought by its leader or by an officer of the commune."""

import asyncio
import hashlib
from contextlib import suppress
from functools import partial
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request

from fieldapp.api.body import read_bytes
from fieldapp.api.document import says
from fieldapp.api.identity import OpenCaller
from fieldapp.api.photos import BYTES, accept, take
from fieldapp.api.rates import spend
from fieldapp.api.shapes import Rescued, RescueSeal
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.rescue_file import MAX_FILE_BYTES, RescuedPhoto, RescueFile, read_rescue
from fieldapp.integrations.phone_box import PhoneKey
from fieldapp.integrations.rescue_seal import RescueKey
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import photos, rescue_keys, rescues
from fieldapp.services.rescues import Author, Counts
from models.base import utc_now

router = APIRouter()
AT_ONCE = 2
"""Files that one process has in its memory."""

MOST_SHOWN = 100


@router.get("/rescues/seal", responses=says(RescueSeal))
async def read_seal(caller: OpenCaller) -> dict[str, str]:
    """What the caller's phone closes its rescue files with; a phone that joins is told so by that."""
    require(caller.principal, Action.SYNC)
    async with database().read() as db:
        known = await rescue_keys.find(db)
    async with database().read() if known else database().write() as db:
        return await rescues.seal_for(db, caller.session)


@router.post("/rescues", responses=says(Rescued), openapi_extra=BYTES)
async def bring_rescue(request: Request, caller: OpenCaller) -> dict[str, Any]:
    """Takes a rescue file in: records with their author kept and the importer noted, then photos. Again is harmless."""
    importer = caller.principal
    require(importer, Action.RESCUE_RECORD)
    await spend("rescue", caller.principal.session_id, settings().rate_account)
    async with request.app.state.rescuing:
        content = await read_bytes(request, MAX_FILE_BYTES)
        async with database().read() as db:
            key = await rescue_keys.find(db)
        if key is None:
            raise Problem("rescue_key_wrong")
        file = await to_thread.run_sync(_opened, key, content)
        async with database().read() as db:
            author = await rescues.get_author(db, importer, key, file.head)
        counts = await _take_in(request, importer, author, file)
    async with database().write() as db:
        await rescues.note(db, importer, author, counts, hashlib.sha256(content).hexdigest())
    return _answer(author, counts)


def make_rescuing() -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)


def _opened(key: RescueKey, content: bytes) -> RescueFile:
    """What a phone wrote behind its PIN is closed once more inside."""
    file = read_rescue(key.open(content))
    if not file.head.key:
        return file
    phone = PhoneKey.read(key, file.head.key)
    head = file.head.model_copy(update={"records": phone.open_records(file.head.records)})
    return RescueFile(head, [_unboxed(phone, photo) for photo in file.photos])


def _unboxed(phone: PhoneKey, photo: RescuedPhoto) -> RescuedPhoto:
    """One that does not open is left as it came: it fits no visit."""
    with suppress(Problem):
        return photo._replace(content=phone.open(photo.content, photo.sha256))
    return photo


async def _take_in(request: Request, importer: Principal, author: Author, file: RescueFile) -> Counts:
    counts, device_now = Counts(), rescues.device_clock(file.head, utc_now())
    for some in rescues.portions(file.head.records):
        work = partial(rescues.take_in, importer=importer, author=author, device_now=device_now, raw_records=some)
        counts.add(some, await database().write_again(work))
    for photo in file.photos:
        match await _attach(request, author.who, photo):
            case None:
                counts.photos_left += 1
            case True:
                counts.photos += 1
            case False:
                counts.photos_known += 1
    return counts


async def _attach(request: Request, author: Principal, photo: RescuedPhoto) -> bool | None:
    """Whether a photo is new here. None where no visit of the author keeps a place for these bytes, or not yet."""
    try:
        async with database().read() as db:
            slot = await photos.get_slot(db, author, photo.visit_id, photo.sha256)
        if slot.is_filled:
            return False
        await take(slot, photo.content)
        await accept(request.app.state.acceptance, author, slot)
        return True
    except Problem:
        # Held or refused with its visit, erased, damaged, or on its way from the author's phone at this moment.
        pass
    return None


def _answer(author: Author, counts: Counts) -> dict[str, Any]:
    return {
        "author": author.who.name,
        "records": counts.records,
        "known": counts.records_known,
        "look": len(counts.look),
        "lines": counts.look[:MOST_SHOWN],
        "photos": counts.photos,
        "photos_known": counts.photos_known,
        "photos_left": counts.photos_left,
    }
