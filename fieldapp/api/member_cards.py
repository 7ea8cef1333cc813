"""Printing the cards of a team's members."""

from typing import Literal

from anyio import to_thread
from fastapi import APIRouter, Response

from fieldapp.api.document import PDF
from fieldapp.api.identity import OpenCaller
from fieldapp.db import database
from fieldapp.domain.given import Key
from fieldapp.domain.vn_time import vn_day
from fieldapp.reports.member_cards import member_cards, read_cards
from fieldapp.services import audit
from fieldapp.services.samples import is_sample
from models.base import utc_now

router = APIRouter(prefix="/teams")


@router.get("/{team_id}/cards", response_class=Response, responses=PDF)
async def print_member_cards(team_id: Key, caller: OpenCaller, locale: Literal["vi", "en"] = "vi") -> Response:
    """The cards of all who sit in a team today, as a PDF; that names left the house is written down."""
    who, today = caller.principal, vn_day(utc_now())
    async with database().write() as db:
        team, sample = await read_cards(db, who, team_id, today), await is_sample(db)
        told = audit.event(who, "export.member_cards", "unit", team.commune_id, team.commune_id, team=team_id)
        await audit.write(db, [told])
    pdf = await to_thread.run_sync(member_cards, team, locale, sample)
    headers = {
        "content-disposition": f'attachment; filename="the-thanh-vien-{team_id}-{today:%Y%m%d}.pdf"',
        "cache-control": "no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)
