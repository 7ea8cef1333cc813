"""Tells phones what is due, once a minute, by one worker at a time; nothing happens where no contact is set.

A worker that dies between telling and noting it tells once more; the second takes the first one's place on the phone.
"""

import json

import anyio
import structlog

from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.notice import by_day
from fieldapp.i18n import text
from fieldapp.integrations import web_push
from fieldapp.integrations.web_push import Outcome, Sender
from fieldapp.jobs.turn import turn
from fieldapp.services import leases, notices, subscriptions
from fieldapp.services.notices import Due
from models.base import utc_now
from models.notice import NoticeKind

log = structlog.get_logger("notices")
LEASE, LEASE_SECONDS = "notices", 300
EVERY_SECONDS = 60
AT_ONCE, ROUND = 8, 80
"""Phones told side by side, and in one round: with all of them out of reach it ends well within the lease."""

WAYS = {
    NoticeKind.RETURNED: "/m/",
    NoticeKind.LOG: "/m/review/",
    NoticeKind.ANNOUNCEMENT: "/m/announcements/",
    NoticeKind.REPORT: "/m/period/",
}


async def run_notices() -> None:
    """Works until it is cancelled; ends at once where no contact is set."""
    holder = leases.new_holder()
    while settings().notice_contact:
        try:
            while await send_in_turn(holder) == ROUND:
                pass
        except Exception as error:
            log.error("notices_failed", error=type(error).__name__)
        await anyio.sleep(EVERY_SECONDS)


async def send_in_turn(holder: str) -> int:
    """One round, unless another worker is at it; gives the number of phones that were tried."""
    async with database().write() as db:
        await subscriptions.make_key(db)
    async with turn(LEASE, holder, LEASE_SECONDS) as mine:
        return await _round() if mine else 0


async def _round() -> int:
    now = utc_now()
    async with database().write() as db:
        await subscriptions.drop_ended(db, now)
        await notices.note_logs(db, now)
        await notices.hold_back(db, now)
    if by_day(now) > now:
        return 0
    async with database().read() as db:
        sender, waiting = await subscriptions.find_sender(db), await notices.list_due(db, now, ROUND)
    if sender is None:
        return 0
    limit, outcomes = anyio.CapacityLimiter(AT_ONCE), dict.fromkeys(Outcome, 0)
    async with anyio.create_task_group() as tasks:
        for one in waiting:
            tasks.start_soon(_tell, sender, one, limit, outcomes)
    if waiting:
        log.info("notices_told", **{str(outcome): number for outcome, number in outcomes.items()})
    return len(waiting)


async def _tell(sender: Sender, one: Due, limit: anyio.CapacityLimiter, outcomes: dict[Outcome, int]) -> None:
    try:
        async with limit:
            async with database().read() as db:
                number = await notices.count(db, one, utc_now())
            outcome, asked = Outcome.REFUSED, None
            if number:
                content = _content(one, number)
                outcome, asked = await web_push.tell(sender, one.address, content, one.kind, utc_now())
                outcomes[outcome] += 1
            async with database().write() as db:
                if outcome == Outcome.GONE:
                    await subscriptions.forget(db, one.subscription_id)
                elif outcome == Outcome.LATER:
                    await notices.try_later(db, one, utc_now(), asked)
                else:
                    await notices.settle(db, one, utc_now(), told=outcome == Outcome.DELIVERED)
    except Exception as error:
        # One that breaks holds up no other.
        log.error("notice_not_told", error=type(error).__name__)


def _content(one: Due, number: int) -> bytes:
    """What the phone shows, in its person's language; the tag lets a later one take its place."""
    said = {
        "title": text("app.name", one.locale),
        "body": text(f"notice.push_{one.kind}", one.locale, n=number),
        "tag": f"{one.kind}-{one.member_id}",
        "to": WAYS[one.kind],
    }
    return json.dumps(said, ensure_ascii=False).encode()
