"""Tries again what sorts itself: at the start, since a newer server may know the kind, and then every ten minutes."""

import asyncio

import structlog

from fieldapp.db import database
from fieldapp.problems import Problem
from fieldapp.services import awaited, held

log = structlog.get_logger("held")
EVERY_SECONDS = 600


async def run_retries() -> None:
    """Works until it is cancelled; a run that fails is made again with the next."""
    while True:
        try:
            await retry_held()
        except Exception as error:
            log.error("held_not_retried", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


async def retry_held() -> int:
    """Acts on every record that is ready, each in its own transaction; gives their number."""
    async with database().read() as db:
        ready = await awaited.list_ready(db)
    for record_id in ready:
        try:
            await database().write_again(lambda db, one=record_id: held.retry(db, one))
        except Problem as problem:
            log.info("held_sorted_meanwhile", code=problem.code)
        except Exception as error:
            # One that breaks holds up no other.
            log.error("held_not_retried", record=str(record_id), error=type(error).__name__)
    return len(ready)
