"""A leader's approval of a thousand visits in one push, with an audit row for each."""

from concurrent.futures import ProcessPoolExecutor
from statistics import median
from uuid import UUID

from sqlalchemy import func, select

from fieldapp.db import Database
from models.audit_event import AuditEvent
from models.visit import Visit, VisitState
from tests.e2e.stage import Server
from tests.load import generator
from tests.load.field import Phone, decision
from tests.load.figures import Figure, print_figures

EACH, ROUNDS = 1_000, 3
SECONDS = 0.5
VISITS, EVENTS = Visit.__table__, AuditEvent.__table__


def measure(load: ProcessPoolExecutor, server: Server, database: str, leader: Phone) -> list[Figure]:
    """Approves what waits in the leader's village, a thousand at a time; so much has to be there."""
    waits = []
    for _ in range(ROUNDS):
        ids = server.do(lambda db: _waiting(db, leader))
        assert len(ids) == EACH
        errand = decision(leader, server.origin, ids)
        waits += load.submit(generator.run, server.port, [[errand]], 60.0).result().waits
    assert server.do(_approvals_written_down) >= EACH * ROUNDS
    figures = [
        Figure(f"approving 1,000 visits, {database}, median of {ROUNDS}", median(waits), "s", SECONDS),
        Figure(f"approving 1,000 visits, {database}, longest", max(waits), "s"),
    ]
    print_figures(f"Approvals on {database}", figures)
    return figures


async def _waiting(db: Database, leader: Phone) -> list[UUID]:
    here = (VISITS.c.village_id == leader.homes[0][0].village_id, VISITS.c.state == VisitState.WAITING)
    async with db.read() as session:
        return list((await session.execute(select(VISITS.c.id).where(*here).limit(EACH))).scalars())


async def _approvals_written_down(db: Database) -> int:
    async with db.read() as session:
        query = select(func.count()).select_from(EVENTS).where(EVENTS.c.action == "visit.approve")
        return (await session.execute(query)).scalar_one()
