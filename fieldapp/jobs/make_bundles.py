"""Makes bundles of papers, one worker at a time and one paper at a time, in a process that steps back behind phones.

What is rendered is kept, so a run that was cut goes on with the next paper.
"""

import hashlib
from datetime import datetime

import anyio
import structlog
from anyio import to_thread

from fieldapp.db import database
from fieldapp.domain.paper_form import ReportPaper
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.apart import ProcessApart
from fieldapp.jobs.turn import turn
from fieldapp.problems import Problem
from fieldapp.reports.bundle_zip import bundle_zip
from fieldapp.reports.papers import FileKind, render
from fieldapp.services import bundles, leases, paper_templates
from fieldapp.services.report_detail import get_detail
from fieldapp.services.report_papers import report_paper
from models.base import utc_now
from models.bundle import Bundle, BundlePaper
from models.period import Period
from models.unit import Unit

log = structlog.get_logger("bundles")
LEASE, LEASE_SECONDS = "bundles", 120
LOOK_SECONDS = 10
PAUSE_SECONDS = 0.1
"""Between two papers, so that a core is never taken for long."""

_process = ProcessApart()


async def run_bundles() -> None:
    """Works until it is cancelled."""
    holder = leases.new_holder()
    while True:
        try:
            await make_in_turn(holder, utc_now())
        except Exception as error:
            log.error("bundles_failed", error=type(error).__name__)
        await anyio.sleep(LOOK_SECONDS)


async def make_in_turn(holder: str, now: datetime) -> int:
    """Asks for what is due and makes all that waits, unless another worker is at it; gives how many it made."""
    async with database().read() as db:
        if not await bundles.has_work(db, now):
            return 0
    made = 0
    async with turn(LEASE, holder, LEASE_SECONDS) as mine:
        if not mine:
            return 0
        async with database().write() as db:
            await bundles.ask_due(db, now)
        try:
            while (bundle_id := await _next()) is not None:
                if not await _make_safely(bundle_id, holder):
                    break
                made += 1
        finally:
            _process.close()
    return made


async def _next() -> int | None:
    async with database().read() as db:
        return await bundles.next_waiting(db)


async def _make_safely(bundle_id: int, holder: str) -> bool:
    """Whether it came to an end, good or bad; False where another worker has the turn by now."""
    try:
        return await make(bundle_id, holder)
    except Exception as error:
        log.error("bundle_failed", bundle=bundle_id, error=type(error).__name__, exc_info=error)
        code = error.code if isinstance(error, Problem) else "unexpected"
        await database().write_again(lambda db: bundles.fail(db, bundle_id, code, utc_now()))
        return True


async def make(bundle_id: int, holder: str) -> bool:
    """Renders what is missing and ties it all together; False where the lease is another's."""
    async with database().read() as db:
        papers = await bundles.list_papers(db, bundle_id)
    known = {paper.name: paper.sha256 for paper in papers}
    for paper in papers:
        if paper.sha256 is not None:
            continue
        if not await _renew(holder):
            return False
        content = await _render(paper)
        sha256 = hashlib.sha256(content).hexdigest()
        await photo_store().keep_file(sha256, content)
        await database().write_again(lambda db, one=paper, sha=sha256: bundles.note_paper(db, one, sha))
        known[paper.name] = sha256
        await anyio.sleep(PAUSE_SECONDS)
    async with database().read() as db:
        same = await bundles.has_same_templates(db, bundle_id)
    if not same:
        await database().write_again(lambda db: bundles.begin_anew(db, bundle_id))
        raise Problem("template_changed")
    await _tie(bundle_id, {name: sha256 for name, sha256 in known.items() if sha256})
    return True


async def _render(paper: BundlePaper) -> bytes:
    """In the unit's own template, or in the usual one where that has become useless."""
    async with database().read() as db:
        bundle = await db.get_one(Bundle, paper.bundle_id)
        who = bundles.maker(await db.get_one(Unit, bundle.unit_id))
        detail = await get_detail(db, who, paper.report_id)
        at = detail.report.decided_at or detail.report.received_at
        form: ReportPaper = await report_paper(db, who, detail, at)
        own = await paper_templates.find(db, detail.report.commune_id or detail.unit.id or 0, form.kind)
    file = FileKind(bundle.file)
    template = await photo_store().find_file(own.sha256) if own and file is FileKind.DOCX else None
    try:
        return await _process.run(render, form, file, template)
    except Problem:
        return await _process.run(render, form, file, None)


async def _tie(bundle_id: int, known: dict[str, str]) -> None:
    papers = []
    for name, sha256 in known.items():
        content = await photo_store().find_file(sha256)
        if content is None:
            # As after a restore: rows tell of papers whose files no backup holds.
            await database().write_again(lambda db: bundles.begin_anew(db, bundle_id))
            return
        papers.append((name, content))
    async with database().read() as db:
        bundle = await db.get_one(Bundle, bundle_id)
        period = await db.get_one(Period, bundle.period_id)
    content = await to_thread.run_sync(bundle_zip, papers, period.last_day)
    sha256 = hashlib.sha256(content).hexdigest()
    await photo_store().keep_file(sha256, content)
    await database().write_again(lambda db: bundles.finish(db, bundle_id, sha256, len(content), utc_now()))
    log.info("bundle_made", bundle=bundle_id, papers=len(papers), bytes=len(content))


async def _renew(holder: str) -> bool:
    async with database().write() as db:
        return await leases.renew(db, LEASE, holder, LEASE_SECONDS)
