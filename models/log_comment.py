"""What whoever leads a village says of one member's day log, and what that member answers."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, Index

from models.base import TeamDeed, UtcDateTime


class LogComment(TeamDeed, table=True):
    """On the log of a `member_id` of one `day`. Of several answers the one made last stands, an empty one too."""

    __tablename__ = "log_comment"
    __table_args__ = (
        Index("ix_log_comment_scope", "village_id", "scope_version"),
        Index("ix_log_comment_log", "member_id", "day"),
    )

    member_id: int = Field(foreign_key="member.id")
    day: date
    text: str = Field(max_length=300)
    answer: str = Field(default="", max_length=150)
    answer_id: UUID | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
