"""Decisions: an officer brings one in a form, with or without its PDF; those who may read it fetch the paper, and a
draft of it for the office that numbers and signs.

What is served as a paper began and ended as a PDF when it came, is never opened here, and goes out under our type and
a policy that lets nothing run.
"""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from fieldapp.api.document import DOCX, PDF, WORD_FILE, says, takes_form
from fieldapp.api.form import read_open_form
from fieldapp.api.identity import SLOT_HEADER, OpenCaller
from fieldapp.api.rates import spend
from fieldapp.api.shapes import DecisionKept
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.decision_form import MOST_FIELDS, DecisionForm
from fieldapp.domain.given import Key
from fieldapp.domain.paper import MAX_PAPER_BYTES, read_paper
from fieldapp.domain.vn_time import vn_day
from fieldapp.integrations.photo_store import photo_store
from fieldapp.permissions import Action, require
from fieldapp.problems import Problem
from fieldapp.reports.decision_draft import decision_draft
from fieldapp.reports.decision_list import read_draft
from fieldapp.reports.team_standing import list_standings
from fieldapp.services import decisions
from models.base import utc_now
from models.team import TeamLevel

router = APIRouter(prefix="/decisions")
HEADERS = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "vary": SLOT_HEADER,
}


@router.post("", responses=says(DecisionKept), openapi_extra=takes_form(DecisionForm, "file"))
async def keep_decision(request: Request, caller: OpenCaller) -> dict[str, Any]:
    """Writes a decision of the officer's commune down, or puts one right; warnings of its teams stop nothing."""
    require(caller.principal, Action.MANAGE_DECISION)
    await spend("decision", caller.principal.session_id, settings().rate_account)
    form, file = await read_open_form(request, DecisionForm, MAX_PAPER_BYTES, MOST_FIELDS)
    paper = None
    if file is not None and file.content:
        content = read_paper(file.content)
        paper = decisions.paper_of(content)
        await photo_store().keep_file(paper.sha256, content)
    today = vn_day(utc_now())
    async with database().write() as db:
        standing = await list_standings(db, today, caller.principal.commune_id)
        lacking = {team: [w.kind for w in stands.heard] for team, stands in standing.items()}
        row = await decisions.keep(db, caller.principal, form, paper, lacking)
        warnings = sum(len(lacking.get(team, ())) for team in form.teams)
        silenced = warnings if form.reason.strip() else 0
        return {
            "id": row.id,
            "number": row.number,
            "teams": len(form.teams),
            "warnings": warnings - silenced,
            "silenced": silenced,
        }


@router.get("/draft", response_class=Response, responses=DOCX)
async def draft_decision(caller: OpenCaller, level: TeamLevel = TeamLevel.VILLAGE) -> Response:
    """A draft that founds the teams of this level, with their members as an annex; the same teams, the same bytes."""
    async with database().read() as db:
        draft = await read_draft(db, caller.principal, level, vn_day(utc_now()))
    content = await to_thread.run_sync(decision_draft, draft)
    disposition = {"content-disposition": f'attachment; filename="du-thao-quyet-dinh-{level}.docx"'}
    return Response(content, media_type=WORD_FILE, headers=HEADERS | disposition)


@router.get("/{decision_id}/file", response_class=Response, responses=PDF)
async def read_file(decision_id: Key, caller: OpenCaller) -> Response:
    """The paper as it was brought, to be saved."""
    async with database().read() as db:
        row = await decisions.get_for_reading(db, caller.principal, decision_id)
    return await kept_paper(row.sha256, f"quyet-dinh-{row.issued_on:%Y%m%d}-{row.id}.pdf")


async def kept_paper(sha256: str | None, name: str) -> Response:
    """A kept PDF, to be saved under this name. Raises `not_found`."""
    content = await photo_store().find_file(sha256) if sha256 else None
    if content is None:
        raise Problem("not_found")
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=HEADERS | disposition)
