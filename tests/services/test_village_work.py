"""What a team does besides visits: how activities, difficulties and groups are stored, and what phones are given."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.services import held, push
from fieldapp.services.pull import VILLAGE_KINDS
from fieldapp.services.scopes import raise_villages, village_key
from models.activity import Activity
from models.audit_event import AuditEvent
from models.difficulty import Difficulty, DifficultyState, DifficultyStep
from models.member import Member
from models.team import Seat, SeatRole
from models.zalo_group import ZaloGroup
from tests import build
from tests.build import World
from tests.services.test_merged_villages import merge
from tests.services.test_pull import Phone, on_sqlite, set_page

ACTIVITIES, GROUPS, EVENTS = Activity.__table__, ZaloGroup.__table__, AuditEvent.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def talk(author: Member, village: Any, people: int | None = 45, kind: str = "talk", **given: Any) -> dict[str, Any]:
    payload = {"village": village.id, "kind": kind, "people": people, "platforms": ["VNEID"], "note": "Họp thôn"}
    return build.record("activity.create", author, payload, **given)


def trouble(author: Member, village: Any, severity: str = "high", **given: Any) -> dict[str, Any]:
    payload = {"village": village.id, "kind": "signal", "severity": severity, "description": "Mất sóng"}
    return build.record("difficulty.create", author, payload, **given)


def group(author: Member, village: Any, households: int, minutes_ago: int = 1, **given: Any) -> dict[str, Any]:
    said = {"name": "Nhóm thôn", "link": "https://zalo.me/g/abcdef", "manager": "team_leader"}
    made_at = build.millis(datetime.now(UTC) - timedelta(minutes=minutes_ago))
    payload = {"village": village.id, "households": households, "counted_on": "2026-01-02"} | said
    return build.record("group.update", author, payload, **{"made_at": made_at} | given)


async def send(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [answer["result"] for answer in await build.send(db, who, *records)]


async def test_an_activity_is_stored_as_it_was_said_and_shown_to_the_team(db: Database, world: World) -> None:
    record = talk(world.member, world.village)
    assert await send(db, world.member, record) == ["created"]
    async with db.read() as session:
        row = (await session.execute(select(Activity))).scalar_one()
        event = (await session.execute(select(AuditEvent).where(EVENTS.c.action == "activity.create"))).scalar_one()
    assert (row.kind, row.people, row.platforms, row.note) == ("talk", 45, ["VNEID"], "Họp thôn")
    assert (row.team_id, row.village_id, row.commune_id) == (world.team.id, world.village.id, world.commune.id)
    assert row.done_on == vn_day(row.made_at)
    assert event.member_id == world.member.id
    shown = (await Phone(db, world.second_member).pull()).rows["activities"]
    assert shown[record["id"]] == {
        "id": record["id"], "author": world.member.id, "by": world.member.full_name, "village": world.village.id,
        "made_at": record["made_at"], "kind": "talk", "people": 45, "platforms": ["VNEID"], "note": "Họp thôn",
        "day": row.done_on.isoformat(),
    } | {"made_at": shown[record["id"]]["made_at"]}  # fmt: skip
    assert (await Phone(db, world.next_leader).pull()).rows["activities"] == {}


async def test_an_activity_that_was_withdrawn_leaves_the_phones(db: Database, world: World) -> None:
    record = talk(world.member, world.village)
    await send(db, world.member, record)
    phone = await Phone(db, world.leader).pull()
    assert list(phone.rows["activities"]) == [record["id"]]
    away = build.record("activity.withdraw", world.member, {"activity": record["id"]})
    assert await send(db, world.member, away) == ["created"]
    assert (await phone.pull()).rows["activities"] == {}
    assert (await Phone(db, world.leader).pull()).rows["activities"] == {}
    async with db.read() as session:
        assert (await session.get_one(Activity, UUID(record["id"]))).withdrawn_at is not None
        about = select(EVENTS.c.subject_id).where(EVENTS.c.action == "activity.withdraw")
        assert (await session.execute(about)).scalar_one() == record["id"]


@pytest.mark.parametrize(("severity", "days"), [("high", 3), ("medium", 7), ("low", 15)])
async def test_a_difficulty_is_due_by_its_severity_from_the_day_of_its_receipt(
    db: Database, world: World, severity: str, days: int
) -> None:
    long_ago = build.millis(datetime.now(UTC) - timedelta(days=10))
    record = trouble(world.member, world.village, severity, made_at=long_ago)
    await send(db, world.member, record)
    async with db.read() as session:
        row = (await session.execute(select(Difficulty))).scalar_one()
    assert row.due_on == WorkCalendar().after(vn_day(row.received_at), days)
    [shown] = (await Phone(db, world.member).pull()).rows["difficulties"].values()
    assert (shown["due"], shown["state"]) == (row.due_on.isoformat(), "reported")
    [step] = shown["steps"]
    assert (step["state"], step["by"], step["note"]) == ("reported", world.member.full_name, "")
    assert abs(step["at"] - long_ago) < 60_000


@on_sqlite
async def test_the_province_decides_the_days(db: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDAPP_DIFFICULTY_DAYS_HIGH", "1")
    settings.cache_clear()
    await send(db, world.member, trouble(world.member, world.village))
    async with db.read() as session:
        row = (await session.execute(select(Difficulty))).scalar_one()
    assert row.due_on == WorkCalendar().after(vn_day(row.received_at), 1)


async def test_the_team_is_told_of_each_step_and_an_old_open_difficulty_stays(db: Database, world: World) -> None:
    """The steps of the commune are written by the desk; here they are written as it will."""
    record = trouble(world.member, world.village)
    await send(db, world.member, record)
    phone = await Phone(db, world.second_member).pull()
    await _answer(db, world, record["id"], DifficultyState.HANDLING, "Đã báo nhà mạng")
    shown = (await phone.pull()).rows["difficulties"][record["id"]]
    assert shown["state"] == "handling"
    assert [(s["state"], s["by"], s["note"]) for s in shown["steps"]] == [
        ("reported", world.member.full_name, ""), ("handling", world.commune_officer.full_name, "Đã báo nhà mạng"),
    ]  # fmt: skip
    async with db.write() as session:
        old = datetime.now(UTC) - timedelta(days=settings().pull_days + 9)
        await session.execute(update(Difficulty).values(received_at=old))
    assert list((await Phone(db, world.member).pull()).rows["difficulties"]) == [record["id"]]
    await _answer(db, world, record["id"], DifficultyState.SOLVED, "")
    assert (await phone.pull()).rows["difficulties"][record["id"]]["state"] == "solved"
    assert (await Phone(db, world.member).pull()).rows["difficulties"] == {}


async def _answer(db: Database, world: World, difficulty: str, state: DifficultyState, note: str) -> None:
    async with db.write() as session:
        version = (await raise_villages(session, [world.village.id or 0]))[world.village.id or 0]
        row = await session.get_one(Difficulty, UUID(difficulty))
        row.state, row.scope_version = state, version
        by = world.commune_officer.id
        session.add(
            DifficultyStep(difficulty_id=row.id, state=state, note=note, at=datetime.now(UTC), by_account_id=by)
        )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_what_was_said_last_of_a_group_stands_in_whatever_order_it_comes(
    db: Database, world: World, order: tuple[int, ...]
) -> None:
    said = [
        group(world.member, world.village, 10, 30),
        group(world.second_member, world.village, 20, 20),
        group(world.member, world.village, 30, 10),
    ]
    authors = [world.member, world.second_member, world.member]
    phone = await Phone(db, world.leader).pull()
    for n in order:
        assert await send(db, authors[n], said[n]) == ["created"]
        await phone.pull()
    for one in (phone, await Phone(db, world.leader).pull()):
        [shown] = one.rows["groups"].values()
        assert (shown["id"], shown["record"], shown["households"]) == (world.village.id, said[2]["id"], 30)
    async with db.read() as session:
        kept = (await session.execute(select(GROUPS.c.households, GROUPS.c.stands))).all()
    assert sorted(tuple(row) for row in kept) == [(10, False), (20, False), (30, True)]


@pytest.mark.parametrize("greater_first", [True, False])
async def test_of_two_words_on_a_group_of_one_moment_the_greater_id_stands(
    db: Database, world: World, greater_first: bool
) -> None:
    moment = build.millis(datetime.now(UTC) - timedelta(minutes=5))
    lesser, greater = (group(world.member, world.village, n, made_at=moment) for n in (1, 2))
    assert lesser["id"] < greater["id"]
    async with db.write() as session:
        # One push has one clock, so that both were made at the very same moment.
        sender = await build.principal(db, world.member)
        records = [greater, lesser] if greater_first else [lesser, greater]
        await push.receive(session, sender, None, datetime.now(UTC), records)
    [shown] = (await Phone(db, world.leader).pull()).rows["groups"].values()
    assert shown["households"] == 2


async def test_what_was_held_is_taken_in_for_the_team_that_the_officer_names(db: Database, world: World) -> None:
    async with db.write() as session:
        mover = Member(full_name="Hồ Thị Mai", key="ho thi mai")
        session.add(mover)
        await session.flush()
        today = vn_day(datetime.now(UTC))
        gone = {"valid_from": build.SINCE, "valid_to": today - timedelta(days=10)}
        session.add(Seat(team_id=world.team.id, member_id=mover.id, role=SeatRole.MEMBER, **gone))
    records = [talk(mover, world.village), trouble(mover, world.village), group(mover, world.village, 7)]
    away = build.record("activity.withdraw", mover, {"activity": records[0]["id"]})
    assert await send(db, mover, *records, away) == ["held"] * 4
    officer = await build.principal(db, world.commune_officer)
    for record in records:
        async with db.write() as session:
            assert await held.accept(session, officer, UUID(record["id"]), world.team.id) == "created"
    phone = await Phone(db, world.leader).pull()
    assert phone.rows["activities"] == {}
    assert [row["by"] for row in phone.rows["difficulties"].values()] == ["Hồ Thị Mai"]
    assert [row["households"] for row in phone.rows["groups"].values()] == [7]
    async with db.read() as session:
        row = await session.get_one(Activity, UUID(records[0]["id"]))
    assert row.team_id == world.team.id
    assert row.withdrawn_at is not None


async def test_what_the_team_of_an_ended_village_did_is_carried_on_where_it_continues(
    db: Database, world: World
) -> None:
    before = {"made_at": build.millis(datetime.now(UTC) - timedelta(days=2))}
    makers = (talk(world.member, world.village, **before), trouble(world.member, world.village, **before))
    await send(db, world.member, *makers, group(world.member, world.village, 5, **before))
    new = await merge(db, world, world.team)
    rows = (await Phone(db, world.leader).pull()).rows
    found = [[row["village"] for row in rows[kind].values()] for kind in ("activities", "difficulties", "groups")]
    assert found == [[new.id]] * 3


@pytest.mark.parametrize("rows", [1, 2])
async def test_pages_of_any_size_bring_all_of_it(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    many = [talk(world.member, world.village, n) for n in range(1, 5)]
    await send(db, world.member, *many, trouble(world.member, world.village), group(world.member, world.village, 3))
    at_once = await Phone(db, world.leader).pull()
    set_page(monkeypatch, rows)
    slow = await Phone(db, world.leader).pull()
    assert slow.rows == at_once.rows
    assert [len(slow.rows[kind]) for kind in ("activities", "difficulties", "groups")] == [4, 1, 1]


@on_sqlite
async def test_a_cursor_from_before_goes_on_with_the_kinds_that_came_later(db: Database, world: World) -> None:
    """Its index names the kind it always named, and one that was through the village is told of what is new there."""
    assert VILLAGE_KINDS[:4] == ("households", "cards", "visits", "tombstones")
    phone = await Phone(db, world.member).pull()
    content = json.loads(base64.urlsafe_b64decode(phone.cursor))
    assert content["scopes"][village_key(world.village.id or 0)][1:3] == [0, 0]
    await send(db, world.second_member, talk(world.second_member, world.village))
    await phone.pull()
    assert len(phone.rows["activities"]) == 1
