"""Which days a period has, what comes before it, when its year began, and how a pause moves what is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.reporting_period import REGULAR, before, calendar_period, due, span_of, year_so_far
from fieldapp.domain.working_days import WorkCalendar
from models.period import MonthStyle, ReportKind

DATA, CALENDAR = MonthStyle.DATA, MonthStyle.CALENDAR
days = st.dates(date(2021, 2, 1), date(2060, 12, 1))


def span(first: str, last: str) -> DayRange:
    return DayRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("kind", "style", "day", "first", "last"),
    [
        ("month", DATA, "2026-08-14", "2026-07-15", "2026-08-14"),
        ("month", DATA, "2026-08-15", "2026-08-15", "2026-09-14"),
        ("month", DATA, "2026-12-31", "2026-12-15", "2027-01-14"),
        ("month", CALENDAR, "2028-02-29", "2028-02-01", "2028-02-29"),
        ("quarter", DATA, "2026-08-01", "2026-06-15", "2026-09-14"),
        ("quarter", CALENDAR, "2026-08-01", "2026-07-01", "2026-09-30"),
        ("half_year", DATA, "2026-06-15", "2026-06-15", "2026-12-14"),
        ("year", DATA, "2026-12-15", "2026-12-15", "2027-12-14"),
        ("year", CALENDAR, "2026-12-15", "2026-01-01", "2026-12-31"),
        ("week", CALENDAR, "2026-11-26", "2026-11-23", "2026-11-29"),
    ],
)
def test_a_day_lies_in_its_period(kind: str, style: MonthStyle, day: str, first: str, last: str) -> None:
    assert span_of(ReportKind(kind), style, date.fromisoformat(day)) == span(first, last)


@given(days, st.sampled_from(REGULAR), st.sampled_from(MonthStyle))
def test_periods_follow_each_other_without_gap(day: date, kind: ReportKind, style: MonthStyle) -> None:
    now = span_of(kind, style, day)
    assert now.first <= day <= now.last
    assert span_of(kind, style, now.first) == span_of(kind, style, now.last) == now
    was = before(kind, style, now)
    assert was.last + timedelta(days=1) == now.first
    assert span_of(kind, style, was.first) == was


@given(days, st.sampled_from(REGULAR), st.sampled_from(MonthStyle))
def test_a_year_so_far_ends_with_the_period_and_is_at_most_a_year(
    day: date, kind: ReportKind, style: MonthStyle
) -> None:
    now = span_of(kind, style, day)
    year = year_so_far(kind, style, now)
    assert (year.last, year.first <= now.first) == (now.last, True)
    assert year.days <= 372, "a week may reach back over the turn of the year"


@pytest.mark.parametrize("style", MonthStyle)
def test_all_weeks_of_a_year_begin_their_running_totals_on_the_same_day(style: MonthStyle) -> None:
    """Also that in which the year turns: what it told of is in the totals of those after it."""
    weeks = [span_of(ReportKind.WEEK, style, date(2026, 12, 7) + timedelta(days=7 * n)) for n in range(8)]
    begins = [year_so_far(ReportKind.WEEK, style, week).first for week in weeks]
    turned = date(2026, 12, 28) if style is CALENDAR else date(2026, 12, 14)
    assert {begin for week, begin in zip(weeks, begins, strict=True) if week.first >= turned} == {turned}
    assert {begin for week, begin in zip(weeks, begins, strict=True) if week.first < turned} != {turned}


def test_targets_of_the_calendars_month_belong_to_a_month_of_figures() -> None:
    assert calendar_period(ReportKind.MONTH, DATA, span("2026-07-15", "2026-08-14")) == span("2026-08-01", "2026-08-31")
    assert calendar_period(ReportKind.YEAR, DATA, span("2025-12-15", "2026-12-14")) == span("2026-01-01", "2026-12-31")
    assert calendar_period(ReportKind.AD_HOC, CALENDAR, span("2026-07-15", "2026-08-14")) is None


def test_a_period_that_was_asked_for_is_compared_with_as_many_days() -> None:
    assert before(ReportKind.AD_HOC, CALENDAR, span("2026-08-03", "2026-08-05")) == span("2026-07-31", "2026-08-02")


@pytest.mark.parametrize(
    ("paused", "expected"),
    [
        ([], "2026-10-13"),
        ([("2026-09-26", "2026-10-08")], "2026-10-13"),
        ([("2026-10-12", "2026-10-12")], "2026-10-14"),
        ([("2026-10-10", "2026-10-11")], "2026-10-13"),
        ([("2026-10-12", "2026-10-16")], "2026-10-20"),
        ([("2026-10-12", "2026-10-13"), ("2026-10-15", "2026-10-15")], "2026-10-16"),
    ],
)
def test_each_working_day_of_a_pause_gives_one_more(paused: list[tuple[str, str]], expected: str) -> None:
    """The period ends on Friday 9/10; its reports are due on Tuesday, the second working day after it."""
    calendar = WorkCalendar()
    spans = [span(*days) for days in paused]
    assert due(date(2026, 10, 9), date(2026, 10, 13), calendar, calendar, spans) == date.fromisoformat(expected)


@given(
    days,
    st.integers(0, 14),
    st.lists(st.tuples(st.integers(-5, 20), st.integers(0, 8)), max_size=4),
    st.dictionaries(st.integers(-2, 30), st.booleans(), max_size=6),
)
def test_a_pause_never_brings_a_deadline_forward_and_never_ends_within_itself(
    last: date, length: int, pauses: list[tuple[int, int]], decided: dict[int, bool]
) -> None:
    """Whatever day it was due on, and whatever days were freed or worked since that was said."""
    told, due_on = WorkCalendar(), last + timedelta(days=length)
    calendar = WorkCalendar({last + timedelta(days=day): worked for day, worked in decided.items()})
    spans = [DayRange(last + timedelta(days=start), last + timedelta(days=start + length)) for start, length in pauses]
    moved = due(last, due_on, told, calendar, spans)
    assert moved >= due_on
    assert due(last, due_on, told, calendar, []) == due_on
    assert moved == due_on or not any(one.first <= moved <= one.last for one in spans)


def test_a_day_that_is_freed_after_the_deadline_was_set_takes_nothing_from_a_pause() -> None:
    """Due on the second working day; four days of a pause before it, two of which the province then freed for all."""
    told, freed = WorkCalendar(), WorkCalendar({date(2026, 9, 15): False, date(2026, 9, 16): False})
    paused = [span("2026-09-15", "2026-09-18")]
    for calendar in (told, freed):
        assert due(date(2026, 9, 14), date(2026, 9, 16), told, calendar, paused) == date(2026, 9, 22)
