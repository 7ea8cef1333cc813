"""A breach of personal data: found when, whom it touches, what was done, and when the authority was told."""

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class Incident(Stored, table=True):
    __tablename__ = "incident"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    found_at: datetime = Field(sa_type=UtcDateTime)
    what: str = Field(max_length=1000)
    households: int | None = None
    members: int | None = None
    photos: int | None = None
    done: str = Field(default="", max_length=1000)
    sessions_ended: int = 0
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    made_by_id: int = Field(foreign_key="account.id")
