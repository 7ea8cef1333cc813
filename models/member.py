"""A member of a team: a person who records and reviews visits. Residents are never members."""

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class Member(Stored, table=True):
    __tablename__ = "member"

    id: int | None = Field(default=None, primary_key=True)
    full_name: str = Field(max_length=120)
    key: str = Field(max_length=120, index=True)
    phone: str | None = Field(default=None, max_length=20)
    is_sample: bool = False
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
