"""The board of difficulties and the calendar, past the browser: what they show, and what a guessed form may do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.calendar import CalendarState
from fieldapp.pages.desk.difficulties import DifficultiesState
from models.account import Role
from models.difficulty import Difficulty
from tests import build
from tests.build import World
from tests.pages.test_desk import enter
from tests.services.test_difficulty_handling import report

TODAY = vn_day(datetime.now(UTC))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def form(state: DifficultiesState, deed: str, words: str = "", **given: Any) -> dict[str, Any]:
    """What the browser sends: texts, the fields of other deeds left out."""
    return {"difficulty": state.open.id, "deed": deed, "seen": str(state.open.seen), "words": words} | given


async def test_an_officer_answers_and_solves_what_a_team_reported(db: Database, world: World) -> None:
    one = await report(db, world)
    state = await enter(db, DifficultiesState, world.commune_officer)
    assert [(line.kind, line.village, line.due.when) for line in state.lines] == [
        ("signal", world.village.name, "left")
    ]
    assert (state.open_count, state.overdue, state.province) == (1, 0, False)
    await state.open_one(str(one))
    assert state.open.deeds == ["take", "answer", "postpone", "escalate", "solve", "assign", "comment"]
    await state.choose_deed("answer")
    await state.act(form(state, "answer", "Đã báo nhà mạng"))
    assert (state.problem, state.done, state.deed) == ("", "answer", "")
    assert [step.deed for step in state.open.steps] == ["report", "answer"]
    assert state.lines[0].handler == world.commune_officer.full_name
    await state.act(form(state, "solve", "Có sóng rồi"))
    assert (state.lines, state.open.deeds) == ([], ["reopen", "comment"])
    await state.choose_view("solved")
    assert [line.id for line in state.lines] == [str(one)]
    assert (state.solved, state.in_time, state.percent) == (1, 1, 100)


async def test_who_comes_second_sees_what_the_first_did(db: Database, world: World) -> None:
    one = await report(db, world)
    first = await enter(db, DifficultiesState, world.commune_officer)
    second_officer = await build.account(db, world.commune, Role.COMMUNE_OFFICER, username="second")
    second = await enter(db, DifficultiesState, second_officer)
    for state in (first, second):
        await state.open_one(str(one))
        await state.choose_deed("solve")
    await first.act(form(first, "answer", "Đang xem"))
    sent = form(second, "solve", "Đã xong")
    await second.act(sent)
    assert (second.problem, second.deed, [s.note for s in second.open.steps]) == (
        "difficulty_changed", "solve", ["", "Đang xem"],
    )  # fmt: skip
    await second.act(sent | {"seen": str(second.open.seen)})
    assert (second.problem, second.open.state) == ("", "solved")


async def test_the_board_is_asked_by_words_kind_and_village(db: Database, world: World) -> None:
    await report(db, world)
    async with db.write() as session:
        row = await session.get_one(Difficulty, await report(db, world))
        row.due_on = TODAY - timedelta(days=2)
    state = await enter(db, DifficultiesState, world.commune_officer)
    assert (state.lines[0].due.when, state.lines[0].due.days) == ("late", 2)
    for asked, found in (
        ({"query": "mat song"}, 2),
        ({"query": "vneid"}, 0),
        ({"kind": "signal", "severity": "high", "place": str(world.village.id)}, 2),
        ({"place": str(world.next_village.id)}, 0),
        ({}, 2),
    ):
        await state.search(asked)
        assert (state.problem, len(state.lines)) == ("", found)
    await state.choose_view("overdue")
    assert len(state.lines) == 1
    assert {chip.view: chip.n for chip in state.chips} == {
        "open": 2, "overdue": 1, "reported": 2, "handling": 0, "escalated": 0, "solved": 0,
    }  # fmt: skip


async def test_the_province_has_what_was_passed_up_and_numbers_of_the_rest(db: Database, world: World) -> None:
    mine, other = await report(db, world), await report(db, world)
    officer = await enter(db, DifficultiesState, world.commune_officer)
    await officer.open_one(str(mine))
    await officer.act(form(officer, "escalate", "Nhờ tỉnh làm việc với nhà mạng"))
    state = await enter(db, DifficultiesState, world.province_officer)
    assert [line.id for line in state.lines] == [str(mine)]
    assert [(c.name, c.open, c.escalated) for c in state.communes] == [(world.commune.name, 2, 1)]
    await state.open_one(str(other))
    assert (state.problem, state.open.id) == ("forbidden", "")
    await state.open_one(str(mine))
    await state.act(form(state, "hand_back", "Xã xem lại"))
    assert (state.problem, state.open.state) == ("", "handling")


@pytest.mark.parametrize(
    ("handler", "argument"),
    [
        ("open_one", "x"),
        ("choose_view", "everything"),
        ("choose_deed", "destroy"),
        ("search", {"kind": "__class__"}),
        ("search", {"query": "\0"}),
        ("search", {"place": "1; drop table difficulty"}),
        ("turn", -1),
        ("act", {}),
        ("act", {"difficulty": "x", "deed": "solve"}),
        ("act", None),
    ],
)
async def test_nonsense_is_refused(db: Database, world: World, handler: str, argument: Any) -> None:
    state = await enter(db, DifficultiesState, world.commune_officer)
    await getattr(state, handler)(argument)
    assert state.problem == "invalid"


async def test_words_with_a_telephone_number_are_refused(db: Database, world: World) -> None:
    one = await report(db, world)
    state = await enter(db, DifficultiesState, world.commune_officer)
    await state.open_one(str(one))
    await state.act(form(state, "answer", "Gọi 0905 123 456"))
    assert (state.problem, len(state.open.steps)) == ("invalid", 1)


async def test_the_province_adds_a_day_and_takes_it_back(db: Database, world: World) -> None:
    state = await enter(db, CalendarState, world.province_officer)
    assert (state.days, len(state.holidays) > 3) == ([], True)
    day = TODAY + timedelta(days=3)
    await state.decide({"day": day.isoformat(), "working": "false", "commune": "", "note": "Nghỉ tránh bão"})
    assert (state.problem, state.saved) == ("", written_day(day))
    assert [(d.day, d.of_all, d.working, d.note) for d in state.days] == [
        (written_day(day), True, False, "Nghỉ tránh bão")
    ]
    await state.forget(state.days[0].unit, state.days[0].iso)
    assert (state.days, state.forgotten) == ([], written_day(day))
    for wrong in ({}, {"day": "2026-02-30", "working": "true"}, {"day": day.isoformat(), "working": "perhaps"}):
        await state.decide(wrong)
        assert state.problem == "invalid"
