"""What keeps phone and server in step: received records, versions of scopes, tombstones, the epoch."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import false, text
from sqlmodel import Field, Index

from models.base import BigKey, Json, Stored, UtcDateTime, utc_now, word


class PushResult(StrEnum):
    """The closed words of a push answer; docs/sync.md says what each makes the phone do."""

    CREATED = "created"
    IDENTICAL = "identical"
    HELD = "held"
    DIFFERS = "differs"
    SUPERSEDED = "superseded"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    FAILED = "failed"


class Record(Stored, table=True):
    """Every record that was taken in, by the id its phone gave it: what makes a repeat harmless.

    `closing` marks what a session that was ending already sent. `importer_id` (a member) or `importer_account_id` says
    who brought it in a rescue file.
    """

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_closing", "received_at", sqlite_where=text("closing"), postgresql_where=text("closing")),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=40)
    schema_version: int
    author_id: int = Field(foreign_key="member.id", index=True)
    device_id: UUID | None = None
    content_hash: str = Field(max_length=64)
    result: PushResult = Field(sa_type=word())
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    payload: dict[str, Any] | None = Field(default=None, sa_type=Json)
    closing: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    importer_id: int | None = Field(default=None, foreign_key="member.id")
    importer_account_id: int | None = Field(default=None, foreign_key="account.id")
    made_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Scope(Stored, table=True):
    """One version a scope (`village:12`, `member:7`, `commune:3`, `province`), raised in the writing transaction."""

    __tablename__ = "scope"

    key: str = Field(max_length=40, primary_key=True)
    version: int = Field(default=0, sa_type=BigKey)


class Tombstone(Stored, table=True):
    __tablename__ = "tombstone"
    __table_args__ = (Index("ix_tombstone_scope", "scope_key", "scope_version"),)

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    scope_key: str = Field(max_length=40)
    scope_version: int = Field(sa_type=BigKey)
    kind: str = Field(max_length=24)
    row_id: str = Field(max_length=64)


class ServerFact(Stored, table=True):
    """Single facts about this database: its epoch, whether it holds sample data."""

    __tablename__ = "server_fact"

    key: str = Field(max_length=40, primary_key=True)
    value: str = Field(max_length=200)
