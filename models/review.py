"""Decisions on visits: one row for each visit in a decision, kept for ever, the newest version's verdict wins."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word


class Verdict(StrEnum):
    APPROVE = "approve"
    SEND_BACK = "send_back"


class SecondLook(StrEnum):
    """What the commune says of a decided visit: it waits again, or it was looked at and stands."""

    REOPEN = "reopen"
    KEEP = "keep"


class ReturnReason(StrEnum):
    """Preset reasons for sending a visit back; words may be added."""

    WRONG_HOUSEHOLD = "wrong_household"
    DUPLICATE = "duplicate"
    WRONG_RESULT = "wrong_result"
    PHOTO_UNCLEAR = "photo_unclear"
    MISSING_DETAIL = "missing_detail"
    OTHER = "other"


class Review(Stored, table=True):
    """By a member, whose record it came in, or by an officer at the desk, whose `record_id` the server made."""

    __tablename__ = "review"

    record_id: UUID = Field(primary_key=True)
    visit_id: UUID = Field(foreign_key="visit.id", primary_key=True, index=True)
    verdict: Verdict | SecondLook = Field(sa_type=word())
    reason_code: ReturnReason | None = Field(default=None, sa_type=word())
    reason: str | None = Field(default=None, max_length=300)
    flags_seen: str = Field(default="", max_length=300)
    by_member_id: int | None = Field(default=None, foreign_key="member.id")
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
    made_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
