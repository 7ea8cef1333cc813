"""Official papers to take away, and the Word templates that a unit brings for them: judged, tried apart, and kept."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.api.decisions import HEADERS
from fieldapp.api.document import DOCX, PAPER, WORD_FILE, says, takes_form
from fieldapp.api.exports import TYPES
from fieldapp.api.form import read_form
from fieldapp.api.identity import OpenCaller
from fieldapp.api.rates import spend
from fieldapp.api.shapes import TemplateKept
from fieldapp.config import ROOT, settings
from fieldapp.db import database
from fieldapp.domain.day_range import DayRange, given_range
from fieldapp.domain.docx_file import MAX_TEMPLATE_BYTES, read_docx
from fieldapp.domain.given import Key
from fieldapp.domain.paper_form import PaperKind, ReportPaper, TablePaper
from fieldapp.domain.vn_time import vn_day
from fieldapp.integrations.photo_store import photo_store
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.reports import paper_lists
from fieldapp.reports.export_sheets import Mark
from fieldapp.reports.paper_lists import PlatformLine, TargetLine
from fieldapp.reports.paper_templates import default_template
from fieldapp.reports.papers import FileKind, render
from fieldapp.services import audit, paper_templates, target_grid
from fieldapp.services.decisions import paper_of
from fieldapp.services.samples import is_sample
from fieldapp.services.targets import Frame
from models.base import utc_now
from models.target import Measure

router = APIRouter(prefix="/papers")
MEDIA = {
    FileKind.DOCX: WORD_FILE,
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: TYPES["xlsx"],
    FileKind.CSV: TYPES["csv"],
}
NAMES = {
    PaperKind.VILLAGE_REPORT: "b1-phieu-bao-cao",
    PaperKind.COMMUNE_REPORT: "b2-bao-cao-xa",
    PaperKind.PROVINCE_REPORT: "b3-bao-cao-tinh",
    PaperKind.REGISTER: "b4-danh-sach-to",
    PaperKind.TARGETS: "b5-tien-do-chi-tieu",
    PaperKind.DIFFICULTIES: "b6-so-vuong-mac",
    PaperKind.GROUPS: "b7-nhom-zalo",
}
TRIAL_SECONDS = 60
_ONE_AT_A_TIME = asyncio.Semaphore(1)
"""A template may take a core and much memory while it is tried."""


class TemplateForm(BaseModel):
    kind: PaperKind


@router.get("/b4.{file}", response_class=Response, responses=PAPER)
async def take_register(file: FileKind, caller: OpenCaller, commune: Key | None = None) -> Response:
    """Teams and members of a commune; for the province with no commune named, the numbers of all."""
    async with database().read() as db:
        paper = await paper_lists.register_paper(db, await _mark(db, caller.principal), commune)
    return await hand_out(caller.principal, paper, file, commune=commune)


@router.get("/b5.{file}", response_class=Response, responses=PAPER)
async def take_targets(
    file: FileKind, caller: OpenCaller, first: date, last: date, measure: Measure, commune: Key | None = None
) -> Response:
    """How far targets of a period are: of a commune's teams, or of the province's communes."""
    who, days = caller.principal, given_range(first, last)
    require(who, Action.READ_TARGET)
    async with database().read() as db:
        frame = Frame(commune or who.commune_id, days, measure)
        lines, above = await _targets(db, who, frame)
        mark = await _mark(db, who)
        paper = await paper_lists.target_paper(db, mark, commune, days, measure, lines, above)
    return await hand_out(who, paper, file, first=first.isoformat(), last=last.isoformat(), commune=commune)


@router.get("/b6.{file}", response_class=Response, responses=PAPER)
async def take_difficulties(file: FileKind, caller: OpenCaller, first: date, last: date) -> Response:
    """The book of difficulties received in these days."""
    days: DayRange = given_range(first, last)
    async with database().read() as db:
        paper = await paper_lists.difficulty_paper(db, await _mark(db, caller.principal), days)
    return await hand_out(caller.principal, paper, file, first=first.isoformat(), last=last.isoformat())


@router.get("/b7.{file}", response_class=Response, responses=PAPER)
async def take_groups(file: FileKind, caller: OpenCaller) -> Response:
    """How many households are in the groups of their villages."""
    async with database().read() as db:
        paper = await paper_lists.group_paper(db, await _mark(db, caller.principal))
    return await hand_out(caller.principal, paper, file)


@router.get("/templates/{paper}.docx", response_class=Response, responses=DOCX)
async def take_template(paper: PaperKind, caller: OpenCaller, usual: bool = False) -> Response:
    """The template that the unit's papers are made of: its own, or the usual one."""
    require(caller.principal, Action.KEEP_TEMPLATE)
    async with database().read() as db:
        own = await paper_templates.find_own(db, caller.principal, paper)
    content = None if own is None or usual else await photo_store().find_file(own.sha256)
    if content is None:
        content = await to_thread.run_sync(default_template, paper)
    return as_file(content, WORD_FILE, f"mau-{paper}.docx")


