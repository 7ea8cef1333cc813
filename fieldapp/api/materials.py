"""Guiding papers and good practice: an officer brings one in a form, with or without its PDF; who may read it fetches
the file, at the desk and on phones.

A file is judged and served like that of a decision: it began and ended as a PDF, and goes out under our type and a
policy that lets nothing run.
"""

from typing import Any

from fastapi import APIRouter, Request, Response

from fieldapp.api.decisions import kept_paper
from fieldapp.api.document import PDF, says, takes_form
from fieldapp.api.form import read_open_form
from fieldapp.api.identity import OpenCaller
from fieldapp.api.rates import spend
from fieldapp.api.shapes import MaterialKept
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.given import Key
from fieldapp.domain.material import MaterialForm
from fieldapp.domain.paper import MAX_PAPER_BYTES, read_paper
from fieldapp.integrations.photo_store import photo_store
from fieldapp.permissions import Action, require
from fieldapp.services import materials
from fieldapp.services.decisions import paper_of

router = APIRouter(prefix="/materials")


@router.post("", responses=says(MaterialKept), openapi_extra=takes_form(MaterialForm, "file"))
async def keep_material(request: Request, caller: OpenCaller) -> dict[str, Any]:
    """Keeps a paper or a good practice of the officer's unit, or puts one right."""
    require(caller.principal, Action.KEEP_MATERIAL)
    await spend("material", caller.principal.session_id, settings().rate_account)
    form, file = await read_open_form(request, MaterialForm, MAX_PAPER_BYTES)
    paper = None
    if file is not None and file.content:
        content = read_paper(file.content)
        paper = paper_of(content)
        await photo_store().keep_file(paper.sha256, content)
    async with database().write() as db:
        row = await materials.keep(db, caller.principal, form, paper)
        return {"id": row.id, "kind": row.kind, "state": row.state}


@router.get("/{material_id}/file", response_class=Response, responses=PDF)
async def read_material_file(material_id: Key, caller: OpenCaller) -> Response:
    """The file as it was brought, to be saved."""
    async with database().read() as db:
        row = await materials.get_for_reading(db, caller.principal, material_id)
    return await kept_paper(row.sha256, f"tai-lieu-{row.id}.pdf")
