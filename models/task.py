"""Tasks that a province gives to communes, and a commune to teams."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import Stored, UtcDateTime, utc_now, word
from models.target import Level


class TaskState(StrEnum):
    """That one is late is worked out from its day, never kept."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"


class Task(Stored, table=True):
    """One task of one commune or team. `marked_at` and `marked_id` are of the mark that was made last and stands;
    `done_at` is since when it has been done, however often that was said again.
    """

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_commune_due", "commune_id", "due_on"),)

    id: UUID = Field(primary_key=True)
    level: Level = Field(sa_type=word())
    commune_id: int = Field(foreign_key="unit.id")
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    text: str = Field(max_length=300)
    due_on: date
    made_by_id: int = Field(foreign_key="account.id")
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    state: TaskState = Field(default=TaskState.OPEN, sa_type=word())
    note: str = Field(default="", max_length=300)
    marked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    marked_id: UUID | None = None
    marked_by_member_id: int | None = Field(default=None, foreign_key="member.id")
    marked_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
