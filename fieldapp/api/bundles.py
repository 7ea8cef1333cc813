"""Bundles of papers to take away, made beforehand by a job."""

from fastapi import APIRouter, Response

from fieldapp.api.document import ZIP
from fieldapp.api.identity import OpenCaller
from fieldapp.api.papers import as_file
from fieldapp.db import database
from fieldapp.domain.given import Key
from fieldapp.integrations.photo_store import photo_store
from fieldapp.problems import Problem
from fieldapp.services import audit, bundles

router = APIRouter(prefix="/bundles")


@router.get("/{bundle_id}/file", response_class=Response, responses=ZIP)
async def take_bundle(bundle_id: Key, caller: OpenCaller) -> Response:
    """All papers of a period in one file; written down before it leaves the house."""
    who = caller.principal
    async with database().read() as db:
        row, name = await bundles.get_for_reading(db, who, bundle_id)
    content = await photo_store().find_file(row.sha256 or "")
    if content is None:
        async with database().write() as db:
            await bundles.begin_anew(db, bundle_id)
        raise Problem("not_found")
    told = audit.event(who, "export.bundle", "bundle", row.id, row.unit_id, file=str(row.file), papers=row.paper_count)
    async with database().write() as db:
        await audit.write(db, [told])
    return as_file(content, "application/zip", name)
