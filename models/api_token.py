"""A personal token: lets a program read, on behalf of an officer, what the officer chose. Only its hash is stored."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Json, Stored, UtcDateTime, utc_now


class ApiToken(Stored, table=True):
    """`scopes` are actions of the permission table; `ends_at` is its last instant."""

    __tablename__ = "api_token"

    id: UUID = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=60)
    token_hash: str = Field(max_length=64, unique=True)
    scopes: list[str] = Field(sa_type=Json)
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
