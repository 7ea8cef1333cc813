"""Held records: who may sort them, what accepting and refusing does, what follows, and what the phone learns."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import awaited, held, push
from fieldapp.services.holding import HELD, RECORDS
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from models.account import Role
from models.audit_event import AuditEvent
from models.flag import Flag
from models.household import Household
from models.member import Member
from models.team import Seat, SeatRole
from models.visit import Visit, VisitState
from tests import build
from tests.build import World

NOON = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0)
WEEK_AGO = NOON - timedelta(days=7)
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def mover(db: Database, world: World) -> Member:
    """Served the village until a month ago; what they did there last week is of no seat that is known."""
    left = (datetime.now(UTC) - timedelta(days=30)).date()
    return await build.member(db, world.team, "Hồ Thị Mai", valid_to=left)


@pytest.fixture
async def officer(db: Database, world: World) -> Principal:
    return await build.principal(db, world.commune_officer)


def held_visit(mover: Member, world: World, **given: Any) -> dict[str, Any]:
    return build.visit(mover, world.households[0], **({"made_at": build.millis(WEEK_AGO)} | given))


async def accept(db: Database, who: Principal, record: dict[str, Any], team: int | None) -> str:
    async with db.write() as session:
        return str(await held.accept(session, who, UUID(record["id"]), team))


async def refuse(db: Database, who: Principal, record: dict[str, Any], reason: str = "Không có hộ này") -> str:
    async with db.write() as session:
        return str(await held.refuse(session, who, UUID(record["id"]), reason))


async def visit_of(db: Database, record: dict[str, Any]) -> Visit | None:
    async with db.read() as session:
        return await session.get(Visit, UUID(record["id"]))


async def news(db: Database, who: Member, cursor: str = "") -> tuple[dict[str, dict[str, Any]], str]:
    """What the author's phone is told of its held records, by id, and where it goes on from."""
    principal = await build.principal(db, who)
    async with db.read() as session:
        page = await pull(session, principal, cursor)
    return {one["id"]: one for one in page.get("sorted", [])}, page["cursor"]


