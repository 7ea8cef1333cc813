"""All approved papers of a period as one file: asked for by an officer or by the clock, made by a job paper by paper.

Which versions are in it is settled when it is asked for. The same versions in the same templates are one bundle,
whoever asks and however often; one that failed goes on where it was.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.reporting_period import REGULAR
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.periods import get_period
from fieldapp.services.report_papers import paper_name
from fieldapp.services.upsert import dialect_of, insert_for
from models.account import Account, Role
from models.bundle import Bundle, BundleFile, BundlePaper, BundleState
from models.paper_template import PaperKind, PaperTemplate
from models.period import Period
from models.period_report import PeriodReport, ReportState
from models.unit import Unit, UnitKind

BUNDLES, PAPERS, ACCOUNTS = Bundle.__table__, BundlePaper.__table__, Account.__table__
REPORTS, PERIODS, UNITS = PeriodReport.__table__, Period.__table__, Unit.__table__
TEMPLATES = PaperTemplate.__table__
KEPT = timedelta(days=14)
BY_CLOCK = BundleFile.PDF
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', "-") | {chr(n): "" for n in range(32)})


async def ask(session: AsyncSession, who: Principal, period_id: int, file: BundleFile, now: datetime) -> Bundle:
    """The bundle of all versions that stand as approved now, new or the one that there is.

    Raises `forbidden`, `not_found`, `nothing_approved`.
    """
    require(who, Action.READ_REPORT)
    if who.account_id is None or who.unit_id is None:
        raise Problem("forbidden")
    period = await get_period(session, period_id, who.commune_id)
    unit = await session.get_one(Unit, who.unit_id)
    made = await _gather(session, period, unit, file, now, asked_by_id=who.account_id)
    told = {"period": period.id, "file": str(file), "papers": made.paper_count}
    await audit.write(session, [audit.event(who, "bundle.ask", "bundle", made.id, unit.id, **told)])
    return made


async def _gather(
    session: AsyncSession, period: Period, unit: Unit, file: BundleFile, now: datetime, **by: Any
) -> Bundle:
    found = await _approved(session, period, unit)
    if not found:
        raise Problem("nothing_approved")
    key = await _key(session, unit.id or 0, file, [row.id for row in found])
    row = {"period_id": period.id, "unit_id": unit.id, "file": file, "key": key, "paper_count": len(found)}
    row |= {"state": BundleState.WAITING, "done_count": 0, "bytes": 0, "error": "", "asked_at": now} | by
    insert = insert_for(dialect_of(session), BUNDLES).values(row).on_conflict_do_nothing(index_elements=["key"])
    new = (await session.execute(insert.returning(BUNDLES.c.id))).scalar_one_or_none()
    if new is not None:
        session.add_all(BundlePaper(bundle_id=new, report_id=one.id, name=_name(one, period, file)) for one in found)
        await session.flush()
    made = (await session.execute(select(Bundle).where(BUNDLES.c.key == key))).scalar_one()
    if made.state == BundleState.FAILED:
        made.state, made.error, made.ended_at = BundleState.WAITING, "", None
    if "cause" in by:
        made.cause = by["cause"]
    await session.flush()
    return made


async def _key(session: AsyncSession, unit_id: int, file: BundleFile, ids: Sequence[UUID]) -> str:
    """Of these versions in this kind of file; of a Word file also in the templates that their units have now."""
    said = [str(unit_id), str(file), *sorted(map(str, ids))]
    if file == BundleFile.DOCX:
        whose = select(func.coalesce(REPORTS.c.commune_id, REPORTS.c.unit_id)).where(REPORTS.c.id.in_(ids))
        kinds = [str(kind) for kind in (PaperKind.VILLAGE_REPORT, PaperKind.COMMUNE_REPORT, PaperKind.PROVINCE_REPORT)]
        query = select(TEMPLATES.c.sha256).where(TEMPLATES.c.unit_id.in_(whose), TEMPLATES.c.kind.in_(kinds))
        said += (await session.execute(query.order_by(TEMPLATES.c.unit_id, TEMPLATES.c.kind))).scalars()
    return hashlib.sha256(" ".join(said).encode()).hexdigest()


async def has_same_templates(session: AsyncSession, bundle_id: int) -> bool:
    """False where one was replaced since it was asked for: papers of both would be in it."""
    bundle = await session.get_one(Bundle, bundle_id)
    ids = (await session.execute(select(PAPERS.c.report_id).where(PAPERS.c.bundle_id == bundle_id))).scalars().all()
    return await _key(session, bundle.unit_id, BundleFile(bundle.file), ids) == bundle.key


async def _approved(session: AsyncSession, period: Period, unit: Unit) -> Sequence[Any]:
    """Of the province its own version and those of communes; of a commune its own and those of its villages."""
    levels = [UnitKind.COMMUNE, UnitKind.PROVINCE]
    query = (
        select(REPORTS.c.id, REPORTS.c.level, REPORTS.c.number, UNITS.c.code, UNITS.c.name)
        .join(UNITS, UNITS.c.id == REPORTS.c.unit_id)
        .where(REPORTS.c.period_id == period.id, REPORTS.c.state == ReportState.APPROVED)
    )
    if unit.kind == UnitKind.COMMUNE:
        levels = [UnitKind.VILLAGE, UnitKind.COMMUNE]
        query = query.where(REPORTS.c.commune_id == unit.id)
    return (await session.execute(query.where(REPORTS.c.level.in_(levels)))).all()


def _name(row: Any, period: Period, file: BundleFile) -> str:
    """`21484 Xã Ba Tơ/b2-21484-20260814-v1.docx`."""
    folder = f"{row.code} {row.name}".translate(_NOT_IN_NAMES).strip(" .")
    return f"{folder}/{paper_name(UnitKind(row.level), row.code, period.last_day, row.number)}.{file}"


@dataclass(frozen=True)
class ListedBundle:
    """`by` is empty for one that the clock asked for."""

    row: Bundle
    by: str


async def list_bundles(session: AsyncSession, who: Principal, period_id: int) -> Sequence[ListedBundle]:
    """Those of a period that this person's unit has, newest first."""
    require(who, Action.READ_REPORT)
    query = (
        select(Bundle, ACCOUNTS.c.full_name)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == BUNDLES.c.asked_by_id)
        .where(BUNDLES.c.period_id == period_id, BUNDLES.c.unit_id == who.unit_id)
        .order_by(BUNDLES.c.asked_at.desc(), BUNDLES.c.id.desc())
        .limit(6)
    )
    return [ListedBundle(row[0], row[1] or "") for row in await session.execute(query)]


