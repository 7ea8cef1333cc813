"""Days and periods as people in Việt Nam count them. Never the phone's time zone, never UTC days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.counter import PeriodKind

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def vn_day(instant: datetime) -> date:
    """The Vietnamese day of an aware instant."""
    return instant.astimezone(VIETNAM).date()


def last_hour(now: datetime, hour: int) -> datetime:
    """The latest instant, not after `now`, at which clocks in Việt Nam struck this hour."""
    struck = now.astimezone(VIETNAM).replace(hour=hour, minute=0, second=0, microsecond=0)
    return struck if struck <= now else struck - timedelta(days=1)


def half_month(day: date) -> date:
    """The first day of the half-month (1-14, 15-end) that the day lies in.

    Calendar months and the state's 15-to-14 data months (Nghị định 09/2019, điều 12) are unions of these.
    """
    return day.replace(day=1 if day.day < 15 else 15)


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the day's calendar month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def period_start(kind: PeriodKind, day: date) -> date:
    """The first day of the period of this kind that the day lies in."""
    match kind:
        case PeriodKind.DAY:
            return day
        case PeriodKind.MONTH:
            return month_start(day)
        case PeriodKind.YEAR:
            return day.replace(month=1, day=1)


def exact_period(first: date, last: date) -> tuple[PeriodKind, date] | None:
    """The kept period that is exactly this range of days, or None where no single one is."""
    if first == last:
        return PeriodKind.DAY, first
    if first == month_start(first) and last == month_end(first):
        return PeriodKind.MONTH, first
    if first == first.replace(month=1, day=1) and last == first.replace(month=12, day=31):
        return PeriodKind.YEAR, first
    return None
