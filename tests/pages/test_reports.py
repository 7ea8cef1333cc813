"""The pages of reports and their periods, past the browser: who owes, what is odd, papers as they were locked."""

from datetime import timedelta
from uuid import UUID

import pytest

from fieldapp.db import Database
from fieldapp.domain.written_time import written_day
from fieldapp.jobs import make_bundles
from fieldapp.pages.desk.periods import PeriodsState
from fieldapp.pages.desk.reports import ReportsState
from fieldapp.services import periods
from fieldapp.services.report_detail import get_detail
from fieldapp.services.report_papers import report_paper
from models.base import utc_now
from models.period_report import PeriodReport
from models.task import Task, TaskState
from tests import build
from tests.build import World
from tests.pages.test_desk import TODAY, enter
from tests.report_rows import task
from tests.services.test_bundles import here, reported, world
from tests.services.test_period_reports import decide, opened, report
from tests.services.test_targets import send

__all__ = ["here", "world"]


async def test_an_officer_asks_for_all_papers_sees_how_far_they_are_and_asks_no_second_time(
    db: Database, world: World
) -> None:
    await reported(db, world)
    state = await enter(db, ReportsState, world.commune_officer)
    assert (state.bundles, state.bundling) == ([], False)
    for _ in range(2):
        await state.bundle("docx")
        [line] = state.bundles
        assert (state.done, state.problem, state.bundling) == ("bundled", "", True)
        assert (line.file, line.state, line.done, line.count, line.by) == (
            "docx", "waiting", 0, 3, world.commune_officer.full_name,
        )  # fmt: skip
    assert await make_bundles.make_in_turn("me", utc_now()) == 1
    await state.look()
    [line] = state.bundles
    assert (line.state, line.done, line.size, state.bundling) == ("ready", 3, "0,1", False)
    await state.bundle("exe")
    assert state.problem == "invalid"


@pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
async def test_where_there_is_no_period_the_page_says_so(db: Database, world: World) -> None:
    state = await enter(db, ReportsState, world.province_officer)
    await state.bundle("pdf")
    assert state.problem == "not_found"


async def test_what_is_expected_and_when_does_not_move_with_what_is_shown(db: Database, world: World) -> None:
    """Communes are asked by their own day, not by that of their villages."""
    period = await opened(
        db, world, commune_due_on=TODAY + timedelta(days=9), province_due_on=TODAY + timedelta(days=12)
    )
    state = await enter(db, ReportsState, world.province_officer)
    assert (state.below_due, state.own_due) == (written_day(period.commune_due_on), written_day(period.province_due_on))
    await state.choose_region("west")
    await state.choose_state("approved")
    assert (state.total, state.expected) == (0, 1)


async def test_a_number_that_is_odd_is_marked_also_where_it_differs_from_what_was_seen(
    db: Database, world: World
) -> None:
    period = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, period)
    assert await send(db, world.leader, mine) == ["created"]
    async with db.write() as session:
        row = await session.get_one(PeriodReport, UUID(mine["id"]))
        row.warnings = ["jump:25", "differs:25"]
    state = await enter(db, ReportsState, world.commune_officer)
    await state.open(UUID(mine["id"]))
    assert {line.code: line.warning for line in state.detail.lines if line.warning} == {"25": "jump"}
    assert state.detail.differs == 1


async def test_a_supplement_that_was_sent_back_owes_nothing(db: Database, world: World) -> None:
    period = await opened(db, world)
    first = report(world.leader, world.team.id, world.village, period)
    again = report(world.leader, world.team.id, world.village, period, number=2)
    assert await send(db, world.leader, first) == ["created"]
    await decide(db, world.commune_officer, [first["id"]])
    assert await send(db, world.leader, again) == ["created"]
    await decide(db, world.commune_officer, [again["id"]], approve=False, reason="Xem lại")
    state = await enter(db, ReportsState, world.commune_officer)
    assert state.owing_names == world.next_village.name
    await state.remind()
    assert (state.problem, state.done, state.done_count) == ("", "reminded", 1)
    await state.remind()
    assert state.problem == "reminded_already"


async def test_a_commune_reads_its_deadlines_as_its_pause_moved_them(db: Database, world: World) -> None:
    monday = TODAY + timedelta(days=14 - TODAY.weekday())
    dues = dict.fromkeys(("village_due_on", "commune_due_on", "province_due_on"), monday + timedelta(days=2))
    period = await opened(db, world, last_day=monday - timedelta(days=3), **dues)
    state = await enter(db, PeriodsState, world.commune_officer)
    assert state.lines[0].village_due == written_day(period.village_due_on)
    last = (monday + timedelta(days=1)).isoformat()
    province = await enter(db, PeriodsState, world.province_officer)
    await province.pause(
        {"commune": str(world.commune.id), "first_day": monday.isoformat(), "last_day": last, "reason": "Bão số 9"}
    )
    assert province.problem == ""
    await state.load()
    async with db.read() as session:
        [days] = (await periods.due_days(session, period, [world.commune.id or 0])).values()
    assert days[0] > period.village_due_on
    assert (state.lines[0].village_due, state.lines[0].commune_due) == tuple(map(written_day, days))


async def test_a_locked_paper_tells_its_tasks_as_they_stood(db: Database, world: World) -> None:
    """Done since, withdrawn since, given since: the paper of the version stays the same."""
    period = await opened(db, world)
    due = period.last_day - timedelta(days=3)
    made = due - timedelta(days=5)
    open_then = task(world, world.team, made, due, "open", None)
    done_then = task(world, world.team, made, due, "done", due)
    marked_in_it = task(world, world.team, made, period.last_day + timedelta(days=20), "doing", due)
    async with db.write() as session:
        session.add_all([open_then, done_then, marked_in_it])
    mine = report(world.leader, world.team.id, world.village, period)
    assert await send(db, world.leader, mine) == ["created"]
    officer = await build.principal(db, world.commune_officer)

    async def told() -> list[tuple[str, str]]:
        async with db.read() as session:
            detail = await get_detail(session, officer, UUID(mine["id"]))
            paper = await report_paper(session, officer, detail, utc_now())
        return sorted((line.name, line.state) for line in paper.tasks)

    before = await told()
    assert len(before) == 3
    async with db.write() as session:
        late = await session.get_one(Task, open_then.id)
        late.state, late.marked_at, late.note = TaskState.DONE, utc_now(), "Xong"
        (await session.get_one(Task, done_then.id)).withdrawn_at = utc_now()
        later = task(world, world.team, made, due, "open", None)
        later.made_at = utc_now()
        session.add(later)
    assert await told() == before