async def get_for_reading(session: AsyncSession, who: Principal, bundle_id: int) -> tuple[Bundle, str]:
    """A finished one of one's own unit, and the name to save it under. Raises `forbidden`, `not_found`."""
    require(who, Action.READ_REPORT)
    row = await session.get(Bundle, bundle_id)
    if row is None or row.sha256 is None:
        raise Problem("not_found")
    if who.account_id is None or row.unit_id != who.unit_id:
        raise Problem("forbidden")
    unit, period = await session.get_one(Unit, row.unit_id), await session.get_one(Period, row.period_id)
    return row, f"van-ban-{unit.code}-{period.last_day:%Y%m%d}-{row.file}.zip"


async def ask_due(session: AsyncSession, now: datetime) -> int:
    """Asks for the province's bundles that are due: of each version that it added up, and of a regular period whose
    day has come though it did not. Each once; gives how many it asked for.
    """
    since, count = now - KEPT, 0
    for cause, period_id, unit_id in await _due(session, now, since):
        period, unit = await session.get_one(Period, period_id), await session.get_one(Unit, unit_id)
        try:
            await _gather(session, period, unit, BY_CLOCK, now, cause=cause)
            count += 1
        except Problem:
            continue
    return count


async def _due(session: AsyncSession, now: datetime, since: datetime) -> Sequence[tuple[str, int, int]]:
    """(cause, period, unit) of what nobody asked for yet."""
    added = select(REPORTS.c.id, REPORTS.c.period_id, REPORTS.c.unit_id).where(
        REPORTS.c.level == UnitKind.PROVINCE, REPORTS.c.state == ReportState.APPROVED, REPORTS.c.received_at > since
    )
    found = [(f"report:{row.id}", row.period_id, row.unit_id) for row in await session.execute(added)]
    came = select(PERIODS.c.id, PERIODS.c.unit_id).where(
        PERIODS.c.kind.in_([str(kind) for kind in REGULAR]),
        PERIODS.c.province_due_on <= vn_day(now),
        PERIODS.c.province_due_on > vn_day(since),
        PERIODS.c.cancelled_at.is_(None),
        PERIODS.c.id.not_in(select(BUNDLES.c.period_id).where(BUNDLES.c.cause.is_not(None))),
        PERIODS.c.id.not_in(select(REPORTS.c.period_id).where(REPORTS.c.level == UnitKind.PROVINCE)),
        PERIODS.c.id.in_(select(REPORTS.c.period_id).where(REPORTS.c.state == ReportState.APPROVED)),
    )
    found += [(f"due:{row.id}", row.id, row.unit_id) for row in await session.execute(came)]
    causes = [cause for cause, _, _ in found]
    there = set((await session.execute(select(BUNDLES.c.cause).where(BUNDLES.c.cause.in_(causes)))).scalars())
    return [one for one in found if one[0] not in there]


