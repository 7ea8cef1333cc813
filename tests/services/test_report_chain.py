"""Between village, commune and province: who is told what is owed, what may be signed, what moves with a deadline."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from fieldapp.db import Database
from fieldapp.domain.indicator_form import IndicatorForm
from fieldapp.domain.report_figure import read_figures
from fieldapp.pages.desk.report_view import report_view
from fieldapp.problems import Problem
from fieldapp.services import indicators, periods, report_reminders
from fieldapp.services.report_standing import read_standing
from models.account import Role
from models.base import utc_now
from models.period import Period, PeriodPause, ReportKind
from models.period_report import PeriodReport
from models.team import Seat, SeatRole
from tests import build
from tests.build import World
from tests.report_rows import task
from tests.services.test_period_reports import TODAY, YESTERDAY, consolidate, decide, opened, report, send, version
from tests.services.test_pull import Phone

DAY = timedelta(days=1)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.reporting_world(db)


async def weeks(db: Database, world: World, count: int) -> list[Period]:
    """Newest first, the last one ended yesterday."""
    return [
        await opened(
            db, world, kind=ReportKind.WEEK, first_day=YESTERDAY - 7 * n * DAY - 6 * DAY,
            last_day=YESTERDAY - 7 * n * DAY,
        )
        for n in range(count)
    ]  # fmt: skip


async def paused(db: Database, world: World, first: int, last: int) -> None:
    """The commune, so many days from today."""
    form = periods.PauseForm(first_day=TODAY + first * DAY, last_day=TODAY + last * DAY, reason="Bão số 9")
    principal = await build.principal(db, world.province_officer)
    async with db.write() as session:
        await periods.pause(session, principal, world.commune.id or 0, form)


async def test_what_is_owed_stays_on_the_phone_however_many_periods_came_after_it(db: Database, world: World) -> None:
    """Two months old and due today; six weeks ended since, all of them answered."""
    long_ago = YESTERDAY - 60 * DAY
    asked = await opened(
        db, world, kind=ReportKind.AD_HOC, title="Rà soát", first_day=long_ago, last_day=long_ago, village_due_on=TODAY
    )
    answered = await weeks(db, world, 6)
    for period in answered:
        mine = report(world.leader, world.team.id, world.village, period)
        assert await send(db, world.leader, mine) == ["created"]
    told = [row["period"] for row in (await Phone(db, world.leader).pull()).last["reports"]]
    assert told == [*(one.id for one in answered[:-1]), asked.id]
    async with db.read() as session:
        assert await report_reminders.count_owed(session, [world.village.id or 0], TODAY) == 1


async def test_what_a_long_pause_put_off_is_still_waited_for(db: Database, world: World) -> None:
    """Its period ended 48 days ago and was due two days later; the flood lasted until yesterday."""
    over = TODAY - 48 * DAY
    period = await opened(
        db, world, first_day=over - 29 * DAY, last_day=over, village_due_on=over + 2 * DAY,
        commune_due_on=over + 4 * DAY,
    )  # fmt: skip
    assert (await Phone(db, world.leader).pull()).last["reports"] == []
    await paused(db, world, -47, -1)
    [told] = (await Phone(db, world.leader).pull()).last["reports"]
    assert told["period"] == period.id
    async with db.read() as session:
        due_on, _ = (await periods.due_days(session, period, [world.commune.id or 0]))[world.commune.id or 0]
        assert told["due"] == str(due_on) >= str(TODAY)
        assert await report_reminders.count_owed(session, [world.village.id or 0], TODAY) == 1
        due = await report_reminders.list_due(session, utc_now() + (due_on - TODAY))
        assert [one.period_id for one in due] == [period.id]


async def test_who_only_reviews_for_the_leader_is_not_reminded(db: Database, world: World) -> None:
    period = await opened(db, world, village_due_on=TODAY)
    async with db.write() as session:
        session.add(
            Seat(
                team_id=world.team.id or 0,
                member_id=world.member.id or 0,
                role=SeatRole.DEPUTY,
                delegated_by_id=world.leader.id,
                valid_from=TODAY - DAY,
                valid_to=TODAY + 3 * DAY,
            )
        )
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        found = await report_reminders.remind(session, officer, period.id or 0, [world.village.id or 0], utc_now())
    assert found.members == {world.leader.id, world.deputy.id}


async def test_nothing_is_signed_in_which_a_report_stands_that_was_sent_back(db: Database, world: World) -> None:
    period = await opened(db, world)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    mine = report(world.leader, world.team.id, world.village, period)
    theirs = report(world.next_leader, world.next_team.id, world.next_village, period, manual={"03": 5})
    for who, record in ((world.leader, mine), (world.next_leader, theirs)):
        assert await send(db, who, record) == ["created"]
    await decide(db, world.commune_officer, [mine["id"], theirs["id"]])
    whole = await consolidate(db, world.commune_officer, period)
    await decide(db, world.commune_officer, [theirs["id"]], approve=False, reason="Sai số hộ")
    with pytest.raises(Problem, match="part_returned"):
        await decide(db, head, [whole.id])
    again = await consolidate(db, world.commune_officer, period)
    assert again.missing == [world.next_village.name]
    assert await decide(db, head, [again.id]) == 1
    # A supplement of a part is no fault of what was added up before it.
    more = report(world.leader, world.team.id, world.village, period, number=2, manual={"03": 3})
    third = await consolidate(db, world.commune_officer, period)
    assert await send(db, world.leader, more) == ["created"]
    await decide(db, world.commune_officer, [more["id"]])
    assert await decide(db, head, [third.id]) == 1


async def test_a_pause_that_is_said_afterwards_takes_lateness_away(db: Database, world: World) -> None:
    """The village handed in today what was due five days ago; that the commune stood still is written down later."""
    period = await opened(
        db, world, last_day=TODAY - 7 * DAY, village_due_on=TODAY - 5 * DAY, commune_due_on=TODAY - 4 * DAY
    )
    mine = report(world.leader, world.team.id, world.village, period)
    assert await send(db, world.leader, mine) == ["created"]
    officer = await build.principal(db, world.commune_officer)

    async def late() -> tuple[bool, bool]:
        async with db.read() as session:
            standing = await read_standing(session, officer, period.id or 0, utc_now())
            shown = await report_view(session, officer, (await version(db, mine)).id, utc_now())
        return next(one.late for one in standing.units if one.unit_id == world.village.id), shown.late

    assert await late() == (True, True)
    await paused(db, world, -7, -1)
    assert await late() == (False, False)
    async with db.write() as session:
        row = await session.get_one(PeriodReport, (await version(db, mine)).id)
        assert row.warnings == ["late"], "what was locked stays as it was"
        await session.execute(delete(PeriodPause))
    assert await late() == (True, True)


async def test_the_tasks_of_a_communes_own_team_are_in_its_report(db: Database, world: World) -> None:
    own = await build.team(db, world.commune)
    made, due = YESTERDAY - 9 * DAY, YESTERDAY - 4 * DAY
    async with db.write() as session:
        session.add_all(
            [
                task(world, own, made, due, "done", due),
                task(world, own, made, due, "open", None),
                task(world, world.team, made, due, "done", due),
            ]
        )
    period = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, period)
    assert await send(db, world.leader, mine) == ["created"]
    await decide(db, world.commune_officer, [mine["id"]])
    whole = await consolidate(db, world.commune_officer, period)
    figures = {figure.code: figure for figure in read_figures(whole.figures)}
    assert [figures[code].value for code in ("30.1", "30.2", "30.3")] == [2, 0, 1]
    assert (figures["30.1"].year or 0) >= 2 or made.year != YESTERDAY.year


async def test_a_number_that_stands_has_no_running_total_on_the_phone(db: Database, world: World) -> None:
    """Last month ten, now eleven: eleven in the year, not 21."""
    province = await build.principal(db, world.province_officer)
    given = {
        "section": "society", "source": "manual", "first": TODAY + DAY, "unit": "household", "stock": "on",
        "name_vi": "Số hộ có Internet", "short_vi": "Hộ có Internet",
    }  # fmt: skip
    async with db.write() as session:
        row = await indicators.add(session, province, IndicatorForm.model_validate(given), utc_now())
        row.applies_from = YESTERDAY - 80 * DAY
    first = await opened(db, world, first_day=YESTERDAY - 59 * DAY, last_day=YESTERDAY - 30 * DAY)
    second = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, first, manual={"03": 0, row.code: 10}, zeros=["03"])
    assert await send(db, world.leader, mine) == ["created"]
    await decide(db, world.commune_officer, [mine["id"]])
    rows = (await Phone(db, world.leader).pull()).last["reports"]
    told = next(one for one in rows if one["period"] == second.id)
    [figure] = [one for one in told["figures"] if one["code"] == row.code]
    assert (figure["previous"], "year" in figure) == (10, False)
