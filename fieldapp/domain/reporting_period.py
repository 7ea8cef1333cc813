"""Reporting periods: which days belong to one, which comes before it, when its year begins, and when it is due.

The letter fixes no length ("định kỳ, thường xuyên"), so the province chooses; the state's month of figures runs from a
15th to a 14th (Nghị định 09/2019/NĐ-CP, điều 12), with at least a working day between its end and a deadline.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.domain.day_range import DayRange, Preset, named_range
from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import month_start
from fieldapp.domain.working_days import WorkCalendar
from models.period import MonthStyle, ReportKind

LENGTHS = {
    ReportKind.MONTH: Length.MONTH,
    ReportKind.QUARTER: Length.QUARTER,
    ReportKind.HALF_YEAR: Length.HALF_YEAR,
    ReportKind.YEAR: Length.YEAR,
}
REGULAR = (ReportKind.WEEK, *LENGTHS)
MAX_SPAN_DAYS = 400
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """How one kind is reported; days are working days after its last day, for each level."""

    kind: ReportKind
    on: bool
    month_style: MonthStyle
    village_days: int
    commune_days: int
    province_days: int


DEFAULT_RULES = (
    Rule(ReportKind.WEEK, False, MonthStyle.CALENDAR, 1, 2, 3),
    Rule(ReportKind.MONTH, True, MonthStyle.DATA, 2, 4, 6),
    Rule(ReportKind.QUARTER, False, MonthStyle.DATA, 2, 4, 6),
    Rule(ReportKind.HALF_YEAR, False, MonthStyle.DATA, 3, 6, 9),
    Rule(ReportKind.YEAR, False, MonthStyle.DATA, 3, 6, 9),
)
"""What holds until the province says otherwise: months of figures alone."""


def span_of(kind: ReportKind, style: MonthStyle, day: date) -> DayRange:
    """The regular period of this kind in which the day lies."""
    if kind is ReportKind.WEEK:
        return named_range(Preset.WEEK, day)
    if style is MonthStyle.CALENDAR:
        return period(LENGTHS[kind], day)
    whole = period(LENGTHS[kind], counted_in(style, day))
    return DayRange((whole.first - _DAY).replace(day=15), whole.last.replace(day=14))


def counted_in(style: MonthStyle, day: date) -> date:
    """A day of the calendar month to which a day is counted: from a 15th on that is the next one."""
    if style is MonthStyle.CALENDAR or day.day < 15:
        return day
    return (month_start(day) + timedelta(days=31)).replace(day=1)


def before(kind: ReportKind, style: MonthStyle, span: DayRange) -> DayRange:
    """The period just before; of one that is not regular, as many days. One that was cut short lies behind its rest."""
    if kind in REGULAR:
        whole = span_of(kind, style, span.first - _DAY)
        return DayRange(whole.first, min(whole.last, span.first - _DAY))
    return DayRange(span.first - timedelta(days=span.days), span.first - _DAY)


def year_so_far(kind: ReportKind, style: MonthStyle, span: DayRange) -> DayRange:
    """From the first day of the year in which the period ends to its last day; a year of data months is from 15/12,
    one of weeks from the Monday on or before its first day.
    """
    year = period(Length.YEAR, counted_in(style, span.last))
    first = year.first if style is MonthStyle.CALENDAR else (year.first - _DAY).replace(day=15)
    if kind is ReportKind.WEEK:
        first -= first.weekday() * _DAY
    return DayRange(min(first, span.first), span.last)


def calendar_period(kind: ReportKind, style: MonthStyle, span: DayRange) -> DayRange | None:
    """The calendar's period of equal length, for which targets are set; None where there is none."""
    return period(LENGTHS[kind], counted_in(style, span.last)) if kind in LENGTHS else None


def due(last_day: date, due_on: date, told: WorkCalendar, calendar: WorkCalendar, paused: Iterable[DayRange]) -> date:
    """When a commune's reports are due: for each working day of a pause before the deadline it has one more.

    `told` is the calendar by which the deadline was set: a day that was freed since takes none of the days away.
    """
    stopped = {day: False for span in paused for day in _days(span)}
    if not stopped:
        return due_on
    slower = WorkCalendar({**calendar.decided, **stopped})
    moved = max(due_on, slower.after(last_day, told.between(last_day, due_on)))
    return slower.first(moved) if moved in stopped else moved


def _days(span: DayRange) -> Iterable[date]:
    return (span.first + timedelta(days=n) for n in range(span.days))