@router.post("/templates", responses=says(TemplateKept), openapi_extra=takes_form(TemplateForm, "file"))
async def keep_template(request: Request, caller: OpenCaller) -> dict[str, Any]:
    """The unit's papers of this kind are made of this file from now on."""
    require(caller.principal, Action.KEEP_TEMPLATE)
    await spend("template", caller.principal.session_id, settings().rate_account)
    form, brought = await read_form(request, TemplateForm, MAX_TEMPLATE_BYTES)
    if form.kind not in paper_templates.kinds_of(caller.principal):
        raise Problem("forbidden")
    content = await to_thread.run_sync(read_docx, brought.content)
    await _try(form.kind, content)
    paper = paper_of(content)
    await photo_store().keep_file(paper.sha256, content)
    async with database().write() as db:
        row = await paper_templates.keep(db, caller.principal, form.kind, brought.name, paper)
        return {"kind": row.kind, "name": row.name}


async def _try(kind: PaperKind, content: bytes) -> None:
    """Fills it with an example in a process of its own, which knows no secret. Raises the `template_*` Problems."""
    async with _ONE_AT_A_TIME:
        trial = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "fieldapp.reports.paper_trial", str(kind), cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "")},
        )  # fmt: skip
        try:
            told, _ = await asyncio.wait_for(trial.communicate(content), TRIAL_SECONDS)
        except TimeoutError:
            told = b""
        finally:
            if trial.returncode is None:
                trial.kill()
                await trial.wait()
    passed = bool(told) and trial.returncode == 0
    wrong: dict[str, Any] = json.loads(told) if passed else {"code": "template_broken"}
    if wrong:
        raise Problem(wrong["code"], "file", **wrong.get("params", {}))


async def _mark(db: AsyncSession, who: Principal) -> Mark:
    return Mark(who, utc_now(), await is_sample(db), "vi")


async def _targets(
    db: AsyncSession, who: Principal, frame: Frame
) -> tuple[Sequence[TargetLine], Sequence[PlatformLine]]:
    """Every page of the grid, by platform."""
    grid = await target_grid.read_grid(db, who, frame)
    units = list(grid.lines)
    for page in range(1, grid.pages):
        units += (await target_grid.read_grid(db, who, frame, page=page)).lines
    above = [PlatformLine(c.code, c.above.amount, c.given, c.above.done) for c in grid.columns]
    lines = []
    for column in grid.columns:
        for unit in units:
            number = unit.numbers[column.code]
            taken = vn_day(number.accepted_at) if number.accepted_at else None
            if number.amount is not None or number.done:
                lines.append(TargetLine(column.code, unit.name, number.amount, number.done, taken))
    return lines, above


async def hand_out(who: Principal, paper: ReportPaper | TablePaper, file: FileKind, **detail: Any) -> Response:
    """The paper as a file, in the template of the caller's unit; written down before it leaves the house."""
    unit_id = who.unit_id or who.commune_id or 0
    template = await _template(unit_id, paper.kind) if file is FileKind.DOCX else None
    content = await to_thread.run_sync(render, paper, file, template)
    said = {name: value for name, value in detail.items() if value is not None}
    told = audit.event(who, "export.paper", "unit", unit_id, unit_id, paper=str(paper.kind), file=str(file), **said)
    async with database().write() as db:
        await audit.write(db, [told])
    return as_file(content, MEDIA[file], f"{NAMES[paper.kind]}-{vn_day(paper.made_at):%Y%m%d}.{file}")


async def _template(unit_id: int, kind: PaperKind) -> bytes | None:
    async with database().read() as db:
        own = await paper_templates.find(db, unit_id, kind)
    return await photo_store().find_file(own.sha256) if own is not None else None


def as_file(content: bytes, media: str, name: str) -> Response:
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=HEADERS | disposition)
