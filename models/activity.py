"""What a team does for many at once: a talk, a class, a campaign. People are counted, never named."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, Index

from models.base import Json, TeamDeed, UtcDateTime, word


class ActivityKind(StrEnum):
    TALK = "talk"
    CLASS = "class"
    CAMPAIGN = "campaign"
    LOUDSPEAKER = "loudspeaker"
    GROUP_POST = "group_post"
    PRODUCTION = "production"


class Activity(TeamDeed, table=True):
    """`people` counts who came, each time anew (lượt người); none where nobody can count them, as of a loudspeaker."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_scope", "village_id", "scope_version"),
        Index("ix_activity_commune_day", "commune_id", "done_on"),
    )

    kind: ActivityKind = Field(sa_type=word())
    people: int | None = None
    platforms: list[str] = Field(default_factory=list, sa_type=Json)
    note: str = Field(default="", max_length=500)
    done_on: date
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
