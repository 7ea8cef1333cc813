"""Lists that officers bring as files: read within limits and staged. All else is done at the desk."""

import asyncio
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from fieldapp.api.document import TABLE, says, takes_form
from fieldapp.api.exports import TYPES, Locale
from fieldapp.api.form import read_form
from fieldapp.api.identity import OpenCaller
from fieldapp.api.rates import spend
from fieldapp.api.shapes import ListStaged
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.roster import heads_of, needed_of
from fieldapp.domain.sheet import MAX_FILE_BYTES, read_lines
from fieldapp.permissions import Action, require
from fieldapp.reports.list_template import template_of
from fieldapp.services import roster_imports
from models.roster_import import ImportKind

router = APIRouter(prefix="/imports")
_ONE_AT_A_TIME = asyncio.Semaphore(1)
"""A list may take 100 MB while it is read: those of several officers are read one after the other."""


class ListForm(BaseModel):
    kind: ImportKind


@router.post("", responses=says(ListStaged), openapi_extra=takes_form(ListForm, "file"))
async def bring_list(request: Request, caller: OpenCaller) -> dict[str, Any]:
    """Reads a list and keeps it to be looked at. Nothing of it is in the record before it is applied at the desk."""
    require(caller.principal, Action.IMPORT_ROSTER)
    await spend("import", caller.principal.session_id, settings().rate_account)
    form, file = await read_form(request, ListForm, MAX_FILE_BYTES)
    kind = form.kind
    async with _ONE_AT_A_TIME:
        lines = await to_thread.run_sync(read_lines, file.content, heads_of(kind), needed_of(kind))
    async with database().write() as db:
        row = await roster_imports.stage(db, caller.principal, kind, file.name, lines)
        return {"id": str(row.id), "lines": row.line_count, "faulty": row.faulty_count, "twins": row.twin_count}


@router.get("/template/{kind}.xlsx", response_class=StreamingResponse, responses=TABLE)
async def give_template(kind: ImportKind, caller: OpenCaller, locale: Locale = "vi") -> StreamingResponse:
    """An empty list to write in."""
    require(caller.principal, Action.IMPORT_ROSTER)
    pieces = await asyncio.to_thread(template_of, kind, locale)
    headers = {"content-disposition": f'attachment; filename="mau-{NAMES[kind]}.xlsx"', "cache-control": "no-store"}
    return StreamingResponse(pieces, media_type=TYPES["xlsx"], headers=headers)


NAMES = {ImportKind.MEMBERS: "thanh-vien", ImportKind.HOUSEHOLDS: "ho-gia-dinh"}
