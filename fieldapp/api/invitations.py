"""Printing invitations: the PDF comes first, then they become valid, as with cards."""

from datetime import timedelta

from anyio import to_thread
from fastapi import APIRouter, Response
from pydantic import BaseModel

from fieldapp.api.document import PDF
from fieldapp.api.identity import OpenCaller
from fieldapp.db import database
from fieldapp.domain.given import Key
from fieldapp.domain.vn_time import vn_day
from fieldapp.reports.invitation_sheet import invitation_sheet
from fieldapp.services import invitation_sheets
from models.base import utc_now

router = APIRouter()


class Sheets(BaseModel):
    """Whose invitations: a team's, or with none the whole commune's."""

    team: Key | None = None


@router.post("/enrolments/sheets", response_class=Response, responses=PDF)
async def print_invitations(form: Sheets, caller: OpenCaller) -> Response:
    """Invitations for all who have no phone yet, as slips to cut; their secrets stand nowhere else."""
    async with database().read() as db:
        inviting = await invitation_sheets.prepare(db, caller.principal, form.team)
    today = vn_day(utc_now())
    last = today + timedelta(days=inviting.days)
    pdf = await to_thread.run_sync(invitation_sheet, inviting.slips, inviting.commune_name, last, inviting.sample)
    async with database().write() as db:
        await invitation_sheets.issue(db, caller.principal, inviting)
    name = f"giay-moi-{today:%Y%m%d}.pdf"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)
