"""Who did what to what, when: written in the transaction of the deed, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from models.base import BigKey, Json, Stored, UtcDateTime, utc_now

_BY_OFFICERS = text("account_id IS NOT NULL")
"""Members write most rows: they are not in the index of officers' deeds."""


class AuditEvent(Stored, table=True):
    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_unit", "unit_id", "id"),
        Index("ix_audit_event_account", "account_id", "id", sqlite_where=_BY_OFFICERS, postgresql_where=_BY_OFFICERS),
    )

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    account_id: int | None = None
    member_id: int | None = None
    action: str = Field(max_length=40, index=True)
    subject_kind: str = Field(max_length=24)
    subject_id: str = Field(max_length=40, index=True)
    unit_id: int | None = None
    network: str | None = Field(default=None, max_length=48)
    """Where an officer's deed came from: the network of the address, never the address itself; of members nothing."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
