"""Every night what has been kept long enough goes, by one worker; a run that was cut goes on the next night."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time

import anyio
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.retention import months_before
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.jobs.turn import turn
from fieldapp.services import bundles, leases, retention
from models.base import utc_now

log = structlog.get_logger("retention")
LEASE, LEASE_SECONDS = "retention", 600
LOOK_SECONDS = 900
Step = Callable[[AsyncSession], Awaitable[int]]


async def run_retention() -> None:
    """Works until it is cancelled: looks now and then whether tonight's run is due."""
    holder = leases.new_holder()
    while True:
        try:
            if await forget_in_turn(holder) is not None:
                log.info("retention_done")
        except Exception as error:
            log.error("retention_failed", error=type(error).__name__)
        await anyio.sleep(LOOK_SECONDS)


async def forget_in_turn(holder: str) -> dict[str, int] | None:
    """One night's run, unless it is not due or another worker is at it; gives what went."""
    now = utc_now()
    async with database().read() as db:
        done = await retention.last_day(db)
    if done >= vn_day(now).isoformat() or now.astimezone(VIETNAM).hour < settings().retention_at:
        return None
    async with turn(LEASE, holder, LEASE_SECONDS) as mine:
        if not mine:
            return None
        gone = await forget(vn_day(now), holder)
        async with database().write() as db:
            await retention.note_day(db, vn_day(now))
        return gone


async def forget(today: date, holder: str = "") -> dict[str, int]:
    """All that is too old on this day, some rows in each transaction."""
    given = settings()
    photos, words, trail = (
        months_before(today, months)
        for months in (given.keep_photos_months, given.keep_words_months, given.keep_trail_months)
    )
    oldest = months_before(vn_day(utc_now()), given.keep_trail_months)
    steps: dict[str, Step] = {
        "photos": lambda db: retention.forget_photos(db, photos, _midnight(photos)),
        "words": lambda db: retention.forget_words(db, words),
        "bundles": lambda db: bundles.forget_old(db, _midnight(today) - bundles.KEPT, retention.MOST),
        # The database lets nothing go that is younger by its own clock.
        "trail": lambda db: retention.forget_trail(db, min(_midnight(trail), _midnight(oldest))),
    }
    return {name: await _all_of(step, holder) for name, step in steps.items()}


async def _all_of(step: Step, holder: str) -> int:
    """Until a step finds no full part any more, or the lease is another's."""
    total, number = 0, retention.MOST
    while number >= retention.MOST:
        number = await database().write_again(step)
        total += number
        if holder and not await _renew(holder):
            break
    return total


async def _renew(holder: str) -> bool:
    async with database().write() as db:
        return await leases.renew(db, LEASE, holder, LEASE_SECONDS)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
