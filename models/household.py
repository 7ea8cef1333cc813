"""Households and their cards. A household is a number in a village and, where allowed, its head's name."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Field, Index

from models.base import BigKey, Stored, UtcDateTime, utc_now, word

_MERGED = text("merged_into_id IS NOT NULL")


class HouseholdState(StrEnum):
    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"


class CardState(StrEnum):
    PRINTED = "printed"
    BOUND = "bound"
    REVOKED = "revoked"


class BatchKind(StrEnum):
    KNOWN = "known"
    ANONYMOUS = "anonymous"


class Household(Stored, table=True):
    __tablename__ = "household"
    # Nearly all are merged into none: an index of those would be taken for a way to find them.
    __table_args__ = (
        Index("ix_household_merged_into_id", "merged_into_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
    )

    id: UUID = Field(primary_key=True)
    village_id: int = Field(foreign_key="unit.id", index=True)
    number: str = Field(max_length=20)
    head_name: str | None = Field(default=None, max_length=120)
    key: str = Field(max_length=150, index=True)
    state: HouseholdState = Field(default=HouseholdState.CONFIRMED, sa_type=word())
    added_by_id: int | None = Field(default=None, foreign_key="member.id")
    scope_version: int = Field(default=0, sa_type=BigKey, index=True)
    last_visit_on: date | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    confirmed_by_id: int | None = Field(default=None, foreign_key="member.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    merged_into_id: UUID | None = Field(default=None, foreign_key="household.id")
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    moved_on: date | None = None
    """The day from which it lives elsewhere; such a household is off its roster and may come back."""
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CardBatch(Stored, table=True):
    """One printing; printing is issuing, so a reprint is a new batch with new codes."""

    __tablename__ = "card_batch"

    id: int | None = Field(default=None, primary_key=True)
    village_id: int = Field(foreign_key="unit.id", index=True)
    kind: BatchKind = Field(sa_type=word())
    size: int
    made_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class HouseholdCard(Stored, table=True):
    """A printed card. The code itself is on paper only: here stands its SHA-256 and the short code."""

    __tablename__ = "household_card"

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="card_batch.id", index=True)
    village_id: int = Field(foreign_key="unit.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    short_code: str = Field(max_length=12, unique=True)
    state: CardState = Field(default=CardState.PRINTED, sa_type=word())
    household_id: UUID | None = Field(default=None, foreign_key="household.id", index=True)
    bound_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    bound_by_id: int | None = Field(default=None, foreign_key="member.id")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    scope_version: int = Field(default=0, sa_type=BigKey, index=True)
