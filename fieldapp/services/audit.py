"""Writes what was done, in the transaction of the deed."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from models.audit_event import AuditEvent
from models.base import utc_now

EVENTS = AuditEvent.__table__


def event(
    who: Principal | None, action: str, kind: str, subject: Any, unit_id: int | None = None, **detail: Any
) -> dict[str, Any]:
    """One audit row, ready to insert."""
    return {
        "at": utc_now(),
        "account_id": who.account_id if who else None,
        "member_id": who.member_id if who else None,
        "action": action,
        "subject_kind": kind,
        "subject_id": str(subject),
        "unit_id": unit_id,
        "detail": detail,
    }


async def write(session: AsyncSession, events: list[dict[str, Any]]) -> None:
    if events:
        await session.execute(insert(EVENTS), events)
