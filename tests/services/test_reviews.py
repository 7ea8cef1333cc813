"""Decisions on day logs, beyond the single answers of the contract's cases: whole days, whole chains, what is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from fieldapp.db import Database
from fieldapp.services import visits as visits_service
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.scopes import raise_villages
from models.counter import CommuneCount
from models.flag import FlagKind
from models.member import Member
from models.review import Review
from models.team import SeatRole
from models.visit import Visit, VisitState
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


async def waiting(db: Database, world: World, number: int) -> list[dict[str, Any]]:
    records = [build.visit(world.member, world.households[n]) for n in range(number)]
    await build.send(db, world.member, *records)
    return records


async def pulled_visit(db: Database, who: Member, record: dict[str, Any]) -> dict[str, Any]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return next(v for v in (await pull(session, principal, ""))["visits"] if v["id"] == record["id"])


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches a database meanwhile."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_a_day_of_any_size_is_decided_by_the_same_few_statements(db: Database, world: World) -> None:
    records = await waiting(db, world, 12)
    one = build.decision(world.leader, records[0]["id"])
    many = build.decision(world.leader, *[record["id"] for record in records[1:]])
    with statements() as for_one:
        await build.send(db, world.leader, one)
    with statements() as for_many:
        await build.send(db, world.leader, many)
    assert len(for_many) == len(for_one)
    assert {(await visit_of(db, record)).state for record in records} == {VisitState.APPROVED}


async def test_a_send_back_reaches_its_author_with_the_reason_and_who_gave_it(db: Database, world: World) -> None:
    [record] = await waiting(db, world, 1)
    given = {"verdict": "send_back", "reason_code": "other", "reason": "  Chưa rõ ai được giúp "}
    await build.send(db, world.leader, build.decision(world.leader, record["id"], **given))
    shown = await pulled_visit(db, world.member, record)
    assert (shown["state"], shown["reason_code"], shown["reason"]) == ("returned", "other", "Chưa rõ ai được giúp")
    assert shown["decided_by"] == world.leader.full_name


async def test_every_decision_of_a_chain_is_kept(db: Database, world: World) -> None:
    [first] = await waiting(db, world, 1)
    await build.send(db, world.leader, build.decision(world.leader, first["id"], verdict="send_back"))
    mended = build.visit(world.member, world.households[0], replaces=first["id"], people=2)
    await build.send(db, world.member, mended)
    await build.send(db, world.deputy, build.decision(world.deputy, mended["id"]))
    async with db.read() as session:
        rows = (await session.execute(select(Review).order_by(Review.__table__.c.received_at))).scalars().all()
    assert [(str(r.visit_id), r.verdict, r.by_member_id) for r in rows] == [
        (first["id"], "send_back", world.leader.id),
        (mended["id"], "approve", world.deputy.id),
    ]
    old, new = await visit_of(db, first), await visit_of(db, mended)
    assert (old.people, old.state, new.people, new.state) == (1, "replaced", 2, "approved")
    assert (old.root_id, new.root_id, new.replaces_id) == (old.id, old.id, old.id)


@on_sqlite
async def test_a_refused_decision_leaves_nothing(db: Database, world: World) -> None:
    [record] = await waiting(db, world, 1)
    await build.send(db, world.next_leader, build.decision(world.next_leader, record["id"]))
    await build.send(db, world.second_member, build.decision(world.second_member, record["id"]))
    async with db.read() as session:
        assert (await session.execute(select(func.count()).select_from(Review))).scalar_one() == 0
    assert (await visit_of(db, record)).state == VisitState.WAITING


@on_sqlite
async def test_a_mixed_decision_takes_effect_where_it_may(db: Database, world: World) -> None:
    mine = build.visit(world.leader, world.households[5])
    await build.send(db, world.leader, mine)
    records = await waiting(db, world, 2)
    far = await build.household(db, world.next_village, "1")
    theirs = build.visit(world.next_leader, far)
    await build.send(db, world.next_leader, theirs)
    every = [mine["id"], records[0]["id"], theirs["id"], records[1]["id"]]
    [answer] = await build.send(db, world.leader, build.decision(world.leader, *every))
    assert answer["result"] == "created"
    assert [str(answer["visits"][i]["result"]) for i in every] == ["forbidden", "created", "forbidden", "created"]
    assert [answer["visits"][i].get("code") for i in every] == ["own_visit", None, "out_of_scope", None]
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_a_leader_of_two_villages_decides_both_at_once(db: Database, world: World) -> None:
    both = await build.team(db, world.commune, world.village, world.next_village)
    head = await build.member(db, both, "Đinh Văn Ơn", SeatRole.LEADER)
    far = await build.household(db, world.next_village, "1")
    theirs = build.visit(world.next_leader, far)
    await build.send(db, world.next_leader, theirs)
    [near] = await waiting(db, world, 1)
    await build.send(db, head, build.decision(head, theirs["id"], near["id"]))
    rows = [await visit_of(db, record) for record in (theirs, near)]
    assert [row.state for row in rows] == ["approved", "approved"]
    for row, who in zip(rows, (world.next_leader, world.member), strict=True):
        assert (await pulled_visit(db, who, {"id": str(row.id)}))["state"] == "approved"


@on_sqlite
async def test_an_approval_of_what_was_seen_needs_no_other_look(db: Database, world: World) -> None:
    records = await waiting(db, world, 2)
    seen = [{"visit": records[0]["id"], "flags": ["no_scan"]}, {"visit": records[1]["id"], "flags": ["too_close"]}]
    await build.send(db, world.leader, build.decision(world.leader, visits=seen))
    assert [(await visit_of(db, record)).needs_look for record in records] == [False, True]


@on_sqlite
async def test_a_send_back_with_a_flag_unseen_needs_no_other_look(db: Database, world: World) -> None:
    [record] = await waiting(db, world, 1)
    await build.send(db, world.leader, build.decision(world.leader, record["id"], verdict="send_back"))
    assert not (await visit_of(db, record)).needs_look


async def test_a_flag_that_comes_after_approval_asks_for_a_look_and_moves_no_number(db: Database, world: World) -> None:
    [record] = await waiting(db, world, 1)
    seen = [{"visit": record["id"], "flags": ["no_scan"]}]
    await build.send(db, world.leader, build.decision(world.leader, visits=seen))
    before = await _commune_counts(db)
    async with db.write() as session:
        version = (await raise_villages(session, [world.village.id or 0]))[world.village.id or 0]
        visit = await session.get_one(Visit, UUID(record["id"]))
        await visits_service.raise_flag(session, visit, FlagKind.PHOTO_SEEN, version)
    assert await _commune_counts(db) == before
    shown = await pulled_visit(db, world.leader, record)
    assert (shown["state"], shown["needs_look"], shown["flags"]) == ("approved", True, ["no_scan", "photo_seen"])


async def _commune_counts(db: Database) -> list[tuple[Any, ...]]:
    table = CommuneCount.__table__
    async with db.read() as session:
        return [tuple(row) for row in await session.execute(select(table).order_by(*table.primary_key.columns))]


@on_sqlite
async def test_a_decision_is_dated_by_the_leaders_hand_not_by_the_network(db: Database, world: World) -> None:
    [record] = await waiting(db, world, 1)
    made_at = build.millis(datetime.now(UTC)) - 3 * 3_600_000
    decision = build.decision(world.leader, record["id"]) | {"made_at": made_at}
    await build.send(db, world.leader, decision)
    decided_at = (await visit_of(db, record)).decided_at
    assert decided_at is not None
    assert abs(build.millis(decided_at) - made_at) < 5000
