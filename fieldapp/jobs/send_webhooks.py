"""Tells other systems what happened, by one worker at a time; nothing is looked for where no webhook is.

A worker that dies between telling and noting it tells once more, under the same id: receivers know it by that.
"""

import json
from datetime import timedelta

import anyio
import httpx
import structlog

from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.webhook import signature
from fieldapp.integrations import outside
from fieldapp.jobs.turn import turn
from fieldapp.services import leases, webhooks
from fieldapp.services.webhooks import Due
from models.base import utc_now
from models.webhook import DeliveryState

log = structlog.get_logger("webhooks")
LEASE, LEASE_SECONDS = "webhooks", 300
EVERY_SECONDS = 10
SECONDS, AT_ONCE, ROUND = 10, 8, 80
"""With every receiver out of reach, a round ends well within the lease."""

KEPT = timedelta(days=30)


async def run_webhooks() -> None:
    """Works until it is cancelled."""
    holder = leases.new_holder()
    while True:
        try:
            while await send_in_turn(holder) == ROUND:
                pass
        except Exception as error:
            log.error("webhooks_failed", error=type(error).__name__)
        await anyio.sleep(EVERY_SECONDS)


async def send_in_turn(holder: str) -> int:
    """One round, unless another worker is at it; gives the number of tellings that were tried."""
    async with database().read() as db:
        if not await webhooks.are_any(db):
            return 0
    async with turn(LEASE, holder, LEASE_SECONDS) as mine:
        return await _round() if mine else 0


async def _round() -> int:
    now = utc_now()
    async with database().write() as db:
        await webhooks.note_events(db, now)
        await webhooks.forget(db, now - KEPT)
    async with database().read() as db:
        waiting = await webhooks.list_due(db, now, ROUND)
    limit = anyio.CapacityLimiter(AT_ONCE)
    async with outside.client(settings().receivers, SECONDS) as client, anyio.create_task_group() as tasks:
        for one in waiting:
            tasks.start_soon(_send, client, one, limit)
    return len(waiting)


async def _send(client: httpx.AsyncClient, due: Due, limit: anyio.CapacityLimiter) -> None:
    try:
        async with limit:
            status = await _post(client, due)
            async with database().write() as db:
                state = await webhooks.settle(db, due, utc_now(), status)
        if state != DeliveryState.DELIVERED:
            log.info("webhook_not_taken", webhook=str(due.webhook_id), status=status, state=str(state))
    except Exception as error:
        # One that breaks holds up no other.
        log.error("webhook_not_sent", error=type(error).__name__)


async def _post(client: httpx.AsyncClient, due: Due) -> int | None:
    """The answer's status, or None where none came in time."""
    body, now = content_of(due), utc_now()
    headers = {
        "content-type": "application/json",
        "webhook-id": str(due.id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(due.secret, str(due.id), now, body),
    }
    try:
        with anyio.fail_after(SECONDS):
            return (await client.post(due.address, content=body, headers=headers)).status_code
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        return None


def content_of(due: Due) -> bytes:
    """What is told: what happened to what, when and where; no person, no household."""
    told = {
        "type": due.topic,
        "timestamp": due.event.event_at.isoformat(),
        "data": {
            "action": due.event.event_action,
            "subject": {"kind": due.event.event_subject_kind, "id": due.event.event_subject_id},
            "unit": {"code": due.unit_code, "name": due.unit_name} if due.unit_code else None,
        },
    }
    return json.dumps(told, ensure_ascii=False).encode()
