"""Who is signed in: an officer at a desk or a member's phone. Only the hash of the cookie is stored."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word


class SessionState(StrEnum):
    """`closing`: revoked or expired while records may be unsent, so it may push and nothing else."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


class SignInWay(StrEnum):
    """How an officer came in; a provider asks for its own second step."""

    PASSWORD = "password"
    PROVIDER = "provider"


class Session(Stored, table=True):
    __tablename__ = "session"

    id: UUID = Field(primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    device_id: UUID | None = Field(default=None, foreign_key="device.id")
    enrolment_id: UUID | None = Field(default=None, foreign_key="enrolment.id", index=True)
    state: SessionState = Field(default=SessionState.OPEN, sa_type=word())
    label: str = Field(default="", max_length=200)
    way: SignInWay | None = Field(default=None, sa_type=word())
    """Of officers' sessions only."""
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    last_seen_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
