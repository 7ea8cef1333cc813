"""The commune's own part in review: reopening, looking again, deciding what nobody else does; and races with phones."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.visit import DecisionPayload
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import left, reopening, visits
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.scopes import raise_villages
from models.account import Role
from models.audit_event import AuditEvent
from models.flag import FlagKind
from models.member import Member
from models.review import Review
from models.team import Seat
from models.visit import Visit
from tests import build
from tests.build import World

VISITS, SEATS = Visit.__table__, Seat.__table__
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def officer(db: Database, world: World) -> Principal:
    return await build.principal(db, world.commune_officer)


async def recorded(db: Database, author: Member, world: World, number: int = 1) -> list[dict[str, Any]]:
    records = [build.visit(author, home) for home in world.households[:number]]
    await build.send(db, author, *records)
    return records


async def reopen(db: Database, who: Principal, *records: dict[str, Any], reason: str = "Sai số người") -> int:
    async with db.write() as session:
        return await reopening.reopen(session, who, [UUID(r["id"]) for r in records], reason)


async def keep(db: Database, who: Principal, *records: dict[str, Any]) -> int:
    async with db.write() as session:
        return await reopening.keep(session, who, [UUID(r["id"]) for r in records])


async def decide(db: Database, who: Principal, *records: dict[str, Any], **given: Any) -> list[dict[str, Any]]:
    content = {"visits": [{"visit": r["id"], "flags": ["no_scan"]} for r in records], "verdict": "approve"} | given
    async with db.write() as session:
        results = await left.decide_left(session, who, DecisionPayload.model_validate(content))
    return [results[r["id"]] for r in records]


async def shown(db: Database, who: Member, record: dict[str, Any]) -> dict[str, Any]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return next(v for v in (await pull(session, principal, ""))["visits"] if v["id"] == record["id"])


async def state_of(db: Database, record: dict[str, Any]) -> str:
    async with db.read() as session:
        return (await session.get_one(Visit, UUID(record["id"]))).state


async def age(db: Database, *records: dict[str, Any], days: int = 8) -> None:
    async with db.write() as session:
        long_ago = datetime.now(UTC) - timedelta(days=days)
        these = VISITS.c.id.in_([UUID(r["id"]) for r in records])
        await session.execute(update(VISITS).where(these).values(received_at=long_ago))


async def assert_numbers_are_right(db: Database) -> None:
    async with db.write() as session:
        found = await reconcile(session)
    assert found.right, found.wrong


async def test_a_reopened_visit_waits_again_and_says_why(db: Database, world: World, officer: Principal) -> None:
    approved, returned = await recorded(db, world.member, world, 2)
    first = build.decision(world.leader, approved["id"])
    back = build.decision(world.leader, returned["id"], verdict="send_back")
    await build.send(db, world.leader, first, back)
    assert await reopen(db, officer, approved, returned) == 2
    for record, decision in ((approved, first), (returned, back)):
        visit = await shown(db, world.leader, record)
        assert (visit["state"], visit["reason_code"], visit["reason"]) == ("waiting", "reopened", "Sai số người")
        assert (visit["decided_by"], visit["undone"]) == (world.commune_officer.full_name, [decision["id"]])
    await assert_numbers_are_right(db)
    assert await reopen(db, officer, approved) == 0
    again = build.decision(world.leader, approved["id"]) | {"made_at": build.millis(datetime.now(UTC))}
    assert [a["result"] for a in await build.send(db, world.leader, again)] == ["created"]
    visit = await shown(db, world.leader, approved)
    assert (visit["state"], visit["reason_code"], visit["decided_by"]) == ("approved", None, world.leader.full_name)
    await assert_numbers_are_right(db)


async def test_a_decision_from_before_the_reopening_is_superseded(
    db: Database, world: World, officer: Principal
) -> None:
    """The deputy's phone was offline when the commune reopened the visit: its yes was to what the officer doubts."""
    [record] = await recorded(db, world.member, world)
    late = build.decision(world.deputy, record["id"])
    await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    await reopen(db, officer, record)
    [answer] = await build.send(db, world.deputy, late)
    assert answer["result"] == "superseded"
    told = answer["visits"][record["id"]]
    assert (told["state"], told["by"]) == ("waiting", world.commune_officer.full_name)
    assert await state_of(db, record) == "waiting"
    await assert_numbers_are_right(db)


async def test_a_second_look_clears_the_mark_and_moves_no_number(
    db: Database, world: World, officer: Principal
) -> None:
    record, other = await recorded(db, world.member, world, 2)
    await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    async with db.write() as session:
        version = (await raise_villages(session, [world.village.id or 0]))[world.village.id or 0]
        visit = await session.get_one(Visit, UUID(record["id"]))
        await visits.raise_flag(session, visit, FlagKind.PHOTO_SEEN, version)
    assert await keep(db, officer, record, other) == 1
    visit = await shown(db, world.leader, record)
    assert (visit["state"], visit["needs_look"], visit["decided_by"]) == ("approved", False, world.leader.full_name)
    async with db.read() as session:
        rows = (await session.execute(select(Review).order_by(Review.__table__.c.received_at))).scalars().all()
        trail = (await session.execute(select(AuditEvent.__table__.c.action))).scalars().all()
    assert [(r.verdict, r.by_member_id, r.by_account_id) for r in rows] == [
        ("approve", world.leader.id, None),
        ("keep", None, world.commune_officer.id),
    ]
    assert trail[-1] == "visit.keep"
    await assert_numbers_are_right(db)


