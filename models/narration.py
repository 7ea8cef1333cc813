"""A spoken guide: what a commune recorded for a platform, in whatever tongue its people speak."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from models.base import Stored, UtcDateTime, utc_now, word


class SoundKind(StrEnum):
    MP3 = "mp3"
    M4A = "m4a"
    OPUS = "opus"


class Narration(Stored, table=True):
    """Its bytes lie in the photo store under their SHA-256. One that is taken off is deleted."""

    __tablename__ = "narration"
    __table_args__ = (UniqueConstraint("commune_id", "platform_code", "sha256"),)

    id: UUID = Field(primary_key=True)
    commune_id: int = Field(foreign_key="unit.id")
    platform_code: str = Field(max_length=20, foreign_key="platform.code")
    title: str = Field(max_length=60)
    kind: SoundKind = Field(sa_type=word())
    sha256: str = Field(max_length=64, index=True)
    bytes: int
    seconds: int
    added_by_id: int = Field(foreign_key="account.id")
    added_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
