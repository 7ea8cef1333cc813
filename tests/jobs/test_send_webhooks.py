"""Telling other systems, against a receiver of our own: what arrives, what is tried again, what is never told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.webhook import WAITS, Topic, WebhookForm
from fieldapp.jobs import send_webhooks
from fieldapp.permissions import Principal
from fieldapp.services import audit, leases, webhooks
from models.account import Role
from models.unit import Unit
from models.webhook import DeliveryState, Webhook, WebhookDelivery, WebhookState
from tests import build
from tests.build import World
from tests.receiver import Receiver, receiver

HOOKS, DELIVERIES = Webhook.__table__, WebhookDelivery.__table__


@pytest.fixture
def other(own_settings: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("FIELDAPP_WEBHOOK_NETWORKS", "127.0.0.0/8")
    settings.cache_clear()
    with receiver() as running:
        yield running


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def province_officer(db: Database, world: World) -> Principal:
    return await build.principal(
        db, await build.account(db, world.province, Role.PROVINCE_OFFICER, username=uuid4().hex)
    )


async def hook(db: Database, world: World, other: Receiver, unit: Unit | None = None, *topics: Topic) -> Webhook:
    """A webhook of the province's; made in the past, so that what is done next comes after it."""
    who = await province_officer(db, world)
    form = WebhookForm(address="https://example.vn/told", topics=list(topics or Topic))
    async with db.write() as session:
        row = await webhooks.add(session, who, (unit or world.province).id or 0, form)
        row.address, row.made_at = other.address, datetime.now(UTC) - timedelta(hours=1)
    return row


async def visits(db: Database, world: World, number: int) -> list[str]:
    records = [build.visit(world.member, home) for home in world.households[:number]]
    await build.send(db, world.member, *records)
    return [record["id"] for record in records]


async def deliveries(db: Database) -> list[WebhookDelivery]:
    async with db.read() as session:
        return list((await session.execute(select(WebhookDelivery).order_by(DELIVERIES.c.event_id))).scalars())


async def tell(times: int = 1) -> list[int]:
    return [await send_webhooks.send_in_turn("one") for _ in range(times)]


async def make_due(db: Database) -> None:
    async with db.write() as session:
        await session.execute(
            update(DELIVERIES).where(DELIVERIES.c.due_at.is_not(None)).values(due_at=datetime.now(UTC))
        )


async def test_a_visit_is_told_once_signed_and_without_anybody(db: Database, world: World, other: Receiver) -> None:
    row = await hook(db, world, other)
    [visit] = await visits(db, world, 1)
    assert await tell(3) == [1, 0, 0]
    [told] = other.tellings
    assert told.is_signed_with(row.secret)
    assert not told.is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    unit = {"code": world.commune.code, "name": world.commune.name}
    data = {"action": "visit.create", "subject": {"kind": "record", "id": visit}, "unit": unit}
    assert (told.said["type"], told.said["data"]) == ("visits", data)
    assert world.member.full_name.encode() not in told.body
    [kept] = await deliveries(db)
    assert (kept.state, kept.status, kept.tries, kept.due_at) == (DeliveryState.DELIVERED, 204, 1, None)


async def test_a_repeat_or_a_refused_record_is_no_event(db: Database, world: World, other: Receiver) -> None:
    await hook(db, world, other)
    record = build.visit(world.member, world.households[0])
    await build.send(db, world.member, record)
    await build.send(db, world.member, record, build.visit(world.member, world.households[0], "NONE"))
    assert await tell(2) == [1, 0]


async def test_only_chosen_topics_and_only_what_lies_in_the_unit(db: Database, world: World, other: Receiver) -> None:
    elsewhere = await build.commune(db, world.province, code="21000", name="Nơi khác")
    await hook(db, world, other, elsewhere)
    await hook(db, world, other, world.commune, Topic.REVIEWS)
    await build.send(db, world.leader, build.decision(world.leader, *await visits(db, world, 2)))
    assert await tell() == [2]
    assert {telling.said["data"]["action"] for telling in other.tellings} == {"visit.approve"}


async def test_what_happened_before_it_was_made_is_not_told(db: Database, world: World, other: Receiver) -> None:
    await visits(db, world, 1)
    row = await hook(db, world, other)
    async with db.write() as session:
        await session.execute(update(HOOKS).where(HOOKS.c.id == row.id).values(made_at=datetime.now(UTC)))
    assert await tell() == [0]