async def words(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [str(answer["result"]) for answer in await build.send(db, who, *records)]


async def assert_numbers_are_right(db: Database) -> None:
    async with db.write() as session:
        found = await reconcile(session)
    assert found.right, found.wrong


async def test_an_accepted_visit_is_taken_in_as_if_on_the_day_of_its_push(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    sender = await build.principal(db, mover)
    record = held_visit(mover, world)
    slow = datetime.now(UTC) - timedelta(hours=30)
    async with db.write() as session:
        [answer] = await push.receive(session, sender, None, slow, [record])
    assert (answer["result"], answer["reason"]) == ("held", "seat_unclear")
    _, cursor = await news(db, mover)
    assert await accept(db, officer, record, world.team.id) == "created"
    visit = await visit_of(db, record)
    assert visit is not None
    assert (visit.state, visit.team_id, visit.village_id) == (VisitState.WAITING, world.team.id, world.village.id)
    assert abs(visit.made_at - WEEK_AGO - timedelta(hours=30)) < timedelta(seconds=10)
    async with db.read() as session:
        flags = (await session.execute(select(Flag.__table__.c.kind))).scalars().all()
        received = (await session.execute(select(RECORDS.c.received_at))).scalar_one()
        events = (await session.execute(select(AuditEvent).order_by(AuditEvent.__table__.c.id.desc()))).scalars().all()
    assert set(flags) == {"no_scan", "clock_off"}
    assert visit.received_at == received
    assert (events[0].action, events[0].account_id, events[0].subject_id) == (
        "record.accept", world.commune_officer.id, record["id"]
    )  # fmt: skip
    told, cursor = await news(db, mover, cursor)
    assert told == {record["id"]: {"id": record["id"], "result": "created"}}
    assert (await news(db, mover, cursor))[0] == {}
    assert await words(db, mover, record) == ["identical"]
    await assert_numbers_are_right(db)


async def test_a_refused_record_goes_back_to_its_author_who_mends_it(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    record = held_visit(mover, world)
    correction = held_visit(mover, world, replaces=record["id"], people=2)
    gone = build.record("visit.withdraw", mover, {"visit": record["id"]})
    assert await words(db, mover, record, correction, gone) == ["held", "held", "held"]
    assert await refuse(db, officer, record) == "invalid"
    told, _ = await news(db, mover)
    refused = {"result": "invalid", "code": "held_refused", "reason": "Không có hộ này"}
    assert told[record["id"]] == {"id": record["id"], **refused}
    assert told[correction["id"]] == {"id": correction["id"], **refused}
    assert told[gone["id"]]["result"] == "created"
    [again] = await build.send(db, mover, record)
    assert {name: again[name] for name in refused} == refused
    async with db.write() as session:
        session.add(Seat(team_id=world.team.id, member_id=mover.id, role=SeatRole.MEMBER, valid_from=build.SINCE))
    mended = held_visit(mover, world, replaces=record["id"], people=3)
    assert await words(db, mover, mended) == ["created"]
    visit = await visit_of(db, mended)
    assert visit is not None
    assert (visit.version, visit.replaces_id, visit.root_id) == (1, None, visit.id)
    await assert_numbers_are_right(db)


async def test_what_waited_for_an_accepted_record_follows_by_itself(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    """A household at the door, its visit, a correction of that and its withdrawal: all stand or fall with the first."""
    new = str(uuid7())
    door = build.record("household.add", mover, {"household": new, "village": world.village.id, "number": "99"})
    door["made_at"] = build.millis(WEEK_AGO)
    first = held_visit(mover, world)
    first["payload"]["household"] = new
    second = held_visit(mover, world, replaces=first["id"], people=4)
    second["payload"]["household"] = new
    other = held_visit(mover, world, people=2)
    gone = build.record("visit.withdraw", mover, {"visit": other["id"]})
    assert await words(db, mover, door, first, second, other, gone) == ["held"] * 5
    assert await accept(db, officer, door, world.team.id) == "created"
    old, newer = await visit_of(db, first), await visit_of(db, second)
    assert old is not None
    assert newer is not None
    assert (old.state, newer.state, newer.people, newer.version) == ("replaced", "waiting", 4, 2)
    assert await visit_of(db, other) is None
    assert await accept(db, officer, other, world.team.id) == "created"
    withdrawn = await visit_of(db, other)
    assert withdrawn is not None
    assert withdrawn.state == VisitState.WITHDRAWN
    told, _ = await news(db, mover)
    assert {one["result"] for one in told.values()} == {"created"}
    assert len(told) == 5
    await assert_numbers_are_right(db)


async def test_a_refused_household_is_made_anew_with_its_visit(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    """The phone mends both under the household's id; while the new one is held too, the visit waits for that."""
    new = str(uuid7())

    def door(number: str) -> dict[str, Any]:
        payload = {"household": new, "village": world.village.id, "number": number}
        return build.record("household.add", mover, payload, made_at=build.millis(WEEK_AGO))

    def visit() -> dict[str, Any]:
        record = held_visit(mover, world)
        record["payload"]["household"] = new
        return record

    first, again, made_anew = door("99"), door("100"), visit()
    assert await words(db, mover, first, visit()) == ["held", "held"]
    assert await refuse(db, officer, first) == "invalid"
    assert await words(db, mover, again, made_anew) == ["held", "held"]
    async with db.read() as session:
        assert await awaited.list_ready(session) == []
    assert await accept(db, officer, again, world.team.id) == "created"
    found = await visit_of(db, made_anew)
    assert found is not None
    assert str(found.household_id) == new
    await assert_numbers_are_right(db)


@on_sqlite
async def test_only_the_officer_of_that_commune_sorts_and_only_once(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    record = held_visit(mover, world)
    await build.send(db, mover, record)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.principal(db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    head = await build.principal(db, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    for who in (stranger, head, await build.principal(db, world.province_officer)):
        for deed in (accept(db, who, record, world.team.id), refuse(db, who, record)):
            with pytest.raises(Problem, match="forbidden"):
                await deed
    for team in (None, world.next_team.id):
        with pytest.raises(Problem, match="invalid"):
            await accept(db, officer, record, team)
    with pytest.raises(Problem, match="reason_missing"):
        await refuse(db, officer, record, "  ")
    with pytest.raises(Problem, match="note_identity"):
        await refuse(db, officer, record, "Xem lại 051099001234")
    assert await visit_of(db, record) is None
    await accept(db, officer, record, world.team.id)
    for deed in (accept(db, officer, record, world.team.id), refuse(db, officer, record)):
        with pytest.raises(Problem, match="sorted_already"):
            await deed


@on_sqlite
async def test_a_record_that_breaks_a_rule_when_it_is_accepted_goes_back(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    record = held_visit(mover, world, result="installed")
    record["payload"]["outcomes"][0]["platform"] = "GONE"
    assert await words(db, mover, record) == ["held"]
    assert await accept(db, officer, record, world.team.id) == "invalid"
    told, _ = await news(db, mover)
    assert (told[record["id"]]["result"], told[record["id"]]["code"]) == ("invalid", "platform_unknown")
    assert await visit_of(db, record) is None
    await assert_numbers_are_right(db)


async def test_a_card_of_another_commune_is_sorted_by_the_commune_of_the_household(
    db: Database, world: World, officer: Principal
) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    far = await build.village(db, elsewhere, code="21175001", name="Thôn Một")
    card = await build.card(db, far, await build.household(db, far, "9"))
    record = build.visit(world.member, world.households[0], identified_by="scan", card=card.address)
    [answer] = await build.send(db, world.member, record)
    assert (answer["result"], answer["reason"]) == ("held", "card_other_commune")
    async with db.read() as session:
        row = (await session.execute(select(HELD))).one()
    assert (row.commune_id, row.village_id) == (world.commune.id, world.village.id)
    assert await accept(db, officer, record, None) == "created"
    visit = await visit_of(db, record)
    assert visit is not None
    assert (visit.verified, visit.state) == (False, "waiting")
    await assert_numbers_are_right(db)


async def test_two_reasons_are_sorted_one_after_the_other(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    far = await build.village(db, elsewhere, code="21175001", name="Thôn Một")
    card = await build.card(db, far, await build.household(db, far, "9"))
    record = held_visit(mover, world, identified_by="scan", card=card.address)
    correction = held_visit(mover, world, replaces=record["id"], people=2)
    await build.send(db, mover, record, correction)
    assert await accept(db, officer, record, world.team.id) == "held"
    assert [one["result"] for one in (await news(db, mover))[0].values()] == ["held", "held"]
    assert (await build.send(db, mover, record))[0]["reason"] == "card_other_commune"
    assert await accept(db, officer, record, None) == "created"
    last = await visit_of(db, correction)
    assert last is not None
    assert (last.state, last.team_id, last.people) == ("waiting", world.team.id, 2)
    await assert_numbers_are_right(db)


async def test_a_newer_server_takes_in_what_it_did_not_know(db: Database, world: World, officer: Principal) -> None:
    unknown = build.record("later.kind", world.member, {"what": "no_signal"})
    newer = build.visit(world.member, world.households[0]) | {"schema": 2}
    assert await words(db, world.member, unknown, newer) == ["held", "held"]
    with pytest.raises(Problem, match="invalid"):
        await refuse(db, officer, newer)
    async with db.write() as session:
        assert await awaited.list_ready(session) == []
        content = (await session.execute(select(RECORDS.c.payload).where(RECORDS.c.id == UUID(newer["id"])))).scalar()
        known = {"schema_version": 1, "payload": {**content, "schema": 1}}
        await session.execute(update(RECORDS).where(RECORDS.c.id == UUID(newer["id"])).values(**known))
        assert await awaited.list_ready(session) == [UUID(newer["id"])]
        assert await held.retry(session, UUID(newer["id"])) == "created"
        assert await awaited.list_ready(session) == []
    visit = await visit_of(db, newer)
    assert visit is not None
    assert visit.team_id == world.team.id
    told, _ = await news(db, world.member)
    assert (told[newer["id"]]["result"], told[unknown["id"]]["result"]) == ("created", "held")
    await assert_numbers_are_right(db)


@on_sqlite
async def test_what_came_in_a_session_that_is_closing_is_marked(db: Database, world: World) -> None:
    sender = await build.principal(db, world.member)
    late, usual = (build.visit(world.member, home) for home in world.households[:2])
    async with db.write() as session:
        await push.receive(session, sender, None, datetime.now(UTC), [late], closing=True)
        await push.receive(session, sender, None, datetime.now(UTC), [usual])
        rows = await session.execute(select(RECORDS.c.id, RECORDS.c.closing))
        assert {str(row.id): row.closing for row in rows} == {late["id"]: True, usual["id"]: False}


@on_sqlite
async def test_a_withdrawal_is_on_the_trail_of_its_visit(db: Database, world: World) -> None:
    record = build.visit(world.member, world.households[0])
    await build.send(db, world.member, record)
    await build.send(db, world.member, build.record("visit.withdraw", world.member, {"visit": record["id"]}))
    async with db.read() as session:
        event = AuditEvent.__table__
        found = (await session.execute(select(event.c.action).where(event.c.subject_id == record["id"]))).scalars()
        assert list(found) == ["visit.create", "visit.withdraw"]


@on_sqlite
async def test_the_days_of_the_seat_stay_as_they_were(
    db: Database, world: World, mover: Member, officer: Principal
) -> None:
    """The ruling is for one record: the next one from that day is held again."""
    first, second = held_visit(mover, world), held_visit(mover, world)
    await build.send(db, mover, first)
    await accept(db, officer, first, world.team.id)
    assert await words(db, mover, second) == ["held"]
    async with db.read() as session:
        home = await session.get_one(Household, world.households[0].id)
    assert home.last_visit_on == date.fromisoformat(WEEK_AGO.date().isoformat())
