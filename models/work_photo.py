"""Photos of what a team does besides visits: of an activity, or of a difficulty."""

from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from models.visit import PhotoFile


class WorkPhoto(PhotoFile, table=True):
    """Of an activity or of a difficulty, never of both."""

    __tablename__ = "work_photo"
    __table_args__ = (UniqueConstraint("activity_id", "sha256"), UniqueConstraint("difficulty_id", "sha256"))

    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", index=True)
    difficulty_id: UUID | None = Field(default=None, foreign_key="difficulty.id", index=True)