async def test_a_row_that_is_committed_late_is_found_all_the_same(db: Database, world: World, other: Receiver) -> None:
    """Of two transactions the one that began first may end last: its row has the smaller number and the older time."""
    await hook(db, world, other)
    await visits(db, world, 1)
    assert await tell() == [1]
    async with db.write() as session:
        late = audit.event(None, "visit.create", "record", "late", world.commune.id)
        await audit.write(session, [late | {"at": datetime.now(UTC) - timedelta(minutes=5)}])
    assert await tell() == [1]
    assert len({telling.headers["webhook-id"] for telling in other.tellings}) == len(other.tellings)


@pytest.mark.parametrize("status", [500, 404, 302, 429])
async def test_what_is_not_taken_is_tried_again_and_then_given_up(
    db: Database, world: World, other: Receiver, status: int
) -> None:
    other.answers = [(status, {"Location": other.address})]
    await hook(db, world, other)
    await visits(db, world, 1)
    for tries in range(1, len(WAITS) + 1):
        assert await tell() == [1]
        [kept] = await deliveries(db)
        assert (kept.state, kept.tries, kept.status) == (DeliveryState.WAITING, tries, status)
        assert kept.due_at is not None
        assert kept.last_at is not None
        assert kept.due_at - kept.last_at == WAITS[tries - 1]
        assert await tell() == [0], "it is not due yet"
        await make_due(db)
    assert await tell(2) == [1, 0]
    [kept] = await deliveries(db)
    assert (kept.state, kept.due_at) == (DeliveryState.GIVEN_UP, None)
    assert len(other.tellings) == len(WAITS) + 1, "a redirect leads nowhere"
    who = await province_officer(db, world)
    other.answers = [(200, {})]
    async with db.write() as session:
        assert await webhooks.replay(session, who, kept.webhook_id) == 1
    assert await tell() == [1]
    assert [one.state for one in await deliveries(db)] == [DeliveryState.DELIVERED]
    assert len({telling.headers["webhook-id"] for telling in other.tellings}) == 1


async def test_one_that_is_gone_is_told_no_more(db: Database, world: World, other: Receiver) -> None:
    other.answers = [(410, {})]
    row = await hook(db, world, other)
    await visits(db, world, 1)
    assert await tell() == [1]
    await visits(db, world, 3)
    assert await tell() == [0]
    async with db.read() as session:
        assert (await session.get_one(Webhook, row.id)).state == WebhookState.GONE


async def test_a_paused_one_is_told_later_what_happened_meanwhile(db: Database, world: World, other: Receiver) -> None:
    row, who = await hook(db, world, other), await province_officer(db, world)
    async with db.write() as session:
        await webhooks.change_state(session, who, row.id, WebhookState.PAUSED)
    await visits(db, world, 2)
    assert await tell() == [0]
    async with db.write() as session:
        await webhooks.change_state(session, who, row.id, WebhookState.ACTIVE)
    assert await tell() == [2]


async def test_nothing_behind_this_server_is_reached_unless_the_settings_name_it(
    db: Database, world: World, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_WEBHOOK_NETWORKS", "10.0.0.0/8")
    settings.cache_clear()
    await hook(db, world, other)
    await visits(db, world, 1)
    assert await tell() == [1]
    assert other.tellings == []
    [kept] = await deliveries(db)
    assert (kept.state, kept.status) == (DeliveryState.WAITING, None)


async def test_one_worker_at_a_time_and_none_where_no_webhook_is(db: Database, world: World, other: Receiver) -> None:
    await visits(db, world, 1)
    assert await tell() == [0]
    await hook(db, world, other)
    async with db.write() as session:
        assert await leases.acquire(session, send_webhooks.LEASE, "another", 300)
    assert await tell() == [0]
    async with db.write() as session:
        await leases.release(session, send_webhooks.LEASE, "another")
    assert await tell() == [1]
    async with db.write() as session:
        assert await leases.acquire(session, send_webhooks.LEASE, "another", 300), "it was given back"


async def test_what_was_told_is_forgotten_after_a_month(db: Database, world: World, other: Receiver) -> None:
    await hook(db, world, other)
    await visits(db, world, 1)
    await tell()
    async with db.write() as session:
        assert await webhooks.forget(session, datetime.now(UTC) - send_webhooks.KEPT) == 0
        assert await webhooks.forget(session, datetime.now(UTC) + timedelta(minutes=1)) == 1
