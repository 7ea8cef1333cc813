"""Deadlines of reports for the calendars of phones and mail programs, behind a secret address of each officer's own."""

from typing import Any

from fastapi import APIRouter, Depends, Response

from fieldapp.api.document import CALENDAR, says
from fieldapp.api.identity import OpenCaller
from fieldapp.api.rates import by_address
from fieldapp.api.shapes import LinkMade
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.ical import calendar
from fieldapp.i18n import text
from fieldapp.permissions import Action, require
from fieldapp.services import due_calendar, shared_links
from models.base import utc_now

router = APIRouter(prefix="/calendar")
MEDIA = "text/calendar; charset=utf-8"
HEADERS = {
    "cache-control": "private, max-age=3600",
    "content-disposition": 'inline; filename="han-bao-cao.ics"',
    "content-security-policy": "default-src 'none'; sandbox",
    "x-robots-tag": "noindex",
}


@router.post("", responses=says(LinkMade))
async def share_calendar(caller: OpenCaller) -> dict[str, Any]:
    """The caller's address of deadlines, told this once; the one before opens nothing any more."""
    require(caller.principal, Action.READ_REPORT)
    async with database().write() as db:
        row, secret = await shared_links.make_calendar(db, caller.principal)
    return {"id": row.id, "secret": f"{settings().origin}/api/v1/calendar/{secret}.ics"}


@router.get(
    "/{secret}.ics", response_class=Response, responses=CALENDAR, dependencies=[Depends(by_address("calendar"))]
)
async def read_calendar(secret: str) -> Response:
    """The deadlines, as they stand now."""
    async with database().read() as db:
        who = await due_calendar.owner_of(db, secret)
        events = await due_calendar.list_deadlines(db, who, utc_now())
    name = text("reports.ical_name", unit=who.unit_name)
    return Response(calendar(name, text("app.name"), events), media_type=MEDIA, headers=HEADERS)
