"""Taking records in: what a whole push keeps to, beyond the single answers of tests/contract/push."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.services import push
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.scopes import versions_of, village_key
from models.audit_event import AuditEvent
from models.household import Household
from models.sync import Record
from models.team import Seat, SeatRole
from models.visit import Visit
from tests import build
from tests.build import World

on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def visit_of(db: Database, record: dict[str, Any]) -> Visit:
    async with db.read() as session:
        return await session.get_one(Visit, UUID(record["id"]))


async def last_visit(db: Database, household: Household) -> date | None:
    async with db.read() as session:
        return (await session.get_one(Household, household.id)).last_visit_on


async def version_of(db: Database, village_id: int) -> int:
    async with db.read() as session:
        return (await versions_of(session, [village_key(village_id)]))[village_key(village_id)]


def words(answers: list[dict[str, Any]]) -> list[str]:
    return [str(answer["result"]) for answer in answers]


def at(*moment: int) -> int:
    """Milliseconds of a moment on a Vietnamese clock: year, month, day, hour, minute."""
    return build.millis(datetime(*moment, tzinfo=UTC) - timedelta(hours=7))  # type: ignore[misc, arg-type]


async def test_no_record_however_broken_stops_its_neighbours(db: Database, world: World) -> None:
    deep: list[Any] = []
    for _ in range(400):
        deep = [deep]
    door = {"household": str(uuid7()), "village": [], "number": "1"}
    broken: list[Any] = [
        None,
        "record",
        [],
        {},
        {"id": 7},
        build.record("household.add", world.member, door),
        build.record("household.add", world.member, door | {"village": 10**30}),
        build.record("household.add", world.member, door | {"village": True}),
        build.record("visit.withdraw", world.member, {"visit": {"a": 1}}),
        build.record("review.decide", world.member, {"visits": [None, {"visit": []}], "verdict": "approve"}),
        build.visit(world.member, world.households[0], note="a\x00b"),
        build.visit(world.member, world.households[0], note="a\ud800b"),
        build.record("activity.create", world.member, {"deep": deep, "n": float("nan"), "x": "\x00"}),
        build.record("visit\x00create", world.member, {}),
        build.visit(world.member, world.households[0]) | {"author": 10**30},
    ]
    good = [build.visit(world.member, household, id=str(uuid7())) for household in world.households[:2]]
    answers = await build.send(db, world.member, good[0], *broken, good[1])
    assert words(answers) == ["created", *["invalid"] * 5, *words(answers)[6:-1], "created"]
    assert set(words(answers)[6:-1]) <= {"invalid", "forbidden"}
    assert {str(answer["id"]) for answer in answers} >= {good[0]["id"], good[1]["id"]}
    async with db.write() as session:
        assert (await session.execute(select(func.count()).select_from(Record))).scalar_one() == 2
        assert (await reconcile(session)).right


async def test_a_leaders_unknown_flags_do_not_stop_a_decision(db: Database, world: World) -> None:
    """A newer phone may have seen kinds of flags that this server does not know."""
    record = build.visit(world.member, world.households[0])
    await build.send(db, world.member, record)
    seen = [{"visit": record["id"], "flags": [f"a_flag_of_tomorrow_no_{n:02}" for n in range(20)]}]
    answers = await build.send(db, world.leader, build.decision(world.leader, visits=seen))
    assert words(answers) == ["created"]


async def test_an_id_that_comes_twice_in_one_push_is_stored_once(db: Database, world: World) -> None:
    record = build.visit(world.member, world.households[0])
    other = record | {"payload": record["payload"] | {"people": 5}}
    answers = await build.send(db, world.member, record, record, other)
    assert words(answers) == ["created", "identical", "differs"]
    assert (await visit_of(db, record)).people == 1


@on_sqlite
async def test_only_what_was_stored_is_in_the_record_and_the_audit(db: Database, world: World) -> None:
    good = build.visit(world.member, world.households[0])
    bad = build.visit(world.member, world.households[1], note="0905123456")
    await build.send(db, world.member, good, bad)
    await build.send(db, world.member, good, bad)
    async with db.read() as session:
        kept = (await session.execute(select(Record.__table__.c.id))).scalars().all()
        told = (await session.execute(select(AuditEvent).where(AuditEvent.__table__.c.action == "visit.create"))).all()
    assert [str(i) for i in kept] == [good["id"]]
    assert len(told) == 1


@on_sqlite
async def test_a_push_raises_the_version_of_its_village_and_of_no_other(db: Database, world: World) -> None:
    far = await build.household(db, world.next_village, "1")
    before = [await version_of(db, v.id or 0) for v in (world.village, world.next_village)]
    answers = await build.send(
        db, world.member, build.visit(world.member, world.households[0]), build.visit(world.member, far)
    )
    assert words(answers) == ["created", "forbidden"]
    after = [await version_of(db, v.id or 0) for v in (world.village, world.next_village)]
    assert after == [before[0] + 1, before[1]]


@pytest.mark.parametrize(
    ("made_at", "day"),
    [
        (at(2026, 9, 14, 23, 59), date(2026, 9, 14)),
        (at(2026, 9, 15, 0, 0), date(2026, 9, 15)),
        (at(2026, 9, 15, 6, 59), date(2026, 9, 15)),
        (at(2026, 9, 15, 7, 1), date(2026, 9, 15)),
    ],
    ids=["before midnight", "midnight", "before midnight in Greenwich", "after it"],
)
@on_sqlite
async def test_a_visit_stands_on_its_vietnamese_day(db: Database, world: World, made_at: int, day: date) -> None:
    record = build.visit(world.member, world.households[0], made_at=made_at)
    await build.send(db, world.member, record)
    assert (await visit_of(db, record)).done_on == day


@on_sqlite
async def test_a_wrong_clock_does_not_move_the_day(db: Database, world: World) -> None:
    """The phone is a day fast: what it calls tomorrow 00:30 was today 00:30."""
    who = await build.principal(db, world.member)
    now = datetime.now(UTC)
    made = now - timedelta(hours=1)
    record = build.visit(world.member, world.households[0], made_at=build.millis(made + timedelta(days=1)))
    async with db.write() as session:
        await push.receive(session, who, None, now + timedelta(days=1), [record])
    visit = await visit_of(db, record)
    assert visit.done_on == (made + timedelta(hours=7)).date()
    assert abs(visit.made_at - made) < timedelta(seconds=30)
    assert visit.device_made_at - visit.made_at > timedelta(hours=23)


async def test_a_households_last_visit_is_the_latest_that_stands(db: Database, world: World) -> None:
    home, other = world.households[0], world.households[1]
    late = build.visit(world.member, home, made_at=at(2026, 10, 20, 9))
    early = build.visit(world.member, home, made_at=at(2026, 10, 5, 9))
    absent = build.visit(world.member, home, made_at=at(2026, 10, 25, 9), result="absent")
    await build.send(db, world.member, late, early, absent)
    assert await last_visit(db, home) == date(2026, 10, 20)
    await build.send(db, world.member, build.record("visit.withdraw", world.member, {"visit": late["id"]}))
    assert await last_visit(db, home) == date(2026, 10, 5)
    moved = build.visit(world.member, other, replaces=early["id"], made_at=at(2026, 10, 5, 9))
    await build.send(db, world.member, moved)
    assert (await last_visit(db, home), await last_visit(db, other)) == (None, date(2026, 10, 5))


async def test_a_visit_mended_to_another_village_changes_both(db: Database, world: World) -> None:
    """Each row gets the version of its own village: with the other's, a phone there would never pull it."""
    both = await build.team(db, world.commune, world.village, world.next_village)
    walker = await build.member(db, both, "Y Bliă")
    far = await build.household(db, world.next_village, "1")
    first = build.visit(walker, world.households[0])
    await build.send(db, walker, first)
    for household in world.households[1:4]:
        await build.send(db, world.member, build.visit(world.member, household))
    mended = build.visit(walker, far, replaces=first["id"])
    assert words(await build.send(db, walker, mended)) == ["created"]
    old, new = await visit_of(db, first), await visit_of(db, mended)
    assert (old.village_id, new.village_id) == (world.village.id, world.next_village.id)
    assert old.scope_version == await version_of(db, world.village.id or 0)
    assert new.scope_version == await version_of(db, world.next_village.id or 0)
    async with db.write() as session:
        home = await session.get_one(Household, world.households[0].id)
        assert home.scope_version == old.scope_version
        assert (await reconcile(session)).right


