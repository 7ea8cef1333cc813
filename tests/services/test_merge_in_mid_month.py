"""Two villages become one in the middle of a month while phones on both sides have no signal.

No visit is lost, each is counted once in the village of its day, and what was reported of days before stays as it was,
byte for byte.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.unit_change import MergeForm
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.reports.export_sheets import Mark, summary_sheets
from fieldapp.reports.spreadsheet import book_of, csv_pieces
from fieldapp.reports.summary import read_summary
from fieldapp.reports.visit_export import every_visit
from fieldapp.reports.visit_filter import VisitFilter
from fieldapp.services import held, push, unit_changes
from fieldapp.services.members import list_postings
from fieldapp.services.reconciliation import reconcile
from models.activity import Activity
from models.counter import VillageCount
from models.household import Household
from models.member import Member
from models.unit import Unit
from models.visit import Visit, VisitState
from tests import build
from tests.build import World

VISITS, COUNTS, ACTIVITIES = Visit.__table__, VillageCount.__table__, Activity.__table__
MIDDLE = (vn_day(datetime.now(UTC)).replace(day=1) - timedelta(days=1)).replace(day=16)
"""The first day of the new village: in the middle of last month."""

MONTH = DayRange(MIDDLE.replace(day=1), MIDDLE.replace(day=28))
BEFORE = (
    DayRange(MIDDLE.replace(day=1), MIDDLE - timedelta(days=1)),
    DayRange(MIDDLE - timedelta(days=40), MIDDLE - timedelta(days=1)),
    DayRange(MIDDLE - timedelta(days=4), MIDDLE - timedelta(days=4)),
)
"""Ranges that end before it."""


def on(day: int) -> int:
    return build.millis(datetime.combine(MIDDLE.replace(day=day), time(9, day), VIETNAM))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def reports(db: Database, world: World, *extra: Unit) -> list[bytes]:
    """Every table that an officer could have taken away of days before the merge."""
    now = datetime(2026, 12, 1, 8, tzinfo=UTC)
    officer = await build.principal(db, world.commune_officer)
    province = await build.principal(db, world.province_officer)
    tables = []
    async with db.read() as session:
        for days in BEFORE:
            for who, unit in (
                (officer, world.commune),
                (officer, world.village),
                (officer, world.next_village),
                (province, world.province),
                (province, world.commune),
            ):
                summary = await read_summary(session, who, unit.id or 0, days, now)
                # A province is counted by half-months: its range is widened, here to the 15th, which is no day before.
                if summary.days.last < MIDDLE:
                    sheets = list(summary_sheets(summary, Mark(who, now, False, "vi")))
                    tables += [b"".join(csv_pieces(sheets)), b"".join(book_of(sheets))]
            asked = VisitFilter(first=days.first, last=days.last)
            lines = [line async for part in every_visit(session, officer, asked, "vi") for line in part]
            tables.append(repr(lines).encode())
    return tables


async def send(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [str(answer["result"]) for answer in await build.send(db, who, *records)]


async def village_of(db: Database, record: dict[str, Any]) -> int:
    async with db.read() as session:
        return (await session.get_one(Visit, UUID(record["id"]))).village_id


async def counted(db: Database) -> dict[tuple[int, date], int]:
    """Lượt that stand, by village and day."""
    stands = COUNTS.c.state.in_([str(VisitState.WAITING), str(VisitState.APPROVED)])
    key = COUNTS.c.village_id, COUNTS.c.day
    query = select(*key, func.sum(COUNTS.c.support_count)).where(stands).group_by(*key)
    async with db.read() as session:
        return {(row[0], row[1]): int(row[2]) for row in await session.execute(query) if row[2]}


async def test_no_visit_is_lost_each_is_counted_once_and_old_reports_stay(db: Database, world: World) -> None:
    theirs = [await build.household(db, world.next_village, number) for number in ("3", "40")]
    ours = world.households
    known = (
        build.visit(world.member, ours[2], made_at=on(10)),
        build.visit(world.next_leader, theirs[0], made_at=on(12)),
    )
    assert await send(db, world.member, known[0]) == await send(db, world.next_leader, known[1]) == ["created"]
    assert await send(db, world.leader, build.decision(world.leader, known[0]["id"]) | {"made_at": on(11)}) == [
        "created"
    ]

    # What the phones hold when the officer merges: work of before the merge and of after it, on either side.
    door = {"household": str(uuid7()), "village": world.village.id, "number": "99"}
    new_home = Household(id=UUID(door["household"]), village_id=world.village.id or 0, number="99", key="99")
    held_here = [
        build.visit(world.member, ours[0], made_at=on(14)),
        build.record("household.add", world.member, door, made_at=on(15)),
        build.visit(world.member, new_home, made_at=on(15)),
        build.visit(world.member, ours[0], "DVC", made_at=on(17)),
        build.visit(world.member, new_home, "DVC", made_at=on(18)),
        build.record(
            "activity.create",
            world.member,
            {"village": world.village.id, "kind": "talk", "people": 30, "platforms": [], "note": ""},
            made_at=on(19),
        ),
    ]
    held_there = [
        build.visit(world.next_leader, theirs[0], "DVC", made_at=on(13)),
        build.visit(world.next_leader, theirs[1], made_at=on(20)),
    ]
    decided_here = build.decision(world.leader, known[1]["id"]) | {"made_at": on(21)}

    old = await reports(db, world)
    form = MergeForm(
        villages=[world.village.id or 0, world.next_village.id or 0],
        name="Thôn Hòa Hợp",
        division="thon",  # pyright: ignore[reportArgumentType]
        on=MIDDLE,
        teams=[world.team.id or 0, world.next_team.id or 0],
    )
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        new = (await unit_changes.merge(session, officer, form)).id or 0
    assert await reports(db, world) == old

    first, second = world.village.id or 0, world.next_village.id or 0
    assert await send(db, world.member, *held_here) == ["created"] * 6
    assert await send(db, world.next_leader, *held_there) == ["created"] * 2
    assert await send(db, world.leader, decided_here) == ["created"]
    assert await send(db, world.member, *held_here) == ["identical"] * 6
    assert await send(db, world.next_leader, *held_there) == ["identical"] * 2

    visits = [*known, *(r for r in held_here + held_there if r["kind"] == "visit.create")]
    assert [await village_of(db, record) for record in visits] == [first, second, first, first, new, new, second, new]
    assert await counted(db) == {
        (first, MIDDLE.replace(day=10)): 1,
        (first, MIDDLE.replace(day=14)): 1,
        (first, MIDDLE.replace(day=15)): 1,
        (second, MIDDLE.replace(day=12)): 1,
        (second, MIDDLE.replace(day=13)): 1,
        (new, MIDDLE.replace(day=17)): 1,
        (new, MIDDLE.replace(day=18)): 1,
        (new, MIDDLE.replace(day=20)): 1,
    }
    async with db.read() as session:
        assert (await session.get_one(Visit, UUID(known[1]["id"]))).state == VisitState.APPROVED
        home = await session.get_one(Household, new_home.id)
        assert (home.village_id, home.number, home.last_visit_on) == (new, "99", MIDDLE.replace(day=18))
        [activity] = (await session.execute(select(ACTIVITIES.c.village_id))).scalars()
        assert activity == new
        summary = await read_summary(session, officer, world.commune.id or 0, MONTH, datetime.now(UTC))
    assert summary.totals.standing == 8
    assert sorted((row.name, row.counts.standing) for row in summary.units) == [
        ("Thôn Hòa Hợp", 3),
        ("Thôn Tây Hòa", 2),
        ("Thôn Đông Hòa", 3),
    ]
    assert summary.households is not None
    assert summary.households.standing == 5
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_one_who_has_no_seat_in_the_new_village_still_brings_what_they_did(db: Database, world: World) -> None:
    """Their team ended with its village: what they did before counts there, what they did after is sorted by hand."""
    home = await build.household(db, world.next_village, "3")
    early, late = (build.visit(world.next_leader, home, made_at=on(day)) for day in (12, 20))
    form = MergeForm(
        villages=[world.village.id or 0, world.next_village.id or 0],
        name="Thôn Hòa Hợp",
        division="thon",  # pyright: ignore[reportArgumentType]
        on=MIDDLE,
        teams=[world.team.id or 0],
    )
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        new = (await unit_changes.merge(session, officer, form)).id
    assert await send(db, world.next_leader, early, late) == ["created", "held"]
    assert await village_of(db, early) == world.next_village.id
    async with db.write() as session:
        assert await held.accept(session, officer, UUID(late["id"]), world.next_team.id) == "created"
    assert await village_of(db, late) == new
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_a_leader_answers_for_a_new_household_as_of_the_day_on_which_they_said_it(
    db: Database, world: World
) -> None:
    door = {"household": str(uuid7()), "village": world.village.id, "number": "99"}
    assert await send(db, world.member, build.record("household.add", world.member, door, made_at=on(10))) == [
        "created"
    ]
    confirmed = {"household": door["household"], "number": "13", "head_name": None}
    word = build.record("household.confirm", world.leader, confirmed, made_at=on(14))
    form = MergeForm(
        villages=[world.village.id or 0, world.next_village.id or 0],
        name="Thôn Hòa Hợp",
        division="thon",  # pyright: ignore[reportArgumentType]
        on=MIDDLE,
        teams=[world.next_team.id or 0],
    )
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        await unit_changes.merge(session, officer, form)
    assert await send(db, world.leader, word) == ["created"]


async def test_a_push_that_waited_while_the_villages_were_merged_goes_on_with_the_new_one(
    db: Database, world: World
) -> None:
    """Its seats were read before, and the merge held the lock."""
    sender = await build.principal(db, world.member)
    async with db.read() as session:
        seats_before = await list_postings(session, [world.member.id or 0])
    form = MergeForm(
        villages=[world.village.id or 0, world.next_village.id or 0],
        name="Thôn Hòa Hợp",
        division="thon",  # pyright: ignore[reportArgumentType]
        on=vn_day(datetime.now(UTC)),
        teams=[world.team.id or 0],
    )
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        new = (await unit_changes.merge(session, officer, form)).id
    door = {"household": str(uuid7()), "village": world.village.id, "number": "99"}
    visit = build.visit(world.member, world.households[0])
    records = [build.record("household.add", world.member, door), visit]
    parcel = push.Parcel(sender, None, datetime.now(UTC), records, seats_before)
    async with db.write() as session:
        [answers] = await push.receive_all(session, [parcel], careful=False)
    assert [str(answer["result"]) for answer in answers] == ["created", "created"]
    assert await village_of(db, visit) == new
    async with db.read() as session:
        assert (await session.get_one(Household, UUID(door["household"]))).village_id == new
