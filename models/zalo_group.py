"""A village's Zalo group: each row is what was said of it once, and the newest stands."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import BigKey, Stored, UtcDateTime, utc_now, word


class GroupManager(StrEnum):
    """Who looks after the group, by what they are; never a name or a number."""

    VILLAGE_HEAD = "village_head"
    PARTY_SECRETARY = "party_secretary"
    TEAM_LEADER = "team_leader"
    TEAM_DEPUTY = "team_deputy"
    TEAM_MEMBER = "team_member"
    OTHER = "other"


class ZaloGroup(Stored, table=True):
    """`households` were in the group on `counted_on`. Of a village's rows at most one `stands`."""

    __tablename__ = "zalo_group"
    __table_args__ = (Index("ix_zalo_group_scope", "village_id", "scope_version"),)

    id: UUID = Field(primary_key=True)
    author_id: int = Field(foreign_key="member.id", index=True)
    device_id: UUID | None = Field(default=None, foreign_key="device.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    village_id: int = Field(foreign_key="unit.id")
    commune_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=120)
    link: str | None = Field(default=None, max_length=200)
    manager: GroupManager = Field(sa_type=word())
    households: int
    counted_on: date
    stands: bool
    made_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    scope_version: int = Field(default=0, sa_type=BigKey)
