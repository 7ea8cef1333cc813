"""Single days that somebody decided on: worked though a weekend or a holiday, or free though a day of work."""

from datetime import date, datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class CalendarDay(Stored, table=True):
    """Of the whole province, or of one commune, whose word stands before the province's."""

    __tablename__ = "calendar_day"

    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    day: date = Field(primary_key=True)
    working: bool
    note: str = Field(default="", max_length=120)
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
