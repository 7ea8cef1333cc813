"""Days and instants as people in Việt Nam write them, on the desk's screens and in exports; the same in English."""

from datetime import date, datetime

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import VIETNAM


def written_day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def written_days(days: DayRange) -> str:
    """Both ends, or one day alone."""
    first, last = written_day(days.first), written_day(days.last)
    return first if first == last else f"{first} – {last}"


def written_instant(at: datetime | None) -> str:
    """Hour and day in Việt Nam, or nothing where there is none."""
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else ""
