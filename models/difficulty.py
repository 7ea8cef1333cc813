"""A difficulty that a team reports, and each step of its handling."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import Stored, TeamDeed, UtcDateTime, word


class DifficultyKind(StrEnum):
    SIGNAL = "signal"
    DEVICE = "device"
    PLATFORM = "platform"
    SKILL = "skill"
    FUNDING = "funding"
    STAFF = "staff"
    OTHER = "other"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class DifficultyState(StrEnum):
    REPORTED = "reported"
    HANDLING = "handling"
    ESCALATED = "escalated"
    SOLVED = "solved"


class DifficultyDeed(StrEnum):
    """What somebody did to a difficulty; those of the desk alone are not told to phones (`domain/difficulty_deeds`)."""

    REPORT = "report"
    TAKE = "take"
    ANSWER = "answer"
    POSTPONE = "postpone"
    ESCALATE = "escalate"
    HAND_BACK = "hand_back"
    SOLVE = "solve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    COMMENT = "comment"


class DifficultyLevel(StrEnum):
    """Who has it: a difficulty that was escalated is the province's until it is handed back."""

    COMMUNE = "commune"
    PROVINCE = "province"


class Difficulty(TeamDeed, table=True):
    """`state` is that of its last step; `due_on` is the day by which it is to be solved.

    `key` is the folded description, for searching. `solved_at` is empty while it is open.
    """

    __tablename__ = "difficulty"
    __table_args__ = (
        Index("ix_difficulty_scope", "village_id", "scope_version"),
        Index("ix_difficulty_commune_due", "commune_id", "due_on"),
        Index("ix_difficulty_level_due", "level", "due_on"),
    )

    kind: DifficultyKind = Field(sa_type=word())
    severity: Severity = Field(sa_type=word())
    description: str = Field(max_length=500)
    state: DifficultyState = Field(default=DifficultyState.REPORTED, sa_type=word())
    due_on: date
    key: str = Field(default="", max_length=500)
    level: DifficultyLevel = Field(default=DifficultyLevel.COMMUNE, sa_type=word())
    handler_id: int | None = Field(default=None, foreign_key="account.id")
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    solved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DifficultyStep(Stored, table=True):
    """What became of a difficulty, when, and by whom: a member or an account, never both."""

    __tablename__ = "difficulty_step"

    id: int | None = Field(default=None, primary_key=True)
    difficulty_id: UUID = Field(foreign_key="difficulty.id", index=True)
    deed: DifficultyDeed = Field(default=DifficultyDeed.REPORT, sa_type=word())
    state: DifficultyState = Field(sa_type=word())
    note: str = Field(default="", max_length=500)
    due_on: date | None = None
    """The new day, where the deed moved it."""
    at: datetime = Field(sa_type=UtcDateTime)
    by_member_id: int | None = Field(default=None, foreign_key="member.id")
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
