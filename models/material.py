"""What is kept to be read: guiding papers of the province or of a commune, good practice, links to courses."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import BigKey, Stored, UtcDateTime, utc_now, word


class MaterialKind(StrEnum):
    PAPER = "paper"
    PRACTICE = "practice"
    LINK = "link"


class MaterialState(StrEnum):
    """A commune's good practice waits until the province approves it or sends it back, a member's waits for the
    commune first; all else is approved at once."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Material(Stored, table=True):
    """`commune_id` is whose it is, None the province's. Approved, a commune's paper is for its people, good practice
    for everybody. Its file, a PDF, lies in the photo store under its SHA-256.

    Good practice that a member wrote has `author_id`, and `record_id` names the record that stands; `at_commune` says
    that it is between the two, and nothing of the province's.
    A link has `url`, `meant_for`, and `dead_at` where an officer found that it leads nowhere.
    """

    __tablename__ = "material"

    id: int | None = Field(default=None, primary_key=True)
    kind: MaterialKind = Field(sa_type=word())
    commune_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    title: str = Field(max_length=200)
    key: str = Field(max_length=400)
    number: str = Field(default="", max_length=60)
    issuer: str = Field(default="", max_length=120)
    issued_on: date | None = None
    text: str = Field(max_length=4000)
    sha256: str | None = Field(default=None, max_length=64, index=True)
    bytes: int | None = None
    state: MaterialState = Field(sa_type=word(), index=True)
    reason: str = Field(default="", max_length=300)
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    author_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    record_id: UUID | None = Field(default=None, unique=True)
    at_commune: bool = False
    added_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    url: str = Field(default="", max_length=500)
    meant_for: str = Field(default="", max_length=120)
    dead_by_id: int | None = Field(default=None, foreign_key="account.id")
    dead_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    scope_version: int = Field(default=0, sa_type=BigKey, index=True)


class CourseDone(Stored, table=True):
    """A member says of themselves that they finished the course behind a link."""

    __tablename__ = "course_done"

    material_id: int = Field(foreign_key="material.id", primary_key=True)
    member_id: int = Field(foreign_key="member.id", primary_key=True, index=True)
    done_at: datetime = Field(sa_type=UtcDateTime)
