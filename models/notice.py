"""What a phone is to be told, or was: one row for each phone and kind, used again each time."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Uuid
from sqlmodel import Field

from models.base import Stored, UtcDateTime, word


class NoticeKind(StrEnum):
    """`returned`: visits of one's own were sent back; `log`: visits wait in a village that one leads;
    `announcement`: one's commune or province has told something new; `report`: a report of a period is owed."""

    RETURNED = "returned"
    LOG = "log"
    ANNOUNCEMENT = "announcement"
    REPORT = "report"


class Notice(Stored, table=True):
    """`noted_at` and `due_at` are empty while there is nothing to tell."""

    __tablename__ = "notice"

    subscription_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("push_subscription.id", ondelete="CASCADE"), primary_key=True)
    )
    kind: NoticeKind = Field(sa_type=word(), primary_key=True)
    noted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    tries: int = 0
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
