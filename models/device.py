"""A phone as one member works on it, as it last reported itself. People who share a phone have a device each."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class Device(Stored, table=True):
    __tablename__ = "device"

    id: UUID = Field(primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    phone_id: str | None = Field(default=None, max_length=32, index=True)
    """What the phone calls itself for all of its people; it opens nothing, and nobody is shown it."""
    label: str = Field(max_length=120)
    app_version: str | None = Field(default=None, max_length=40)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    last_contact_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unsent_count: int | None = None
    clock_offset_ms: int | None = None
