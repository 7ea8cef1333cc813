"""Printing household cards: the PDF comes first, then the cards become valid (docs/decisions/0003)."""

from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from fieldapp.api.document import PDF
from fieldapp.api.identity import OpenCaller
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.given import MAX_KEY, Key
from fieldapp.domain.vn_time import vn_day
from fieldapp.reports.card_sheet import card_sheet
from fieldapp.services import cards
from fieldapp.services.cards import Printing
from models.base import utc_now
from models.household import BatchKind

router = APIRouter(prefix="/cards")


class Sheets(BaseModel):
    """Which village's cards, or which household's alone; `size` counts only for anonymous ones."""

    village: Key
    kind: BatchKind
    size: int = Field(default=0, ge=0, le=MAX_KEY)
    household: UUID | None = None


@router.post("/sheets", response_class=Response, responses=PDF)
async def print_sheets(form: Sheets, caller: OpenCaller) -> Response:
    """The cards as a PDF. Its codes are written down nowhere else, so that no cache may keep it."""
    async with database().read() as db:
        printing = await cards.prepare(db, caller.principal, form.village, form.kind, form.size, form.household)
    pdf = await to_thread.run_sync(_sheet, printing)
    async with database().write() as db:
        await cards.issue(db, caller.principal, printing)
    name = f"the-ho-{printing.village_code}-{vn_day(utc_now()):%Y%m%d}.pdf"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _sheet(printing: Printing) -> bytes:
    place = (printing.village_name, printing.commune_name, settings().card_host)
    return card_sheet(printing.cards, *place, sample=printing.sample)
