"""Reporting periods: which of them phones are told of, how new ones follow old ones, what is asked for twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.reporting_period import before
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.problems import Problem
from fieldapp.services import period_rules, periods
from models.base import utc_now
from models.period import MonthStyle, Period, ReportKind
from tests import build
from tests.build import World
from tests.services.test_period_reports import opened
from tests.services.test_pull import Phone

PERIODS = Period.__table__
TODAY = vn_day(datetime.now(UTC))
DAY = timedelta(days=1)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.reporting_world(db)


async def told(db: Database, world: World) -> list[tuple[str, str]]:
    phone = await Phone(db, world.leader).pull()
    return [(row["kind"], row["last"]) for row in phone.last["reports"]]


async def test_none_that_runs_takes_the_place_of_one_that_is_due(db: Database, world: World) -> None:
    """A province that has switched everything on: what ended two days ago stands before the year's end."""
    over = TODAY - 2 * DAY
    for kind in (ReportKind.MONTH, ReportKind.QUARTER):
        await opened(db, world, kind=kind, first_day=over - 29 * DAY, last_day=over)
    for days, kind in enumerate((ReportKind.WEEK, ReportKind.MONTH, ReportKind.QUARTER, ReportKind.HALF_YEAR), 3):
        await opened(db, world, kind=kind, first_day=over + DAY, last_day=TODAY + days * DAY)
    await opened(db, world, kind=ReportKind.YEAR, first_day=over + DAY, last_day=TODAY + 200 * DAY)
    rows = await told(db, world)
    assert {("month", str(over)), ("quarter", str(over))} <= set(rows)
    assert [last for _, last in rows] == [str(TODAY + days * DAY) for days in (5, 4, 3)] + [str(over)] * 2


async def test_what_is_asked_about_long_ago_is_asked_for_now(db: Database, world: World) -> None:
    long_ago = TODAY - 200 * DAY
    await opened(db, world, kind=ReportKind.AD_HOC, title="Rà soát", first_day=long_ago - 29 * DAY, last_day=long_ago)
    assert await told(db, world) == [("ad_hoc", str(long_ago))]


async def test_where_months_are_counted_otherwise_new_periods_begin_behind_old_ones(db: Database, world: World) -> None:
    officer = await build.principal(db, world.province_officer)

    async def ruled(style: MonthStyle) -> None:
        form = period_rules.RuleForm(
            kind=ReportKind.MONTH, on=True, month_style=style, village_days=2, commune_days=4, province_days=6
        )
        async with db.write() as session:
            await period_rules.rule(session, officer, form)

    async def looked_on(*days: date) -> list[tuple[date, date]]:
        for day in days:
            async with db.write() as session:
                await period_rules.open_due(session, datetime(day.year, day.month, day.day, 8, tzinfo=VIETNAM))
        async with db.read() as session:
            query = select(PERIODS.c.first_day, PERIODS.c.last_day).order_by(PERIODS.c.first_day)
            return [tuple(row) for row in await session.execute(query)]

    await ruled(MonthStyle.DATA)
    spans = [(date(2026, 8, 15), date(2026, 9, 14))]
    assert await looked_on(date(2026, 8, 20)) == spans
    await ruled(MonthStyle.CALENDAR)
    assert await looked_on(date(2026, 8, 20), date(2026, 9, 14)) == spans
    spans += [(date(2026, 9, 15), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))]
    assert await looked_on(date(2026, 9, 15), date(2026, 9, 16), date(2026, 10, 1)) == spans
    await ruled(MonthStyle.DATA)
    spans += [(date(2026, 11, 1), date(2026, 11, 14)), (date(2026, 11, 15), date(2026, 12, 14))]
    assert await looked_on(date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 20)) == spans
    cut = DayRange(date(2026, 9, 15), date(2026, 9, 30))
    assert before(ReportKind.MONTH, MonthStyle.CALENDAR, cut) == DayRange(date(2026, 9, 1), date(2026, 9, 14))


async def asked(db: Database, world: World, **given: Any) -> Period:
    form = {"title": "Sau bão", "first_day": TODAY - 40 * DAY, "last_day": TODAY - 10 * DAY, "due_on": TODAY + 5 * DAY}
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        return await periods.ask(session, officer, periods.AskForm(**(form | given)), utc_now())


async def test_what_was_taken_back_is_asked_for_again_and_what_stands_is_not(db: Database, world: World) -> None:
    officer = await build.principal(db, world.commune_officer)
    first = await asked(db, world)
    with pytest.raises(Problem, match="repeated"):
        await asked(db, world)
    async with db.write() as session:
        await periods.cancel(session, officer, first.id or 0, utc_now())
    again = await asked(db, world, due_on=TODAY + 8 * DAY)
    assert (again.id, again.cancelled_at, again.village_due_on) == (first.id, None, TODAY + 8 * DAY)


async def test_a_pause_from_before_it_was_asked_for_moves_no_deadline(db: Database, world: World) -> None:
    head = await build.principal(db, world.province_officer)
    form = periods.PauseForm(first_day=TODAY - 9 * DAY, last_day=TODAY - 2 * DAY, reason="Bão số 9")
    async with db.write() as session:
        await periods.pause(session, head, world.commune.id or 0, form)
    made = await asked(db, world)
    async with db.read() as session:
        [days] = (await periods.due_days(session, made, [world.commune.id or 0])).values()
    assert days == (made.village_due_on, made.commune_due_on)
