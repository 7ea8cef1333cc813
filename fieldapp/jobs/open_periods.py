"""Opens reporting periods when their first day comes, and reminds of reports that are due, by one worker at a time."""

from datetime import datetime

import anyio
import structlog

from fieldapp.db import database
from fieldapp.domain.notice import by_day
from fieldapp.jobs.turn import turn
from fieldapp.services import leases, notices, period_rules, report_reminders
from models.base import utc_now

log = structlog.get_logger("periods")
LEASE, LEASE_SECONDS = "periods", 600
LOOK_SECONDS = 900


async def run_periods() -> None:
    """Works until it is cancelled."""
    holder = leases.new_holder()
    while True:
        try:
            await open_in_turn(holder, utc_now())
        except Exception as error:
            log.error("periods_failed", error=type(error).__name__)
        await anyio.sleep(LOOK_SECONDS)


async def open_in_turn(holder: str, now: datetime) -> tuple[int, int]:
    """One look, unless another worker is at it; gives how many periods were opened and how many villages reminded.

    Each is noted in the transaction that does it, so a run that was cut or made twice does nothing twice.
    """
    async with turn(LEASE, holder, LEASE_SECONDS) as mine:
        if not mine:
            return 0, 0
        async with database().write() as db:
            opened = await period_rules.open_due(db, now)
        if by_day(now) > now:
            return opened, 0
        reminded = await _remind(now)
        if opened or reminded:
            log.info("periods", opened=opened, reminded=reminded)
        return opened, reminded


async def _remind(now: datetime) -> int:
    """A transaction for each commune, so that no phone waits long."""
    async with database().read() as db:
        due = await report_reminders.list_due(db, now)
    count = 0
    for one in due:
        async with database().write() as db:
            reminded = await report_reminders.note_due(db, one, now)
            if reminded.members:
                await notices.note_reports(db, reminded.members)
        count += len(reminded.villages)
    return count
