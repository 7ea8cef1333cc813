"""What happened since to those whom a list brought: later lists, and changes by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.audit_event import AuditEvent
from models.roster_import import RosterImport, RosterImportRow, RowDeed

IMPORTS, ROWS, EVENTS = RosterImport.__table__, RosterImportRow.__table__, AuditEvent.__table__


async def changed_since(session: AsyncSession, rows: Sequence[Any], applied_at: datetime) -> set[int]:
    """Those of these lines whose subject a later list changed as well."""
    if not rows:
        return set()
    subjects = {row.subject_id: row.id for row in rows}
    query = (
        select(ROWS.c.subject_id)
        .join(IMPORTS, IMPORTS.c.id == ROWS.c.import_id)
        .where(ROWS.c.subject_id.in_(list(subjects)), ROWS.c.deed.in_((RowDeed.ADDED, RowDeed.UPDATED)))
        .where(IMPORTS.c.applied_at > applied_at, IMPORTS.c.id != rows[0].import_id)
    )
    return {subjects[subject] for subject in (await session.execute(query)).scalars()}


async def touched_since(session: AsyncSession, kind: str, subjects: Sequence[str], at: datetime) -> set[str]:
    """Those of these subjects of whom the audit trail tells something later."""
    query = select(EVENTS.c.subject_id).where(
        EVENTS.c.subject_id.in_(subjects), EVENTS.c.subject_kind == kind, EVENTS.c.at > at
    )
    return set((await session.execute(query)).scalars())
