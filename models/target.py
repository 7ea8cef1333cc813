"""Targets: how much of a platform a unit is to reach in a period; who took it on, who shares it, what has changed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from models.base import BigKey, Stored, UtcDateTime, utc_now, word


class Level(StrEnum):
    """Whose a target or a task is."""

    PROVINCE = "province"
    COMMUNE = "commune"
    TEAM = "team"


class Measure(StrEnum):
    """What a target counts; different measures are never added up."""

    HOUSEHOLD = "household"
    SUPPORT = "support"
    PERSON = "person"


class TargetStep(StrEnum):
    GIVEN = "given"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    SPLIT = "split"


class Target(Stored, table=True):
    """One number for one holder (`province`, `commune:5`, `team:12`); None is one that was taken away.

    `own`: it is no share of what was given from above, but a unit's own beside it. `accepted_at` is empty again when
    the number changes. `split_at`, `split_id` say which word of the team on its shares stands. `material_id` is the
    guiding paper that it cites.
    """

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("holder", "first_day", "last_day", "measure", "own", "platform_code"),)

    id: UUID = Field(primary_key=True)
    holder: str = Field(max_length=24)
    level: Level = Field(sa_type=word())
    commune_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    platform_code: str = Field(max_length=20, foreign_key="platform.code")
    measure: Measure = Field(sa_type=word())
    first_day: date
    last_day: date
    own: bool = False
    amount: int | None = None
    material_id: int | None = Field(default=None, foreign_key="material.id")
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_by_member_id: int | None = Field(default=None, foreign_key="member.id")
    accepted_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    split_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    split_id: UUID | None = None


class TargetShare(Stored, table=True):
    """What a member takes of a team's target."""

    __tablename__ = "target_share"

    target_id: UUID = Field(foreign_key="target.id", primary_key=True)
    member_id: int = Field(foreign_key="member.id", primary_key=True)
    amount: int


class TargetChange(Stored, table=True):
    """What became of a target, when, why, and by whom: a member or an account, never both. Of a split the sum."""

    __tablename__ = "target_change"

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    target_id: UUID = Field(foreign_key="target.id", index=True)
    step: TargetStep = Field(sa_type=word())
    before: int | None = None
    after: int | None = None
    reason: str = Field(default="", max_length=200)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    by_member_id: int | None = Field(default=None, foreign_key="member.id")
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
