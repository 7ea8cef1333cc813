"""Records that somebody must sort before they mean anything: why each is held, and how it was sorted."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import BigKey, Json, Stored, UtcDateTime, word


class HeldReason(StrEnum):
    SEAT_UNCLEAR = "seat_unclear"
    CARD_OTHER_COMMUNE = "card_other_commune"
    BASE_HELD = "base_held"
    BASE_MISSING = "base_missing"
    UNKNOWN_KIND = "unknown_kind"


class HeldRecord(Stored, table=True):
    """Beside its `record`. `makes_id` is the visit or household that it would make, `waits_for_id` one not here.

    `ruled` names the reasons that an officer has settled already, `team_id` the team that it is credited to.
    """

    __tablename__ = "held_record"
    __table_args__ = (Index("ix_held_record_author_scope", "author_id", "scope_version"),)

    record_id: UUID = Field(foreign_key="record.id", primary_key=True)
    author_id: int = Field(foreign_key="member.id")
    commune_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    village_id: int | None = Field(default=None, foreign_key="unit.id")
    reason: HeldReason = Field(sa_type=word())
    makes_id: UUID | None = Field(default=None, index=True)
    waits_for_id: UUID | None = Field(default=None, index=True)
    clock_error_ms: int = Field(default=0, sa_type=BigKey)
    ruled: list[str] = Field(default_factory=list, sa_type=Json)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    sorted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sorted_by_id: int | None = Field(default=None, foreign_key="account.id")
    scope_version: int = Field(default=0, sa_type=BigKey)
