"""Where a member's phone is told that something waits: the push service's address and the keys that only it opens."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class PushSubscription(Stored, table=True):
    """One for each session that wants it. People who share a phone share its address and have a row each."""

    __tablename__ = "push_subscription"

    id: UUID = Field(primary_key=True)
    session_id: UUID = Field(foreign_key="session.id", unique=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    endpoint: str = Field(max_length=1000)
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=30)
    locale: str = Field(max_length=2)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
