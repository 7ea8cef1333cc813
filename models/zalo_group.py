"""A village's Zalo group: each row is what was said of it once, and the newest stands."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field, Index

from models.base import TeamDeed, word


class GroupManager(StrEnum):
    """Who looks after the group, by what they are; never a name or a number."""

    VILLAGE_HEAD = "village_head"
    PARTY_SECRETARY = "party_secretary"
    TEAM_LEADER = "team_leader"
    TEAM_DEPUTY = "team_deputy"
    TEAM_MEMBER = "team_member"
    OTHER = "other"


class ZaloGroup(TeamDeed, table=True):
    """`households` were in the group on `counted_on`. Of a village's rows at most one `stands`."""

    __tablename__ = "zalo_group"
    __table_args__ = (Index("ix_zalo_group_scope", "village_id", "scope_version"),)

    commune_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=120)
    link: str | None = Field(default=None, max_length=200)
    manager: GroupManager = Field(sa_type=word())
    households: int
    counted_on: date
    stands: bool
