"""Which phones are told what: noted by a send-back, found by the clock, ended with the session."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.engine import Engine

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import notices, push, sessions, subscriptions
from fieldapp.services.subscriptions import Wish
from models.account import Account
from models.base import utc_now
from models.member import Member
from models.notice import Notice
from models.push_subscription import PushSubscription
from models.session import Session, SessionState
from models.visit import Visit
from tests import build
from tests.build import World
from tests.push_service import Browser

NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)
"""By the clocks of UTC; visits of a test are moved before it."""

VISITS, NOTICES = Visit.__table__, Notice.__table__


@pytest.fixture(autouse=True)
def contact(own_settings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDAPP_NOTICE_CONTACT", "mailto:toso@example.vn")
    settings.cache_clear()


@pytest.fixture
async def world(db: Database) -> World:
    async with db.write() as session:
        await subscriptions.make_key(session)
    return await build.world(db)


async def opened(db: Database, who: Member | Account) -> tuple[Principal, UUID]:
    token = await build.sign_in(db, who)
    async with db.read() as session:
        row = await sessions.find_by_token(session, token)
        assert row is not None
        return await sessions.principal_of(session, row), row.id


async def put(db: Database, principal: Principal, session_id: UUID, wish: Wish) -> None:
    async with db.write() as session:
        await subscriptions.put(session, principal, session_id, wish)


async def subscribe(db: Database, who: Member | Account, endpoint: str = "https://push.example.com/x") -> UUID:
    """Gives the session that is told."""
    principal, session_id = await opened(db, who)
    await put(db, principal, session_id, Wish(Browser(endpoint).address, "vi"))
    async with db.write() as session:
        # The phones of a test wanted it before anything happened.
        await session.execute(
            update(PushSubscription.__table__).values(created_at=NOON - timedelta(days=9))  # type: ignore[arg-type]
        )
    return session_id


async def kinds(db: Database, due_by: datetime | None = None) -> list[tuple[int, str]]:
    """(member, kind) of what is noted, or due by then."""
    async with db.read() as session:
        found = await notices.list_due(session, due_by or datetime.now(UTC) + timedelta(days=2), 100)
    return sorted((one.member_id, str(one.kind)) for one in found)


async def recorded(db: Database, world: World, author: Member, number: int = 1, **when: Any) -> list[str]:
    records = [build.visit(author, household) for household in world.households[:number]]
    await build.send(db, author, *records)
    ids = [UUID(record["id"]) for record in records]
    async with db.write() as session:
        at = when.get("received_at", NOON - timedelta(minutes=5))
        await session.execute(update(VISITS).where(VISITS.c.id.in_(ids)).values(received_at=at))
    return [record["id"] for record in records]


async def note_logs(db: Database, now: datetime = NOON) -> int:
    async with db.write() as session:
        return await notices.note_logs(session, now)


async def test_a_send_back_is_noted_for_every_phone_of_its_author_and_for_nobody_else(
    db: Database, world: World
) -> None:
    for who in (world.member, world.member, world.second_member, world.leader):
        await subscribe(db, who)
    ids = await recorded(db, world, world.member, 3)
    await build.send(db, world.leader, build.decision(world.leader, ids[0]))
    assert await kinds(db) == []
    await build.send(db, world.leader, build.decision(world.leader, *ids[1:], verdict="send_back"))
    assert await kinds(db) == [(world.member.id, "returned")] * 2
    async with db.read() as session:
        one = (await notices.list_due(session, utc_now() + timedelta(days=2), 1))[0]
        assert await notices.count(session, one, utc_now()) == 2


async def test_what_is_not_kept_is_not_told(db: Database, world: World) -> None:
    """A decision whose transaction is undone leaves no notice behind."""
    await subscribe(db, world.member)
    [visit] = await recorded(db, world, world.member)
    leader = await build.principal(db, world.leader)
    sent_back = build.decision(world.leader, visit, verdict="send_back")
    async with db.write() as session:
        await push.receive(session, leader, None, datetime.now(UTC), [sent_back])
        assert (await session.execute(select(NOTICES))).all() != []
        await session.rollback()
    assert await kinds(db) == []


async def test_a_visit_writes_nothing_for_it_and_asks_nothing(db: Database, world: World) -> None:
    await subscribe(db, world.leader)
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await recorded(db, world, world.member, 3)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert seen
    assert [statement for statement in seen if "notice" in statement or "push_subscription" in statement] == []


async def test_a_log_is_noted_for_those_who_lead_there_and_not_for_ones_own_visits(db: Database, world: World) -> None:
    for who in (world.leader, world.deputy, world.member, world.next_leader):
        await subscribe(db, who)
    await recorded(db, world, world.leader)
    assert await note_logs(db) == 1
    assert await kinds(db) == [(world.deputy.id, "log")]
    await recorded(db, world, world.member)
    assert await note_logs(db) == 1
    assert await kinds(db) == [(world.leader.id, "log"), (world.deputy.id, "log")]
    assert await note_logs(db) == 0


async def test_a_log_is_told_again_after_four_hours_and_only_where_something_came(db: Database, world: World) -> None:
    await subscribe(db, world.leader)
    await recorded(db, world, world.member)
    assert await note_logs(db) == 1
    async with db.write() as session:
        [one] = await notices.list_due(session, NOON, 9)
        await notices.settle(session, one, NOON, told=True)
    await recorded(db, world, world.second_member, received_at=NOON + timedelta(minutes=5))
    assert await note_logs(db, NOON + timedelta(hours=3, minutes=59)) == 0
    assert await note_logs(db, NOON + timedelta(hours=4)) == 1
    async with db.write() as session:
        [one] = await notices.list_due(session, NOON + timedelta(hours=5), 9)
        assert await notices.count(session, one, NOON) == 2
        await notices.settle(session, one, NOON + timedelta(hours=5), told=True)
    assert await note_logs(db, NOON + timedelta(hours=24)) == 0


async def test_what_comes_by_night_is_due_in_the_morning(db: Database, world: World) -> None:
    await subscribe(db, world.leader)
    late = datetime(2026, 11, 25, 15, tzinfo=UTC)
    await recorded(db, world, world.member, received_at=late)
    assert await note_logs(db, late) == 1
    morning = datetime(2026, 11, 25, 23, tzinfo=UTC)
    assert await kinds(db, morning - timedelta(seconds=1)) == []
    assert await kinds(db, morning) == [(world.leader.id, "log")]


async def test_what_was_noted_while_the_phone_was_told_is_told_after_a_rest(db: Database, world: World) -> None:
    await subscribe(db, world.member)
    first, second = await recorded(db, world, world.member, 2)
    await build.send(db, world.leader, build.decision(world.leader, first, verdict="send_back"))
    far = utc_now() + timedelta(days=2)
    async with db.read() as session:
        [one] = await notices.list_due(session, far, 9)
    await build.send(db, world.leader, build.decision(world.leader, second, verdict="send_back"))
    async with db.write() as session:
        await notices.settle(session, one, NOON, told=True)
        row = (await session.execute(select(NOTICES))).one()
    assert row.noted_at > one.noted_at
    assert row.due_at == NOON + timedelta(hours=1)
    async with db.write() as session:
        [again] = await notices.list_due(session, far, 9)
        await notices.settle(session, again, NOON, told=True)
    assert await kinds(db) == []


async def test_failures_wait_longer_each_time_and_old_news_is_dropped(db: Database, world: World) -> None:
    await subscribe(db, world.leader)
    await recorded(db, world, world.member)
    await note_logs(db)
    dues = []
    for _ in range(3):
        async with db.write() as session:
            [one] = await notices.list_due(session, NOON + timedelta(hours=9), 9)
            await notices.try_later(session, one, NOON, None)
            dues.append((await session.execute(select(NOTICES.c.due_at))).scalar_one() - NOON)
    assert dues == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    async with db.write() as session:
        [one] = await notices.list_due(session, NOON + timedelta(hours=9), 9)
        await notices.try_later(session, one, NOON + timedelta(hours=25), None)
    assert await kinds(db) == []


async def test_it_ends_with_the_session(db: Database, world: World) -> None:
    signed_out, closing, ran_out, stays = [await subscribe(db, world.member) for _ in range(4)]
    async with db.write() as session:
        await sessions.end(session, None, await session.get_one(Session, signed_out), SessionState.CLOSED)
        (await session.get_one(Session, closing)).state = SessionState.CLOSING
        (await session.get_one(Session, ran_out)).expires_at = utc_now()
    assert await left(db) == {closing, ran_out, stays}
    async with db.write() as session:
        await notices.note_returned(session, [world.member.id])
    assert len(await kinds(db)) == 1
    async with db.write() as session:
        assert await subscriptions.drop_ended(session, utc_now()) == 2
    assert await left(db) == {stays}


async def left(db: Database) -> set[UUID]:
    async with db.read() as session:
        return set((await session.execute(select(PushSubscription.__table__.c.session_id))).scalars())


async def test_a_session_has_one_and_may_drop_it(db: Database, world: World) -> None:
    principal, session_id = await opened(db, world.member)
    for path in ("one", "two"):
        await put(db, principal, session_id, Wish(Browser(f"https://push.example.com/{path}").address, "en"))
    async with db.read() as session:
        rows = (await session.execute(select(PushSubscription))).scalars().all()
        assert [(row.endpoint, row.locale) for row in rows] == [("https://push.example.com/two", "en")]
    async with db.write() as session:
        await notices.note_returned(session, [world.member.id])
        await subscriptions.drop(session, principal, session_id)
        assert (await session.execute(select(NOTICES))).all() == []


async def test_hostile_addresses_are_refused(db: Database, world: World) -> None:
    principal, session_id = await opened(db, world.member)
    good = Browser("https://push.example.com/x").address
    elsewhere = [
        replace(good, endpoint=endpoint)
        for endpoint in ("https://10.0.0.1/x", "http://push.example.com/x", "https://db.internal/x")
    ]
    for address in (*elsewhere, replace(good, p256dh="A" * 87), replace(good, auth="A" * 21)):
        with pytest.raises(Problem, match="invalid"):
            await put(db, principal, session_id, Wish(address, "vi"))
    assert await left(db) == set()


async def test_officers_are_told_nothing_and_nobody_is_where_no_contact_is_set(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem, match="forbidden"):
        await subscribe(db, world.commune_officer)
    monkeypatch.setenv("FIELDAPP_NOTICE_CONTACT", "")
    settings.cache_clear()
    with pytest.raises(Problem, match="not_found"):
        await subscribe(db, world.member)


async def test_what_waits_is_found_along_its_index(db: Database, world: World) -> None:
    """However many visits were decided before."""
    await subscribe(db, world.leader)
    visit = build.visit(world.member, world.households[0])
    await build.send(db, world.member, visit)
    await build.send(db, world.leader, build.decision(world.leader, visit["id"]))
    async with db.write() as session:
        decided = (await session.execute(select(VISITS))).one()._mapping
        copies = ({**decided, "id": one, "root_id": one} for one in (build.uuid7() for _ in range(300)))
        await session.execute(insert(VISITS), list(copies))
    asked: list[Any] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await note_logs(db)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    [(statement, parameters)] = [one for one in asked if "max(visit.received_at)" in one[0]]
    async with db.write() as session:
        connection = await session.connection()
        if db.is_sqlite:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        else:
            await connection.exec_driver_sql("ANALYZE visit")
            plan = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        assert "ix_visit_waiting" in str(plan.all())


async def test_one_key_whoever_starts_first(db: Database, world: World) -> None:
    async with db.write() as session:
        before = await subscriptions.find_key(session)
        await subscriptions.make_key(session)
        assert await subscriptions.find_key(session) == before
