"""Official papers, by the names that the province gives them, and the Word templates that a unit has of its own."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import Stored, UtcDateTime, utc_now, word


class PaperKind(StrEnum):
    """Reports of a period, B1 to B3, and lists of the day, B4 to B7."""

    VILLAGE_REPORT = "b1"
    COMMUNE_REPORT = "b2"
    PROVINCE_REPORT = "b3"
    REGISTER = "b4"
    TARGETS = "b5"
    DIFFICULTIES = "b6"
    GROUPS = "b7"


class PaperTemplate(Stored, table=True):
    """Of a commune, or of the province for its own papers; the file lies in the photo store under its SHA-256."""

    __tablename__ = "paper_template"
    __table_args__ = (UniqueConstraint("unit_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    kind: PaperKind = Field(sa_type=word())
    name: str = Field(max_length=120)
    sha256: str = Field(max_length=64, index=True)
    bytes: int
    kept_by_id: int = Field(foreign_key="account.id")
    kept_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
