"""A list of members or households that came as a file: its lines as they stand, what was made of them, its undoing."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import BigKey, Json, Stored, UtcDateTime, utc_now, word


class ImportKind(StrEnum):
    MEMBERS = "members"
    HOUSEHOLDS = "households"


class ImportState(StrEnum):
    STAGED = "staged"
    APPLIED = "applied"
    UNDONE = "undone"


class Twins(StrEnum):
    """What to do with a line whose member or household is there already."""

    SKIP = "skip"
    UPDATE = "update"


class RowDeed(StrEnum):
    """What became of a line; `stays` is one whose undoing would lose what was done since."""

    ADDED = "added"
    UPDATED = "updated"
    SKIPPED = "skipped"
    UNDONE = "undone"
    STAYS = "stays"


class RosterImport(Stored, table=True):
    """While staged its lines wait to be looked at; of those with `faulty_count` nothing is brought in."""

    __tablename__ = "roster_import"

    id: UUID = Field(primary_key=True)
    commune_id: int = Field(foreign_key="unit.id", index=True)
    kind: ImportKind = Field(sa_type=word())
    state: ImportState = Field(default=ImportState.STAGED, sa_type=word())
    file_name: str = Field(max_length=200)
    line_count: int
    faulty_count: int
    twin_count: int
    added_count: int = 0
    updated_count: int = 0
    undone_count: int = 0
    brought_by_id: int = Field(foreign_key="account.id")
    brought_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    applied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RosterImportRow(Stored, table=True):
    """A line of the file: `given` is what stands in it, `faults` is what is wrong with it, column by column.

    `subject_id` is the member or household that it is about, `before` what an update found there, `reason` why it
    stays. Names of households' heads leave `given` when the list is brought in, and `before` with an erasure.
    """

    __tablename__ = "roster_import_row"

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    import_id: UUID = Field(foreign_key="roster_import.id", index=True)
    line: int
    given: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    faults: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    is_faulty: bool = False
    is_twin: bool = False
    deed: RowDeed | None = Field(default=None, sa_type=word())
    subject_id: str | None = Field(default=None, max_length=40, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    reason: str | None = Field(default=None, max_length=24)
