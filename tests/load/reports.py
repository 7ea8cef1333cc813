"""Reports of periods on the sample: adding up a commune, its paper, the province's page, a leader's pull.

BENCH_SAMPLE=xs tries it out on little data.
"""

import os
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.cli.seed import seed
from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.reports.papers import FileKind, render
from fieldapp.services import pull_report_rows
from fieldapp.services.consolidations import ConsolidateForm, consolidate
from fieldapp.services.members import list_postings, scope_of
from fieldapp.services.period_reports import list_approved
from fieldapp.services.periods import list_periods
from fieldapp.services.pull import pull
from fieldapp.services.report_detail import get_detail
from fieldapp.services.report_papers import report_paper
from fieldapp.services.report_standing import read_standing
from fieldapp.services.report_units import reporting_villages
from models.account import Account, Role
from models.base import utc_now
from models.period import Period
from models.period_report import PeriodReport
from models.team import Seat, SeatRole, Team
from models.unit import Unit, UnitKind
from tests.e2e.stage import Server
from tests.load.figures import Figure, p95, print_figures

REPORTS, UNITS, ACCOUNTS = PeriodReport.__table__, Unit.__table__, Account.__table__
SEATS, TEAMS = Seat.__table__, Team.__table__
TIMES = 20
MOST_PAPER = 1000


def measure(server: Server) -> list[Figure]:
    server.do(lambda _: seed(os.environ.get("BENCH_SAMPLE", "m"), progress=False))
    figures = server.do(_measure)
    print_figures("Reports of periods on the sample", figures)
    return figures


async def _measure(db: Database) -> list[Figure]:
    period, commune, count = await _largest(db)
    officer, province = [await _officer(db, role, unit) for role, unit in _roles(commune)]
    adding: list[float] = []
    report: PeriodReport | None = None
    for _ in range(5):
        async with db.write() as session:
            started = time.perf_counter()
            report = await consolidate(session, officer, period.id or 0, ConsolidateForm(), utc_now())
            adding.append(_since(started))
    assert report is not None
    async with db.read() as session:
        paper = await report_paper(session, officer, await get_detail(session, officer, report.id), utc_now())
    figures = [Figure(f"adding up a commune of {count} villages", median(adding), "ms")]
    for kind in FileKind:
        waits = [_timed(lambda kind=kind: render(paper, kind)) for _ in range(5)]
        budget = MOST_PAPER if kind in (FileKind.DOCX, FileKind.PDF) else None
        figures.append(Figure(f"report of that commune as {kind.upper()}", median(waits), "ms", budget))
    top = await _newest(db, UnitKind.PROVINCE)
    asked = {
        "province's page of reports": lambda session: read_standing(session, province, period.id or 0, utc_now()),
        "province's report, opened": lambda session: get_detail(session, province, top.id),
    }
    for name, ask in asked.items():
        figures.append(Figure(f"{name}, p95", p95([await _asked(db, ask) for _ in range(TIMES)]), "ms"))
    return figures + await _pulls(db, commune)


async def _largest(db: Database) -> tuple[Period, int, int]:
    """A period that is over, and the commune whose villages handed in most reports for it."""
    async with db.read() as session:
        over = [one for one in await list_periods(session, None) if one.last_day < vn_day(utc_now())]
        found: list[tuple[int, int, Period]] = []
        for period in over:
            span = DayRange(period.first_day, period.last_day)
            for unit in (await session.execute(select(UNITS.c.id).where(UNITS.c.kind == UnitKind.COMMUNE))).scalars():
                villages = await reporting_villages(session, unit, span)
                approved = await list_approved(session, period.id or 0, [village.id for village in villages])
                found.append((len(approved), unit, period))
    count, commune, period = max(found, key=lambda one: one[:2])
    return period, commune, count


def _roles(commune: int) -> Sequence[tuple[Role, int | None]]:
    return (Role.COMMUNE_OFFICER, commune), (Role.PROVINCE_OFFICER, None)


async def _officer(db: Database, role: Role, unit: int | None) -> Principal:
    query = select(ACCOUNTS.c.id, ACCOUNTS.c.unit_id).where(ACCOUNTS.c.role == str(role))
    if unit is not None:
        query = query.where(ACCOUNTS.c.unit_id == unit)
    async with db.read() as session:
        id, unit_id = tuple((await session.execute(query.limit(1))).one())
    return Principal(role, "load", account_id=id, commune_id=unit, unit_id=unit_id)


async def _newest(db: Database, level: UnitKind) -> PeriodReport:
    async with db.read() as session:
        query = select(PeriodReport).where(REPORTS.c.level == str(level)).order_by(REPORTS.c.received_at.desc())
        return (await session.execute(query.limit(1))).scalar_one()


async def _pulls(db: Database, commune: int) -> list[Figure]:
    """CPU-milliseconds of a leader's first pull, and of the same without what it says of reports."""
    query = (
        select(SEATS.c.member_id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .where(TEAMS.c.commune_id == commune, TEAMS.c.level == "village", SEATS.c.role == str(SeatRole.LEADER))
    )
    async with db.read() as session:
        leader = (await session.execute(query.limit(1))).scalar_one()
        postings = [one for one in await list_postings(session, [leader]) if one.covers(vn_day(utc_now()))]
    who = Principal(Role.LEADER, "load", member_id=leader, commune_id=commune, **scope_of(postings))
    whole = [await _pulled(db, who) for _ in range(TIMES)]

    async def none(*_: Any) -> dict[str, Any]:
        return {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pull_report_rows, "lists", none)
        bare = [await _pulled(db, who) for _ in range(TIMES)]
    return [
        Figure("a leader's pull with reports", median(whole), "CPU-ms"),
        Figure("the same without reports", median(bare), "CPU-ms"),
    ]


async def _pulled(db: Database, who: Principal) -> float:
    async with db.read() as session:
        started = time.process_time()
        await pull(session, who, "")
        return 1000 * (time.process_time() - started)


async def _asked(db: Database, ask: Callable[[Any], Awaitable[Any]]) -> float:
    async with db.read() as session:
        started = time.perf_counter()
        await ask(session)
        return _since(started)


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return _since(started)


def _since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)
