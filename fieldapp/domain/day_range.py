"""Ranges of Vietnamese days that summaries are asked for, the ranges before them, and the usual ones by name."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fieldapp.domain.vn_time import half_month, month_end, month_start
from fieldapp.problems import Problem

MAX_DAYS = 732
EARLIEST, LATEST = date(2020, 1, 1), date(2100, 12, 31)
_DAY = timedelta(days=1)


class Preset(StrEnum):
    """Ranges that people name. `data_month` is the state's month of figures, from a 15th to a 14th."""

    TODAY = "today"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    LAST_MONTH = "last_month"
    DATA_MONTH = "data_month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class DayRange:
    """Both days belong to it. Raises ValueError where the last comes before the first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("reversed")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_whole(self) -> bool:
        """Whether it is made of whole half-months."""
        return self == self.widened()

    def widened(self) -> "DayRange":
        """The whole half-months that it touches: the least that `commune_count` can tell of."""
        return DayRange(half_month(self.first), _half_month_end(self.last))

    def before(self) -> "DayRange":
        """The range of equal length that ends the day before; whole half-months are counted in half-months."""
        if not self.is_whole:
            return DayRange(self.first - timedelta(days=self.days), self.first - _DAY)
        halves = _number(self.last) - _number(self.first) + 1
        return DayRange(_numbered(_number(self.first) - halves), self.first - _DAY)


def given_range(first: date, last: date) -> DayRange:
    """A range that somebody typed. Raises `invalid` where it is reversed, longer than two years or far off."""
    if not EARLIEST <= first <= last <= LATEST or (last - first).days >= MAX_DAYS:
        raise Problem("invalid", "last")
    return DayRange(first, last)


def named_range(preset: Preset, today: date) -> DayRange:
    """The range of this name around today, up to its end even where that is still to come; weeks begin on Monday."""
    match preset:
        case Preset.TODAY:
            return DayRange(today, today)
        case Preset.WEEK:
            monday = today - timedelta(days=today.weekday())
            return DayRange(monday, monday + timedelta(days=6))
        case Preset.HALF_MONTH:
            return DayRange(today, today).widened()
        case Preset.MONTH:
            return DayRange(month_start(today), month_end(today))
        case Preset.LAST_MONTH:
            return named_range(Preset.MONTH, month_start(today) - _DAY)
        case Preset.DATA_MONTH:
            start = today.replace(day=15) if today.day >= 15 else (month_start(today) - _DAY).replace(day=15)
            return DayRange(start, (month_end(start) + _DAY).replace(day=14))
        case Preset.QUARTER:
            start = today.replace(month=today.month - (today.month - 1) % 3, day=1)
            return DayRange(start, month_end(start.replace(month=start.month + 2)))
        case Preset.YEAR:
            return DayRange(today.replace(month=1, day=1), today.replace(month=12, day=31))


def _half_month_end(day: date) -> date:
    return day.replace(day=14) if day.day < 15 else month_end(day)


def _number(day: date) -> int:
    """The number of the day's half-month, counted from year 0."""
    return (day.year * 12 + day.month - 1) * 2 + (day.day >= 15)


def _numbered(number: int) -> date:
    """The first day of the half-month with this number."""
    months, second = divmod(number, 2)
    year, month = divmod(months, 12)
    return date(year, month + 1, 15 if second else 1)
