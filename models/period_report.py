"""Reports of periods, each version for good: what a village, a commune or the province said, and what became of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, UniqueConstraint

from models.base import Json, Stored, UtcDateTime, utc_now, word
from models.unit import UnitKind


class ReportState(StrEnum):
    """`waiting` for whoever decides on it; a `replaced` one was approved and gave way to a later version."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    REPLACED = "replaced"


class PeriodReport(Stored, table=True):
    """One version. Its numbers are locked when it comes in: what is recorded later belongs to the next one.

    `figures` are rows of `domain/report_figure.Figure`; `texts` what was written besides; `tasks` those of the period
    as they stood (`services/report_tasks.py`); `missing` names the units whose reports were not there when it was put
    together, and `parts` the versions that it adds up. A village's is
    submitted by a member, a commune's and the province's by an account; `received_at` decides whether it came late.
    """

    __tablename__ = "period_report"
    __table_args__ = (
        UniqueConstraint("period_id", "unit_id", "number"),
        Index("ix_period_report_commune", "commune_id", "period_id"),
    )

    id: UUID = Field(primary_key=True)
    period_id: int = Field(foreign_key="period.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    level: UnitKind = Field(sa_type=word())
    commune_id: int | None = Field(default=None, foreign_key="unit.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    number: int
    state: ReportState = Field(default=ReportState.WAITING, sa_type=word())
    figures: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    texts: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    warnings: list[str] = Field(default_factory=list, sa_type=Json)
    tasks: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    missing: list[str] = Field(default_factory=list, sa_type=Json)
    parts: list[str] = Field(default_factory=list, sa_type=Json)
    made_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    due_on: date
    submitted_by_member_id: int | None = Field(default=None, foreign_key="member.id")
    submitted_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    reason: str = Field(default="", max_length=300)
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReminderKind(StrEnum):
    """The day before it is due, the day after, or because somebody asked for it."""

    SOON = "soon"
    LATE = "late"
    ASKED = "asked"


class ReportReminder(Stored, table=True):
    """That a unit was reminded of a report, so that nobody is twice, whatever the number of workers."""

    __tablename__ = "report_reminder"

    period_id: int = Field(foreign_key="period.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    kind: ReminderKind = Field(sa_type=word(), primary_key=True)
    day: date = Field(primary_key=True)
    noted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
