"""Working days as offices in Việt Nam count them: Monday to Friday, but for public holidays.

Tết and the day of the Hùng Kings follow the moon, and days of work are exchanged by decisions of each year: `holidays`
knows both as far as they are published. What it does not know (storms, days that a province works besides) is decided
day by day and stands before all else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays
from holidays.holiday_base import HolidayBase

MAX_WORKING_DAYS = 365
FRIDAY = 4
_DAY = timedelta(days=1)


@lru_cache
def public_holiday(day: date) -> str:
    """What the holiday of this day is called in Vietnamese; nothing on any other day."""
    return _of_year(day.year).get(day, "")


@dataclass(frozen=True)
class WorkCalendar:
    """The public calendar, with the days that were `decided`: True for a worked one, False for a free one."""

    decided: Mapping[date, bool] = field(default_factory=dict)

    def is_worked(self, day: date) -> bool:
        return self.decided.get(day, is_worked_by_all(day))

    def first(self, day: date) -> date:
        """This day, or the next that is worked."""
        return next(one for one in _from(day) if self.is_worked(one))

    def after(self, day: date, days: int) -> date:
        """The last of so many working days that come after this one; with none, the first worked day from this one on.

        Whoever is told something on a free day, or late on a worked one, has all of these days.
        """
        if days <= 0:
            return self.first(day)
        worked = (one for one in _from(day + _DAY) if self.is_worked(one))
        return next(one for n, one in enumerate(worked, 1) if n == days)

    def between(self, first: date, last: date) -> int:
        """How many days after the first, up to the last, are worked; 0 where the last does not come later."""
        return sum(self.is_worked(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def is_worked_by_all(day: date) -> bool:
    """By the public calendar alone; a weekend day that was exchanged for another one is worked."""
    year = _of_year(day.year)
    if day in year.weekend_workdays:
        return True
    return day.weekday() <= FRIDAY and day not in year


@lru_cache
def _of_year(year: int) -> HolidayBase:
    return country_holidays("VN", years=year, expand=False, language="vi")


def _from(day: date) -> Iterator[date]:
    """Days on and on; where nobody ever works, the search ends at the calendar's own end."""
    while True:
        yield day
        day += _DAY