async def has_work(session: AsyncSession, now: datetime) -> bool:
    """Whether one waits to be made or is to be asked for."""
    return await next_waiting(session) is not None or bool(await _due(session, now, now - KEPT))


async def next_waiting(session: AsyncSession) -> int | None:
    query = (
        select(BUNDLES.c.id).where(BUNDLES.c.state == BundleState.WAITING).order_by(BUNDLES.c.asked_at, BUNDLES.c.id)
    )
    return (await session.execute(query.limit(1))).scalar_one_or_none()


def maker(unit: Unit) -> Principal:
    """Who a bundle's papers are made as: the unit itself, so that they are the same whoever asked."""
    of_commune = unit.kind == UnitKind.COMMUNE
    role = Role.COMMUNE_OFFICER if of_commune else Role.PROVINCE_OFFICER
    return Principal(role, "", commune_id=unit.id if of_commune else None, unit_id=unit.id, name=unit.name)


async def list_papers(session: AsyncSession, bundle_id: int) -> Sequence[BundlePaper]:
    """By name."""
    query = select(BundlePaper).where(PAPERS.c.bundle_id == bundle_id).order_by(PAPERS.c.name, PAPERS.c.report_id)
    return (await session.execute(query)).scalars().all()


async def note_paper(session: AsyncSession, paper: BundlePaper, sha256: str) -> None:
    """That one is rendered and kept; once however often it is said."""
    same = PAPERS.c.bundle_id == paper.bundle_id, PAPERS.c.report_id == paper.report_id, PAPERS.c.sha256.is_(None)
    new = await session.execute(update(PAPERS).where(*same).values(sha256=sha256).returning(PAPERS.c.report_id))
    if new.first() is not None:
        more = update(BUNDLES).where(BUNDLES.c.id == paper.bundle_id).values(done_count=BUNDLES.c.done_count + 1)
        await session.execute(more)


async def finish(session: AsyncSession, bundle_id: int, sha256: str, size: int, now: datetime) -> None:
    """The file is kept; those of its papers need not be any longer."""
    said = {"state": BundleState.READY, "sha256": sha256, "bytes": size, "ended_at": now}
    await session.execute(update(BUNDLES).where(BUNDLES.c.id == bundle_id).values(**said))
    await session.execute(update(PAPERS).where(PAPERS.c.bundle_id == bundle_id).values(sha256=None))


async def fail(session: AsyncSession, bundle_id: int, code: str, now: datetime) -> None:
    said = {"state": BundleState.FAILED, "error": code[:40], "ended_at": now}
    await session.execute(update(BUNDLES).where(BUNDLES.c.id == bundle_id).values(**said))


async def begin_anew(session: AsyncSession, bundle_id: int) -> None:
    """Of one whose files are gone, as after a restore (backups hold nothing that can be made again), or of no use."""
    said = {"state": BundleState.WAITING, "sha256": None, "bytes": 0, "done_count": 0, "ended_at": None}
    await session.execute(update(BUNDLES).where(BUNDLES.c.id == bundle_id).values(**said))
    await session.execute(update(PAPERS).where(PAPERS.c.bundle_id == bundle_id).values(sha256=None))


async def forget_old(session: AsyncSession, before: datetime, most: int) -> int:
    """Those asked for before this instant; their bytes are swept, since no row names them."""
    old = select(BUNDLES.c.id).where(BUNDLES.c.asked_at < before)
    ids = (await session.execute(old.order_by(BUNDLES.c.id).limit(most))).scalars().all()
    if ids:
        await session.execute(delete(PAPERS).where(PAPERS.c.bundle_id.in_(ids)))
        await session.execute(delete(BUNDLES).where(BUNDLES.c.id.in_(ids)))
    return len(ids)
