"""What a province or a commune tells its people, to which communes it goes, and who has opened it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index, UniqueConstraint

from models.base import Stored, UtcDateTime, utc_now, word


class Audience(StrEnum):
    """Who it is for in each commune; officers read what the province tells their commune besides."""

    MEMBERS = "members"
    LEADERS = "leaders"
    OFFICERS = "officers"


class Announcement(Stored, table=True):
    """`unit_id` is whose it is: a province's or a commune's. `everywhere`: to all communes that there were."""

    __tablename__ = "announcement"
    __table_args__ = (Index("ix_announcement_unit_published", "unit_id", "published_at"),)

    id: UUID = Field(primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    audience: Audience = Field(sa_type=word())
    everywhere: bool
    title: str = Field(max_length=120)
    text: str = Field(max_length=2000)
    due_on: date | None = None
    published_by_id: int = Field(foreign_key="account.id")
    published_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AnnouncementCommune(Stored, table=True):
    """A commune to which an announcement goes: its own, or those that the province chose."""

    __tablename__ = "announcement_commune"

    announcement_id: UUID = Field(foreign_key="announcement.id", primary_key=True)
    commune_id: int = Field(foreign_key="unit.id", primary_key=True, index=True)


class AnnouncementReading(Stored, table=True):
    """Somebody opened it, by a member's record of this id or at the desk: once each, the first time."""

    __tablename__ = "announcement_reading"
    __table_args__ = (
        UniqueConstraint("announcement_id", "member_id"),
        UniqueConstraint("announcement_id", "account_id"),
    )

    id: UUID = Field(primary_key=True)
    announcement_id: UUID = Field(foreign_key="announcement.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    read_at: datetime = Field(sa_type=UtcDateTime)
