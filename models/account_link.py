"""A link by which an officer sets a password of their own: it expires, works once, and only its hash is stored."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class AccountLink(Stored, table=True):
    __tablename__ = "account_link"

    id: UUID = Field(primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    made_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was used, or when another took its place."""
