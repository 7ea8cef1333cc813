"""Other systems that are told what happened: who they are, what waits for them, and what became of it.

Nothing is noted while a deed is done: its audit row is found by the clock, so that a receiver that is slow, or a
thousand of them, cost no phone anything. Rows are looked for again for a while, since of two transactions the one
that began first may end last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.webhook import Topic, WebhookForm, check_address, new_secret, next_try, prefixes, topic_of
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.upsert import insert_new
from models.audit_event import AuditEvent
from models.base import utc_now
from models.sync import PushResult, ServerFact
from models.unit import Unit, UnitKind
from models.webhook import DeliveryState, Webhook, WebhookDelivery, WebhookState

EVENTS, HOOKS, DELIVERIES, UNITS = AuditEvent.__table__, Webhook.__table__, WebhookDelivery.__table__, Unit.__table__
SCANNED = "webhooks_scanned"
AGAIN = timedelta(minutes=10)
"""How long a row may take to be seen after the instant that stands in it."""

MOST_OF_ONE = 20
SCAN = 2_000
TOLD = ("at", "action", "subject_kind", "subject_id")


@dataclass(frozen=True)
class Due:
    """One telling that may be sent now."""

    id: UUID
    webhook_id: UUID
    address: str
    secret: str
    topic: str
    tries: int
    event: Any
    unit_code: str
    unit_name: str


async def add(session: AsyncSession, who: Principal, unit_id: int, form: WebhookForm) -> Webhook:
    """A webhook over all that happens in a unit.

    Raises `forbidden`, `webhook_address`, `webhooks_full`.
    """
    unit = await session.get(Unit, unit_id)
    if unit is None or unit.kind == UnitKind.VILLAGE:
        raise Problem("not_found", "unit")
    require(who, Action.MANAGE_HOOK, _place(unit))
    check_address(form.address)
    own = select(func.count()).select_from(HOOKS).where(HOOKS.c.unit_id == unit_id)
    if (await session.execute(own)).scalar_one() >= MOST_OF_ONE:
        raise Problem("webhooks_full", most=MOST_OF_ONE)
    row = Webhook(
        id=uuid7(),
        unit_id=unit_id,
        address=form.address,
        topics=sorted(set(form.topics)),
        secret=new_secret(),
        made_by_id=who.account_id or 0,
    )
    session.add(row)
    await session.flush()
    detail = {"address": row.address, "topics": row.topics}
    await audit.write(session, [audit.event(who, "webhook.add", "webhook", row.id, unit_id, **detail)])
    return row


async def change_state(session: AsyncSession, who: Principal, webhook_id: UUID, state: WebhookState) -> None:
    """Pauses one or has it told again, from what waits on. Raises `not_found`, `forbidden`."""
    row = await _get(session, who, webhook_id)
    row.state = state
    await session.flush()
    await audit.write(session, [audit.event(who, "webhook.state", "webhook", row.id, row.unit_id, state=state)])


async def renew_secret(session: AsyncSession, who: Principal, webhook_id: UUID) -> Webhook:
    """Gives it another secret at once. Raises `not_found`, `forbidden`."""
    row = await _get(session, who, webhook_id)
    row.secret = new_secret()
    await session.flush()
    await audit.write(session, [audit.event(who, "webhook.secret", "webhook", row.id, row.unit_id)])
    return row


async def remove(session: AsyncSession, who: Principal, webhook_id: UUID) -> None:
    """Tells it nothing more and forgets what it was told. Raises `not_found`, `forbidden`."""
    row = await _get(session, who, webhook_id)
    await session.execute(DELIVERIES.delete().where(DELIVERIES.c.webhook_id == row.id))
    await session.delete(row)
    await session.flush()
    event = audit.event(who, "webhook.remove", "webhook", webhook_id, row.unit_id, address=row.address)
    await audit.write(session, [event])


async def list_of(session: AsyncSession, who: Principal) -> Sequence[Webhook]:
    """All that this person may manage, oldest first."""
    require(who, Action.MANAGE_HOOK)
    return (await session.execute(select(Webhook).order_by(HOOKS.c.made_at, HOOKS.c.id))).scalars().all()


async def counts_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    """How many tellings of each webhook are in each state."""
    columns = (DELIVERIES.c.webhook_id, DELIVERIES.c.state)
    query = select(*columns, func.count()).where(DELIVERIES.c.webhook_id.in_(ids)).group_by(*columns)
    return {(row[0], row[1]): row[2] for row in await session.execute(query)}


async def list_deliveries(session: AsyncSession, who: Principal, webhook_id: UUID, limit: int) -> Sequence[Any]:
    """The newest tellings of a webhook with what they told of. Raises `not_found`, `forbidden`."""
    await _get(session, who, webhook_id)
    query = (
        select(DELIVERIES, EVENTS.c.action, EVENTS.c.at)
        .join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        .where(DELIVERIES.c.webhook_id == webhook_id)
        .order_by(DELIVERIES.c.noted_at.desc(), DELIVERIES.c.id)
        .limit(limit)
    )
    return (await session.execute(query)).all()


async def replay(session: AsyncSession, who: Principal, webhook_id: UUID, delivery_id: UUID | None = None) -> int:
    """Sends one telling again, or all that were given up; gives their number. Raises `not_found`, `forbidden`."""
    row = await _get(session, who, webhook_id)
    which = DELIVERIES.c.id == delivery_id if delivery_id else DELIVERIES.c.state == DeliveryState.GIVEN_UP
    change = update(DELIVERIES).where(DELIVERIES.c.webhook_id == row.id, which)
    change = change.values(state=DeliveryState.WAITING, due_at=utc_now(), tries=0)
    number = (await session.execute(change)).rowcount  # type: ignore[attr-defined]
    await audit.write(session, [audit.event(who, "webhook.replay", "webhook", row.id, row.unit_id, number=number)])
    return number


async def are_any(session: AsyncSession) -> bool:
    return (await session.execute(select(HOOKS.c.id).limit(1))).first() is not None


async def note_events(session: AsyncSession, now: datetime) -> int:
    """Notes what happened since it was last looked for; gives how many tellings are new."""
    query = select(Webhook, UNITS.c.kind).join(UNITS, UNITS.c.id == HOOKS.c.unit_id)
    rows = await session.execute(query.where(HOOKS.c.state != WebhookState.GONE))
    hooks = [_Ear(hook, kind == UnitKind.PROVINCE) for hook, kind in rows]
    if not hooks:
        return 0
    seen = await session.get(ServerFact, SCANNED)
    since = (datetime.fromisoformat(seen.value) if seen else min(ear.hook.made_at for ear in hooks)) - AGAIN
    number, last = 0, 0
    while events := await _events(session, since, last):
        last = events[-1].id
        number += len(await insert_new(session, DELIVERIES, *_deliveries(hooks, events, now)))
    if seen is None:
        session.add(ServerFact(key=SCANNED, value=now.isoformat()))
    else:
        seen.value = now.isoformat()
    await session.flush()
    return number


async def list_due(session: AsyncSession, now: datetime, limit: int) -> list[Due]:
    """What may be sent now, longest due first."""
    query = (
        select(DELIVERIES, HOOKS.c.address, HOOKS.c.secret)
        .add_columns(UNITS.c.code.label("unit_code"), UNITS.c.name.label("unit_name"))
        .add_columns(*(EVENTS.c[name].label(f"event_{name}") for name in TOLD))
        .join(HOOKS, HOOKS.c.id == DELIVERIES.c.webhook_id)
        .join(EVENTS, EVENTS.c.id == DELIVERIES.c.event_id)
        .outerjoin(UNITS, UNITS.c.id == EVENTS.c.unit_id)
        .where(DELIVERIES.c.due_at <= now, HOOKS.c.state == WebhookState.ACTIVE)
        .order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
        .limit(limit)
    )
    return [
        Due(
            row.id, row.webhook_id, row.address, row.secret, row.topic, row.tries, row,
            row.unit_code or "", row.unit_name or "",
        )
        for row in await session.execute(query)
    ]  # fmt: skip


async def settle(session: AsyncSession, due: Due, now: datetime, status: int | None) -> DeliveryState:
    """Notes an answer, or None for no answer at all: delivered, to be tried again, or given up.

    410 says that the receiver will take nothing any more.
    """
    tries = due.tries + 1
    delivered = status is not None and 200 <= status < 300
    later = None if delivered or status == 410 else next_try(now, tries)
    state = DeliveryState.DELIVERED if delivered else DeliveryState.WAITING if later else DeliveryState.GIVEN_UP
    change = {"state": state, "due_at": later, "tries": tries, "status": status, "last_at": now}
    await session.execute(update(DELIVERIES).where(DELIVERIES.c.id == due.id).values(**change))
    if status == 410:
        await session.execute(update(HOOKS).where(HOOKS.c.id == due.webhook_id).values(state=WebhookState.GONE))
    return state


async def forget(session: AsyncSession, before: datetime) -> int:
    """Drops what was noted before then, whatever became of it; gives its number."""
    return (await session.execute(DELIVERIES.delete().where(DELIVERIES.c.noted_at < before))).rowcount  # type: ignore[attr-defined]


async def _get(session: AsyncSession, who: Principal, webhook_id: UUID) -> Webhook:
    row = await session.get(Webhook, webhook_id)
    if row is None:
        raise Problem("not_found")
    require(who, Action.MANAGE_HOOK, _place(await session.get_one(Unit, row.unit_id)))
    return row


def _place(unit: Unit) -> Place:
    return Place(commune_id=unit.id if unit.kind == UnitKind.COMMUNE else None)


async def _events(session: AsyncSession, since: datetime, after: int) -> Sequence[Any]:
    """Rows of the trail that anybody may be told of, with the commune in which they lie."""
    told = or_(*(EVENTS.c.action.startswith(name, autoescape=True) for name in prefixes()))
    query = (
        select(EVENTS.c.id, EVENTS.c.at, EVENTS.c.action, EVENTS.c.unit_id, EVENTS.c.detail)
        .add_columns(func.coalesce(UNITS.c.parent_id, EVENTS.c.unit_id).label("above"))
        .outerjoin(UNITS, and_(UNITS.c.id == EVENTS.c.unit_id, UNITS.c.kind == UnitKind.VILLAGE))
        .where(EVENTS.c.at >= since, EVENTS.c.id > after, told)
        .order_by(EVENTS.c.id)
        .limit(SCAN)
    )
    return (await session.execute(query)).all()


def _deliveries(ears: "Sequence[_Ear]", events: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    rows = []
    for event in events:
        topic = topic_of(event.action)
        # What phones sent stands in the trail whatever became of it.
        if topic is not None and event.detail.get("result", PushResult.CREATED) == PushResult.CREATED:
            rows += [_delivery(ear.hook, event, topic, now) for ear in ears if ear.hears(topic, event)]
    return rows


@dataclass(frozen=True)
class _Ear:
    """A webhook, and whether it is the province's, which hears of every unit."""

    hook: Webhook
    everywhere: bool

    def hears(self, topic: Topic, event: Any) -> bool:
        here = self.everywhere or self.hook.unit_id in (event.unit_id, event.above)
        return here and topic in self.hook.topics and event.at >= self.hook.made_at


def _delivery(hook: Webhook, event: Any, topic: Topic, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid5(hook.id, str(event.id)),
        "webhook_id": hook.id,
        "event_id": event.id,
        "topic": topic,
        "state": DeliveryState.WAITING,
        "due_at": now,
        "tries": 0,
        "noted_at": now,
    }
