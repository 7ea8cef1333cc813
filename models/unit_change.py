"""What was done to the villages of a commune, and by which decision: one row a deed, never changed."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word


class ChangeKind(StrEnum):
    OPEN = "open"
    RENAME = "rename"
    MERGE = "merge"
    STOP = "stop"


class UnitChange(Stored, table=True):
    """`unit_id` is the village that came of it, or the one that was stopped; what it came from, `unit_succession` says.

    `on` is the first day of the new state, `decision` the paper that says so, in the officer's words.
    """

    __tablename__ = "unit_change"

    id: int | None = Field(default=None, primary_key=True)
    kind: ChangeKind = Field(sa_type=word())
    unit_id: int = Field(foreign_key="unit.id", index=True)
    commune_id: int = Field(foreign_key="unit.id", index=True)
    on: date
    decision: str | None = Field(default=None, max_length=200)
    by_account_id: int = Field(foreign_key="account.id")
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
