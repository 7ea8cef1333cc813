"""Tasks: given to those below, marked by those who do them, late by their day and first on the list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports.task_list import Part, list_tasks
from fieldapp.services import tasks
from models.account import Account, Role
from models.member import Member
from models.task import Task, TaskState
from tests import build
from tests.build import World
from tests.services.test_pull import Phone
from tests.services.test_targets import ago, send

TASKS = Task.__table__
TODAY = vn_day(datetime.now(UTC))
SOON = TODAY + timedelta(days=7)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def assign(db: Database, who: Account, *to: int | None, text: str = "Họp tổ", due: Any = SOON) -> list[Task]:
    principal = await build.principal(db, who)
    async with db.write() as session:
        form = tasks.TaskForm(text=text, due_on=due)
        return list(await tasks.assign(session, principal, form, [one or 0 for one in to]))


async def shown(db: Database, who: Account, part: Part = Part.GIVEN) -> list[tuple[str, str, str]]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        page = await list_tasks(session, principal, part, TODAY)
    return [(row.text, str(row.standing), row.note) for row in page.rows]


def mark(author: Member, task: Task, state: str = "done", note: str = "", **given: Any) -> dict[str, Any]:
    payload = {"team": task.team_id, "task": str(task.id), "state": state, "note": note}
    return build.record("task.mark", author, payload, **given)


async def test_a_task_reaches_its_teams_phone_and_the_mark_comes_back(db: Database, world: World) -> None:
    phones = [await Phone(db, who).pull() for who in (world.member, world.next_leader)]
    [task] = await assign(db, world.commune_officer, world.team.id)
    told = [(await phone.pull()).last.get("tasks") for phone in phones]
    assert (told[0][0]["text"], told[0][0]["state"], told[1]) == ("Họp tổ", "open", None)
    late, early = (
        mark(world.leader, task, "done", "Xong", made_at=ago(minutes=2)),
        mark(world.deputy, task, "doing", made_at=ago(minutes=9)),
    )
    for who, said in ((world.leader, late), (world.deputy, early)):
        assert await send(db, who, said) == ["created"]
    assert await send(db, world.leader, late) == ["identical"]
    assert await shown(db, world.commune_officer) == [("Họp tổ", "done", "Xong")], "the mark made last stands"
    for who in (world.member, world.next_leader):
        assert await send(db, who, mark(who, task)) == ["forbidden"]


async def test_what_is_late_stands_first_and_what_is_done_last(db: Database, world: World) -> None:
    for text in ("late", "soon", "done"):
        await assign(db, world.commune_officer, world.team.id, text=text)
    async with db.write() as session:
        by_text = update(TASKS).where
        await session.execute(by_text(TASKS.c.text == "late").values(due_on=TODAY - timedelta(days=1)))
        await session.execute(
            by_text(TASKS.c.text == "done").values(due_on=TODAY - timedelta(days=9), state=str(TaskState.DONE))
        )
    listed = await shown(db, world.commune_officer)
    assert [(text, state) for text, state, _ in listed] == [("late", "late"), ("soon", "open"), ("done", "done")]


async def test_a_commune_marks_what_the_province_gave_it(db: Database, world: World) -> None:
    [task] = await assign(db, world.province_officer, world.commune.id, text="Báo cáo")
    assert await shown(db, world.commune_officer) == []
    principal = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        await tasks.mark_own(session, principal, task.id, TaskState.DOING, "Đang gom số liệu")
    expected = [("Báo cáo", "doing", "Đang gom số liệu")]
    assert await shown(db, world.commune_officer, Part.OWN) == expected == await shown(db, world.province_officer)


async def test_what_is_done_is_done_since_the_first_word(db: Database, world: World) -> None:
    """Said again it is not done once more; taken up again and done, it is done since then."""
    [task] = await assign(db, world.commune_officer, world.team.id)
    words = [("doing", 9), ("done", 8), ("done", 7), ("doing", 6), ("done", 5)]
    since = []
    for state, minutes in words:
        said = mark(world.leader, task, state, made_at=ago(minutes=minutes))
        assert await send(db, world.leader, said) == ["created"]
        async with db.read() as session:
            row = await session.get_one(Task, task.id)
        since.append((row.done_at == row.marked_at, row.done_at is not None))
    assert since == [(False, False), (True, True), (False, True), (False, False), (True, True)]


async def test_nobody_gives_elsewhere_or_takes_back_what_is_not_theirs(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who, to, code in (
        (stranger, world.team.id, "not_found"), (head, world.team.id, "forbidden"),
        (world.province_officer, 999_999, "not_found"), (world.commune_officer, None, "not_found"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=code):
            await assign(db, who, to)
    with pytest.raises(Problem, match="nothing_chosen"):
        await assign(db, world.commune_officer)
    with pytest.raises(Problem, match="invalid"):
        await assign(db, world.commune_officer, world.team.id, due=TODAY - timedelta(days=1))
    [task] = await assign(db, world.commune_officer, world.team.id)
    for who in (stranger, world.province_officer):
        principal = await build.principal(db, who)
        with pytest.raises(Problem, match="forbidden"):
            async with db.write() as session:
                await tasks.withdraw(session, principal, task.id)
    principal = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        await tasks.withdraw(session, principal, task.id)
    assert await shown(db, world.commune_officer) == []
    assert await send(db, world.leader, mark(world.leader, task)) == ["invalid"]
    async with db.read() as session:
        assert (await session.execute(select(TASKS.c.state))).scalars().all() == ["open"]