@on_sqlite
async def test_only_the_commune_of_the_visit_reopens_and_never_without_a_reason(
    db: Database, world: World, officer: Principal
) -> None:
    [record] = await recorded(db, world.member, world)
    await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.principal(db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert [r["code"] for r in await decide(db, stranger, record)] == ["out_of_scope"]
    for who in (stranger, await build.principal(db, world.leader), await build.principal(db, world.province_officer)):
        for deed in (reopen, keep) if who is stranger else (reopen, keep, decide):
            with pytest.raises(Problem, match="forbidden"):
                await deed(db, who, record)
    for reason, code in (("", "reason_missing"), ("Gọi 0905123456", "note_identity")):
        with pytest.raises(Problem, match=code):
            await reopen(db, officer, record, reason=reason)
    assert await state_of(db, record) == "approved"


async def test_the_commune_decides_what_nobody_else_can(db: Database, world: World, officer: Principal) -> None:
    [own] = await recorded(db, world.leader, world)
    [usual] = await recorded(db, world.member, world)
    assert [r["code"] for r in await decide(db, officer, own, usual)] == ["leader_decides", "leader_decides"]
    async with db.write() as session:
        await session.execute(SEATS.delete().where(SEATS.c.member_id == world.deputy.id))
    async with db.read() as session:
        found = await left.list_left(session, officer)
    assert ([str(i) for i in found.visit_ids], found.overdue, found.total) == ([own["id"]], frozenset(), 1)
    first, second = await decide(db, officer, own, usual)
    assert (first["result"], second["code"]) == ("created", "leader_decides")
    visit = await shown(db, world.leader, own)
    assert (visit["state"], visit["decided_by"]) == ("approved", world.commune_officer.full_name)
    assert (await decide(db, officer, own))[0]["result"] == "identical"
    back = {"verdict": "send_back", "reason_code": "wrong_result"}
    [told] = await decide(db, officer, own, **back)
    assert (told["result"], told["by"]) == ("superseded", world.commune_officer.full_name)
    await assert_numbers_are_right(db)


async def test_what_lies_too_long_comes_to_the_commune_the_doubtful_first(
    db: Database, world: World, officer: Principal
) -> None:
    clean, doubtful, fresh = await recorded(db, world.member, world, 3)
    async with db.write() as session:
        flags = visits.FLAGS
        await session.execute(flags.delete().where(flags.c.visit_id != UUID(doubtful["id"])))
    await age(db, clean, days=9)
    await age(db, doubtful, days=8)
    async with db.read() as session:
        found = await left.list_left(session, officer)
    assert [str(i) for i in found.visit_ids] == [doubtful["id"], clean["id"]]
    assert found.overdue == {UUID(doubtful["id"]), UUID(clean["id"])}
    back = {"verdict": "send_back", "reason_code": "other", "reason": "Không rõ hộ nào"}
    results = await decide(db, officer, doubtful, clean, fresh, **back)
    assert [r.get("code", r["result"]) for r in results] == ["created", "created", "leader_decides"]
    visit = await shown(db, world.member, doubtful)
    assert (visit["state"], visit["reason"], visit["decided_by"]) == (
        "returned", "Không rõ hộ nào", world.commune_officer.full_name
    )  # fmt: skip
    await assert_numbers_are_right(db)


@on_sqlite
async def test_a_reopened_visit_is_not_overdue_at_once(
    db: Database, world: World, officer: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    [record] = await recorded(db, world.member, world)
    await age(db, record)
    await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    await reopen(db, officer, record)
    async with db.read() as session:
        assert (await left.list_left(session, officer)).total == 0
    monkeypatch.setenv("FIELDAPP_UNDECIDED_DAYS", "30")
    settings.cache_clear()
    [other] = await recorded(db, world.second_member, world)
    await age(db, other, days=20)
    async with db.read() as session:
        assert (await left.list_left(session, officer)).total == 0


async def test_a_leader_and_the_officer_decide_the_same_visit_at_once(
    db: Database, world: World, officer: Principal
) -> None:
    """Whoever is first wins, and the other is told who it was."""
    records = await recorded(db, world.member, world, 6)
    await age(db, *records)
    approvals = [build.send(db, world.leader, build.decision(world.leader, r["id"])) for r in records]
    back = {"verdict": "send_back", "reason_code": "wrong_result"}
    returns = [decide(db, officer, r, **back) for r in reversed(records)]
    answers = await asyncio.gather(*approvals, *returns)
    by_leader = [answer[0]["visits"][r["id"]] for r, answer in zip(records, answers, strict=False)]
    by_officer = [answer[0] for answer in reversed(answers[6:])]
    for record, one, other in zip(records, by_leader, by_officer, strict=True):
        won = await state_of(db, record)
        winner, loser = (one, other) if won == "approved" else (other, one)
        name = world.leader.full_name if won == "approved" else world.commune_officer.full_name
        assert (winner["result"], loser["result"], loser["by"], loser["state"]) == ("created", "superseded", name, won)
    await assert_numbers_are_right(db)


async def test_a_replacement_and_a_reopening_at_once(db: Database, world: World, officer: Principal) -> None:
    records = await recorded(db, world.member, world, 6)
    back = [build.decision(world.leader, r["id"], verdict="send_back") for r in records]
    await build.send(db, world.leader, *back)
    mended = [
        build.visit(world.member, home, replaces=r["id"], people=2)
        for home, r in zip(world.households, records, strict=False)
    ]
    await asyncio.gather(
        *(build.send(db, world.member, m) for m in mended), *(reopen(db, officer, r) for r in reversed(records))
    )
    assert {await state_of(db, r) for r in records} == {"replaced"}
    assert {await state_of(db, m) for m in mended} == {"waiting"}
    await assert_numbers_are_right(db)
