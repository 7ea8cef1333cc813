"""Reports of periods as official papers (B1 to B3), one version at a time, as it was locked."""

from typing import Annotated
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Query, Response

from fieldapp.api.document import PAPER
from fieldapp.api.identity import OpenCaller
from fieldapp.api.papers import MEDIA, as_file
from fieldapp.db import database
from fieldapp.integrations.photo_store import photo_store
from fieldapp.reports.papers import FileKind, render
from fieldapp.services import audit, paper_templates
from fieldapp.services.report_detail import get_detail
from fieldapp.services.report_papers import paper_name, report_paper
from models.base import utc_now
from models.unit import UnitKind

router = APIRouter(prefix="/papers")


@router.get("/report.{file}", response_class=Response, responses=PAPER)
async def take_report(file: FileKind, caller: OpenCaller, report: Annotated[UUID, Query()]) -> Response:
    """The paper of a version; of the template that the unit has of its own, a village of its commune."""
    who = caller.principal
    async with database().read() as db:
        detail = await get_detail(db, who, report)
        paper = await report_paper(db, who, detail, utc_now())
        own = await paper_templates.find(db, detail.report.commune_id or detail.unit.id or 0, paper.kind)
    template = await photo_store().find_file(own.sha256) if own and file is FileKind.DOCX else None
    content = await to_thread.run_sync(render, paper, file, template)
    told = audit.event(
        who, "export.paper", "period_report", report, detail.report.unit_id, paper=str(paper.kind), file=file
    )
    async with database().write() as db:
        await audit.write(db, [told])
    name = paper_name(UnitKind(detail.report.level), detail.unit.code, detail.period.last_day, detail.report.number)
    return as_file(content, MEDIA[file], f"{name}.{file}")
