"""What a team does for many at once: a talk, a class, a campaign. People are counted, never named."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import BigKey, Json, Stored, UtcDateTime, utc_now, word


class ActivityKind(StrEnum):
    TALK = "talk"
    CLASS = "class"
    CAMPAIGN = "campaign"
    LOUDSPEAKER = "loudspeaker"
    GROUP_POST = "group_post"
    PRODUCTION = "production"


class Activity(Stored, table=True):
    """`people` counts who came, each time anew (lượt người); none where nobody can count them, as of a loudspeaker."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_scope", "village_id", "scope_version"),
        Index("ix_activity_commune_day", "commune_id", "done_on"),
    )

    id: UUID = Field(primary_key=True)
    author_id: int = Field(foreign_key="member.id", index=True)
    device_id: UUID | None = Field(default=None, foreign_key="device.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    village_id: int = Field(foreign_key="unit.id")
    commune_id: int = Field(foreign_key="unit.id")
    kind: ActivityKind = Field(sa_type=word())
    people: int | None = None
    platforms: list[str] = Field(default_factory=list, sa_type=Json)
    note: str = Field(default="", max_length=500)
    done_on: date
    made_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    scope_version: int = Field(default=0, sa_type=BigKey)
