"""The commune's sorting page past the browser: what it shows, what its forms come to, what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.jobs.retry_held import retry_held
from fieldapp.pages.desk.sorting import SortingState
from fieldapp.pages.desk.visits import VisitsState
from fieldapp.services import losses, push, visits
from fieldapp.services.holding import RECORDS
from models.member import Member
from models.team import Seat
from models.visit import Visit
from tests import build
from tests.build import World
from tests.pages.test_desk import enter

VISITS, SEATS = Visit.__table__, Seat.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def mover(db: Database, world: World) -> Member:
    return await build.member(db, world.team, "Hồ Thị Mai", valid_to=build.SINCE)


async def page(db: Database, world: World) -> SortingState:
    return await enter(db, SortingState, world.commune_officer)


async def age(db: Database, *records: dict[str, Any]) -> None:
    async with db.write() as session:
        await session.execute(update(VISITS).values(received_at=datetime.now(UTC) - timedelta(days=30)))


async def test_a_held_record_is_readable_and_is_sorted_by_its_form(db: Database, world: World, mover: Member) -> None:
    records = [build.visit(mover, home, "VNEID", "DVC", people=2, note="Nhờ con trai") for home in world.households[:2]]
    strange = build.record("later.kind", world.member, {"note": ["?"], "outcomes": [{"result": []}], "people": "x"})
    await build.send(db, mover, *records)
    await build.send(db, world.member, strange)
    state = await page(db, world)
    first, second, odd = state.held
    assert (first.kind, first.reason, first.author, first.village) == (
        "visit.create", "seat_unclear", "Hồ Thị Mai", world.village.name
    )  # fmt: skip
    assert (first.number, first.people, first.note, first.open) == ("1", 2, "Nhờ con trai", True)
    assert [(o.name_vi, o.result) for o in first.outcomes] == [("VNEID", "installed"), ("DVC", "installed")]
    assert [(choice.value, choice.label) for choice in first.choices] == [(str(world.team.id), world.team.name)]
    assert (odd.kind, odd.reason, odd.open, odd.choices) == ("unknown", "unknown_kind", False, [])
    await state.accept({"record": first.id, "team": str(world.team.id)})
    assert (state.problem, state.said, [row.id for row in state.held]) == ("", "record_created", [second.id, odd.id])
    await state.refuse({"record": second.id, "reason": "Không có hộ này"})
    assert (state.said, state.totals["held"]) == ("record_refused", 1)
    assert [(line.result, line.by, line.reason) for line in state.log] == [
        ("invalid", world.commune_officer.full_name, "Không có hộ này"),
        ("created", world.commune_officer.full_name, ""),
    ]
    await state.accept({"record": first.id, "team": str(world.team.id)})
    assert state.problem == "sorted_already"


async def test_what_waits_for_something_lost_can_only_be_given_back(db: Database, world: World) -> None:
    async with db.write() as session:
        await losses.note_restore(session)
    record = build.visit(world.member, world.households[0], replaces=str(uuid4()))
    await build.send(db, world.member, record)
    state = await page(db, world)
    [row] = state.held
    assert (row.id, row.reason, row.open, row.refusable) == (record["id"], "base_missing", False, True)
    await state.refuse({"record": row.id, "reason": "Không còn"})
    assert (state.problem, state.said, state.held) == ("", "record_refused", [])


async def test_visits_to_look_at_again_are_kept_or_reopened(db: Database, world: World) -> None:
    records = [build.visit(world.member, home) for home in world.households[:2]]
    await build.send(db, world.member, *records)
    await build.send(db, world.leader, build.decision(world.leader, *[r["id"] for r in records]))
    state = await page(db, world)
    assert {line.id for line in state.look} == {r["id"] for r in records}
    assert all("no_scan" in line.flags for line in state.look)
    await state.keep(records[0]["id"])
    assert (state.said, [line.id for line in state.look]) == ("kept", [records[1]["id"]])
    await state.reopen({"visit": records[1]["id"], "reason": ""})
    assert state.problem == "reason_missing"
    await state.reopen({"visit": records[1]["id"], "reason": "Sai số người"})
    assert (state.said, state.look) == ("reopened", [])
    await state.open_visit(records[1]["id"])
    assert [(r.verdict, r.by) for r in state.open.reviews] == [
        ("approve", world.leader.full_name), ("reopen", world.commune_officer.full_name)
    ]  # fmt: skip


async def test_what_nobody_decides_is_decided_by_the_boxes_that_are_checked(db: Database, world: World) -> None:
    records = [build.visit(world.member, home) for home in world.households[:4]]
    await build.send(db, world.member, *records)
    async with db.write() as session:
        flags = visits.FLAGS
        kept = [build.UUID(records[0]["id"]), build.UUID(records[1]["id"])]
        await session.execute(flags.delete().where(flags.c.visit_id.not_in(kept)))
    await age(db)
    state = await page(db, world)
    assert [bool(line.visit.flags) for line in state.left] == [True, True, False, False]
    assert (state.clean, {line.overdue for line in state.left}) == (2, {True})
    await state.approve_clean()
    assert (state.said, state.said_n, state.clean, state.totals["left"]) == ("decided", 2, 0, 2)
    await state.decide({"verdict": "approve"})
    assert state.problem == "nothing_chosen"
    box = {state.left[0].visit.id: "on", str(uuid4()): "on"}
    await state.decide({"verdict": "send_back", "reason_code": "", "reason": "", **box})
    assert state.problem == "reason_missing"
    await state.decide({"verdict": "publish", **box})
    assert state.problem == "invalid"
    await state.decide({"verdict": "send_back", "reason_code": "duplicate", "reason": "", **box})
    assert (state.problem, state.said, state.said_n, state.totals["left"]) == ("", "decided", 1, 1)
    await build.send(db, world.leader, build.decision(world.leader, state.left[0].visit.id, verdict="send_back"))
    await state.decide({"verdict": "approve", state.left[0].visit.id: "on"})
    assert (state.said, state.said_n) == ("decided_some", 0)


async def test_the_log_names_what_a_withdrawn_phone_sent(db: Database, world: World) -> None:
    sender = await build.principal(db, world.member)
    record = build.visit(world.member, world.households[0])
    async with db.write() as session:
        await push.receive(session, sender, None, datetime.now(UTC), [record], closing=True)
    state = await page(db, world)
    assert [(line.id, line.result, line.closing, line.author) for line in state.log] == [
        (record["id"], "created", True, world.member.full_name)
    ]


async def test_an_officer_reopens_a_visit_from_the_list(db: Database, world: World) -> None:
    record = build.visit(world.member, world.households[0])
    await build.send(db, world.member, record)
    await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    state = await enter(db, VisitsState, world.commune_officer)
    await state.open_visit(record["id"])
    await state.reopen({"visit": record["id"], "reason": "Sai hộ"})
    assert (state.problem, state.open.state) == ("", "waiting")
    await state.reopen({"visit": "x", "reason": "Sai hộ"})
    assert state.problem == "invalid"


async def test_a_newer_server_takes_in_what_was_held_when_it_starts(db: Database, world: World) -> None:
    record = build.visit(world.member, world.households[0]) | {"schema": 2}
    await build.send(db, world.member, record)
    assert await retry_held() == 0
    async with db.write() as session:
        await session.execute(
            update(RECORDS).values(schema_version=1, payload={**record, "schema": 1, "replaces": None})
        )
    assert await retry_held() == 1
    assert (await page(db, world)).log[0].by == ""


async def test_a_phone_whose_session_is_closing_marks_what_it_sends(
    db: Database, world: World, client: httpx.AsyncClient
) -> None:
    await build.enter(client, db, world.member)
    async with db.write() as session:
        await session.execute(build.sessions.SESSIONS.update().values(state="closing", ended_at=datetime.now(UTC)))
    answer = await client.post(
        "/api/v1/sync/push", json=build.push_body(build.visit(world.member, world.households[0]))
    )
    assert answer.json()["results"][0]["result"] == "created"
    assert [line.closing for line in (await page(db, world)).log] == [True]