@on_sqlite
async def test_a_visit_is_credited_to_the_team_in_which_its_author_leads(db: Database, world: World) -> None:
    helpers = await build.team(db, world.commune, world.village, name="Tổ hỗ trợ")
    walker = await build.member(db, helpers, "Y Bliă")
    async with db.write() as session:
        session.add(Seat(team_id=world.team.id, member_id=walker.id, role=SeatRole.LEADER, valid_from=build.SINCE))
    record = build.visit(walker, world.households[0])
    await build.send(db, walker, record)
    assert (await visit_of(db, record)).team_id == world.team.id


@on_sqlite
async def test_a_commune_team_serves_every_village_of_its_commune(db: Database, world: World) -> None:
    walker = await build.member(db, await build.team(db, world.commune), "Phạm Thị Nga")
    far = await build.household(db, world.next_village, "1")
    records = [build.visit(walker, world.households[0]), build.visit(walker, far)]
    assert words(await build.send(db, walker, *records)) == ["created", "created"]


@on_sqlite
async def test_a_member_without_any_seat_may_still_send_what_was_made_in_one(db: Database, world: World) -> None:
    yesterday = (datetime.now(UTC) + timedelta(hours=7)).date() - timedelta(days=1)
    gone = await build.member(db, world.team, "Hồ Thị Mai", valid_to=yesterday)
    made_at = build.millis(datetime.now(UTC) - timedelta(days=3))
    assert words(await build.send(db, gone, build.visit(gone, world.households[0], made_at=made_at))) == ["created"]
