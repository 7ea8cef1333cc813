"""Digital platforms in the letter's three pillars (item 2a), with their steps and where they apply, as data."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import BigKey, Stored, UtcDateTime, word


class Pillar(StrEnum):
    GOVERNMENT = "government"
    ECONOMY = "economy"
    SOCIETY = "society"
    COMMON = "common"


class Platform(Stored, table=True):
    __tablename__ = "platform"

    code: str = Field(max_length=20, primary_key=True)
    name_vi: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    short_vi: str = Field(max_length=40)
    short_en: str = Field(max_length=40)
    pillar: Pillar = Field(sa_type=word())
    icon: str = Field(max_length=40)
    position: int
    approved: bool = True
    scope_version: int = Field(default=0, sa_type=BigKey)
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlatformStep(Stored, table=True):
    __tablename__ = "platform_step"
    __table_args__ = (UniqueConstraint("platform_code", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    platform_code: str = Field(max_length=20, foreign_key="platform.code", index=True)
    code: str = Field(max_length=30)
    name_vi: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    position: int
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlatformCommune(Stored, table=True):
    """A commune in which a platform applies; one without any row applies in the whole province."""

    __tablename__ = "platform_commune"

    platform_code: str = Field(max_length=20, foreign_key="platform.code", primary_key=True)
    commune_id: int = Field(foreign_key="unit.id", primary_key=True, index=True)
