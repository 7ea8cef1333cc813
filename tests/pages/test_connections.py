"""Kết nối hệ thống, past the browser: what it shows to whom, and what is done on it."""

from datetime import UTC, datetime

import pytest
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.webhook import Topic, WebhookForm
from fieldapp.pages.desk.connections import ConnectionsState
from fieldapp.permissions import Action
from fieldapp.services import api_tokens, webhooks
from fieldapp.services.api_tokens import TokenForm
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.webhook import DeliveryState, Webhook, WebhookDelivery
from tests import build
from tests.build import World
from tests.pages.test_desk import enter


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def admin(db: Database, world: World) -> Account:
    return await build.account(db, world.province, Role.ADMIN, username="admin")


async def hook(db: Database, world: World, who: Account) -> Webhook:
    form = WebhookForm(address="https://example.vn/told", topics=[Topic.VISITS])
    async with db.write() as session:
        return await webhooks.add(session, await build.principal(db, who), world.province.id or 0, form)


async def given_up(db: Database, row: Webhook) -> WebhookDelivery:
    async with db.write() as session:
        event = AuditEvent(action="visit.create", subject_kind="record", subject_id="x")
        session.add(event)
        await session.flush()
        told = WebhookDelivery(id=uuid7(), webhook_id=row.id, event_id=event.id or 0, topic="visits", tries=10)
        told.state, told.last_at = DeliveryState.GIVEN_UP, datetime.now(UTC)
        session.add(told)
    return told


async def test_an_officer_sees_and_revokes_own_tokens_and_no_webhooks(db: Database, world: World) -> None:
    who = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        form = TokenForm(name="Bảng số liệu", scopes=[Action.READ_SUMMARY], days=30)
        row, _ = await api_tokens.make(session, who, form)
    await hook(db, world, await admin(db, world))
    state = await enter(db, ConnectionsState, world.commune_officer)
    assert [(token.name, token.scopes, token.used) for token in state.tokens] == [
        ("Bảng số liệu", ["summary.read"], "")
    ]
    assert (state.webhooks, state.unit) == ([], 0)
    await state.end_token(str(row.id))
    assert (state.tokens, state.problem) == ([], "")
    await state.end_token(str(row.id))
    assert state.problem == "not_found"


async def test_an_administrator_sees_what_was_not_taken_and_sends_it_again(db: Database, world: World) -> None:
    boss = await admin(db, world)
    row = await hook(db, world, boss)
    told = await given_up(db, row)
    state = await enter(db, ConnectionsState, boss)
    assert state.unit == world.province.id
    assert [(one.address, one.given_up, one.waiting) for one in state.webhooks] == [("https://example.vn/told", 1, 0)]
    await state.open(str(row.id))
    assert [(one.action, one.state, one.tries) for one in state.deliveries] == [("visit.create", "given_up", 10)]
    await state.replay(str(row.id), str(told.id))
    assert [(one.state, one.tries) for one in state.deliveries] == [("waiting", 0)]
    await state.turn(str(row.id), "paused")
    assert [one.state for one in state.webhooks] == ["paused"]
    await state.turn(str(row.id), "nothing")
    assert state.problem == "invalid"
    await state.close()
    assert state.opened == ""
    await state.remove(str(row.id))
    assert (state.webhooks, state.problem) == ([], "")


async def test_nobody_else_touches_a_webhook(db: Database, world: World) -> None:
    row = await hook(db, world, await admin(db, world))
    state = await enter(db, ConnectionsState, world.commune_officer)
    for deed in (state.open(str(row.id)), state.remove(str(row.id)), state.turn(str(row.id), "paused")):
        await deed
        assert state.problem == "forbidden"
    await state.replay(str(row.id), None)
    assert state.problem == "forbidden"
    partner = await enter(db, ConnectionsState, await build.account(db, world.province, Role.PARTNER, username="dn"))
    assert partner.problem == "forbidden"
