"""What officers do to difficulties: every deed is told, nothing is lost, and nobody reaches another commune's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.reports.difficulty_detail import get_difficulty
from fieldapp.reports.difficulty_figures import list_communes, read_figures
from fieldapp.reports.difficulty_list import DifficultyFilter, View, count_by_view, list_difficulties
from fieldapp.services import calendar_days, difficulty_handling
from fieldapp.services.calendar_days import DayForm
from fieldapp.services.difficulty_handling import STEPS, DeedForm
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.difficulty import Difficulty, DifficultyDeed
from models.unit import Unit
from tests import build
from tests.build import World
from tests.services.test_pull import Phone
from tests.services.test_village_work import trouble

D = DifficultyDeed
EVENTS = AuditEvent.__table__
TODAY = vn_day(datetime.now(UTC))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def report(db: Database, world: World, severity: str = "high") -> UUID:
    record = trouble(world.member, world.village, severity)
    assert (await build.send(db, world.member, record))[0]["result"] == "created"
    return UUID(record["id"])


async def seen(db: Database, difficulty: UUID) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.max(STEPS.c.id)).where(STEPS.c.difficulty_id == difficulty))).scalar()


async def do(db: Database, who: Account, difficulty: UUID, deed: DifficultyDeed, words: str = "", **given: Any) -> None:
    form = {"seen": await seen(db, difficulty)} | given
    form = DeedForm(difficulty=difficulty, deed=deed, words=words, **form)
    principal = await build.principal(db, who)
    async with db.write() as session:
        await difficulty_handling.act(session, principal, form)


async def row_of(db: Database, difficulty: UUID) -> Difficulty:
    async with db.read() as session:
        return await session.get_one(Difficulty, difficulty)


async def test_a_difficulty_goes_up_and_comes_back_and_the_team_reads_each_step(db: Database, world: World) -> None:
    officer, province = world.commune_officer, world.province_officer
    one = await report(db, world)
    phone = await Phone(db, world.second_member).pull()
    await do(db, officer, one, D.TAKE)
    await do(db, officer, one, D.COMMENT, "Gọi nhà mạng trước")
    await do(db, officer, one, D.ANSWER, "Đã báo nhà mạng, chờ trả lời")
    await do(db, officer, one, D.ESCALATE, "Cần tỉnh làm việc với nhà mạng")
    row = await row_of(db, one)
    assert (row.state, row.level, row.handler_id, row.escalated_at is not None) == ("escalated", "province", None, True)
    await do(db, province, one, D.ANSWER, "Nhà mạng sẽ lắp thêm trạm")
    await do(db, province, one, D.HAND_BACK, "Xã kiểm tra lại giúp")
    await do(db, officer, one, D.SOLVE, "Đã có sóng")
    await do(db, officer, one, D.REOPEN, "Lại mất sóng")
    shown = (await phone.pull()).rows["difficulties"][str(one)]
    assert [(step["deed"], step["state"]) for step in shown["steps"]] == [
        ("report", "reported"), ("take", "handling"), ("answer", "handling"), ("escalate", "escalated"),
        ("answer", "escalated"), ("hand_back", "handling"), ("solve", "solved"), ("reopen", "handling"),
    ]  # fmt: skip
    assert (shown["state"], shown["steps"][3]["note"]) == ("handling", "Cần tỉnh làm việc với nhà mạng")
    assert "Gọi nhà mạng trước" not in str(shown)
    row = await row_of(db, one)
    assert (row.level, row.solved_at) == ("commune", None)
    async with db.read() as session:
        about = select(EVENTS.c.action).where(EVENTS.c.subject_id == str(one), EVENTS.c.account_id.is_not(None))
        actions = (await session.execute(about.order_by(EVENTS.c.id))).scalars().all()
    assert actions == [f"difficulty.{d}" for d in (
        "take", "comment", "answer", "escalate", "answer", "hand_back", "solve", "reopen")]  # fmt: skip


async def test_of_two_officers_at_once_the_second_is_told_and_nothing_is_lost(db: Database, world: World) -> None:
    second = await build.account(db, world.commune, Role.COMMUNE_OFFICER, username="second")
    one = await report(db, world)
    both_saw = await seen(db, one)
    await do(db, world.commune_officer, one, D.ANSWER, "Lời của người thứ nhất", seen=both_saw)
    with pytest.raises(Problem, match="difficulty_changed"):
        await do(db, second, one, D.SOLVE, "Lời của người thứ hai", seen=both_saw)
    await do(db, second, one, D.COMMENT, "Ý kiến không cần đợi ai", seen=both_saw)
    row = await row_of(db, one)
    assert (row.state, row.handler_id) == ("handling", world.commune_officer.id)
    await do(db, second, one, D.SOLVE, "Lời của người thứ hai")
    async with db.read() as session:
        notes = (await session.execute(select(STEPS.c.note).order_by(STEPS.c.id))).scalars().all()
    assert notes == ["", "Lời của người thứ nhất", "Ý kiến không cần đợi ai", "Lời của người thứ hai"]


async def test_the_due_day_moves_with_a_reason_to_a_working_day(db: Database, world: World) -> None:
    one = await report(db, world)
    far = TODAY + timedelta(days=30)
    saturday = far + timedelta(days=(5 - far.weekday()) % 7)
    await do(db, world.commune_officer, one, D.POSTPONE, "Chờ thiết bị", due_on=saturday)
    due = WorkCalendar().first(saturday)
    assert (await row_of(db, one)).due_on == due
    [shown] = (await Phone(db, world.member).pull()).rows["difficulties"].values()
    assert (shown["due"], shown["steps"][-1]["due"]) == (due.isoformat(), due.isoformat())
    for wrong in (None, TODAY - timedelta(days=1), TODAY + timedelta(days=900), due):
        with pytest.raises(Problem, match="invalid"):
            await do(db, world.commune_officer, one, D.POSTPONE, "Chờ nữa", due_on=wrong)
    with pytest.raises(Problem, match="invalid"):
        await do(db, world.commune_officer, one, D.POSTPONE, due_on=saturday + timedelta(days=9))


async def test_a_leader_of_the_commune_gives_it_to_somebody_and_does_not_handle_it(db: Database, world: World) -> None:
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    one = await report(db, world)
    await do(db, head, one, D.ASSIGN, handler=world.commune_officer.id)
    assert (await row_of(db, one)).handler_id == world.commune_officer.id
    for stranger in (world.province_officer.id, 999, None):
        with pytest.raises(Problem, match="invalid"):
            await do(db, head, one, D.ASSIGN, handler=stranger)
    for deed in (D.TAKE, D.ANSWER, D.SOLVE, D.ESCALATE, D.POSTPONE):
        with pytest.raises(Problem, match="forbidden"):
            await do(db, head, one, deed, "Không phải việc của lãnh đạo")


async def test_nobody_reaches_another_commune_and_the_province_only_what_was_escalated(
    db: Database, world: World
) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    one = await report(db, world)
    for who in (stranger, world.province_officer):
        with pytest.raises(Problem, match="forbidden"):
            await do(db, who, one, D.COMMENT, "Ai đó")
        async with db.read() as session:
            with pytest.raises(Problem, match="forbidden"):
                await get_difficulty(session, await build.principal(db, who), one)
            assert (
                await list_difficulties(session, await build.principal(db, who), DifficultyFilter(), TODAY)
            ).total == 0
    with pytest.raises(Problem, match="not_found"):
        await do(db, stranger, uuid4(), D.COMMENT, "Ai đó", seen=0)
    await do(db, world.commune_officer, one, D.ESCALATE, "Nhờ tỉnh")
    with pytest.raises(Problem, match="difficulty_moved"):
        await do(db, world.commune_officer, one, D.SOLVE, "Xã tự làm")
    province = await build.principal(db, world.province_officer)
    async with db.read() as session:
        detail = await get_difficulty(session, province, one)
        assert (detail.photos, D.SOLVE in detail.deeds) == ([], True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 3),
        ({"view": "overdue"}, 1),
        ({"view": "solved"}, 1),
        ({"query": "MẤT sóng"}, 3),
        ({"query": "mat song"}, 3),
        ({"query": "vneid"}, 0),
        ({"severity": "low"}, 1),
        ({"kind": "staff"}, 0),
    ],
)
async def test_the_board_finds_what_is_asked_for(db: Database, world: World, asked: dict, found: int) -> None:
    late, _, _, done = [await report(db, world, severity) for severity in ("high", "medium", "low", "high")]
    await do(db, world.commune_officer, done, D.SOLVE, "Xong")
    async with db.write() as session:
        (await session.get_one(Difficulty, late)).due_on = TODAY - timedelta(days=1)
    who = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        page = await list_difficulties(session, who, DifficultyFilter(**asked), TODAY)
        numbers = await count_by_view(session, who, DifficultyFilter(), TODAY)
        figures = await read_figures(session, who, datetime.now(UTC), WorkCalendar())
    assert (len(page.rows), page.total) == (found, found)
    if not asked:
        assert page.rows[0].id == late
        assert (numbers[View.OPEN], numbers[View.OVERDUE], numbers[View.SOLVED]) == (3, 1, 1)
        assert (figures.open, figures.overdue, figures.solved, figures.in_time, figures.median_days) == (3, 1, 1, 1, 0)


async def test_the_province_knows_the_numbers_of_what_it_may_not_read(db: Database, world: World) -> None:
    await report(db, world)
    who = await build.principal(db, world.province_officer)
    async with db.read() as session:
        figures = await read_figures(session, who, datetime.now(UTC), WorkCalendar())
        communes = await list_communes(session, who, datetime.now(UTC))
        own = await list_communes(session, await build.principal(db, world.commune_officer), datetime.now(UTC))
    assert (figures.open, figures.solved, figures.median_days) == (1, 0, None)
    assert [(one.name, one.open, one.escalated) for one in communes] == [(world.commune.name, 1, 0)]
    assert own == []


async def decide(db: Database, who: Principal, **given: Any) -> None:
    async with db.write() as session:
        await calendar_days.decide(session, who, DayForm(**given))


async def test_days_that_the_province_decides_move_what_is_due(db: Database, world: World) -> None:
    province = await build.principal(db, world.province_officer)
    usual = WorkCalendar().after(TODAY, 3)
    first = WorkCalendar().after(TODAY, 1)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    await decide(db, province, day=first, working=False, note="Bão số 9", commune=world.commune.id)
    await decide(db, province, day=first, working=False, commune=elsewhere.id)
    async with db.read() as session:
        mine = await calendar_days.calendar_of(session, world.commune.id)
        all_of_it = await calendar_days.calendar_of(session)
    assert (mine.is_worked(first), all_of_it.is_worked(first)) == (False, True)
    one = await report(db, world)
    assert (await row_of(db, one)).due_on == mine.after(TODAY, 3) > usual
    await decide(db, province, day=first, working=True)
    async with db.read() as session:
        # The commune's own word stands.
        assert not (await calendar_days.calendar_of(session, world.commune.id)).is_worked(first)
        decided = await calendar_days.list_decided(session, province, TODAY)
        assert [(d.note, d.of_all) for d in decided] == [("Bão số 9", False), ("", False), ("", True)]
    async with db.write() as session:
        await calendar_days.forget(session, province, world.commune.id or 0, first)
    async with db.write() as session:
        with pytest.raises(Problem, match="not_found"):
            await calendar_days.forget(session, province, world.commune.id or 0, first)
    assert (await row_of(db, one)).due_on > usual


async def test_a_commune_does_not_keep_the_calendar(db: Database, world: World) -> None:
    officer = await build.principal(db, world.commune_officer)
    with pytest.raises(Problem, match="forbidden"):
        await decide(db, officer, day=TODAY, working=False, commune=world.commune.id)
    province = await build.principal(db, world.province_officer)
    village: Unit = world.village
    for wrong, code in (({"commune": village.id}, "not_found"), ({"day": TODAY.replace(year=2999)}, "invalid")):
        with pytest.raises(Problem, match=code):
            await decide(db, province, **({"day": TODAY, "working": False} | wrong))
