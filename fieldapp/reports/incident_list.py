"""Breaches of personal data as the desk shows them, and one of them as a table to hand to the authority."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.incident import clock
from fieldapp.domain.written_time import written_instant
from fieldapp.i18n import text
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.reports.export_sheets import Mark
from fieldapp.reports.spreadsheet import Row, Sheet
from models.account import Account
from models.incident import Incident
from models.unit import Unit

INCIDENTS, UNITS, ACCOUNTS = Incident.__table__, Unit.__table__, Account.__table__
MOST = 50


async def list_incidents(session: AsyncSession, who: Principal) -> Sequence[Any]:
    """Rows of the table with `unit` and `by` beside them: open ones first, the newest fifty. Raises `forbidden`."""
    require(who, Action.KEEP_INCIDENT)
    query = _named()
    if reach_of(who, Action.KEEP_INCIDENT) is not Reach.PROVINCE:
        query = query.where(INCIDENTS.c.unit_id == (who.commune_id or 0))
    order = (INCIDENTS.c.closed_at.is_not(None), INCIDENTS.c.found_at.desc(), INCIDENTS.c.id)
    return (await session.execute(query.order_by(*order).limit(MOST))).all()


async def get_incident(session: AsyncSession, who: Principal, incident_id: int) -> Any:
    """Raises `not_found`, `forbidden`."""
    row = (await session.execute(_named().where(INCIDENTS.c.id == incident_id))).first()
    if row is None:
        raise Problem("not_found")
    require(who, Action.KEEP_INCIDENT, Place(commune_id=row.unit_id))
    return row


async def incident_sheet(session: AsyncSession, who: Principal, incident_id: int, mark: Mark, now: datetime) -> Sheet:
    row = await get_incident(session, who, incident_id)
    due_at = clock(row.found_at, row.reported_at, now).due_at
    facts: list[tuple[str, Any]] = [
        ("found", written_instant(row.found_at)),
        ("due", written_instant(due_at)),
        ("reported", written_instant(row.reported_at)),
        ("closed", written_instant(row.closed_at)),
        ("what", row.what),
        ("households", row.households),
        ("members", row.members),
        ("photos", row.photos),
        ("done", row.done),
        ("sessions", row.sessions_ended),
    ]
    rows: list[Row] = [(text(f"incident.{name}", mark.locale), value) for name, value in facts]
    heads = [text("rights.export.fact", mark.locale), text("rights.export.value", mark.locale)]
    return Sheet(text("incident.sheet", mark.locale), mark.lines("incident.sheet", row.unit), heads, rows)


def _named() -> Select:
    return (
        select(INCIDENTS, UNITS.c.name.label("unit"), UNITS.c.kind.label("unit_kind"), ACCOUNTS.c.full_name.label("by"))
        .join(UNITS, UNITS.c.id == INCIDENTS.c.unit_id)
        .join(ACCOUNTS, ACCOUNTS.c.id == INCIDENTS.c.made_by_id)
    )
