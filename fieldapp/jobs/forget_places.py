"""Forgets where visits were made once the time for which that may be kept is over: at the start, then twice a day."""

import asyncio

import structlog

from fieldapp.db import database
from fieldapp.services import visit_places

log = structlog.get_logger("places")
EVERY_SECONDS = 43_200


async def run_forgetting() -> None:
    """Works until it is cancelled; to forget twice changes nothing, so every process may do it."""
    while True:
        try:
            async with database().write() as db:
                if gone := await visit_places.forget_old(db):
                    log.info("places_forgotten", n=gone)
        except Exception as error:
            log.error("places_not_forgotten", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)
