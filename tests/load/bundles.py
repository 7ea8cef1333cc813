"""All B2 of the sample province as one file, Word and print: how long, and what phones notice of it meanwhile."""

import time
from statistics import median, quantiles
from uuid import uuid4

import httpx
from sqlalchemy import func, select

from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.cli.seed import seed
from fieldapp.db import Database
from fieldapp.jobs.make_bundles import LOOK_SECONDS
from fieldapp.services import bundles
from models.account import Role
from models.base import utc_now
from models.bundle import Bundle, BundleFile, BundleState
from models.household import Household
from models.member import Member
from models.period_report import PeriodReport, ReportState
from models.team import Seat, SeatRole, TeamVillage
from models.unit import Unit, UnitKind
from tests import build
from tests.e2e.stage import Server, wait_until
from tests.load.figures import Figure, print_figures

PHONES, EVERY_SECONDS, QUIET_PUSHES = 16, 0.05, 400
MOST_SECONDS = 60
REPORTS, SEATS, SERVED = PeriodReport.__table__, Seat.__table__, TeamVillage.__table__
Phone = tuple[Member, str, list[Household]]


def measure(server: Server) -> list[Figure]:
    """On a server that stands on an empty, migrated database and is started here."""
    server.do(lambda _: seed("m", progress=False))
    phones = server.do(_phones)
    server.start()
    figures = []
    with httpx.Client(base_url=server.origin, timeout=60) as wire:
        time.sleep(2 * LOOK_SECONDS)
        wait_until(lambda: server.do(_idle))
        for number in range(2 * PHONES):
            _push(wire, server, phones, number)
        quiet = [_push(wire, server, phones, number) for number in range(QUIET_PUSHES)]
        figures += _waits("a push with nothing beside it", quiet)
        for file in BundleFile:
            asked = server.do(lambda db, one=file: _ask(db, one))
            started, waits = time.perf_counter(), []
            while (made := server.do(lambda db, id=asked: _found(db, id))).state == BundleState.WAITING:
                waits += [_push(wire, server, phones, len(waits) + n) for n in range(20)]
            spent = time.perf_counter() - started
            assert made.state == BundleState.READY, made.error
            name = f"{made.paper_count} papers as {file}"
            figures += [Figure(name, spent, "s", MOST_SECONDS), Figure(f"{name}, bytes", made.bytes)]
            figures += _waits(f"a push beside {name}", waits)
    print_figures("Bundles of the sample province", figures)
    return figures


def _waits(name: str, waits: list[float]) -> list[Figure]:
    p95 = quantiles(waits, n=20)[-1]
    return [Figure(f"{name}, median", 1000 * median(waits), "ms"), Figure(f"{name}, p95", 1000 * p95, "ms")]


def _push(wire: httpx.Client, server: Server, phones: list[Phone], number: int) -> float:
    member, token, homes = phones[number % len(phones)]
    body = build.push_body(build.visit(member, homes[number // len(phones) % len(homes)], "VNEID"))
    cookie = {"Cookie": f"{cookie_name('p0')}={token}", SLOT_HEADER: "p0", "Origin": server.origin}
    started = time.perf_counter()
    answer = wire.post("/api/v1/sync/push", json=body, headers=cookie)
    spent = time.perf_counter() - started
    answer.raise_for_status()
    time.sleep(EVERY_SECONDS)
    return spent


async def _phones(db: Database) -> list[Phone]:
    """Leaders of teams that serve one village each, signed in, with its households."""
    async with db.read() as session:
        query = (
            select(SEATS.c.member_id, func.min(SERVED.c.village_id))
            .join(SERVED, SERVED.c.team_id == SEATS.c.team_id)
            .where(SEATS.c.role == SeatRole.LEADER, SEATS.c.valid_to.is_(None))
            .group_by(SEATS.c.member_id)
        )
        rows = [tuple(row) for row in await session.execute(query)]
        homes = Household.__table__.c
        found = []
        for member, village in rows:
            if len(found) == PHONES:
                break
            mine = select(Household).where(homes.village_id == village, homes.moved_on.is_(None)).limit(40)
            if there := list((await session.execute(mine)).scalars()):
                found.append((await session.get_one(Member, member), there))
    return [(member, await build.sign_in(db, member), there) for member, there in found]


async def _ask(db: Database, file: BundleFile) -> int:
    """By an officer of the province, of the period in which most communes are approved."""
    async with db.read() as session:
        query = select(REPORTS.c.period_id).where(
            REPORTS.c.level == UnitKind.COMMUNE, REPORTS.c.state == ReportState.APPROVED
        )
        period = (await session.execute(query.group_by(REPORTS.c.period_id).order_by(func.count().desc()))).scalars()
        units = select(Unit).where(Unit.__table__.c.kind == UnitKind.PROVINCE)
        province, chosen = (await session.execute(units)).scalars().first(), period.first() or 0
    assert province is not None
    officer = await build.account(db, province, Role.PROVINCE_OFFICER, username=uuid4().hex)
    who = await build.principal(db, officer)
    async with db.write() as session:
        return (await bundles.ask(session, who, chosen, file, utc_now())).id or 0


async def _idle(db: Database) -> bool:
    """Whether nothing that the clock asked for is in the making."""
    async with db.read() as session:
        return await bundles.next_waiting(session) is None


async def _found(db: Database, bundle_id: int) -> Bundle:
    async with db.read() as session:
        return await session.get_one(Bundle, bundle_id)
