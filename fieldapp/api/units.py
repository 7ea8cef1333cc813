"""The units that somebody may look at, for programs: what the codes in tables and tellings stand for."""

from typing import Any

from fastapi import APIRouter

from fieldapp.api.document import says
from fieldapp.api.identity import Reader
from fieldapp.api.shapes import Units
from fieldapp.db import database
from fieldapp.permissions import Action
from fieldapp.reports.unit_tree import list_under

router = APIRouter()


@router.get("/units", responses=says(Units))
async def list_units(who: Reader) -> dict[str, Any]:
    """One's own unit and all under it, those that have ended too."""
    async with database().read() as db:
        found = await list_under(db, who, Action.READ_SUMMARY)
    units = [
        {
            "code": unit.code,
            "name": unit.name,
            "kind": unit.kind,
            "parent": unit.parent_code,
            "since": unit.valid_from,
            "until": unit.valid_to,
        }
        for unit in found
    ]
    return {"units": units}
