"""Who did what to what, when: written in the transaction of the deed, never changed."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from models.base import BigKey, Json, Stored, UtcDateTime, utc_now


class AuditEvent(Stored, table=True):
    __tablename__ = "audit_event"

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    account_id: int | None = None
    member_id: int | None = None
    action: str = Field(max_length=40, index=True)
    subject_kind: str = Field(max_length=24)
    subject_id: str = Field(max_length=40, index=True)
    unit_id: int | None = Field(default=None, index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
