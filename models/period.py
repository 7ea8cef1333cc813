"""Reporting periods, the rules by which they are opened, and the days on which a commune's deadlines stand still."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, Index, UniqueConstraint

from models.base import Stored, UtcDateTime, utc_now, word


class ReportKind(StrEnum):
    """How long a period is, or that it was asked for besides the regular ones."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    AD_HOC = "ad_hoc"
    THEMATIC = "thematic"


class MonthStyle(StrEnum):
    """Months by the calendar, or the state's months of figures, from a 15th to a 14th."""

    CALENDAR = "calendar"
    DATA = "data"


class PeriodRule(Stored, table=True):
    """How the province has one kind of regular period reported: whether at all, and when it is due.

    Days are working days after the last day of the period: until a village, a commune and the province are to be done.
    """

    __tablename__ = "period_rule"

    kind: ReportKind = Field(sa_type=word(), primary_key=True)
    on: bool = False
    month_style: MonthStyle = Field(default=MonthStyle.DATA, sa_type=word())
    village_days: int
    commune_days: int
    province_days: int


class Period(Stored, table=True):
    """Both days belong to it; `unit_id` is who asks for it: the province, or a commune its own villages.

    `indicators` narrows a thematic one to these codes, separated by commas; empty for all. The due days are those of
    everybody; a pause moves a commune's (`domain/reporting_period.due`).
    """

    __tablename__ = "period"
    __table_args__ = (
        UniqueConstraint("unit_id", "kind", "first_day", "last_day", "title"),
        Index("ix_period_last_day", "last_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    kind: ReportKind = Field(sa_type=word())
    first_day: date
    last_day: date
    month_style: MonthStyle = Field(default=MonthStyle.CALENDAR, sa_type=word())
    title: str = Field(default="", max_length=160)
    indicators: str = Field(default="", max_length=600)
    village_due_on: date
    commune_due_on: date
    province_due_on: date
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    made_by_id: int | None = Field(default=None, foreign_key="account.id")
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PeriodPause(Stored, table=True):
    """Days, both among them, on which a commune has other things to do: a storm, a flood."""

    __tablename__ = "period_pause"

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="unit.id", index=True)
    first_day: date
    last_day: date
    reason: str = Field(max_length=200)
    made_by_id: int = Field(foreign_key="account.id")
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
