"""An invitation for one member's phone: a link that expires, taken up by a POST, spent once a sync has got through."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import BigKey, Stored, UtcDateTime, utc_now


class Enrolment(Stored, table=True):
    __tablename__ = "enrolment"

    id: UUID = Field(primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    code_hash: str | None = Field(default=None, max_length=64, unique=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    made_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    made_by_member_id: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    joined_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    spent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EnrolmentGuess(Stored, table=True):
    """A typed code that no invitation has, kept for an hour: what makes guessing hopeless."""

    __tablename__ = "enrolment_guess"

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    address: str = Field(max_length=64)
    code_hash: str | None = Field(default=None, max_length=64)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
