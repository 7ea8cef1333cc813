"""Training classes for members, and who came."""

from datetime import date, datetime

from sqlmodel import Field, Index

from models.base import Json, Stored, UtcDateTime, utc_now


class TrainingClass(Stored, table=True):
    """A class of the province (no commune) or of a commune; one that was called off stays."""

    __tablename__ = "training_class"
    __table_args__ = (Index("ix_training_class_commune_day", "commune_id", "held_on"),)

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int | None = Field(default=None, foreign_key="unit.id")
    topic: str = Field(max_length=160)
    platforms: list[str] = Field(default_factory=list, sa_type=Json)
    held_on: date
    place: str = Field(default="", max_length=160)
    organiser: str = Field(default="", max_length=160)
    trainer: str = Field(default="", max_length=120)
    made_by_id: int = Field(foreign_key="account.id")
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ClassAttendance(Stored, table=True):
    """A member who came; where that was noted by mistake, `taken_back_at` says when it was taken back."""

    __tablename__ = "class_attendance"

    class_id: int = Field(foreign_key="training_class.id", primary_key=True)
    member_id: int = Field(foreign_key="member.id", primary_key=True, index=True)
    noted_by_id: int = Field(foreign_key="account.id")
    noted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
